"""Annotations counted by local day, in the columns of labeling_daily and work_set_aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from oneninex.intake.batch import Options
from oneninex.intake.label_studio.model import Annotation, Export, Problem

Row = dict[str, Any]
_T = TypeVar("_T")

# Which field of the export tells what (a key label_studio.what_*), and how to see that it does.
# Reviews and origins are facts about a file: where any row has them, a row without has none.
_TELLS: dict[str, tuple[str, Callable[[Annotation], bool]]] = {
    "completed_by": ("annotator", lambda a: a.who is not None),
    "lead_time": ("lead_time", lambda a: a.lead_time is not None),
    "result": ("result", lambda a: a.objects is not None),
}
_TELLS_IN_FILE: dict[str, tuple[str, Callable[[Annotation], bool]]] = {
    "reviews": ("review", lambda a: a.reviews is not None),
    "origin": ("origin", lambda a: a.prelabeled is not None),
}


@dataclass(frozen=True)
class Context:
    """What the export does not say itself, and the rules of counting."""

    options: Options
    zone: ZoneInfo
    cap_seconds: int
    has_reviews: bool
    has_origins: bool

    def day(self, moment: datetime) -> date:
        """The local day."""
        return moment.astimezone(self.zone).date()

    @property
    def columns(self) -> Row:
        """The columns that are the same in every row."""
        return self.options.supplied


def context(export: Export, options: Options, zone: ZoneInfo, cap_seconds: int) -> Context:
    """The rules of counting for one export."""
    understood = export.annotations
    return Context(
        options=options,
        zone=zone,
        cap_seconds=cap_seconds,
        has_reviews=any(_TELLS_IN_FILE["reviews"][1](a) for a in understood),
        has_origins=any(_TELLS_IN_FILE["origin"][1](a) for a in understood),
    )


def daily(export: Export, given: Context) -> list[Row]:
    """One labeling_daily row for each local day; what the export cannot tell is None."""
    by_day: dict[date, list[Annotation]] = defaultdict(list)
    for annotation in export.submitted:
        by_day[given.day(annotation.created_at)].append(annotation)
    return [{"date": day, **_measures(by_day[day], given)} for day in sorted(by_day)]


def _measures(work: list[Annotation], given: Context) -> Row:
    people = _all_known(a.who for a in work)
    annotators = None if people is None else len(set(people))
    hours = _hours(work, annotators, given)
    objects = _all_known(a.objects for a in work)
    unknown = objects is None or not given.has_origins
    return {
        **given.columns,
        "items": len(work),
        "objects": None if objects is None else sum(objects),
        "hours": hours,
        "hours_basis": None if hours is None else "open_time",
        **(_review(work) if given.has_reviews else {}),
        "prelabeled_items": None if unknown else sum(bool(a.prelabeled) for a in work),
        "annotators": annotators,
        "source_row": min(a.order for a in work),
    }


def _hours(work: list[Annotation], annotators: int | None, given: Context) -> float | None:
    """Capped lead times; no day holds more than 24 hours of a person."""
    lengths = _all_known(a.lead_time for a in work)
    if lengths is None:
        return None
    hours = sum(min(length, given.cap_seconds) for length in lengths) / 3600
    return hours if annotators is None else min(hours, 24.0 * annotators)


def _review(work: list[Annotation]) -> Row:
    reviewed = [a for a in work if a.reviews]
    accepted = [a for a in reviewed if a.accepted]
    return {
        "reviewed": len(reviewed),
        "accepted": len(accepted),
        "accepted_first_pass": sum(all(r.accepted for r in a.reviews or ()) for a in accepted),
        "rejected": len(reviewed) - len(accepted),
    }


def set_aside(export: Export, given: Context) -> list[Row]:
    """One work_set_aside row for each local day and reason; source_row is None for drafts."""
    groups: dict[tuple[date, str], list[int | None]] = defaultdict(list)
    for annotation in export.skipped:
        groups[given.day(annotation.created_at), "skipped"].append(annotation.order)
    for draft in export.drafts:
        groups[given.day(draft.created_at), "draft"].append(None)
    return [
        {
            "date": day,
            **given.columns,
            "reason": reason,
            "items": len(orders),
            "source_row": orders[0],
        }
        for (day, reason), orders in sorted(groups.items(), key=lambda item: item[0])
    ]


def counts(export: Export, given: Context, rows: list[Row]) -> dict[str, int]:
    """What the file held, and how many seconds of lead time the caps took away."""
    submitted = export.submitted
    hours = {row["date"]: row["hours"] for row in rows if row["hours"] is not None}
    spent = sum(a.lead_time or 0.0 for a in submitted if given.day(a.created_at) in hours)
    verdicts = [a.accepted for a in submitted if a.reviews]
    return {
        "tasks": export.tasks,
        "annotations": export.read,
        "submitted": len(submitted),
        "skipped": len(export.skipped),
        "drafts": len(export.drafts),
        "drafts_undated": export.undated_drafts,
        "ground_truth": sum(a.ground_truth for a in submitted),
        "reviewed": len(verdicts),
        "accepted": verdicts.count(True),
        "rejected": verdicts.count(False),
        "annotators": len({a.who for a in submitted if a.who is not None}),
        "hours_capped_seconds": round(spent - 3600 * sum(hours.values())),
    }


def missing(export: Export, given: Context) -> list[Problem]:
    """What the export cannot tell, wholly or for a part of its annotations."""
    work = export.submitted
    lacking = {field: sum(not tells(a) for a in work) for field, (_, tells) in _TELLS.items()}
    lacking["reviews"] = 0 if given.has_reviews else len(work)
    lacking["origin"] = 0 if given.has_origins else len(work)
    what = {field: word for field, (word, _) in {**_TELLS, **_TELLS_IN_FILE}.items()}
    problems = [
        Problem(
            "missing_capability",
            f"missing_{what[field]}",
            field=field,
            values={"count": count, "total": len(work)},
        )
        for field, count in lacking.items()
        if count
    ]
    if export.undated_drafts:
        number = {"count": export.undated_drafts}
        problems.append(
            Problem("missing_capability", "undated_drafts", field="drafts", values=number)
        )
    return problems


def _all_known(values: Iterable[_T | None]) -> list[_T] | None:
    """The values, or None where one of them is missing: half a sum would look like a whole one."""
    known = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return known
