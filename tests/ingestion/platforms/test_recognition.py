"""Each export is recognised by one reader, everything else by none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.ingestion import label_studio
from tests.ingestion import helpers as ordinary
from tests.ingestion.platforms import samples
from tests.ingestion.platforms.helpers import HEAD, MODULES, document, lines

OWN = {
    "cvat": {"cvat"},
    "labelbox": {"labelbox"},
    "mturk": {"mturk"},
    "toloka": {"toloka"},
    "prodigy": {"prodigy"},
    "doccano": {"doccano"},
}
NOT_AN_EXPORT = {"annotations.json"}  # bodies of many jobs, gathered by CVAT's own tests


def claimed(path: Path) -> set[str]:
    with path.open("rb") as file:
        head = file.read(HEAD)
    return {module.PLATFORM for module in MODULES if module.recognises(head, path)}


def test_real_exports(shared: Path) -> None:
    folder = shared / "exports"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) > 50
    for path in files:
        family = path.relative_to(folder).parts[0]
        expected = set() if path.name in NOT_AN_EXPORT else OWN.get(family, set())
        assert claimed(path) == expected, path.name
        if expected:
            head = path.read_bytes()[:HEAD]
            assert not label_studio.recognises(head, path), path.name


def test_names_and_endings_do_not_matter(shared: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted((shared / "exports").rglob("*.*"))):
        if path.is_file():
            other = tmp_path / f"cvat_labelbox_{number}.xlsx"
            other.write_bytes(path.read_bytes())
            assert claimed(other) == claimed(path)


def test_ordinary_returns(tmp_path: Path) -> None:
    files = [
        ordinary.write_csv(tmp_path / "a.csv", ordinary.daily(3)),
        ordinary.write_csv(tmp_path / "b.csv", ordinary.daily(3), "gb18030"),
        ordinary.write_csv(tmp_path / "c.csv", ordinary.daily(3), delimiter="\t"),
        ordinary.write_xlsx(tmp_path / "d.xlsx", ordinary.daily(3)),
        ordinary.write_parquet(tmp_path / "e.parquet", ordinary.daily(3)),
        ordinary.write_ndjson(tmp_path / "f.ndjson", ordinary.daily(3)),
    ]
    files += [
        ordinary.write_ndjson(tmp_path / f"{kind}.ndjson", [ordinary.example(kind)])
        for kind in ("labeling_daily", "enterprises", "datasets", "workforce_monthly")
    ]
    assert [claimed(path) for path in files] == [set()] * len(files)


def test_fixtures_of_label_studio() -> None:
    files = sorted((ROOT / "tests" / "fixtures" / "label_studio").glob("*.json"))
    assert files
    assert [claimed(path) for path in files] == [set()] * len(files)


def test_a_task_whose_data_look_like_another_platform_s(tmp_path: Path) -> None:
    data = {**samples.LABELBOX_V1, **samples.PRODIGY, **samples.DOCCANO, **samples.LABELBOX}
    task = {"id": 1, "data": data, "annotations": [{"id": 1, "result": []}]}
    assert claimed(document(tmp_path / "x.json", [task])) == set()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[",
        b"\xff\xfe{\x00",
        b"{}",
        b"[]",
        b"null",
        b"[[[[[[[[[[",
        b'{"count":0,"next":null,"previous":null,"results":[]}',
        b'{"id":1,"text":"x"}',
        b'{"_input_hash":"x"}',
        b"HITId,Title\n",
        b"<annotations>",
        b'{"' + b"x" * 70_000,
    ],
)
def test_what_only_begins_like_an_export_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert claimed(path) == set()


def test_each_sample_is_recognised_by_its_own_reader_alone(tmp_path: Path) -> None:
    written = {
        "prodigy": lines(tmp_path / "1", [samples.PRODIGY]),
        "doccano": lines(tmp_path / "2", [samples.DOCCANO]),
        "labelbox": lines(tmp_path / "3", [samples.LABELBOX]),
        "cvat": document(tmp_path / "4", samples.page(samples.JOB)),
    }
    written["mturk"] = tmp_path / "5"
    written["mturk"].write_text(samples.table(samples.MTURK_HEADER, [samples.MTURK]))
    written["toloka"] = tmp_path / "6"
    written["toloka"].write_text(samples.table(samples.TOLOKA_HEADER, [samples.TOLOKA], "\t"))
    for name, path in written.items():
        assert claimed(path) == {name}
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert claimed(path) == {name}, "a mark at the beginning changes nothing"


def test_a_first_record_that_is_longer_than_the_head(tmp_path: Path) -> None:
    long = {"image": "data:" + "x" * (2 * HEAD), **samples.PRODIGY}
    assert claimed(lines(tmp_path / "1", [long])) == {"prodigy"}
    text = {**samples.DOCCANO, "text": "x" * (2 * HEAD)}
    assert claimed(lines(tmp_path / "2", [text])) == {"doccano"}
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    row = {**samples.LABELBOX, "media_attributes": deep}
    assert claimed(lines(tmp_path / "3", [json.loads(json.dumps(row))])) == {"labelbox"}
