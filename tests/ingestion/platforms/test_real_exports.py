"""Real exports, counted by other code and against what their collector wrote down."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oneninex.ingestion import cvat, doccano, labelbox, mturk, prodigy, toloka
from oneninex.ingestion.findings import Refused
from tests.ingestion.platforms.helpers import SHANGHAI, Read, read

NAMES = ("tasks", "submitted", "skipped", "expired", "rejected", "gold", "annotators")
Counts = dict[str, int]
Told = tuple[Counts, Mapping[Any, int]]


def local(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def pacific(text: str) -> datetime:
    """The zone's name replaced by its offset."""
    named = text.replace("PDT", "-0700").replace("PST", "-0800")
    return datetime.strptime(named, "%a %b %d %H:%M:%S %z %Y")


def of_mturk(path: Path) -> Told:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = {
        "tasks": len({row["HITId"] for row in rows}),
        "submitted": len({row["AssignmentId"] for row in rows}),
        "rejected": sum(row["AssignmentStatus"] == "Rejected" for row in rows),
        "annotators": len({row["WorkerId"] for row in rows}),
    }
    return counts, Counter(local(pacific(row["SubmitTime"])) for row in rows)


def of_toloka(path: Path) -> Told:
    with path.open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if r["ASSIGNMENT:task_id"]]
    done = [row for row in rows if row["ASSIGNMENT:status"] == "APPROVED"]
    days = Counter(
        local(datetime.fromisoformat(row["ASSIGNMENT:started"] + "+00:00")) for row in done
    )
    counts = {
        "tasks": len({row["ASSIGNMENT:task_id"] for row in rows}),
        "submitted": len(done),
        "expired": sum(row["ASSIGNMENT:status"] == "EXPIRED" for row in rows),
        "gold": sum(row["GOLDEN:R-4"] != "" for row in done),
        "annotators": len({row["ASSIGNMENT:worker_id"] for row in rows}),
    }
    return counts, days


def of_prodigy(path: Path) -> Told:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    done = [row for row in rows if row["answer"] != "ignore"]
    counts = {
        "tasks": len({row["_input_hash"] for row in rows}),
        "submitted": len(done),
        "skipped": len(rows) - len(done),
    }
    stamps = [row.get("_timestamp") for row in done]
    return counts, Counter(
        None if stamp is None else local(datetime.fromtimestamp(stamp, UTC)) for stamp in stamps
    )


def of_doccano(path: Path) -> Told:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    done = sum(bool(row["label"]) for row in rows)  # without a label nobody is known to have begun
    return {"tasks": len(rows), "submitted": done}, Counter({None: done})


def of_labelbox_v2(path: Path) -> Told:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    labels, rejected = [], 0
    for row in rows:
        for project in row["projects"].values():
            history = project["project_details"]["workflow_history"]
            newest = next((h["action"] for h in history if h["action"] != "Move"), None)
            labels += project["labels"]
            rejected += len(project["labels"]) * (newest == "Reject")
    done = [one for one in labels if not one["performance_details"]["skipped"]]
    counts = {
        "tasks": len(rows),
        "submitted": len(done),
        "rejected": rejected,
        "annotators": len({one["label_details"]["created_by"] for one in labels}),
    }
    times = (datetime.fromisoformat(one["label_details"]["created_at"]) for one in done)
    return counts, Counter(map(local, times))


def of_labelbox_v1(path: Path) -> Told:
    value = json.loads(path.read_text(encoding="utf-8"))
    rows = value if isinstance(value, list) else [value]
    done = [row for row in rows if not row.get("Skipped") and row["Label"] != "Skip"]
    counts = {
        "tasks": len({row["DataRow ID"] for row in rows}),
        "submitted": len(done),
        "skipped": len(rows) - len(done),
        "annotators": len({row["Created By"] for row in rows}),
    }
    times = (datetime.fromisoformat(row["Created At"].replace("Z", "+00:00")) for row in done)
    return counts, Counter(map(local, times))


def of_cvat_images(path: Path) -> Told:
    root = ElementTree.parse(path).getroot()
    part = root.find("meta/task") or root.find("meta/job") or root.find("meta/project")
    updated = {t.findtext("id"): t.findtext("updated") for t in root.findall("meta/*/tasks/task")}
    assert part is not None
    days: Counter[date | None] = Counter()
    for image in [*root.findall("image"), *root.findall("track")]:
        if len(image):
            text = updated.get(image.get("task_id"), part.findtext("updated"))
            days[local(datetime.fromisoformat(text)) if text else None] += 1
    counts = {"tasks": len(root) - len(root.findall("meta")) - 1, "submitted": sum(days.values())}
    return counts, days


def of_cvat_jobs(path: Path) -> Told:
    jobs = json.loads(path.read_text(encoding="utf-8"))["results"]
    own = [job for job in jobs if job["type"] == "annotation"]
    begun = [j for j in own if (j["stage"], j["state"]) != ("annotation", "new")]
    days: Counter[date | None] = Counter()
    for job in own:
        if job["state"] == "completed":
            at = datetime.fromisoformat(job["updated_date"].replace("Z", "+00:00"))
            days[local(at)] += job["stop_frame"] - job["start_frame"] + 1
    counts = {
        "tasks": sum(job["frame_count"] for job in own),
        "submitted": sum(days.values()),
        "annotators": len({job["assignee"]["id"] for job in begun if job["assignee"]}),
    }
    return counts, days


def of_cvat_tasks(path: Path) -> Told:
    tasks = json.loads(path.read_text(encoding="utf-8"))["results"]
    done = [task for task in tasks if task["status"] == "completed"]
    days: Counter[date | None] = Counter()
    for task in done:
        at = datetime.fromisoformat(task["updated_date"].replace("Z", "+00:00"))
        days[local(at)] += task["size"]
    counts = {
        "tasks": sum(task.get("size") or 0 for task in tasks),
        "submitted": sum(days.values()),
    }
    return counts, days


def of_cvat_reports(path: Path) -> Told:
    reports = json.loads(path.read_text(encoding="utf-8"))["results"]
    newest = {
        report["job_id"]: report["summary"]["gt_count"]
        for report in sorted(reports, key=lambda report: report["created_date"])
        if report["target"] == "job"
    }
    return {"gold": sum(newest.values())}, Counter()


# File, reader, other reader, and what the collector counted (tasks, submitted, annotators).
FILES: list[tuple[str, ModuleType, Callable[[Path], Told], Counts]] = [
    (
        "mturk/factcheck_Batch_2770710.csv",
        mturk,
        of_mturk,
        {"tasks": 20, "submitted": 169, "annotators": 27, "rejected": 76},
    ),
    (
        "mturk/factcheck_Batch_2768981.csv",
        mturk,
        of_mturk,
        {"tasks": 60, "submitted": 300, "annotators": 28, "rejected": 0},
    ),
    (
        "mturk/factcheck_Batch_2793686.csv",
        mturk,
        of_mturk,
        {"tasks": 20, "submitted": 62, "annotators": 7},
    ),
    (
        "mturk/factcheck_Batch_2793686_redownload.csv",
        mturk,
        of_mturk,
        {"tasks": 20, "submitted": 117, "annotators": 13},
    ),
    (
        "mturk/drawings_Batch_3980777.csv",
        mturk,
        of_mturk,
        {"tasks": 478, "submitted": 1434, "annotators": 251, "rejected": 0},
    ),
    (
        "toloka/arg_relevance_pool_42774131.tsv",
        toloka,
        of_toloka,
        {
            "tasks": 1729,
            "annotations": 6854,
            "submitted": 6409,
            "expired": 445,
            "annotators": 306,
            "pages": 1371,
            "gold": 1282,
            "gold_correct": 779,
        },
    ),
    (
        "prodigy/explosion_ner_tweets.jsonl",
        prodigy,
        of_prodigy,
        {"annotations": 523, "submitted": 519, "skipped": 4, "annotators": 0, "without_time": 0},
    ),
    (
        "prodigy/explosion_review_partial_timestamps.jsonl",
        prodigy,
        of_prodigy,
        {"annotations": 1521, "annotators": 0, "without_time": 1521 - 659},
    ),
    (
        "prodigy/explosion_relations_no_timestamps.jsonl",
        prodigy,
        of_prodigy,
        {"annotations": 149, "annotators": 0, "without_time": 149},
    ),
    (
        "prodigy/explosion_nel_choice.jsonl",
        prodigy,
        of_prodigy,
        {"annotations": 30, "annotators": 0, "without_time": 30},
    ),
    (
        "doccano/news_ner_admin.jsonl",
        doccano,
        of_doccano,
        {"tasks": 32, "submitted": 27, "not_begun": 5},
    ),
    (
        "labelbox/atto_masks_export_v2.ndjson",
        labelbox,
        of_labelbox_v2,
        {"tasks": 53, "submitted": 53, "annotators": 1},
    ),
    (
        "labelbox/v1_scanner_segmentation_reviews_2020.json",
        labelbox,
        of_labelbox_v1,
        {"tasks": 181, "annotations": 182, "submitted": 182, "annotators": 3},
    ),
    *(
        (f"labelbox/sdk-test-fixtures/v1_{name}.json", labelbox, of_labelbox_v1, {})
        for name in (
            "highly_nested_image",
            "image_export",
            "pdf_export",
            "text_export",
            "tiled_image_export",
            "unkown_media_type_export",
            "video_export",
        )
    ),
    (
        "cvat/cats_job_images_2025.xml",
        cvat,
        of_cvat_images,
        {"tasks": 14, "submitted": 14, "objects": 24},
    ),
    (
        "cvat/coral_job_images_2023.xml",
        cvat,
        of_cvat_images,
        {"tasks": 5, "submitted": 1, "objects": 1, "images_without_shapes": 4},
    ),
    ("cvat/datumaro_fixture_project_3tasks.xml", cvat, of_cvat_images, {"objects": 12}),
    ("cvat/datumaro_fixture_video.xml", cvat, of_cvat_images, {"tracks": 3}),
    ("cvat/datumaro_fixture_minimal_no_dates.xml", cvat, of_cvat_images, {"objects": 4}),
    (
        "cvat/rest-api-fixtures/jobs.json",
        cvat,
        of_cvat_jobs,
        {"jobs": 23, "ground_truth_jobs": 2},
    ),
    ("cvat/rest-api-fixtures/tasks.json", cvat, of_cvat_tasks, {}),
    ("cvat/rest-api-fixtures/quality_reports.json", cvat, of_cvat_reports, {"tasks": 0}),
]
IDS = [name.rsplit("/", 1)[-1] for name, *_ in FILES]


@pytest.fixture(scope="session")
def exports(shared: Path) -> Path:
    return shared / "exports"


@pytest.mark.parametrize(("name", "module", "other", "noted"), FILES, ids=IDS)
def test_counts_are_those_of_other_code_and_of_the_collector(
    exports: Path, name: str, module: ModuleType, other: Callable[[Path], Told], noted: Counts
) -> None:
    found = read(module, exports / name)
    counts, days = other(exports / name)
    assert {key: found.counts[key] for key in NAMES} == dict.fromkeys(NAMES, 0) | counts
    assert found.days() == days
    assert {key: found.counts[key] for key in noted} == noted
    assert found.lost == []


@pytest.mark.parametrize(
    "name",
    ["users", "projects", "labels", "issues", "comments", "quality_conflicts", "quality_settings"],
)
def test_other_lists_of_cvat_are_refused(exports: Path, name: str) -> None:
    path = exports / "cvat" / "rest-api-fixtures" / f"{name}.json"
    assert cvat.recognises(path.read_bytes()[: 64 << 10], path)
    with pytest.raises(Refused):
        read(cvat, path)


def test_work_time_is_the_time_between_and_its_union_far_less(exports: Path) -> None:
    found = read(mturk, exports / "mturk" / "drawings_Batch_3980777.csv")
    spans = [(work.started_at, work.submitted_at) for work in found.works]
    times = [(stop - start).total_seconds() for start, stop in spans if start and stop]
    assert times == [work.seconds for work in found.works]
    assert round(sum(times) / 3600) == 234
    assert round(union_of(found) / 3600) == 47


def union_of(found: Read) -> float:
    """Seconds in which each person held at least one task."""
    held: dict[Any, list[Any]] = {}
    for work in found.works:
        held.setdefault(work.who, []).append((work.started_at, work.submitted_at))
    total = 0.0
    for spans in held.values():
        end = None
        for start, stop in sorted(spans):
            begin = start if end is None else max(start, end)
            if stop > begin:
                total += (stop - begin).total_seconds()
            end = stop if end is None else max(end, stop)
    return total


def test_a_batch_downloaded_twice_is_told_by_its_assignments(exports: Path) -> None:
    first, again = (
        {work.work_id for work in read(mturk, exports / "mturk" / name).works}
        for name in ("factcheck_Batch_2793686.csv", "factcheck_Batch_2793686_redownload.csv")
    )
    assert (len(first), len(again)) == (62, 117)
    assert len(first & again) == 60, "two were gone when the batch was downloaded again"


def test_actions_of_the_workflow(exports: Path) -> None:
    found = read(labelbox, exports / "labelbox" / "atto_masks_export_v2.ndjson")
    verdicts = [verdict.accepted for work in found.works for verdict in work.verdicts or ()]
    assert (verdicts.count(True), verdicts.count(False)) == (51, 4)
    seconds = sorted(work.seconds or 0 for work in found.works)
    assert (seconds[0], seconds[26], seconds[-1]) == (106, 3171, 17614)
    assert sum(work.objects or 0 for work in found.works) == 200


def test_reviews_of_v1(exports: Path) -> None:
    found = read(labelbox, exports / "labelbox" / "v1_scanner_segmentation_reviews_2020.json")
    people = Counter(work.who for work in found.works)
    assert sorted(people.values()) == [3, 40, 139]
    assert sum(len(work.verdicts or ()) for work in found.works) == 59
    assert {work.accepted for work in found.works} == {True, None}


def test_control_answers_of_the_pool(exports: Path) -> None:
    found = read(toloka, exports / "toloka" / "arg_relevance_pool_42774131.tsv")
    assert sum(bool(work.gold) for work in found.works) == 1371
    judged = Counter(work.gold_correct for work in found.works if work.gold)
    assert judged == {True: 779, False: 1282 - 779, None: 89}
    assert Counter(Counter(work.page for work in found.works).values())[5] > 1300
    assert set(found.works[0].answers) == {"R-4"}


def test_only_choices_are_compared(exports: Path) -> None:
    found = read(mturk, exports / "mturk" / "factcheck_Batch_2770710.csv")
    sets = {name for work in found.works for name in work.answers}
    assert sets >= {f"stance{n}" for n in range(1, 6)}
    assert not any(name.startswith("explain") for name in sets)
    drawings = read(mturk, exports / "mturk" / "drawings_Batch_3980777.csv")
    sets = {name for work in drawings.works for name in work.answers}
    assert "Face.Face" in sets
    assert "QColoring" not in sets, "a scale of a hundred is no choice"
    choices = read(prodigy, exports / "prodigy" / "explosion_nel_choice.jsonl")
    assert all(set(work.answers) == {"choice"} for work in choices.works)


def test_keyframes_of_the_video(exports: Path) -> None:
    found = read(cvat, exports / "cvat" / "datumaro_fixture_video.xml")
    assert [work.objects for work in found.works] == [1, 1, 1], "ends of tracks are no shapes"


def test_nothing_of_people_or_addresses_in_what_is_said(exports: Path) -> None:
    for name, module, *_ in FILES:
        found = read(module, exports / name)
        said = repr(found.problems)
        people = {work.who for work in found.works if work.who}
        assert not any(who in said for who in people if len(who) > 4)
        assert "http" not in repr(found.works)
