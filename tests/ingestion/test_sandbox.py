"""Files are read in a worker process: same results, limits, and a refusal where it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import time
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from oneninex import ingestion
from oneninex.ingestion import fork_server
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.sandbox import Limits, Sandbox
from tests.ingestion.helpers import (
    DAILY,
    daily,
    plan,
    write_csv,
    write_ndjson,
    write_parquet,
    write_xlsx,
)
from tests.ingestion.platforms import samples

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet, "ndjson": write_ndjson}
SMALL = Limits(megabytes=600, seconds=60)
HEADER = ",".join(DAILY)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def sandbox(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with Sandbox(folder, plan(), SMALL) as made:
        yield made


def codes(batch: Batch) -> set[str]:
    assert batch.rows_read == batch.rows_accepted + batch.rows_quarantined
    return set(batch.findings["code"].to_pylist())


def rows(con: duckdb.DuckDBPyConnection, batch: Batch) -> dict[str, pa.Table]:
    return {
        kind: con.execute(f"from {name} order by all").to_arrow_table()
        for kind, name in batch.tables.items()
    }


@pytest.mark.parametrize("form", WRITERS)
def test_a_worker_reads_what_this_process_reads(tmp_path, connection, sandbox, form):
    path = WRITERS[form](tmp_path / f"a.{form}", [*daily(5), {**DAILY, "items": "x"}])
    options = Options(received_on=date(2026, 4, 2))
    theirs = sandbox.read(path, connection, options)
    ours = ingestion.read(path, connection, options, plan())
    assert theirs.status == ours.status == "partly"
    assert theirs.findings == ours.findings
    assert rows(connection, theirs) == rows(connection, ours)
    names = ("name", "sha256", "bytes", "kind", "encoding", "rows_read", "counts", "raw")
    assert [getattr(theirs, n) for n in names] == [getattr(ours, n) for n in names]


def test_an_export_comes_out_of_a_worker_hashed_with_our_key(
    tmp_path, connection, sandbox, monkeypatch
):
    monkeypatch.setenv("ONENINEX_KEY", "another key of this test")
    path = tmp_path / "admin.jsonl"
    path.write_text(json.dumps(samples.DOCCANO) + "\n", encoding="utf-8")
    options = Options(
        unit_id="U1", enterprise_id=DAILY["enterprise_id"], project_id="P", modality="image"
    )
    theirs = sandbox.read(path, connection, options)
    ours = ingestion.read(path, connection, options, plan())
    assert theirs.platform == ours.platform == "doccano"
    assert theirs.raw == ours.raw
    assert rows(connection, theirs) == rows(connection, ours)
    assert theirs.answers
    assert theirs.capabilities == ours.capabilities


def test_a_worker_that_dies_is_a_refusal_and_the_next_file_is_read(tmp_path, connection, sandbox):
    path = write_csv(tmp_path / "a.csv", daily(3))
    assert sandbox.read(path, connection, Options()).status == "accepted"
    os.kill(sandbox._reader._worker._pid, signal.SIGKILL)
    batch = sandbox.read(path, connection, Options())
    assert (batch.status, codes(batch), batch.raw) == ("refused", {"unsafe"}, b"")
    for language in ("zh", "en"):
        assert len(batch.findings[f"message_{language}"][0].as_py()) > 20
    assert sandbox.read(path, connection, Options()).status == "accepted"


def test_too_much_memory_is_a_refusal(tmp_path, connection):
    path = write_csv(tmp_path / "a.csv", daily(3))
    with Sandbox(tmp_path, plan(), Limits(megabytes=20)) as sandbox:
        batch = sandbox.read(path, connection, Options())
    assert (batch.status, codes(batch)) == ("refused", {"too_large"})
    assert "内存" in batch.findings["message_zh"][0].as_py()


def test_too_much_time_is_a_refusal(tmp_path, connection):
    path = write_csv(tmp_path / "a.csv", daily(20_000))
    with Sandbox(tmp_path, plan(), Limits(seconds=0.01)) as sandbox:
        batch = sandbox.read(path, connection, Options())
    assert (batch.status, codes(batch)) == ("refused", {"too_large"})
    assert "时间" in batch.findings["message_zh"][0].as_py()


def test_who_waits_no_more_ends_the_worker(tmp_path, connection, sandbox):
    def leave(share: float) -> None:
        raise KeyboardInterrupt

    path = write_csv(tmp_path / "a.csv", daily(20_000))
    with pytest.raises(KeyboardInterrupt):
        sandbox.read(path, connection, Options(progress=leave))
    assert sandbox._reader is None


def test_a_full_disk_is_said_and_no_refusal(tmp_path, connection, sandbox, monkeypatch):
    path = write_csv(tmp_path / "a.csv", daily(3))
    monkeypatch.setattr(
        "oneninex.ingestion.sandbox._Reader.ask", lambda *_: {"errno": 28, "progress": None}
    )
    with pytest.raises(OSError, match="No space"):
        sandbox.read(path, connection, Options())


def test_a_worker_names_no_file_outside_its_folder(tmp_path, connection, sandbox, monkeypatch):
    path = write_csv(tmp_path / "a.csv", daily(3))
    for name in ("../a.csv", "/etc/passwd", "link"):
        answer = {"tables": [("labeling_daily", name)], "answers": None}
        monkeypatch.setattr(
            "oneninex.ingestion.sandbox._Reader.ask", lambda *_, given=answer: given
        )
        with pytest.raises(fork_server.WorkerFailed):
            sandbox.read(path, connection, Options())


def wide(path: Path) -> Path:
    path.write_text(f"{HEADER}{',x' * 1_000_000}\n{'1,' * 1_000_000}\n")
    return path


def commas(path: Path) -> Path:
    path.write_bytes(HEADER.encode() + b"\n" + b"," * 30_000_000)
    return path


def wide_workbook(path: Path) -> Path:
    return write_xlsx(path, [{**DAILY, **{f"x{place}": "1" for place in range(16_000)}}])


def equal_rows(path: Path) -> Path:
    one = pa.table({name: pa.array([value] * 1_000_000) for name, value in DAILY.items()})
    with pq.ParquetWriter(path, one.schema, compression="zstd") as out:
        for _ in range(10):
            out.write_table(one)
    return path


def nested(path: Path) -> Path:
    path.write_bytes(b'[{"a":[' + b"[[],[],[],[]]," * 2_000_000 + b"1]}]")
    return path


@pytest.mark.parametrize(
    ("name", "write", "code"),
    [
        ("wide.csv", wide, "too_large"),
        ("commas.csv", commas, "too_large"),
        ("wide.xlsx", wide_workbook, "too_large"),
        ("equal.parquet", equal_rows, "too_large"),
        ("nested.json", nested, "unknown_format"),
    ],
)
def test_what_would_swell_is_refused_before_it_is_built(tmp_path, connection, name, write, code):
    path = write(tmp_path / name)
    folder = tmp_path / "work"
    folder.mkdir()
    with Sandbox(folder, plan(), SMALL) as sandbox:
        begin = time.monotonic()
        batch = sandbox.read(path, connection, Options(kind="labeling_daily"))
        seconds = time.monotonic() - begin
        alive = sandbox._reader is not None
    assert (batch.status, codes(batch)) == ("refused", {code})
    assert alive, "the worker had to be ended"
    assert seconds < 30


def package(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def test_what_was_inspected_is_what_is_read(tmp_path, connection, sandbox):
    """A spreadsheet of another format, with a dummy of the format that is inspected."""
    cells = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell office:value-type={chr(34)}string{chr(34)}><text:p>{cell}</text:p></table:table-cell>' for cell in row)}</table:table-row>"  # noqa: E501
        for row in (DAILY.keys(), DAILY.values())
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="a">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    book = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = tmp_path / "return.ods"
    path.write_bytes(
        package(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": content.encode(),
                "META-INF/manifest.xml": b"<manifest/>",
                "xl/workbook.xml": book,
            }
        )
    )
    assert sandbox.read(path, connection, Options()).status == "refused"


def test_two_members_of_one_name_are_a_damaged_workbook(tmp_path, connection, sandbox):
    path = write_xlsx(tmp_path / "a.xlsx", daily(2))
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("XL/workbook.xml", b"<workbook/>")
    batch = sandbox.read(path, connection, Options())
    assert (batch.status, codes(batch)) == ("refused", {"not_a_table"})


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("inside", ["a.csv", "xl/worksheets/sheet1.xml"])
def test_a_damaged_member_is_a_refusal(tmp_path, connection, sandbox, how, inside):
    content = HEADER.encode() + bytes(range(256)) * 40
    packed = bytearray(package({inside: content, "xl/workbook.xml": b"<a/>"}, how))
    start = packed.index(inside.encode()) + len(inside) + 4
    packed[start : start + 60] = b"\xff" * 60
    path = tmp_path / "a.zip"
    path.write_bytes(packed)
    if inside == "a.csv":
        path.write_bytes(bytes(packed).replace(b"xl/workbook.xml", b"xx/workbook.xml"))
        with pytest.raises(Refused) as refused:
            sandbox.unpack(path, tmp_path, 10_000_000)
        assert refused.value.findings[0].code == "not_a_table"
    else:
        batch = sandbox.read(path, connection, Options())
        assert (batch.status, codes(batch)) == ("refused", {"not_a_table"})


def test_a_cell_nested_without_end_spoils_its_row_alone(tmp_path, connection, sandbox):
    path = write_ndjson(tmp_path / "a.json", daily(2))
    deep = json.dumps({**DAILY, "project_id": "P-9"})[:-1] + ', "x": ' + "[" * 400 + "]" * 400 + "}"
    path.write_text(path.read_text() + deep + "\n")
    batch = sandbox.read(path, connection, Options())
    assert (batch.rows_accepted, batch.rows_quarantined) == (2, 1)


def test_very_many_bad_rows_end_in_quarantine(tmp_path, connection, monkeypatch):
    """Each has a finding; beyond the first rows, one finding, so that memory has room for all."""
    monkeypatch.setattr("oneninex.ingestion.tables.explain.ROWS_IN_FULL", 500)
    count = 2_000
    bad = ",".join({**DAILY, "date": "2026-13-40", "modality": "imge", "items": "x"}.values())
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n" + f"{bad}\n" * count)
    batch = ingestion.read(path, connection, Options(), plan())
    assert (batch.status, batch.rows_quarantined) == ("partly", count)
    found = batch.findings["row"].value_counts().to_pylist()
    assert len(found) == count
    assert [row["counts"] for row in found] == [3] * 500 + [1] * (count - 500)


def test_a_relative_path_is_resolved_in_the_callers_folder(tmp_path, connection, monkeypatch):
    write_csv(tmp_path / "first.csv", daily())
    (tmp_path / "other").mkdir()
    write_csv(tmp_path / "other" / "second.csv", daily())
    (tmp_path / "work").mkdir()
    with Sandbox(tmp_path / "work", plan(), SMALL) as reader:
        monkeypatch.chdir(tmp_path)
        assert reader.read(Path("first.csv"), connection, Options()).rows_accepted == 1
        monkeypatch.chdir(tmp_path / "other")
        assert reader.read(Path("second.csv"), connection, Options()).rows_accepted == 1
