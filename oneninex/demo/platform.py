"""One project as a labeling platform exports it: Label Studio JSON with reviews and skips."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from oneninex.demo.parameters import Parameters
from oneninex.demo.rules import LabelStudio
from oneninex.demo.span import Span, day_kind, days_of, generator
from oneninex.demo.transmittal import Sent

# The platform writes UTC; the demo's people work in China, which has no summer time.
CHINA = timezone(timedelta(hours=8))
_FIRST_TASK, _FIRST_ANNOTATION, _FIRST_PERSON, _REVIEWER, _PROJECT = 70_001, 90_001, 501, 590, 58


def write(out: Path, given: Parameters, span: Span, seed: int) -> list[Sent]:
    """Write the export, if its month lies in the span; returns it with what it belongs to."""
    about = given.demo.label_studio
    if about.month not in span.months:
        return []
    path = out / f"label_studio_{about.unit}_{about.project}_{about.month:%Y-%m}.json"
    export = tasks(given, seed)
    path.write_text(json.dumps(export, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [
        Sent(
            path,
            about.received_on,
            unit_id=about.unit,
            enterprise_id=given.enterprise_ids[about.enterprise],
            project_id=about.project,
            modality=about.modality,
        )
    ]


def tasks(given: Parameters, seed: int) -> list[dict[str, Any]]:
    """The tasks of the project, each with its annotations."""
    about, rng = given.demo.label_studio, generator(seed, "label_studio")
    moments = _moments(given, about.tasks, rng)
    found = [_task(about, number, moment, rng) for number, moment in enumerate(moments)]
    _classify(found, about, generator(seed, "label_studio_choice"))
    return found


def _classify(found: list[dict[str, Any]], about: LabelStudio, rng: np.random.Generator) -> None:
    """One choice for the whole text, on which people mostly agree."""
    for task in found:
        truth = int(rng.integers(0, len(about.choices)))
        for annotation in task["annotations"]:
            agrees = rng.random() < about.agreeing
            other = int(rng.integers(0, len(about.choices)))
            if not annotation["was_cancelled"]:
                chosen = about.choices[truth if agrees else other]
                annotation["result"].append(_choice(annotation["id"], chosen))


def _choice(number: int, chosen: str) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "type": "choices",
        "value": {"choices": [chosen]},
        "origin": "manual",
        "to_name": "text",
        "from_name": "mood",
    }


def _moments(given: Parameters, count: int, rng: np.random.Generator) -> list[datetime]:
    """When annotations are submitted: working days, some late in the evening and past midnight."""
    run, month = given.demo.days.holiday_run, given.demo.label_studio.month
    working = [d for d in days_of(month) if day_kind(d, run) == "workday"]
    chosen = [working[i] for i in sorted(rng.integers(0, len(working), count))]
    late = rng.random(count) < 0.08
    seconds = np.where(late, rng.uniform(21.5, 25.5, count), rng.uniform(8.5, 17.8, count)) * 3600
    return [_moment(d, float(s)) for d, s in zip(chosen, seconds, strict=True)]


def _moment(day: date, seconds: float) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(seconds=int(seconds))


def _task(
    about: LabelStudio, number: int, moment: datetime, rng: np.random.Generator
) -> dict[str, Any]:
    task_id = _FIRST_TASK + number
    people = rng.choice(about.annotators, size=2 if rng.random() < 0.12 else 1, replace=False)
    text = "".join(rng.choice(about.words, size=6).tolist())
    annotations = [
        _annotation(about, 2 * number + n, task_id, int(who), moment, text, rng)
        for n, who in enumerate(people)
    ]
    skipped = sum(a["was_cancelled"] for a in annotations)
    return {
        "id": task_id,
        "annotations": annotations,
        "file_upload": "demo.csv",
        "drafts": _drafts(about, number, moment, rng),
        "predictions": [],
        "data": {"text": text},
        "meta": {"demo": "演示数据"},
        "created_at": _utc(datetime.combine(about.month, time(8), CHINA)),
        "updated_at": max(a["updated_at"] for a in annotations),
        "inner_id": number + 1,
        "total_annotations": len(annotations) - skipped,
        "cancelled_annotations": skipped,
        "total_predictions": 0,
        "project": _PROJECT,
        "updated_by": _FIRST_PERSON + int(people[-1]),
    }


def _annotation(
    about: LabelStudio,
    number: int,
    task_id: int,
    who: int,
    moment: datetime,
    text: str,
    rng: np.random.Generator,
) -> dict[str, Any]:
    skipped = bool(rng.random() < about.skipped)
    reviews = [] if skipped else _reviews(about, number, moment, rng)
    changed = reviews[-1]["created_at"] if reviews else _utc(moment)
    return {
        "id": _FIRST_ANNOTATION + number,
        "completed_by": _FIRST_PERSON + who,
        "result": [] if skipped else _result(about, number, text, rng),
        "reviews": reviews,
        "was_cancelled": skipped,
        "ground_truth": bool(not skipped and rng.random() < 0.03),
        "created_at": _utc(moment),
        "updated_at": changed,
        "draft_created_at": None,
        "lead_time": _lead_time(about, skipped, rng),
        "prediction": {},
        "result_count": 0,
        "unique_id": f"demo-{_FIRST_ANNOTATION + number}",
        "last_action": "submitted",
        "task": task_id,
        "project": _PROJECT,
        "updated_by": _FIRST_PERSON + who,
    }


def _lead_time(about: LabelStudio, skipped: bool, rng: np.random.Generator) -> float:
    if skipped:
        return round(float(rng.uniform(0.8, 3.0)), 3)
    if rng.random() < about.forgotten_tab:
        return round(about.forgotten_seconds * float(rng.uniform(0.5, 3.0)), 3)
    return round(float(rng.lognormal(np.log(about.seconds), 0.55)), 3)


def _reviews(
    about: LabelStudio, number: int, moment: datetime, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """No review, one, or a rejection that may be followed by an acceptance."""
    if rng.random() >= about.reviewed:
        return []
    verdicts = [bool(rng.random() < about.accepted)]
    if not verdicts[0] and rng.random() < about.second_try:
        verdicts.append(True)
    return [
        {
            "id": 10 * (_FIRST_ANNOTATION + number) + n,
            "created_by": {"id": _REVIEWER},
            "accepted": accepted,
            "fixed_annotation_history": None,
            "created_at": _utc(moment + timedelta(hours=20 * (n + 1))),
        }
        for n, accepted in enumerate(verdicts)
    ]


def _result(
    about: LabelStudio, number: int, text: str, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Marked words; nothing found is a result as well."""
    return [
        {
            "id": f"r{number:05d}{n}",
            "type": "labels",
            "value": {
                "start": 2 * n,
                "end": 2 * n + 2,
                "text": text[2 * n : 2 * n + 2],
                "labels": [about.labels[int(rng.integers(0, len(about.labels)))]],
            },
            "origin": "prediction" if rng.random() < 0.2 else "manual",
            "to_name": "text",
            "from_name": "label",
        }
        for n in range(int(rng.integers(0, 5)))
    ]


def _drafts(
    about: LabelStudio, number: int, moment: datetime, rng: np.random.Generator
) -> list[dict[str, Any]]:
    if rng.random() >= about.drafts:
        return []
    who = _FIRST_PERSON + int(rng.integers(0, about.annotators))
    draft = {"id": 30_001 + number, "user": f"demo-{who}", "annotation": None, "result": []}
    return [{**draft, "created_at": _utc(moment), "lead_time": 12.5, "was_postponed": False}]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
