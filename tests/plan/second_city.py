"""Returns of the invented second city: few enough to be read, enough for every page to draw."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from oneninex.core.settings import ROOT
from tests.recompute.files import HEADERS

PLAN = ROOT / "tests" / "fixtures" / "second_city" / "plan"
UNITS = ("DOCK", "HILL", "LAKE", "MILL_2", "NORTH")
MONTHS = [date(2027 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(10)]
LATE, TODAY = "LAKE", date(2028, 5, 20)
RECEIVED = "2028-05-04"
Row = dict[str, Any]


class Clock(datetime):
    """Stands in the plan's first year, whenever the tests run."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return cls(2028, 5, 19, 20, 0, tzinfo=UTC).astimezone(tz)


class Later(Clock):
    """So late that no month on offer is of the first city's year."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return cls(2028, 12, 19, 20, 0, tzinfo=UTC).astimezone(tz)


def firm(unit: str, number: int) -> str:
    """A code of an enterprise with a correct check digit, and no demo mark."""
    body = f"99990100MAEX{UNITS.index(unit) * 10 + number:05d}"
    return body + uscc.calc_check_digit(body)


def write(folder: Path) -> Path:
    """The returns with their cover list in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {
        "datasets": _datasets(),
        "enterprises": [_enterprise(unit, n) for unit in UNITS for n in (1, 2, 3)],
        "enterprise_quarterly": [
            _quarter(unit, n, place) for unit in UNITS for n in (1, 2, 3) for place in range(3)
        ],
        "indicator_values": [_rooms(place, month) for place, month in enumerate(MONTHS)],
        "workforce_monthly": [_people(u, m) for u in UNITS for m in MONTHS if _reports(u, m)],
    }
    files = {f"{kind}_all.csv": (kind, rows) for kind, rows in kinds.items()}
    for unit in UNITS:
        files[f"labeling_daily_{unit}.csv"] = ("labeling_daily", list(_labeling(unit)))
    for name, (kind, rows) in files.items():
        # The first unit writes Chinese headings, all others the fields' own names.
        words = {field: title for title, field in HEADERS[kind].items()} if "DOCK" in name else {}
        (folder / name).write_bytes(table(rows, words))
    lines = [{"file": name, "received_on": RECEIVED, "reason": ""} for name in files]
    (folder / "transmittal.csv").write_bytes(table(lines))
    return folder


def table(rows: list[Row], words: dict[str, str] | None = None) -> bytes:
    """The rows as CSV under their keys, or what `words` calls them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([(words or {}).get(key, key) for key in rows[0]])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode()


def _reports(unit: str, month: date) -> bool:
    return unit != LATE or month != MONTHS[-1]


def _last_weekday(month: date) -> date:
    day = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day - timedelta(days=max(day.isoweekday() - 5, 0))


def _labeling(unit: str) -> Any:
    place = UNITS.index(unit)
    for m, month in enumerate(MONTHS):
        for n in (1, 2) if _reports(unit, month) else ():
            for day in (month.replace(day=4), month.replace(day=15), _last_weekday(month)):
                items = 300 + 40 * place + 25 * m + 10 * n + day.day
                reviewed = items - 20
                accepted = reviewed - 15 - place
                yield {
                    "date": day.isoformat(), "unit_id": unit, "enterprise_id": firm(unit, n),
                    "project_id": f"{unit}-{n}", "modality": ("image", "audio")[n - 1],
                    "items": items, "hours": 20 + place, "hours_basis": "reported",
                    "reviewed": reviewed, "accepted": accepted,
                    "accepted_first_pass": accepted - 20, "rejected": reviewed - accepted,
                    "gold_items": 12, "gold_correct": 11 - n, "annotators": 6, "volume_gb": 2.5,
                }  # fmt: skip


def _enterprise(unit: str, n: int) -> Row:
    links = ("labeling", "collect|labeling", "review")[n - 1]
    return {
        "enterprise_id": firm(unit, n), "name_zh": f"虚构{unit}{n}号公司",
        "name_en": f"Invented {unit} No. {n}", "unit_id": unit, "founded_on": f"2020-0{n}-01",
        "joined_on": f"202{6 + n // 2}-08-0{n}" if n < 3 else "2027-09-03",
        "origin": "grown" if n == 1 else "attracted", "links": links,
    }  # fmt: skip


def _quarter(unit: str, n: int, place: int) -> Row:
    revenue = 100 + 30 * n + 10 * place + 5 * UNITS.index(unit)
    return {
        "quarter": ("2027Q3", "2027Q4", "2028Q1")[place], "enterprise_id": firm(unit, n),
        "unit_id": unit, "revenue_10k_cny": revenue, "labeling_revenue_10k_cny": revenue - 20,
        "employees": 12 + n + place, "annotators": 8 + n, "certified_annotators": 3,
        "rd_expense_10k_cny": 9,
    }  # fmt: skip


def _datasets() -> list[Row]:
    stages = ("planned_on", "built_on", "evaluated_on", "registered_on", "applied_on")
    days = ("2027-07-20", "2027-10-11", "2027-12-06", "2028-02-14", "2028-03-13")
    given = [
        ("harbour", "DOCK", 5, 2), ("harbour", "NORTH", 2, 0), ("health", "HILL", 5, 1),
        ("farming", "MILL_2", 1, 0), ("open", "LAKE", 2, 0),
    ]  # fmt: skip
    return [
        {
            "dataset_id": f"EX-{number:03d}", "title_zh": f"虚构数据集{number}",
            "title_en": f"Invented dataset {number}", "sector": sector, "unit_id": unit,
            "size_gb": 400 * number, "models_served": models, "evaluation_rule": "invented rule",
            "scenario": f"scene {number}" if reached == len(stages) else "",
            **{name: day if n < reached else ""
               for n, (name, day) in enumerate(zip(stages, days, strict=True))},
        }
        for number, (sector, unit, reached, models) in enumerate(given, 1)
    ]  # fmt: skip


def _rooms(place: int, month: date) -> Row:
    return {
        "indicator_id": "quiet_rooms", "scope": "city", "period": f"{month:%Y-%m}",
        "value": 1 + (place + 1) // 2, "status": "A", "source": "invented",
    }  # fmt: skip


def _people(unit: str, month: date) -> Row:
    more = MONTHS.index(month) + UNITS.index(unit)
    return {
        "month": f"{month:%Y-%m}", "unit_id": unit, "workstations": 90, "workstations_used": 60,
        "full_time": 40 + more, "part_time": 6, "trainees": 5, "reserve": 4, "trained": 3,
        "certified_1": 1, "certified_2": 1, "certified_3": 2, "certified_4": 3, "certified_5": 4,
        "school_partners": 1,
    }  # fmt: skip
