"""Returns that are tables: CSV, XLSX, Parquet and NDJSON, checked against their contract."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion import containers
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.findings import Finding, Refused, counts, refuse, table
from oneninex.ingestion.source import Source, decode, name_of
from oneninex.ingestion.tables import (
    check,
    columnar,
    delimited,
    header,
    ndjson,
    opendocument,
    package,
    units_of_measure,
    workbook,
)
from oneninex.ingestion.tables.explain import CAPPED
from oneninex.ingestion.tables.raw import Column, RawTable, Unsure
from oneninex.ingestion.tables.units_of_measure import FILE, Stated

MAX_OLD = 30_000_000  # bytes of a workbook of Excel 97, whose texts no one may count beforehand


def read(
    source: Source,
    sha256: Callable[[], str],
    con: duckdb.DuckDBPyConnection,
    options: Options,
    plan: Plan,
) -> Batch:
    """Read a table of any accepted format; raises Refused. `sha256` waits for the fingerprint."""
    with tempfile.TemporaryDirectory(prefix="oneninex-") as folder:
        raw = _raw(source, Path(folder), con, options, str(plan.config.zone))
        try:
            checked = check.check(con, raw, options, plan)
        except Unsure:
            if raw.exact is None:
                raise
            raw = raw.exact()
            checked = check.check(con, raw, options, plan)
    _compare_units(raw, checked, name_of(source.path))
    notes = table([*raw.notes, *_unknown_columns(raw, checked.empty_columns)])
    findings = pa.concat_tables([notes, checked.findings])
    quarantined = checked.rows_read - checked.rows_accepted
    return Batch(
        name=name_of(source.path),
        sha256=sha256(),
        bytes=source.size,
        kind=raw.kind,
        encoding=raw.encoding,
        status="partly" if quarantined else "accepted",
        rows_read=checked.rows_read,
        rows_accepted=checked.rows_accepted,
        rows_quarantined=quarantined,
        tables={raw.kind: checked.accepted},
        findings=findings,
        counts=counts(findings),
        raw=source.path,
    )


def _raw(
    source: Source, folder: Path, con: duckdb.DuckDBPyConnection, options: Options, zone: str
) -> RawTable:
    if source.form == "zip":
        return _packed(source, folder, con, options)
    if source.form == "parquet":
        return columnar.read(_plain_path(source.path, folder), con, options, zone)
    if source.form == "ole":
        locked = "EncryptedPackage".encode("utf-16-le") in source.head
        if locked:
            raise refuse("unsafe", "unsafe.encrypted")
        return _old(source, folder, con, options)
    if source.form == "markup":
        if b"office:spreadsheet" in source.head or b'progid="Excel.Sheet"' in source.head:
            raise refuse("unknown_format", "unknown_format.xml_2003")
        html = b"<html" in source.head.lower() or b"<table" in source.head.lower()
        key = "not_a_table.html" if html else "not_a_table.markup"
        raise refuse("not_a_table", key)
    if source.form == "binary":
        raise refuse("not_a_table", "not_a_table.binary")
    text = decode(source, folder)
    if source.form == "json":
        return ndjson.read(text, con, options)
    return delimited.read(replace(text, path=_plain_path(text.path, folder)), con, options)


def _compare_units(raw: RawTable, checked: check.Checked, name: str) -> None:
    """Refuse a table whose file's name or notes state another unit than its fields have."""
    named = units_of_measure.stated_in(PurePath(name).stem, tail=True)
    stated = [Stated(unit, FILE) for unit in named] + checked.stated
    columns = [(column.header, column.field) for column in raw.columns]
    if wrong := units_of_measure.contradiction(raw.kind, columns, stated):
        raise Refused(wrong)


def _packed(
    source: Source, folder: Path, con: duckdb.DuckDBPyConnection, options: Options
) -> RawTable:
    """A document in a ZIP, read as what its members say that it is."""
    try:
        form = containers.container_of(source.path)
    except MemoryError:
        raise
    except Exception:  # a damaged list of members may fail in many ways
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None
    if form == containers.BACKSLASHES:
        package.check_sizes_of(source)
        path = containers.with_slashes(source.path, folder / "source.xlsx")
        return workbook.read(replace(source, path=path), con, options)
    if form in (containers.ODS, containers.XLSB):
        named = replace(source, path=_plain_path(source.path, folder, f".{form}"))
        if form == containers.ODS:
            return workbook.read(named, con, options, opendocument.inspect(source))
        package.check_sizes_of(source)
        return _with_note(workbook.read(named, con, options, package.Inside({}, False)))
    if form in ("ofd", "numbers", "word", "slides", "opendocument"):
        raise refuse("unknown_format", f"unknown_format.{form}")
    return workbook.read(
        replace(source, path=_plain_path(source.path, folder, ".xlsx")), con, options
    )


def _old(
    source: Source, folder: Path, con: duckdb.DuckDBPyConnection, options: Options
) -> RawTable:
    """A workbook of Excel 97 or of WPS (.xls, .et)."""
    if source.size > MAX_OLD:
        sizes = {"size": f"{source.size / 1e6:,.1f}", "limit": f"{MAX_OLD / 1e6:,.1f}"}
        raise refuse("too_large", "too_large.file", **sizes)
    if not _holds(source.path, "Workbook", "Book"):
        raise refuse("unknown_format", "unknown_format.old_excel")
    path = _plain_path(source.path, folder, ".xls")
    return _with_note(
        workbook.read(replace(source, path=path), con, options, package.Inside({}, False))
    )


def _holds(path: Path, *names: str) -> bool:
    """Whether an OLE file has a stream of one of these names."""
    content = path.read_bytes()
    return any(name.encode("utf-16-le") + b"\0\0" in content for name in names)


def _with_note(raw: RawTable) -> RawTable:
    """The table with a note that its cells' formats could not be seen."""
    raw.notes.append(Finding("missing_capability", "missing_capability.old_workbook"))
    return raw


def _plain_path(path: Path, folder: Path, ending: str = ".data") -> Path:
    """Another name for the file: DuckDB takes * ? [ in a path for a pattern and .gz for packed."""
    link = folder / f"source{'' if path.parent == folder else '-link'}{ending}"
    link.symlink_to(path.absolute())
    return link


def _unknown_columns(raw: RawTable, empty: frozenset[str]) -> list[Finding]:
    """A note for each column that is not in the contract; a nameless one only if it holds data."""
    notes = []
    for place, column in enumerate(raw.columns, 1):
        if column.field is not None or column.sql in empty:
            continue
        values: dict[str, object] = {"header": column.header[:60], "place": place}
        key = "unknown_column.named" if column.named else "unknown_column.unnamed"
        if first := _first_of_its_field(raw, column):
            field = contracts.load(raw.kind).field(first.field or "")
            key = "unknown_column.second"
            values |= {"other": first.header[:60], "title": (field.title, field.title_en)}
        notes.append(
            Finding(
                "unknown_column",
                key,
                row=raw.header_row,
                value=column.header[:CAPPED] if column.named else None,
                values=values,
            )
        )
    return notes


def _first_of_its_field(raw: RawTable, column: Column) -> Column | None:
    """The column that was read instead of another that means the same field."""
    claim = header.names(raw.kind).get(header.normal(column.header)) if column.named else None
    return next((c for c in raw.columns if claim and c.field == claim[1]), None)
