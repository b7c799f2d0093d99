"""Pages of CVAT's REST API as they were saved: {count, next, previous, results}."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.platform.model import Capability, Export, Problem, State, Verdict, Work
from oneninex.ingestion.records import bounds, jsonstream, shape, tally, values

_ENVELOPE = {"count", "next", "previous", "results"}
# What each list's members are told by; only the first three are of use here.
_BODIES: dict[str, set[str]] = {
    "jobs": {"id", "task_id", "stage", "state"},
    "tasks": {"id", "jobs", "segment_size", "status"},
    "quality_reports": {"id", "summary", "target", "gt_last_updated"},
    "users": {"id", "username", "url"},
    "projects": {"id", "task_subsets", "dimension"},
    "labels": {"id", "sublabels", "color"},
    "issues": {"id", "job", "position", "resolved"},
    "comments": {"id", "issue", "message"},
    "quality_conflicts": {"id", "annotation_ids", "report_id"},
    "quality_settings": {"id", "iou_threshold", "oks_sigma"},
}
_SHAPES = {"version", "tags", "shapes", "tracks"}
_CAPABILITIES = {
    "jobs": frozenset((Capability.ANNOTATOR, Capability.TIME, Capability.REVIEW)),
    "tasks": frozenset((Capability.TIME,)),
    "quality_reports": frozenset((Capability.TIME, Capability.GOLD)),
}


def body(head: bytes, path: Path) -> str | None:
    """Which list of CVAT's API the file is; None for another file."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return None
    found = shape.names(head, path)
    if found.keys() >= _SHAPES and {found[name] for name in _SHAPES - {"version"}} == {"array"}:
        return "annotations"
    members = {name.removeprefix("results.item.") for name in found if "results.item." in name}
    if found.get("results") != "array" or not found.keys() & {"count", "next", "previous"}:
        return None
    return next((name for name, keys in _BODIES.items() if keys <= members), None)


def open_page(path: Path, found: str) -> Export:
    """The work in a page; raises Refused for a list that tells of none."""
    if found not in _CAPABILITIES:
        raise refuse("unknown_format", "platforms.cvat_wrong_list", list=found)
    counts: dict[str, int] = {}
    return Export(
        platform="cvat",
        form="rest",
        capabilities=_CAPABILITIES[found],
        hours_basis=None,
        records=tally.counted(_records(path, found, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _records(path: Path, found: str, counts: dict[str, int]) -> Iterator[Work | Problem]:
    read = _READERS[found]
    row = 0
    newest: dict[str, Work] = {}  # reports of one job
    counts.update({"tasks": 0, "gold": 0})
    if found != "quality_reports":
        yield Problem("missing_capability", "platforms.cvat_day_of_change", field="updated_date")
    for key, value in jsonstream.members(path, "results"):
        if key in ("next", "previous"):
            if value is not None:
                yield Problem("missing_capability", "platforms.cvat_one_page", field=key)
        elif key == "results" or key is None:
            row += 1
            try:
                work = read(row, values.mapping("results", value), counts)
            except values.Unfit as unfit:
                yield unfit.problem(row)
            else:
                if work is not None:
                    if work.gold_items is not None:
                        _count_gold(work, newest, counts)
                    yield work


def _count_gold(work: Work, newest: dict[str, Work], counts: dict[str, int]) -> None:
    """Of the reports of one job only the newest counts."""
    earlier = newest.setdefault(work.item, work)
    if work.updated_at and earlier.updated_at and work.updated_at >= earlier.updated_at:
        newest[work.item] = work
    counts["gold"] = sum(w.gold_items or 0 for w in newest.values())
    counts["gold_right"] = sum(w.gold_right or 0 for w in newest.values())


def _job(row: int, raw: dict[str, Any], counts: dict[str, int]) -> Work | None:
    """A job's frames; None for one that nobody has begun, and for reference answers.

    Submitted once its state is completed. A rejected job was submitted and sent back. Completed
    in validation or acceptance it has passed them; the API does not date the verdict.
    """
    number = values.required_name("id", raw.get("id"))
    frames = _frames(raw)
    stage = _word("stage", raw.get("stage"), ("annotation", "validation", "acceptance"))
    state = _word("state", raw.get("state"), ("new", "in progress", "completed", "rejected"))
    who = _person(raw.get("assignee"))
    at = values.moment("updated_date", raw.get("updated_date"))
    kind = raw.get("type", "annotation")
    if kind == "ground_truth":
        counts["ground_truth_jobs"] = counts.get("ground_truth_jobs", 0) + 1
        return None
    counts["tasks"] += frames
    counts["jobs"] = counts.get("jobs", 0) + 1
    if state == "new" and stage == "annotation":
        return None
    done = state in ("completed", "rejected")
    passed = (Verdict(None, True),) if stage != "annotation" else ()
    return Work(
        row=row,
        item=f"job {number}",
        work_id=f"job {number}",
        project=values.name("project_id", raw.get("project_id")),
        state=State.SUBMITTED if done else State.DRAFT,
        count=frames,
        who=who,
        submitted_at=at,
        updated_at=at,
        verdicts=(Verdict(None, False),) if state == "rejected" else passed if done else (),
    )


def _frames(raw: dict[str, Any]) -> int:
    if raw.get("frame_count") is not None:
        return values.count("frame_count", raw["frame_count"])
    first = values.count("start_frame", raw.get("start_frame"))
    last = values.count("stop_frame", raw.get("stop_frame"))
    return max(0, last - first + 1)


def _task(row: int, raw: dict[str, Any], counts: dict[str, int]) -> Work | None:
    """A task's frames, submitted once all its jobs are done; None for one that has no data.

    Its assignee answers for the task and need not have labelled it, so nobody is named.
    """
    number = values.required_name("id", raw.get("id"))
    jobs = values.mapping("jobs", raw.get("jobs"))
    if raw.get("size") is None:
        return None
    frames = values.count("size", raw["size"])
    status = _word("status", raw.get("status"), ("annotation", "validation", "completed"))
    at = values.moment("updated_date", raw.get("updated_date"))
    counts["tasks"] += frames
    begun = any(values.count(f"jobs.{k}", jobs.get(k, 0)) for k in ("completed", "validation"))
    if status != "completed" and not begun:
        return None
    return Work(
        row=row,
        item=f"task {number}",
        work_id=f"task {number}",
        project=values.name("project_id", raw.get("project_id")),
        state=State.SUBMITTED if status == "completed" else State.DRAFT,
        count=frames,
        submitted_at=at,
        updated_at=at,
    )


def _report(row: int, raw: dict[str, Any], counts: dict[str, int]) -> Work | None:
    """A job compared with the reference answers: how many shapes should be there, how many are.

    None for a task's report, which sums up its jobs'. A job compared again has a newer report.
    """
    if _word("target", raw.get("target"), ("job", "task", "project")) != "job":
        return None
    summary = values.mapping("summary", raw.get("summary"))
    number = values.required_name("job_id", raw.get("job_id"))
    expected = values.count("summary.gt_count", summary.get("gt_count"))
    right = values.count("summary.valid_count", summary.get("valid_count"))
    at = values.moment("created_date", raw.get("created_date"))
    if right > expected:
        raise values.Unfit("summary.valid_count", right, "range")
    counts["reports"] = counts.get("reports", 0) + 1
    return Work(
        row=row,
        item=f"quality of job {number}",
        work_id=f"quality of job {number}",
        count=0,
        submitted_at=at,
        updated_at=at,
        gold=True,
        gold_items=expected,
        gold_right=right,
    )


_READERS: dict[str, Callable[[int, dict[str, Any], dict[str, int]], Work | None]] = {
    "jobs": _job,
    "tasks": _task,
    "quality_reports": _report,
}


def _word(field: str, value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise values.Unfit(field, value, "required" if value is None else "type")
    return value


def _person(value: Any) -> str | None:
    """The number of a user, or the name where it is all there is."""
    if isinstance(value, dict):
        number = value.get("id")
        value = number if number is not None else value.get("username")
    named = values.name("assignee", value)
    return None if named is None else f"{'id' if not isinstance(value, str) else 'name'}:{named}"
