"""Label Studio's JSON export, Community and Enterprise, as daily labeling and work set aside.

Only annotations count. Skips and drafts are counted apart, predictions never. What the export does
not tell stays missing. No name, address, label or content goes into a table, a finding or what is
kept. JSON_MIN and CSV are other formats.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from oneninex import contracts
from oneninex.intake import findings, identity
from oneninex.intake.batch import MAX_BYTES, Batch, Options
from oneninex.intake.label_studio import belonging, kept, parse, report, tally
from oneninex.intake.label_studio.model import Export, NotUnderstoodError, Problem
from oneninex.plan import Plan

__all__ = ["KIND", "read", "recognises"]

KIND = "labeling_daily"
SET_ASIDE = "work_set_aside"
# The whole export is held in memory, several times its size: more waits for a streaming reader.
MAX_JSON_BYTES = 300_000_000

_BOM = b"\xef\xbb\xbf"
_CHUNK = 4 << 20
_TASKS = re.compile(rb'"(annotations|completions)"\s*:\s*(\[|null)')
_PROJECTS = re.compile(rb'"projects"\s*:\s*\[')
_ARROW: dict[str, Callable[[], pa.DataType]] = {
    "VARCHAR": pa.string,
    "BIGINT": pa.int64,
    "DOUBLE": pa.float64,
    "DATE": pa.date32,
}


def recognises(head: bytes, path: Path) -> bool:
    """Whether the file looks like such an export: a list of tasks, or a dump of projects.

    The first task's own data may fill the head, so a list is searched to its end.
    """
    start = head.removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        return bool(_PROJECTS.search(head)) and b'"tasks"' in head
    return start.startswith(b"[") and (bool(_TASKS.search(head)) or _found_in(path))


def read(path: Path, con: duckdb.DuckDBPyConnection, options: Options, plan: Plan) -> Batch:
    """Read an export into relations of `con`; what is wrong is in the findings, never raised.

    rows_read counts annotations, rows_accepted those submitted or skipped.
    """
    limit = min(options.max_bytes or MAX_BYTES, plan.config.intake.max_bytes, MAX_JSON_BYTES)
    size = path.stat().st_size
    if size > limit:
        sizes = {"size": f"{size / 1e6:,.1f}", "limit": f"{limit / 1e6:,.1f}"}
        return _refused(path, b"", [Problem("too_large", "too_large", values=sizes)], options, plan)
    content = path.read_bytes()
    try:
        export = parse.export_of(content)
        key = identity.load_key()
    except NotUnderstoodError as error:
        return _refused(path, content, [error.problem], options, plan)
    except (OSError, RuntimeError):
        return _refused(path, content, [Problem("unsafe", "no_key")], options, plan)
    if wrong := belonging.problems(options, plan):
        return _refused(path, content, wrong, options, plan, kept.reduce(export, options, key))
    return _batch(path, content, con, export, options, plan, key)


def _batch(
    path: Path,
    content: bytes,
    con: duckdb.DuckDBPyConnection,
    export: Export,
    options: Options,
    plan: Plan,
    key: bytes,
) -> Batch:
    config = plan.config
    rules = tally.context(export, options, config.zone, config.label_studio.lead_time_cap_seconds)
    days, aside = tally.daily(export, rules), tally.set_aside(export, rules)
    problems = [*export.problems, *tally.missing(export, rules)]
    found = report.findings_of(problems, options.unit_id, config.zone)
    accepted = len(export.annotations)
    return Batch(
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        kind=KIND,
        encoding=_encoding(content),
        status="accepted" if accepted == export.read else "partly",
        rows_read=export.read,
        rows_accepted=accepted,
        rows_quarantined=export.read - accepted,
        tables={KIND: _store(con, KIND, days), SET_ASIDE: _store(con, SET_ASIDE, aside)},
        findings=found,
        counts={**findings.counts(found), **tally.counts(export, rules, days)},
        raw=kept.reduce(export, options, key),
    )


def _refused(
    path: Path,
    content: bytes,
    problems: list[Problem],
    options: Options,
    plan: Plan,
    raw: bytes = b"",
) -> Batch:
    """A file of which nothing is used; the file itself is not kept, since it names people."""
    found = report.findings_of(problems, options.unit_id, plan.config.zone)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Batch(
        name=path.name,
        sha256=sha256,
        bytes=path.stat().st_size,
        kind=KIND,
        encoding=_encoding(content) if content else None,
        status="refused",
        findings=found,
        counts=findings.counts(found),
        raw=raw,
    )


def _store(con: duckdb.DuckDBPyConnection, kind: str, rows: list[dict[str, Any]]) -> str:
    """Put rows into a relation with the contract's columns, in its order, then source_row."""
    fields = contracts.load(kind).fields
    schema = pa.schema([(field.name, _ARROW[field.duckdb_type]()) for field in fields])
    schema = schema.append(pa.field("source_row", pa.int64()))
    name = f"label_studio_{uuid.uuid4().hex}"
    con.register(f"{name}_rows", pa.Table.from_pylist(rows, schema))
    con.execute(f"create temp table {name} as select * from {name}_rows")
    con.unregister(f"{name}_rows")
    return name


def _encoding(content: bytes) -> str:
    return "utf-8-sig" if content.startswith(_BOM) else "utf-8"


def _found_in(path: Path) -> bool:
    """Whether tasks with annotations stand anywhere in the file."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _TASKS.search(tail + chunk):
                return True
            tail = chunk[-64:]
    return False
