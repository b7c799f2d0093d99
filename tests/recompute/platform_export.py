"""A Label Studio export counted by hand: what was submitted, skipped and left as a draft."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.recompute.exact import Row, number
from tests.recompute.files import HEADERS

LOCAL = ZoneInfo("Asia/Shanghai")
LONGEST = 3600  # seconds; a tab left open is no work


def read(path: Path, belongs: Row) -> tuple[list[Row], list[Row]]:
    """The daily rows and the work set aside of an export that belongs to unit and project."""
    tasks = json.loads(path.read_text("utf-8"))
    names = ("unit_id", "enterprise_id", "project_id", "modality")
    owner = {name: belongs[name] for name in names}
    annotations = [annotation for task in tasks for annotation in task["annotations"]]
    drafts = [d for task in tasks for d in task["drafts"] if d["annotation"] is None]
    work: dict[date, list[Any]] = defaultdict(list)
    aside: Counter[tuple[date, str]] = Counter()
    for annotation in annotations:
        if annotation["was_cancelled"]:
            aside[_day(annotation), "skipped"] += 1
        else:
            work[_day(annotation)].append(annotation)
    aside.update((_day(draft), "draft") for draft in drafts)
    blank = dict.fromkeys(HEADERS["labeling_daily"].values())
    return (
        [{**blank, **owner, "date": day, **_counts(done)} for day, done in work.items()],
        [{**owner, "date": d, "reason": why, "items": n} for (d, why), n in aside.items()],
    )


def _day(thing: Any) -> date:
    return datetime.fromisoformat(thing["created_at"]).astimezone(LOCAL).date()


def _counts(done: list[Any]) -> Row:
    people = {annotation["completed_by"] for annotation in done}
    verdicts = [_verdicts(annotation) for annotation in done if annotation["reviews"]]
    seconds = sum(Decimal(str(min(a["lead_time"], LONGEST))) for a in done)
    return {
        "items": len(done),
        "objects": sum(len({region["id"] for region in a["result"]}) for a in done),
        "hours": number(min(seconds / 3600, Decimal(24 * len(people)))),
        "hours_basis": "open_time",
        "reviewed": len(verdicts),
        "accepted": sum(newest for *_, newest in verdicts),
        "accepted_first_pass": sum(all(each) for each in verdicts),
        "rejected": sum(not newest for *_, newest in verdicts),
        "prelabeled_items": sum(any(_from_model(r) for r in a["result"]) for a in done),
        "annotators": len(people),
    }


def _verdicts(annotation: Any) -> list[bool]:
    """Oldest first: the last one stands."""
    reviews = sorted(annotation["reviews"], key=lambda review: review["created_at"])
    return [review["accepted"] for review in reviews]


def _from_model(region: Any) -> bool:
    return region["origin"] in ("prediction", "prediction-changed")
