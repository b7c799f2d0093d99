"""Files made to do harm, or merely broken: refused with a word, or read record by record."""

from __future__ import annotations

import copy
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneninex.ingestion import cvat, doccano, labelbox, labelu, mturk, prodigy, toloka
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.platform.model import Problem
from oneninex.ingestion.records import bounds, jsonlines
from tests.ingestion.platforms import samples
from tests.ingestion.platforms.helpers import MODULES, Read, document, lines, read

ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE annotations [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
    "<annotations><version>1.1</version><meta><task><id>&i;</id></task></meta></annotations>"
)
OUTSIDE = (
    '<!DOCTYPE annotations [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<annotations><version>1.1</version><meta><task><id>&x;</id></task></meta></annotations>"
)
ELSEWHERE = (
    '<!DOCTYPE annotations SYSTEM "http://127.0.0.1:9/x.dtd">'
    "<annotations><version>1.1</version><meta></meta></annotations>"
)


def reason(module: ModuleType, path: Path) -> tuple[str, str]:
    """Code and message of the refusal of a file."""
    with pytest.raises(Refused) as refused:
        read(module, path)
    (row,) = refused.value.table().to_pylist()
    assert row["message_zh"] != row["message_en"]
    return row["code"], row["message_en"]


def outcome(module: ModuleType, path: Path) -> Read | str:
    """What was read, or the code of the refusal; anything else that is raised fails the test."""
    try:
        return read(module, path)
    except Refused as refused:
        return refused.findings[0].code


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# XML


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, ELSEWHERE])
def test_entities_and_document_types(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "x.xml", content)
    assert cvat.recognises(content.encode(), path), "so that the refusal says what is wrong"
    assert reason(cvat, path)[0] == "unsafe"


@pytest.mark.parametrize("within", ["<meta>", "", '<image id="1">'])
def test_xml_without_end(tmp_path: Path, within: str) -> None:
    deep = "<annotations><version>1.1</version>" + within + "<a>" * 100_000
    assert reason(cvat, write(tmp_path / "x.xml", deep))[0] == "unsafe"


def test_xml_that_breaks_off(tmp_path: Path) -> None:
    text = "<annotations><version>1.1</version><meta></meta>"
    text += '<image id="1"><box></box></image>' * 5
    assert reason(cvat, write(tmp_path / "x.xml", text))[0] == "not_a_table"
    assert reason(cvat, write(tmp_path / "x.xml", b"<annotations>\0"))[0] == "not_a_table"


@pytest.mark.parametrize("name", ["utf-7", "utf-32", "x-unknown", "rot13"])
def test_xml_that_names_an_odd_encoding(tmp_path: Path, name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?><annotations></annotations>'
    assert reason(cvat, write(tmp_path / "x.xml", text))[0] in ("encoding", "not_a_table")


def test_memory_does_not_grow_with_the_shapes(tmp_path: Path) -> None:
    start = "<annotations><version>1.1</version><meta></meta>"
    box = '<box label="cat" source="manual" xtl="1.0"><attribute name="x">y</attribute></box>'
    few = write(tmp_path / "1.xml", f'{start}<image id="1">{box * 1_000}</image></annotations>')
    many = write(tmp_path / "2.xml", f'{start}<image id="1">{box * 10_000}</image></annotations>')
    assert peak(cvat, many) < peak(cvat, few) + 500_000


def peak(module: ModuleType, path: Path) -> int:
    """The most memory that reading a file takes."""
    tracemalloc.start()
    try:
        for _ in module.open_export(path, module.Options()).records:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# JSON


JOB_BEGUN = json.dumps(samples.page(samples.JOB)).removesuffix("}]}")


@pytest.mark.parametrize(
    ("module", "start"),
    [
        (cvat, f'{JOB_BEGUN},"x":'),
        (labelbox, '[{"ID":"1","DataRow ID":"1","Labeled Data":"1","Label":'),
        (labelbox, '[{"data_row":{"id":"1"},"projects":{},"x":'),
    ],
)
def test_a_document_nested_without_end(tmp_path: Path, module: ModuleType, start: str) -> None:
    path = write(tmp_path / "x.json", start + "[" * 300_000)
    assert reason(module, path)[0] == "unsafe"


@pytest.mark.parametrize("module", [prodigy, doccano, labelbox])
def test_a_line_nested_without_end_is_one_bad_line(tmp_path: Path, module: ModuleType) -> None:
    path = write(tmp_path / "x.jsonl", '{"_input_hash":1,"_task_hash":2,"x":' + "[" * 200_000)
    found = read(module, path)
    assert found.lost == [(1, "not_a_table", None)]


@pytest.mark.parametrize("cut", [1, 20, 60, -3])
def test_a_document_that_breaks_off_is_refused(tmp_path: Path, cut: int) -> None:
    for module, value in (
        (cvat, samples.page(samples.JOB, samples.JOB)),
        (labelbox, [samples.LABELBOX_V1, samples.LABELBOX_V1]),
    ):
        text = json.dumps(value)
        path = write(tmp_path / "x.json", text if cut == -3 else text[:-cut])
        if cut == -3:
            assert len(read(module, path).works) == 2
        else:
            assert reason(module, path)[0] == "not_a_table"


def test_lines_that_break_off_lose_the_last(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", [samples.PRODIGY] * 3)
    path.write_bytes(path.read_bytes()[:-30])
    found = read(prodigy, path)
    assert (len(found.works), found.lost) == (2, [(3, "not_a_table", None)])


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_RECORD", 1 << 16)
    good = json.dumps(samples.PRODIGY)
    path = write(
        tmp_path / "x.jsonl", f"{good}\n" + "x" * (1 << 20) + f"\n{good}\n" + "y" * (1 << 20)
    )
    found = read(prodigy, path)
    assert len(found.works) == 2
    assert found.lost == [(2, "too_large", None), (4, "too_large", None)]


def test_a_value_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_RECORD", 1 << 18)
    label = {**samples.LABELBOX_V1, "Label": "x" * (1 << 20)}
    assert reason(labelbox, document(tmp_path / "x.json", [label]))[0] == "too_large"
    meta = f"<annotations><version>1.1</version><meta><x>{'y' * (1 << 20)}</x></meta></annotations>"
    assert reason(cvat, write(tmp_path / "x.xml", meta))[0] == "too_large"


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    few = lines(tmp_path / "1", [{**samples.DOCCANO, "id": n} for n in range(300)])
    many = lines(tmp_path / "2", [{**samples.DOCCANO, "id": n} for n in range(3_000)])
    assert peak(doccano, many) < peak(doccano, few) + 300_000


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-0", "NaN", "1" * 400])
def test_odd_numbers(tmp_path: Path, number: str) -> None:
    row = json.dumps(samples.PRODIGY).replace("1772676000", number)
    found = read(prodigy, write(tmp_path / "x.jsonl", row))
    assert len(found.lost) + len(found.works) == 1
    job = json.dumps(samples.page(samples.JOB))
    job = job.replace('"frame_count": 20', f'"frame_count": {number}')
    read_job = outcome(cvat, write(tmp_path / "x.json", job))
    assert read_job == "not_a_table" if isinstance(read_job, str) else read_job.problems


def test_half_a_character_is_read(tmp_path: Path) -> None:
    row = json.dumps(samples.PRODIGY).replace("a text", "cut off \\ud83d")
    assert len(read(prodigy, write(tmp_path / "x.jsonl", row)).works) == 1


# Any of them


@pytest.fixture
def files(tmp_path: Path) -> dict[ModuleType, bytes]:
    return {
        cvat: json.dumps(samples.page(samples.JOB)).encode(),
        labelbox: json.dumps(samples.LABELBOX).encode(),
        prodigy: json.dumps(samples.PRODIGY).encode(),
        doccano: json.dumps(samples.DOCCANO).encode(),
        labelu: json.dumps(samples.labelu(samples.LABELU)).encode(),
        mturk: samples.table(samples.MTURK_HEADER, [samples.MTURK]).encode(),
        toloka: samples.table(samples.TOLOKA_HEADER, [samples.TOLOKA], "\t").encode(),
    }


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("junk", [b"\0", b"\xff\xfe", "\u7532".encode("gb18030")])
def test_bytes_that_are_no_text(
    tmp_path: Path, files: dict[ModuleType, bytes], module: ModuleType, junk: bytes
) -> None:
    content = files[module]
    middle = content.rindex(b"1")
    found = outcome(module, write(tmp_path / "x", content[:middle] + junk + content[middle:]))
    assert found in ("encoding", "not_a_table")


@pytest.mark.parametrize("module", MODULES)
def test_another_encoding(
    tmp_path: Path, files: dict[ModuleType, bytes], module: ModuleType
) -> None:
    found = outcome(module, write(tmp_path / "x", files[module].decode().encode("utf-16")))
    assert isinstance(found, str) or (found.works == [] and found.lost)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("content", [b"", b"\n\n", b"{}", b"[]", b"7", b'{"a":', b"\xef\xbb\xbf"])
def test_next_to_nothing(tmp_path: Path, module: ModuleType, content: bytes) -> None:
    found = outcome(module, write(tmp_path / "x", content))
    assert isinstance(found, str) or found.works == []


@pytest.mark.parametrize("module", [mturk, toloka])
def test_quotes_that_never_end(
    tmp_path: Path, files: dict[ModuleType, bytes], module: ModuleType
) -> None:
    content = files[module] + b'"' + b"x\n" * 200_000
    assert reason(module, write(tmp_path / "x", content))[0] == "not_a_table"


@pytest.mark.parametrize("module", [mturk, toloka])
def test_a_cell_without_end(
    tmp_path: Path, files: dict[ModuleType, bytes], module: ModuleType
) -> None:
    content = files[module] + b"x" * (5 << 20)
    assert reason(module, write(tmp_path / "x", content))[0] == "too_large"


# Any value in any place

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-03-05T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z"])
    | st.sampled_from([1 << 62, 1 << 70, -(1 << 70), float("inf"), 1e300, "Skip", "\ud800", "\0"])
)
VALUES = SCALARS | st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "created_at", "score", "x"]), inner)
    ),
    max_leaves=5,
)
Place = tuple[Any, ...]


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a JSON value but the root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in inner:
        yield (*at, key)
        if isinstance(member, dict | list):
            yield from places(member, (*at, key))


def replaced(record: Any, at: Place, value: Any) -> Any:
    whole = inner = copy.deepcopy(record)
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return whole


OLD_DOCCANO = {
    "id": 1,
    "text": "x",
    "annotations": [{"user": 1, "created_at": "2020-05-01T17:00:00Z"}],
}
CHOICE = {**samples.PRODIGY, "options": [{"id": "a"}], "accept": ["a"], "sessions": ["x"]}
RECORDS: list[tuple[str, ModuleType, Any, Callable[[Any], Any]]] = [
    ("labelbox", labelbox, samples.LABELBOX, lambda record: record),
    ("labelbox v1", labelbox, samples.LABELBOX_V1, lambda record: record),
    ("prodigy", prodigy, samples.PRODIGY, lambda record: record),
    ("prodigy choice", prodigy, CHOICE, lambda record: record),
    ("doccano", doccano, samples.DOCCANO, lambda record: record),
    ("doccano 1.3", doccano, OLD_DOCCANO, lambda record: record),
    ("cvat job", cvat, samples.JOB, lambda record: samples.page(samples.JOB, record)),
    ("cvat task", cvat, samples.TASK, lambda record: samples.page(samples.TASK, record)),
    ("cvat report", cvat, samples.REPORT, lambda record: samples.page(samples.REPORT, record)),
]
QUICK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@pytest.mark.parametrize(
    ("name", "module", "record", "whole"), RECORDS, ids=[r[0] for r in RECORDS]
)
@QUICK
@given(data=st.data())
def test_any_json_value_in_any_place_raises_nothing(
    tmp_path: Path,
    name: str,
    module: ModuleType,
    record: Any,
    whole: Callable[[Any], Any],
    data: st.DataObject,
) -> None:
    at = data.draw(st.sampled_from(list(places(record))))
    value = data.draw(VALUES)
    found = outcome(module, document(tmp_path / "x", whole(replaced(record, at, value))))
    if isinstance(found, Read):
        assert all(work.count >= 0 and (work.seconds or 0) >= 0 for work in found.works)


@pytest.mark.parametrize(
    ("module", "header", "row", "delimiter"),
    [
        (mturk, samples.MTURK_HEADER, samples.MTURK, ","),
        (toloka, samples.TOLOKA_HEADER, samples.TOLOKA, "\t"),
    ],
)
@QUICK
@given(data=st.data())
def test_any_text_in_any_cell_raises_nothing(
    tmp_path: Path,
    module: ModuleType,
    header: list[str],
    row: dict[str, str],
    delimiter: str,
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(header))
    odd = [
        "9" * 400,
        "2026-13-45T99:99:99",
        "[{",
        '[{"a":{"b":1}}]',
        "Wed Apr 99 10:26:23 PDT 0000",
    ]
    texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(odd)
    text = samples.table(header, [row, {**row, name: data.draw(texts)}], delimiter)
    outcome(module, write(tmp_path / "x", text))


@QUICK
@given(content=st.binary(max_size=200))
def test_any_bytes_raise_nothing_but_a_refusal(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "x", content)
    for module in MODULES:
        module.recognises(content, path)
        outcome(module, path)


@QUICK
@given(content=st.text("<>/=\"'! annotationsimgevrk01.&;-?[]", max_size=200))
def test_any_markup_raises_nothing_but_a_refusal(tmp_path: Path, content: str) -> None:
    start = "<annotations><version>1.1</version><meta></meta>"
    outcome(cvat, write(tmp_path / "x", start + content))


def test_a_problem_shows_only_numbers_times_and_types(tmp_path: Path) -> None:
    secret = "anna@example.com https://example.com/?token=SECRET"
    for _, module, record, whole in RECORDS:
        for at in places(record):
            path = document(tmp_path / "x", whole(replaced(record, at, secret)))
            found = outcome(module, path)
            assert "SECRET" not in (found if isinstance(found, str) else repr(found.problems))


def test_lines_are_numbered_through_blank_and_bad_ones(tmp_path: Path) -> None:
    path = write(tmp_path / "x", b'\xef\xbb\xbf{"a":1}\r\n\n  \n[1]\n{"b":2}')
    found = list(jsonlines.objects(path))
    assert [number for number, _ in found] == [1, 4, 5]
    assert isinstance(found[1][1], Problem)
