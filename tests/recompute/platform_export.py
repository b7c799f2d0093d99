"""A Label Studio export counted by hand: what was submitted, skipped and left as a draft."""

from __future__ import annotations

import hashlib
import itertools
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


def items(path: Path, belongs: Row) -> list[Row]:
    """A row for each annotation, and for each draft of none."""
    tasks = json.loads(path.read_text("utf-8"))
    return [
        {"unit_id": belongs["unit_id"], "task": task["id"]}
        for task in tasks
        for _ in [*task["annotations"], *(d for d in task["drafts"] if d["annotation"] is None)]
    ]


def agreement(path: Path, belongs: Row) -> list[Row]:
    """Krippendorff's alpha of the choices, by the month in which a text got its last answer."""
    names = ("unit_id", "enterprise_id", "project_id", "modality")
    months: dict[date, list[list[tuple[int, str]]]] = defaultdict(list)
    for task in json.loads(path.read_text("utf-8")):
        said = {
            annotation["completed_by"]: (_day(annotation), region["value"]["choices"][0])
            for annotation in task["annotations"]
            if not annotation["was_cancelled"]
            for region in annotation["result"]
            if region["type"] == "choices"
        }
        if len(said) > 1:
            last = max(day for day, _ in said.values())
            months[last.replace(day=1)].append([(who, c) for who, (_, c) in said.items()])
    return [
        {
            **{name: belongs[name] for name in names},
            "date": month,
            "platform": "label_studio",
            "label_set": 1,
            "source": hashlib.sha256(path.read_bytes()).hexdigest()[:12],
            "alpha": _alpha([[choice for _, choice in item] for item in items]),
            "items": len(items),
            "answers": sum(len(item) for item in items),
            "people": len({who for item in items for who, _ in item}),
        }
        for month, items in sorted(months.items())
    ]


def _alpha(items: list[list[str]]) -> Decimal | None:
    """From every ordered pair of answers on one text, as Krippendorff defines it."""
    pairs: Counter[tuple[str, str]] = Counter()
    for answers in items:
        for pair in itertools.permutations(answers, 2):
            pairs[pair] += Decimal(1) / (len(answers) - 1)  # type: ignore[assignment]
    each: Counter[str] = Counter()
    for (answer, _), weight in pairs.items():
        each[answer] += weight
    observed = sum(weight for (a, b), weight in pairs.items() if a != b)
    expected = sum(each[a] * each[b] for a, b in itertools.permutations(each, 2))
    return (
        Decimal(1) - (sum(each.values()) - 1) * Decimal(observed) / expected if expected else None
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
