"""Files in every accepted format, written from the same rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from stdnum.cn import uscc

from oneninex import ingestion
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion import Batch, Options

DAILY = {
    "date": "2026-03-05",
    "unit_id": "U1",
    "enterprise_id": "91320800DEM000001Y",
    "project_id": "P-1",
    "modality": "image",
    "items": "120",
    "hours": "60.5",
    "hours_basis": "reported",
    "reviewed": "100",
    "accepted": "95",
    "accepted_first_pass": "90",
    "rejected": "5",
    "annotators": "8",
}

Rows = list[dict[str, str]]


@cache
def plan() -> Plan:
    return Plan.load(ROOT / "data" / "plan")


def example(kind: str) -> dict[str, str]:
    """A row made of the examples that the contract gives."""
    return {field.name: field.example for field in contracts.load(kind).fields}


def enterprise(number: int) -> str:
    base = f"91320800DEM0{number:05d}"
    return base + uscc.calc_check_digit(base)


def daily(count: int = 1, **changes: str) -> Rows:
    """Rows of labeling_daily with different projects."""
    return [{**DAILY, "project_id": f"P-{i + 1}", **changes} for i in range(count)]


def csv_text(rows: Rows, delimiter: str = ",", newline: str = "\n", quoting: int = 0) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(rows[0])
    writer.writerows([row[name] for name in rows[0]] for row in rows)
    return out.getvalue()


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", **how) -> Path:
    path.write_bytes(csv_text(rows, **how).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Rows, above: list[list[object]] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in above or []:
        sheet.append(line)
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([natural(row[name]) for name in rows[0]])
    book.save(path)
    return path


def natural(value: str) -> object:
    """A text as Excel would keep it: numbers and dates as such."""
    if "-" in value[1:]:  # Python also takes 10 digits for a day
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value or None


def write_parquet(path: Path, rows: Rows) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def write_ndjson(path: Path, rows: Rows) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


class Reader:
    """Reads files into one connection."""

    def __init__(self) -> None:
        self.con = duckdb.connect()

    def __call__(self, path: Path, **options) -> Batch:
        batch = ingestion.read(path, self.con, Options(**options), plan())
        assert batch.rows_read == batch.rows_accepted + batch.rows_quarantined
        assert batch.counts == _counted(batch)
        return batch

    def rows(self, batch: Batch) -> list[dict]:
        (table,) = batch.tables.values()
        return self.con.sql(f"from {table} order by source_row").to_arrow_table().to_pylist()


def _counted(batch: Batch) -> dict[str, int]:
    codes = batch.findings.column("code").to_pylist()
    return {code: codes.count(code) for code in set(codes)}


def found(batch: Batch) -> list[tuple]:
    """(row, field, value, code, rule) of each finding."""
    names = ("row", "field", "value", "code", "rule")
    return [tuple(f[name] for name in names) for f in batch.findings.to_pylist()]


def codes(batch: Batch) -> list[str]:
    return batch.findings.column("code").to_pylist()
