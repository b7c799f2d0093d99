"""CVAT: XML that names nobody, lists that name people, and pages that are not whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oneninex.ingestion import cvat
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.platform.model import State
from tests.ingestion.platforms.helpers import Read, document, read
from tests.ingestion.platforms.samples import JOB, REPORT, TASK, changed, page

UPDATED = "<updated>2026-03-05 18:00:00.5+00:00</updated>"
META = f"<meta><task><id>3</id><created>2026-03-01 00:00:00+00:00</created>{UPDATED}</task></meta>"
BOX = '<box label="cat" source="manual" xtl="1" ytl="1" xbr="2" ybr="2"></box>'


@pytest.fixture
def xml(tmp_path: Path):
    def _read(content: str, meta: str = META) -> Read:
        path = tmp_path / "annotations.xml"
        path.write_text(
            f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
            f"{meta}{content}</annotations>\n",
            encoding="utf-8",
        )
        return read(cvat, path)

    return _read


@pytest.fixture
def body(tmp_path: Path):
    def _read(value: Any) -> Read:
        return read(cvat, document(tmp_path / "x.json", value))

    return _read


def test_images_with_shapes_are_items(xml) -> None:
    found = xml(
        f'<image id="0" name="a.jpg">{BOX}{BOX}<tag label="x" source="manual"></tag></image>'
        '<image id="1" name="b.jpg"></image>'
        f'<image id="2" name="c.jpg">{BOX}</image>'
    )
    assert [(work.row, work.item, work.objects) for work in found.works] == [
        (1, "task 3 image 0", 3),
        (3, "task 3 image 2", 1),
    ]
    counts = found.counts
    assert (counts["tasks"], counts["images_without_shapes"], counts["objects"]) == (3, 1, 4)
    assert all(work.who is None and work.seconds is None for work in found.works)
    assert found.told == {"objects", "time", "origin"}


def test_the_day_is_that_of_the_last_change_and_this_is_said(xml) -> None:
    found = xml(f'<image id="0">{BOX}</image>')
    assert found.works[0].submitted_at == datetime(2026, 3, 5, 18, 0, 0, 500000, UTC)
    assert found.days() == {date(2026, 3, 6): 1}
    assert found.notes == ["cvat_day_of_change"]


@pytest.mark.parametrize("meta", ["", "<meta><task><id>3</id></task></meta>", "<meta></meta>"])
def test_no_time_is_no_day(xml, meta: str) -> None:
    found = xml(f'<image id="0">{BOX}</image>', meta)
    assert found.days() == {None: 1}
    assert found.told == {"objects", "origin"}
    assert found.notes == []


def test_a_time_that_is_none_is_said_and_the_images_count(xml) -> None:
    found = xml(f'<image id="0">{BOX}</image>', META.replace("2026-03-05 18", "yesterday"))
    assert found.days() == {None: 1}
    assert found.problems[0].field == "updated"
    assert found.counts["annotations"] == 1


def test_a_job_is_not_a_task(xml) -> None:
    meta = META.replace("task>", "job>")
    assert xml(f'<image id="0">{BOX}</image>', meta).works[0].item == "job 3 image 0"


def test_a_project_has_images_of_several_tasks(xml) -> None:
    tasks = "".join(
        f"<task><id>{n}</id><updated>2026-03-0{n} 00:00:00+00:00</updated></task>" for n in (1, 2)
    )
    meta = f"<meta><project><id>9</id>{UPDATED}<tasks>{tasks}</tasks></project></meta>"
    found = xml(
        f'<image id="0" task_id="2">{BOX}</image><image id="0" task_id="1">{BOX}</image>'
        f'<image id="0" task_id="8">{BOX}</image>',
        meta,
    )
    assert [work.item for work in found.works] == [f"task {n} image 0" for n in (2, 1, 8)]
    assert {work.project for work in found.works} == {"9"}
    days = [work.submitted_at.day if work.submitted_at else None for work in found.works]
    assert days == [2, 1, None]


def test_in_video_what_was_interpolated_is_no_work(xml) -> None:
    def box(frame: int, keyframe: int, outside: int) -> str:
        return f'<box frame="{frame}" keyframe="{keyframe}" outside="{outside}"></box>'

    frames = box(0, 1, 0) + box(1, 0, 0) + box(2, 0, 0) + box(3, 1, 0) + box(4, 1, 1)
    found = xml(f'<track id="0" label="car" source="semi-auto">{frames}</track>')
    (work,) = found.works
    assert (work.item, work.objects) == ("task 3 track 0", 2)
    assert work.prelabeled
    assert (found.counts["tracks"], found.counts["objects"]) == (1, 2)


def test_where_shapes_come_from(xml) -> None:
    auto = BOX.replace("manual", "auto")
    bare = BOX.replace(' source="manual"', "")
    found = xml(f'<image id="0">{BOX}</image><image id="1">{BOX}{auto}</image>')
    assert [work.prelabeled for work in found.works] == [False, True]
    found = xml(f'<image id="0">{bare}</image>')
    assert found.works[0].prelabeled is None
    assert "origin" not in found.told


def test_every_shape_counts_once(xml) -> None:
    inner = "<skeleton><points></points><points></points></skeleton><mask></mask><cuboid></cuboid>"
    shape = '<polyline points="1,2"><attribute name="box">x</attribute></polyline>'
    found = xml(f'<image id="0">{inner}{shape}</image>')
    assert found.works[0].objects == 4


def test_an_image_without_number_or_name_is_said(xml) -> None:
    found = xml(f"<image>{BOX}</image>" + f'<image name="a.jpg">{BOX}</image>')
    assert found.lost == [(1, "required", "name")]
    assert found.works[0].item == "task 3 image a.jpg"


def test_other_xml_is_not_recognised(tmp_path: Path) -> None:
    for content in (
        b"<annotation><filename>x</filename></annotation>",
        b"<annotations><item/></annotations>",
        b"<x><annotations><version>1.1</version></annotations></x>",
    ):
        assert not cvat.recognises(content, tmp_path / "x.xml")


# Lists of the API


def test_a_job_is_so_many_frames_of_its_assignee(body) -> None:
    found = body(page(JOB))
    (work,) = found.works
    assert (work.item, work.count, work.who, work.project) == ("job 7", 20, "id:6", "2")
    assert (work.state, work.accepted) == (State.SUBMITTED, True)
    assert found.days() == {date(2026, 3, 6): 20}
    assert found.told == {"annotator", "time", "review"}
    assert (found.counts["submitted"], found.counts["annotators"], found.counts["jobs"]) == (
        20,
        1,
        1,
    )
    assert "cvat_day_of_change" in found.notes


@pytest.mark.parametrize(
    ("stage", "state", "became", "accepted"),
    [
        ("annotation", "completed", State.SUBMITTED, None),
        ("validation", "completed", State.SUBMITTED, True),
        ("acceptance", "completed", State.SUBMITTED, True),
        ("annotation", "rejected", State.SUBMITTED, False),
        ("validation", "rejected", State.SUBMITTED, False),
        ("annotation", "in progress", State.DRAFT, None),
        ("validation", "new", State.DRAFT, None),
        ("acceptance", "in progress", State.DRAFT, None),
    ],
)
def test_stage_and_state(
    body, stage: str, state: str, became: State, accepted: bool | None
) -> None:
    (work,) = body(page(changed(JOB, stage=stage, state=state))).works
    assert (work.state, work.accepted) == (became, accepted)


def test_a_job_that_nobody_has_begun_is_no_work(body) -> None:
    found = body(page(changed(JOB, stage="annotation", state="new")))
    assert found.works == []
    assert found.counts["tasks"] == 20


def test_reference_answers_are_no_work(body) -> None:
    found = body(page(changed(JOB, type="ground_truth"), JOB))
    assert len(found.works) == 1
    assert found.counts["ground_truth_jobs"] == 1
    assert found.counts["tasks"] == 20


def test_nobody_is_nobody(body) -> None:
    found = body(page(changed(JOB, assignee=None)))
    assert found.works[0].who is None
    assert found.counts["annotators"] == 0


def test_frames_where_their_number_is_not_told(body) -> None:
    job = {k: v for k, v in JOB.items() if k != "frame_count"}
    assert body(page(job)).works[0].count == 20


def test_no_name_of_a_person_is_taken_where_there_is_a_number(body) -> None:
    assert "anna" not in repr(body(page(JOB)).works).lower()
    assert "http" not in repr(body(page(JOB)).works)


@pytest.mark.parametrize("where", ["next", "previous"])
def test_one_page_of_several_is_said(body, where: str) -> None:
    address = "http://example.com/api/jobs?page=2&token=SECRET"
    found = body(page(JOB, **{where: address}))
    assert "cvat_one_page" in found.notes
    assert "SECRET" not in repr(found.problems)
    assert "cvat_one_page" not in body(page(JOB)).notes


def test_a_task_is_done_when_all_its_jobs_are(body) -> None:
    begun = changed(TASK, id=4, status="annotation", jobs={"completed": 1, "count": 2})
    untouched = changed(TASK, id=5, status="annotation", jobs={"completed": 0, "count": 2})
    empty = {k: v for k, v in TASK.items() if k != "size"}
    found = body(page(TASK, begun, untouched, empty))
    assert [(work.item, work.state) for work in found.works] == [
        ("task 3", State.SUBMITTED),
        ("task 4", State.DRAFT),
    ]
    assert all(work.who is None for work in found.works), "who answers for it need not have done it"
    assert "annotator" not in found.told
    assert found.counts["tasks"] == 120


def test_a_quality_report_gives_gold_and_no_work(body) -> None:
    later = changed(REPORT, id=3, created_date="2026-03-09T00:00:00Z")
    later["summary"] = {"gt_count": 10, "valid_count": 8}
    of_task = changed(REPORT, id=2, target="task", task_id=3, job_id=None)
    found = body(page(REPORT, of_task, later))
    assert [(work.item, work.count, work.gold) for work in found.works] == [
        ("quality of job 7", 0, True)
    ] * 2
    assert [(work.gold_items, work.gold_right) for work in found.works] == [(37, 22), (10, 8)]
    assert len({work.work_id for work in found.works}) == 1, "the newer takes the older's place"
    assert (found.counts["gold"], found.counts["gold_right"]) == (10, 8)
    assert found.days() == {}
    assert found.told == {"time", "gold"}


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("users", {"id": 1, "username": "anna", "url": "http://example.com", "email": "a@b.c"}),
        ("projects", {"id": 1, "task_subsets": [], "dimension": "2d"}),
        ("labels", {"id": 1, "sublabels": [], "color": "#fff"}),
        ("issues", {"id": 1, "job": 2, "position": [], "resolved": True}),
        ("comments", {"id": 1, "issue": 2, "message": "no"}),
    ],
)
def test_a_list_that_tells_of_no_work_is_refused_by_name(
    tmp_path: Path, name: str, member: dict[str, Any]
) -> None:
    path = document(tmp_path / "x.json", page(member))
    assert cvat.recognises(path.read_bytes(), path)
    with pytest.raises(Refused) as refused:
        cvat.open_export(path, cvat.Options())
    (reason,) = refused.value.table().to_pylist()
    assert reason["code"] == "unknown_format"
    assert name in reason["message_zh"]
    assert name in reason["message_en"]
    assert "jobs" in reason["message_en"]


def test_shapes_of_the_api_are_refused(tmp_path: Path) -> None:
    value = {"version": 0, "tags": [], "shapes": [], "tracks": []}
    path = document(tmp_path / "x.json", value)
    assert cvat.recognises(path.read_bytes(), path)
    with pytest.raises(Refused):
        cvat.open_export(path, cvat.Options())


def test_pages_of_other_tools_are_not_recognised(tmp_path: Path) -> None:
    path = document(tmp_path / "x.json", page({"id": 1, "title": "a project"}))
    assert not cvat.recognises(path.read_bytes(), path)


def test_what_cannot_be_used_is_said(body) -> None:
    found = body(
        page(
            JOB,
            changed(JOB, id=None),
            changed(JOB, state="lost"),
            changed(JOB, frame_count=-1),
            changed(JOB, updated_date="2026-03-05"),
            changed(JOB, assignee=[6]),
            7,
        )
    )
    assert found.lost == [
        (2, "required", "id"),
        (3, "type", "state"),
        (4, "range", "frame_count"),
        (5, "type", "updated_date"),
        (6, "type", "assignee"),
        (7, "type", "results"),
    ]
    assert len(found.works) == 1
