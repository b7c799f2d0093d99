"""Task-level events for tests, and what they add up to, counted one by one in Python."""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from stdnum.cn import uscc

COLUMNS = (
    "event_id", "item_id", "event", "started_at", "ended_at", "unit_id", "enterprise_id",
    "project_id", "dataset_id", "modality", "task_type", "annotator", "seconds", "hours_basis",
    "first_review", "objects", "gold", "gold_correct", "prelabeled", "bytes",
)  # fmt: skip
KEY = ("date", "unit_id", "enterprise_id", "project_id", "modality", "task_type")
ENTERPRISES = [f"91320800DEM{n:06d}" for n in range(2)]
ENTERPRISES = [code + uscc.calc_check_digit(code) for code in ENTERPRISES]
WRONG_DIGIT = ENTERPRISES[0][:-1] + ("0" if ENTERPRISES[0][-1] != "0" else "1")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?")
Event = dict[str, str]


def random_events(seed: int, count: int) -> list[Event]:
    """Events of few keys, so that they meet; about one in ten is wrong, some come twice."""
    chance = random.Random(seed)
    events = [_event(chance, number) for number in range(count)]
    again = [dict(event) for event in chance.sample(events, count // 20)]
    for event in chance.sample(again, len(again) // 2):
        event["item_id"] = "another"
    events += again
    chance.shuffle(events)
    return events


def _event(chance: random.Random, number: int) -> Event:
    pick = chance.choice
    submitted = chance.random() < 0.6
    day = f"2026-{pick((2, 3)):02d}-{pick((1, 2, 28, 28)):02d}"
    gold = pick(("true", "false", "0"))
    event = {
        "event_id": f"E{number}",
        "item_id": f"W{number}",
        "event": "submitted" if submitted else pick(("accepted", "rejected", "ACCEPTED")),
        "started_at": pick(("", f"{day} 07:59:30")),
        "ended_at": f"{day}{pick(' T')}{chance.randrange(8, 24):02d}:{chance.randrange(60):02d}:07",
        "unit_id": pick(("U1", "U2")),
        "enterprise_id": pick((ENTERPRISES[0], ENTERPRISES[1].lower())),
        "project_id": pick(("P1", " P2 ")),
        "dataset_id": pick(("", "D1")),
        "modality": pick(("image", "Text")),
        "task_type": pick(("", "检测, 框")),
        "annotator": f"name{chance.randrange(5)}" if submitted else "",
        "seconds": pick(("12.5", f"{chance.random() * 3000:.4f}", "0.0005", "40000")),
        "hours_basis": "active_time",
        "first_review": "" if submitted else pick(("true", "0")),
        "objects": str(chance.randrange(9)),
        "gold": gold,
        "gold_correct": pick(("true", "false")) if gold == "true" else "",
        "prelabeled": pick(("1", "false")),
        "bytes": str(chance.randrange(10**7)),
    }
    if chance.random() < 0.15:
        event.update(pick(WRONG + SPARSE))
    return event


SPARSE = [
    {"seconds": ""},
    {"seconds": "", "hours_basis": ""},
    {"objects": ""},
    {"gold": "", "gold_correct": ""},
    {"prelabeled": ""},
    {"bytes": ""},
    {"hours_basis": "reported"},
    {"dataset_id": "D2"},
]
# Each makes an event that does not count, whatever else stands in it.
WRONG = [
    {"item_id": " "},
    {"event": "skipped"},
    {"ended_at": "2026-02-30 10:00:00"},
    {"ended_at": "2026-03-01 24:00:00"},
    {"ended_at": "2026/03/01 10:00:00"},
    {"ended_at": "2199-01-01 00:00:00"},
    {"unit_id": "U77"},
    {"enterprise_id": WRONG_DIGIT},
    {"modality": "smell"},
    {"seconds": "-1"},
    {"seconds": "86400.1"},
    {"started_at": "2026-03-30 00:00:00", "seconds": "", "ended_at": "2026-03-02 00:00:00"},
    {"objects": "1.5"},
    {"bytes": "viel"},
    {"prelabeled": "perhaps"},
    {"gold": "", "gold_correct": "true"},
    {"hours_basis": "", "seconds": "5"},
]


def write_csv(events: list[Event], path: Path, columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(events)
    return path


def write_parquet(events: list[Event], path: Path) -> Path:
    """Numbers, moments and truths as such where every event has one."""
    pq.write_table(pa.table({name: _typed([e[name] for e in events]) for name in COLUMNS}), path)
    return path


def _typed(values: list[str]) -> pa.Array:
    ways = (int, float, {"true": True, "false": False}.__getitem__, datetime.fromisoformat)
    for way in ways:
        try:
            return pa.array([None if value == "" else way(value) for value in values])
        except (ValueError, KeyError):
            continue
    return pa.array(values, pa.string())


def recount(events: list[Event], units: set[str], today: date) -> dict[str, Any]:
    """The daily rows by KEY, and how many events were read, came again, were set aside."""
    good, aside = [], 0
    for event in events:
        read = {name: value.strip() or None for name, value in event.items()}
        judged = _judged(read, units, today)
        good += [judged] if judged else []
        aside += not judged
    by_id = defaultdict(list)
    for event in good:
        by_id[event["event_id"]].append(event)
    counted, again = [], 0
    for copies in by_id.values():
        if all(copy == copies[0] for copy in copies):
            counted.append(copies[0])
            again += len(copies) - 1
        else:
            aside += len(copies)
    groups = defaultdict(list)
    for event in counted:
        groups[tuple(event[name] for name in KEY)].append(event)
    rows = {key: _row(group) for key, group in groups.items()}
    return {"rows": rows, "read": len(events), "repeated": again, "set_aside": aside}


def _judged(e: dict[str, Any], units: set[str], today: date) -> dict[str, Any] | None:
    """The event with its values as types, or None if it does not count."""
    lower = ("event", "modality", "hours_basis", "first_review", "gold", "gold_correct")
    for name in (*lower, "prelabeled"):
        e[name] = e[name] and e[name].lower()
    try:
        end, start = _moment(e["ended_at"]), _moment(e["started_at"])
        seconds = None if e["seconds"] is None else Decimal(e["seconds"])
        truths = {n: _truth(e[n]) for n in ("first_review", "gold", "gold_correct", "prelabeled")}
        counts = {n: None if e[n] is None else int(e[n]) for n in ("objects", "bytes")}
    except (ValueError, ArithmeticError):
        return None
    e |= truths | counts | {"enterprise_id": (e["enterprise_id"] or "").upper()}
    work = e["event"] == "submitted"
    if seconds is not None:
        ms = int(seconds.quantize(Decimal("0.001"), ROUND_HALF_UP) * 1000)
    else:
        whole = end and start and end.replace(microsecond=0) - start.replace(microsecond=0)
        ms = None if whole is None else int(whole.total_seconds()) * 1000
    holds = (
        all(e[name] for name in ("event_id", "item_id", "unit_id", "project_id")),
        e["event"] in ("submitted", "accepted", "rejected"),
        end is not None and date(2000, 1, 1) <= end.date() <= today,
        e["unit_id"] in units,
        uscc.is_valid(e["enterprise_id"]),
        e["modality"] in ("text", "image"),
        ms is None or 0 <= ms <= 86_400_000,
        not work or e["annotator"] is not None,
        work or e["first_review"] is not None,
        seconds is None or e["hours_basis"] is not None,
        e["gold_correct"] is None or e["gold"],
        not (work and e["gold"]) or e["gold_correct"] is not None,
        all(count is None or count >= 0 for count in counts.values()),
    )
    if not all(holds):
        return None
    timed = work and ms is not None
    told = {"ms": ms if timed else None, "basis": (e["hours_basis"] or "open_time") if timed else 0}
    of_work = {n: e[n] for n in ("objects", "gold", "gold_correct", "prelabeled", "bytes") if work}
    names = ("event_id", "item_id", "event", "dataset_id", "annotator", "first_review")
    return {n: e[n] for n in (*names, *KEY[1:])} | {"date": end.date()} | told | of_work


def _row(group: list[dict[str, Any]]) -> dict[str, Any]:
    work = [e for e in group if e["event"] == "submitted"]
    reviews = [e for e in group if e["event"] != "submitted"]
    accepted = [e for e in reviews if e["event"] == "accepted"]
    datasets = {e["dataset_id"] for e in group} - {None}
    bases = {e["basis"] for e in work}
    people = len({e["annotator"] for e in work})
    timed = bool(work) and all(e["ms"] is not None for e in work) and len(bases) == 1
    size = _told(work, "bytes")
    return {
        "dataset_id": datasets.pop() if len(datasets) == 1 else None,
        "items": len(work),
        "objects": _told(work, "objects"),
        "hours": _hours(min(sum(e["ms"] for e in work), people * 86_400_000)) if timed else None,
        "hours_basis": bases.pop() if timed else None,
        "reviewed": len(reviews),
        "accepted": len(accepted),
        "accepted_first_pass": sum(e["first_review"] for e in accepted),
        "rejected": len(reviews) - len(accepted),
        "gold_items": _told(work, "gold"),
        "gold_correct": _told(work, "gold_correct") if _told(work, "gold") is not None else None,
        "prelabeled_items": _told(work, "prelabeled"),
        "annotators": people,
        "volume_gb": None if size is None else size / 1e9,
    }


def _hours(ms: int) -> float:
    exact = Decimal(ms) / 3_600_000
    return float(exact.quantize(Decimal("0.000001"), ROUND_HALF_UP))


def _told(work: list[dict[str, Any]], name: str) -> int | None:
    """The sum where every submission tells it; an answer is due only of gold items."""
    told = [e[name] for e in work]
    if name == "gold_correct":
        return sum(bool(value) for value in told)
    return sum(told) if work and all(value is not None for value in told) else None


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    if not _MOMENT.fullmatch(value):
        raise ValueError(value)
    return datetime.fromisoformat(value[:19])


def _truth(value: str | None) -> bool | None:
    if value not in (None, "true", "false", "0", "1"):
        raise ValueError(value)
    return None if value is None else value in ("true", "1")
