"""Any table written in any accepted way reads back equal; no bytes raise or lose a row."""

import csv
import logging
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneninex.domain import contracts
from oneninex.ingestion.tables import text_values
from oneninex.ingestion.tables.cleaning import clean
from tests.ingestion.helpers import (
    DAILY,
    Reader,
    csv_text,
    daily,
    write_csv,
    write_ndjson,
    write_parquet,
    write_xlsx,
)

QUIET = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TASK = contracts.load("labeling_daily").field("task_type")


def believed(text: str) -> str:
    """The text, or where it stands for something else (a formula, a placeholder) a task's name."""
    text = text.strip()
    plain = clean(text) == text and text_values.sort_of(TASK, text) is None
    return text if plain and text.casefold() not in text_values.PLACEHOLDERS else f"数据{text}9"


words = st.text(
    st.characters(codec="gb18030", exclude_categories=("C", "Z"), include_characters=' ,;"\n\t'),
    min_size=1,
    max_size=20,
).map(believed)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "task_type": words,
            "items": st.integers(0, 10**9),
            "objects": st.none() | st.integers(0, 10**9),
            "volume_gb": st.none() | st.decimals(0, 10**9, places=3).map(float),
            "date": st.dates(),
        }
    ),
    min_size=1,
    max_size=8,
)


def written(values: list[dict]) -> list[dict[str, str]]:
    """The rows as text, each with a project of its own."""
    return [
        {
            **DAILY,
            "project_id": f"P-{i}",
            **{k: "" if v is None else str(v) for k, v in value.items()},
            "date": value["date"].replace(year=2000 + value["date"].year % 26).isoformat()
            if value["date"].month != 2
            else "2026-01-01",
        }
        for i, value in enumerate(values)
    ]


def reads_back(read: Reader, path, texts: list[dict[str, str]]) -> None:
    batch = read(path)
    assert batch.findings.to_pylist() == []
    accepted = read.rows(batch)
    assert len(accepted) == len(texts)
    for row, text in zip(accepted, texts, strict=True):
        assert (row["task_type"] or "") == text["task_type"]
        assert str(row["items"]) == text["items"]
        assert ("" if row["objects"] is None else str(row["objects"])) == text["objects"]
        assert row["volume_gb"] == (float(text["volume_gb"]) if text["volume_gb"] else None)
        assert row["date"].isoformat() == text["date"]


@QUIET
@given(
    values=rows,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    seed=st.integers(0, 1000),
)
def test_csv_reads_back(tmp_path, read, values, encoding, delimiter, newline, quoting, seed):
    texts = written(values)
    if encoding == "gb18030":  # a file of odd characters alone is taken for another encoding
        texts[0]["task_type"] = "数据标注"
    if newline == "\r" and any("\n" in text["task_type"] for text in texts):
        quoting = csv.QUOTE_ALL  # the writer quotes only its own line end
    order = list(texts[0])
    random.Random(seed).shuffle(order)
    shuffled = [{name: text[name] for name in order} for text in texts]
    path = write_csv(
        tmp_path / "a.csv",
        shuffled,
        encoding,
        delimiter=delimiter,
        newline=newline,
        quoting=quoting,
    )
    reads_back(read, path, texts)


@QUIET
@given(values=rows, writer=st.sampled_from([write_parquet, write_ndjson]))
def test_parquet_and_ndjson_read_back(tmp_path, read, values, writer):
    texts = written(values)
    reads_back(read, writer(tmp_path / "a.dat", texts), texts)


@settings(QUIET, max_examples=15)
@given(values=rows)
def test_xlsx_reads_back(tmp_path, read, values):
    texts = written(values)
    for text in texts:  # what Excel would take for a number or a formula is another test
        text["task_type"] = "任务" + text["task_type"].replace("\n", " ")
    reads_back(read, write_xlsx(tmp_path / "a.xlsx", texts), texts)


def survives(read: Reader, path, content: bytes, caplog) -> None:
    path.write_bytes(content)
    with caplog.at_level(logging.ERROR, "oneninex.ingestion"):
        batch = read(path)  # the reader asserts that read = accepted + quarantined
    assert caplog.records == [], "the safety net was needed"
    assert batch.status in ("accepted", "partly", "refused")
    if batch.status == "refused":
        assert batch.findings.num_rows
    else:
        assert len(read.rows(batch)) == batch.rows_accepted


@settings(QUIET, max_examples=100)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"{", b"<", b"date,items\n"]),
)
def test_any_bytes(tmp_path, read, caplog, content, start):
    survives(read, tmp_path / "a.dat", start + content, caplog)


def originals(tmp_path) -> dict[str, bytes]:
    texts = daily(5, task_type='目标 "检测"')
    plain = daily(5)
    return {
        "csv": csv_text(plain).encode(),
        "quoted": csv_text(texts, newline="\r\n").encode("gb18030"),
        "xlsx": write_xlsx(tmp_path / "o.xlsx", texts).read_bytes(),
        "parquet": write_parquet(tmp_path / "o.parquet", texts).read_bytes(),
        "ndjson": write_ndjson(tmp_path / "o.jsonl", texts).read_bytes(),
    }


@pytest.mark.parametrize("form", ["csv", "quoted", "xlsx", "parquet", "ndjson"])
def test_any_damage(tmp_path, read, caplog, form):
    original = originals(tmp_path)[form]

    @settings(QUIET, max_examples=40)
    @given(
        place=st.integers(0, len(original) - 1),
        cut=st.integers(0, 12),
        put=st.binary(max_size=12) | st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"=1+1"]),
    )
    def damaged(place, cut, put):
        content = original[:place] + put + original[place + cut :]
        survives(read, tmp_path / "a.dat", content, caplog)

    damaged()
