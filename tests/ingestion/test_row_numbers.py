"""Row numbers compared with Python's csv on thousands of rows with errors at random places."""

import csv
import io
import random

import duckdb
import pytest

from oneninex import ingestion
from oneninex.ingestion import Options
from oneninex.ingestion.tables import check as check_module
from tests.ingestion.helpers import (
    DAILY,
    csv_text,
    daily,
    enterprise,
    found,
    plan,
    write_ndjson,
    write_parquet,
    write_xlsx,
)

ROWS = 5000
FAULTS = [
    ("items", "12.5", "type"),
    ("items", "", "required"),
    ("date", "2026-02-30", "type"),
    ("unit_id", "U77", "unknown_code"),
    ("modality", "video2", "unknown_code"),
    ("hours", "999", "rule"),
    ("annotators", "-3", "range"),
    ("enterprise_id", "91320800DEM000001X", "rule"),
]


def table(seed: int, count: int = ROWS, **constant):
    """Rows with faults and the findings that they must give, as {(row, field, code)}."""
    random_ = random.Random(seed)
    rows = daily(count)
    expected = set()
    for number, row in enumerate(rows, 2):
        row["enterprise_id"] = enterprise(random_.randrange(300))
        row["unit_id"] = f"U{random_.randint(1, 9)}"
        row["items"] = str(random_.randrange(100_000))
        row.update(constant)
        if random_.random() < 0.05:
            field, value, code = random_.choice(FAULTS)
            row[field] = value
            expected.add((number, field, code))
    return rows, expected


def check(read, path, rows, expected):
    """Every finding in its row with its value, every other row accepted with its number."""
    batch = read(path)
    findings = {(row, field, code) for row, field, _, code, _ in found(batch)}
    assert findings - {f for f in findings if f[2] == "rule"} == {
        f for f in expected if f[2] != "rule"
    }
    assert {f for f in expected if f[1] != "annotators" or f[2] != "rule"} <= findings
    for row, field, value, _, _ in found(batch):
        assert (value or "") == rows[row - 2][field]
    bad = {row for row, _, _ in expected}
    accepted = read.rows(batch)
    assert {row["source_row"] for row in accepted} == set(range(2, len(rows) + 2)) - bad
    for row in accepted:
        source = rows[row["source_row"] - 2]
        assert row["project_id"] == source["project_id"]
        assert str(row["items"]) == source["items"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_csv(tmp_path, read, seed, quoting):
    rows, expected = table(seed)
    path = tmp_path / "a.csv"
    path.write_text(csv_text(rows, quoting=quoting))
    check(read, path, rows, expected)


def test_csv_with_line_breaks_in_cells(tmp_path, read):
    rows, expected = table(7)
    for i in range(0, ROWS, 13):
        rows[i]["project_id"] = f"P{i}\nline 2\nline 3"
    text = csv_text(rows)
    assert len(text.splitlines()) > ROWS + 2
    parsed = list(csv.reader(io.StringIO(text, newline="")))
    assert parsed[1:] == [list(row.values()) for row in rows]
    (tmp_path / "a.csv").write_text(text)
    check(read, tmp_path / "a.csv", rows, expected)


@pytest.mark.parametrize("writer", [write_parquet, write_ndjson])
def test_parquet_and_ndjson(tmp_path, read, writer):
    rows, expected = table(8)
    batch = read(writer(tmp_path / "a.dat", rows))
    shift = 0 if writer is write_parquet else -1  # NDJSON has no header: its line 1 is data
    assert {(r - shift, f, c) for r, f, _, c, _ in found(batch) if c != "rule"} == {
        e for e in expected if e[2] != "rule"
    }


def test_xlsx(tmp_path, read):
    rows, expected = table(9, 1000)
    check(read, write_xlsx(tmp_path / "a.xlsx", rows), rows, expected)


def test_a_large_plain_file_keeps_its_order(tmp_path, read):
    """Several hundred thousand rows, so that DuckDB reads the file in several threads."""
    count, columns = 300_000, ",".join(DAILY)
    rest = ",".join([DAILY["modality"], "{items}", *list(DAILY.values())[6:]])
    start = f"2026-03-05,U1,{enterprise(1)}"
    wrong = set(random.Random(1).sample(range(2, count + 2), 500))
    with (tmp_path / "a.csv").open("w") as file:
        file.write(columns + "\n")
        for row in range(2, count + 2):
            items = f"x{row}" if row in wrong else str(row)
            file.write(f"{start},P-{row}," + rest.replace("{items}", items) + "\n")
    batch = read(tmp_path / "a.csv")
    assert {row for row, *_ in found(batch)} == wrong
    assert all(value == f"x{row}" for row, _, value, _, _ in found(batch))
    (name,) = batch.tables.values()
    differ = read.con.sql(f"select count(*) from {name} where items <> source_row").fetchone()
    assert differ == (0,)
    assert batch.rows_accepted == count - 500


@pytest.mark.parametrize("note", ["", "two\nlines", 'a "quoted" word'])
def test_a_large_csv_is_numbered_alike(tmp_path, monkeypatch, note):
    """A large scan goes through a file on the disk, in several parts read side by side."""
    monkeypatch.setattr(check_module, "LARGE", 0)
    rows, expected = table(7, 150_000)
    rows[70_000]["task_type"] = note
    for row in rows:
        row.setdefault("task_type", "")
    path = tmp_path / "a.csv"
    path.write_text(csv_text(rows))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with duckdb.connect(config={"temp_directory": str(scratch)}) as connection:
        batch = ingestion.read(path, connection, Options(), plan())
        accepted = connection.execute(
            f"select source_row, project_id, items from {batch.tables['labeling_daily']}"
        ).fetchall()

    assert list(scratch.glob("*.parquet"))
    bad = {row for row, _, _ in expected}
    assert {row for row, _, _, _, _ in found(batch)} == bad
    assert len(accepted) == len(rows) - len(bad)
    for number, project, items in accepted:
        assert (project, str(items)) == (rows[number - 2]["project_id"], rows[number - 2]["items"])
    for row, field, value, _, _ in found(batch):
        assert (value or "") == rows[row - 2][field]
