"""doccano: people by file, texts without a label, no time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oneninex.ingestion import doccano
from tests.ingestion.platforms.helpers import Read, lines, read
from tests.ingestion.platforms.samples import DOCCANO, changed


@pytest.fixture
def texts(tmp_path: Path):
    def _read(*rows: Any, member: str | None = None) -> Read:
        return read(doccano, lines(tmp_path / "anna.jsonl", rows), member=member)

    return _read


@pytest.mark.parametrize(
    ("member", "who"),
    [
        ("anna.jsonl", "anna"),
        ("export/eva.li.jsonl", "eva.li"),
        ("all.jsonl", None),
        ("unknown.jsonl", None),
        (None, None),
    ],
)
def test_the_archive_names_the_person(texts, member: str | None, who: str | None) -> None:
    found = texts(DOCCANO, member=member)
    assert found.works[0].who == who, "the name under which a file was saved is nobody's"
    assert ("annotator" in found.told) == (who is not None)


def test_no_time_is_no_day(texts) -> None:
    found = texts(DOCCANO)
    assert "time" not in found.told
    assert found.days() == {None: 1}
    assert found.export.hours_basis is None


def test_people_meet_on_the_number_of_the_text(texts) -> None:
    one, other = (texts(DOCCANO, member=f"{name}.jsonl").works[0] for name in ("anna", "eva"))
    assert one.item == other.item
    assert one.work_id != other.work_id


def test_a_text_without_a_label_is_not_known_to_have_been_begun(texts) -> None:
    found = texts(DOCCANO, changed(DOCCANO, id=2, label=[]))
    assert (found.counts["tasks"], found.counts["not_begun"]) == (2, 1)
    assert found.notes == ["doccano_not_begun"]
    assert len(found.works) == 1


def test_a_span_that_stands_twice_is_one(texts) -> None:
    spans = [[0, 3, "ORG"], [0, 3, "ORG"], [4, 6, "GPE"]]
    entities = [{"id": n, "start_offset": 0, "end_offset": 3, "label": "ORG"} for n in (1, 2)]
    assert texts(changed(DOCCANO, label=spans)).works[0].objects == 2
    assert (
        texts({"id": 5, "text": "x", "entities": entities, "relations": []}).works[0].objects == 1
    )


def test_classes_are_answers_and_spans_are_not(texts) -> None:
    spans = changed(DOCCANO, id=2, label=[[0, 3, "ORG"], [4, 6, "GPE"]])
    both = changed(DOCCANO, id=3, label=["b", "a"])
    found = texts(DOCCANO, spans, both)
    assert [work.answers for work in found.works] == [{"label": "news"}, {}, {"label": "a | b"}]
    assert [work.objects for work in found.works] == [1, 2, 2]


def test_free_text_in_place_of_classes_is_no_choice(texts) -> None:
    found = texts(*(changed(DOCCANO, id=n, label=[f"translation {n}"]) for n in range(9)))
    assert all(work.answers == {} for work in found.works)


def test_entities_with_relations(texts) -> None:
    row = {"id": 5, "text": "x", "entities": [{"id": 1}, {"id": 2}], "relations": [{"id": 1}]}
    assert texts(row).works[0].objects == 2


def test_versions_up_to_1_3_named_people_and_times(texts) -> None:
    labels = [
        {"label": 1, "user": 3, "created_at": "2020-05-01T17:00:00Z"},
        {"label": 2, "user": 3, "created_at": "2020-05-01T18:00:00Z"},
        {"label": 2, "user": 4, "created_at": "2020-05-02T01:00:00Z"},
    ]
    found = texts({"id": 5, "text": "x", "annotations": labels, "meta": {}})
    assert [(work.who, work.objects) for work in found.works] == [("id:3", 2), ("id:4", 1)]
    assert found.works[0].submitted_at == datetime(2020, 5, 1, 18, tzinfo=UTC)
    assert found.days() == {date(2020, 5, 2): 2}
    assert {"time", "annotator"} <= found.told


def test_a_line_that_cannot_be_used_is_said(texts) -> None:
    found = texts(DOCCANO, changed(DOCCANO, id=None), changed(DOCCANO, id=[1]), "text")
    assert found.lost == [(2, "required", "id"), (3, "type", "id"), (4, "not_a_table", None)]
    assert found.counts["annotations"] == 4
