"""What a roll-up leaves: a daily return for each month, and the events that do not count."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from oneninex.core import escape
from oneninex.core.i18n import LANGS, text
from oneninex.domain import contracts

if TYPE_CHECKING:
    from oneninex.rollup import Result

KIND = "labeling_daily"
ASIDE = "not_counted"  # a folder of its own, since an import takes every file of a folder
_FINDINGS = ("event_id", "item_id", "field", "value", "code", "message_zh", "message_en")
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "DATE": pa.date32()}


def as_returned(daily: pa.Table) -> pa.Table:
    """The columns and types of the contract, whichever engine made the rows."""
    fields = contracts.load(KIND).fields
    schema = pa.schema([(item.name, _TYPES[item.duckdb_type]) for item in fields])
    return daily.select(schema.names).cast(schema)


def hours(daily: pa.Table, column: str) -> float:
    """Hours in a column of milliseconds."""
    return sum(filter(None, daily.column(column).to_pylist())) / 3_600_000


def events_in(daily: pa.Table) -> int:
    """The events that daily rows are made of: each is an item or a review."""
    return sum(sum(filter(None, daily.column(name).to_pylist())) for name in ("items", "reviewed"))


def no_findings() -> pa.Table:
    """Findings where nothing is wrong."""
    names = ("event_id", "item_id", "fault", "value")
    return pa.schema([(name, pa.string()) for name in names]).empty_table()


def parted(fault: str) -> tuple[str, str]:
    """A fault of judged.sql as (code, field)."""
    code, _, name = fault.partition("|")
    return code, name


def write(result: Result, out: Path, format: str) -> Result:
    """Write the months and the events set aside; files that an earlier run left give way."""
    kept = []
    for month, rows in _months(result.daily):
        kept.append(out / f"{KIND}-{month:%Y-%m}.{format}")
        _settled(kept[-1], rows)
    for old in [*out.glob(f"{KIND}-????-??.parquet"), *out.glob(f"{KIND}-????-??.csv")]:
        if old not in kept:
            old.unlink()
    aside = out / ASIDE / "findings.csv"
    aside.unlink(missing_ok=True)
    if result.findings.num_rows:
        aside.parent.mkdir(exist_ok=True)
        _write_findings(result.findings, aside)
    return replace(result, files=kept, findings_file=aside if aside.exists() else None)


def message(code: str, name: str, value: str | None, lang: str) -> str:
    """What is wrong with an event and what to do, in a language."""
    contract = contracts.events()
    for rule in contract.rules:
        if rule.name == code:
            return rule.message_zh if lang == "zh" else rule.message_en
    title = contract.field(name).name_in(lang)
    return text(
        f"engine.fault_{code}", lang, field=name, title=title, value=escape.terminal(value or "")
    )


def _months(daily: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    months = pc.cast(pc.floor_temporal(daily.column("date"), unit="month"), pa.date32())  # type: ignore[attr-defined]
    for month in pc.unique(months).to_pylist():  # type: ignore[attr-defined]
        yield month, daily.filter(pc.equal(months, month))  # type: ignore[attr-defined]


def _settled(path: Path, rows: pa.Table) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    if path.suffix == ".csv":
        plain = pyarrow.csv.WriteOptions(quoting_style="needed")
        pyarrow.csv.write_csv(_written_out(rows), temporary, plain)
    else:
        pq.write_table(rows, temporary, compression="zstd")
    os.replace(temporary, path)


def _written_out(rows: pa.Table) -> pa.Table:
    """Numbers as a person writes them: CSV is read by people, who know no 1e-05."""
    for place, column in enumerate(rows.schema):
        if pa.types.is_floating(column.type):
            values = rows.column(place).to_pylist()
            texts = [None if v is None else f"{v:.9f}".rstrip("0").rstrip(".") for v in values]
            rows = rows.set_column(place, column.name, pa.array(texts, pa.string()))
    return rows


def _write_findings(findings: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(_FINDINGS)
        for batch in findings.to_batches(max_chunksize=10_000):
            writer.writerows(map(_row, batch.to_pylist()))


def _row(finding: dict[str, Any]) -> list[str]:
    code, name = parted(finding["fault"])
    value = finding["value"]
    cells = [finding["event_id"], finding["item_id"], name, value, code]
    cells += [message(code, name, value, lang) for lang in LANGS]
    return [escape.formula(escape.terminal(cell or "")) for cell in cells]
