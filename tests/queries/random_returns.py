"""Small random returns with the holes that real ones have: silent units, empty cells."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.queries.given import LINKS, SECTORS, Given

MODALITIES = ["text", "image", "audio"]
BASES = ["open_time", "active_time"]
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
SILENT = {("U3", 5), ("U7", 10), ("U8", 10)}  # unit, month of the year without any return
UNITS = ["U1", "U2", "U3", "U4", "U7", "U8"]  # U5, U6 and U9 never report
QUARTERS = [f"{year}Q{quarter}" for year in (2023, 2024, 2025, 2026) for quarter in range(1, 5)]


def random_returns(seed: int, shuffle: int | None = None) -> Given:
    """A snapshot made of random returns; the same seed gives the same rows."""
    dice = random.Random(seed)
    given = Given(shuffle=shuffle)
    _labeling(given, dice)
    _enterprises(given, dice)
    _datasets(given, dice)
    _workforce(given, dice)
    _quarters(given, dice)
    _plan(given, dice)
    _ledger(given, dice)
    _set_aside(given, dice)
    _agreement(given, dice)
    _cases(given)
    return given


def _maybe(dice: random.Random, value: Any, share: float = 0.7) -> Any:
    return value if dice.random() < share else None


def _labeling(given: Given, dice: random.Random) -> None:
    day = FIRST
    while day <= LAST:
        for unit in UNITS:
            if (unit, day.month) not in SILENT and dice.random() < 0.3:
                for modality in dice.sample(MODALITIES, dice.randint(1, 2)):
                    _labeling_row(given, dice, day, unit, modality)
        day += timedelta(days=1)


def _labeling_row(given: Given, dice: random.Random, day: date, unit: str, modality: str) -> None:
    items = dice.randint(0, 500)
    reviewed = dice.randint(0, items)
    accepted = dice.randint(0, reviewed)
    gold = dice.randint(0, 20)
    hours = _maybe(dice, round(dice.random() * 8, 2))
    given.add(
        "labeling_daily",
        date=day,
        unit_id=unit,
        enterprise_id=f"E{dice.randint(1, 4)}{unit}",
        project_id=f"P{dice.randint(1, 3)}",
        modality=modality,
        task_type=_maybe(dice, "boxes"),
        items=items,
        objects=_maybe(dice, items * 3),
        hours=hours,
        hours_basis=dice.choice(BASES) if hours is not None else None,
        reviewed=reviewed,
        accepted=accepted,
        accepted_first_pass=_maybe(dice, dice.randint(0, accepted), 0.9),
        rejected=reviewed - accepted,
        gold_items=gold if gold else None,
        gold_correct=_maybe(dice, dice.randint(0, gold)) if gold else None,
        prelabeled_items=_maybe(dice, dice.randint(0, items)),
        volume_gb=_maybe(dice, round(dice.random() * 50, 3)),
        upload_id=f"000001-00{day.month:02}",
    )


def _enterprises(given: Given, dice: random.Random) -> None:
    for number in range(12):
        joined = date(2025, 1, 1) + timedelta(days=dice.randint(0, 600))
        given.add(
            "enterprises",
            enterprise_id=f"E{number % 4}{UNITS[number % 6]}",
            name_zh=f"企业{number}",
            unit_id=UNITS[number % 6],
            joined_on=joined,
            left_on=_maybe(dice, joined + timedelta(days=dice.randint(0, 400)), 0.3),
            origin=dice.choice(["attracted", "grown"]),
            links="|".join(dice.sample(LINKS, dice.randint(1, 3))),
            recognition=_maybe(dice, "示范名单 2026", 0.3),
        )


def _datasets(given: Given, dice: random.Random) -> None:
    for number in range(24):
        built = date(2025, 6, 1) + timedelta(days=dice.randint(0, 500))
        evaluated = _maybe(dice, built + timedelta(days=20))
        registered = _maybe(dice, built + timedelta(days=40))
        traded = _maybe(dice, built + timedelta(days=60), 0.4)
        given.add(
            "datasets",
            dataset_id=f"D{number}",
            sector=dice.choice(SECTORS),
            unit_id=dice.choice(UNITS),
            size_gb=round(dice.random() * 900, 2),
            built_on=_maybe(dice, built, 0.9),
            evaluated_on=evaluated,
            registered_on=registered,
            traded_on=traded,
            trade_value_10k_cny=_maybe(dice, round(dice.random() * 90, 1)) if traded else None,
            applied_on=_maybe(dice, built + timedelta(days=70), 0.4),
            models_served=_maybe(dice, dice.randint(0, 4)),
        )
    unknown = ("built_on", "evaluated_on", "registered_on", "traded_on", "applied_on")
    further = ("trade_value_10k_cny", "models_served")
    given.add(
        "datasets",
        dataset_id="D_in_MB",
        unit_id="U2",
        size_gb=2_000_000.0,
        **dict.fromkeys((*unknown, *further)),
    )


def _workforce(given: Given, dice: random.Random) -> None:
    for month in range(1, 11):
        for unit in UNITS[:4]:
            seats = _maybe(dice, dice.randint(10, 90), 0.9)
            given.add(
                "workforce_monthly",
                month=date(2026, month, 1),
                unit_id=unit,
                workstations=seats,
                workstations_used=_maybe(dice, dice.randint(0, seats)) if seats else None,
                full_time=_maybe(dice, dice.randint(0, 80)),
                part_time=_maybe(dice, dice.randint(0, 80)),
                certified_1=_maybe(dice, dice.randint(0, 5)),
                certified_4=_maybe(dice, dice.randint(0, 5)),
            )


def _quarters(given: Given, dice: random.Random) -> None:
    for quarter in QUARTERS[:15]:
        for number in range(10):
            if dice.random() < 0.85:
                revenue = dice.choice([0.0, round(dice.random() * 900, 2)])
                told = _maybe(dice, revenue, 0.95)
                labeling = _maybe(dice, round(revenue / 2, 2), 0.9)
                employees = dice.randint(5, 60)
                given.add(
                    "enterprise_quarterly",
                    quarter=quarter,
                    enterprise_id=f"E{number % 4}{UNITS[number % 5]}",
                    unit_id=UNITS[number % 5],
                    revenue_10k_cny=told,
                    labeling_revenue_10k_cny=labeling,
                    employees=employees,
                    annotators=employees // 2,
                    certified_annotators=employees // 5 if employees % 7 else None,
                    rd_expense_10k_cny=round(revenue * employees / 500, 2),
                )


def _plan(given: Given, dice: random.Random) -> None:
    for month in range(1, 11):
        given.add(
            "indicator_values",
            indicator_id="demonstration_parks",
            period=date(2026, month, 1),
            value=month // 4,
        )
    for month, value in ((1, 2.0), (2, 1.0)):
        given.add(
            "indicator_values",
            indicator_id="demonstration_parks",
            scope="U1",
            period=date(2026, month, 1),
            value=value,
        )
    for target, text in (("workers_city", "增"), ("workstations_U1", "平")):
        for month in ("2026-04-01", "2026-09-01"):
            said = {"text_zh": text, "text_en": text, "source": "会议纪要"}
            given.add("notes", month=month, target_id=target, owner="专班", **said)
    for month, unit in (("2026-02-01", None), ("2026-04-01", "U1"), ("2026-09-01", "U2")):
        said = {"text_zh": "事", "text_en": "event", "source": "会议纪要"}
        given.add("events", month=month, kind="other", unit_id=unit, **said)
    for sort, row in enumerate(given.rows["plan_indicators"]):
        for scope in ("city", "U1"):
            given.add(
                "targets",
                target_id=f"{row['indicator_id']}_{scope}",
                indicator_id=row["indicator_id"],
                scope=scope,
                operator=dice.choice(["reach", "exceed", "at_most"]),
                value=_maybe(dice, round(dice.random() * 60 + 0.1, 1), 0.8),
                baseline=_maybe(dice, 0.05, 0.3),
                plan=dice.choice(["labeling_plan", "ai_plan", "working"]),
                sort=sort,
            )


def _ledger(given: Given, dice: random.Random) -> None:
    for month in range(1, 13):
        year = 2025 if month >= 11 else 2026
        upload, first = f"000001-00{month:02}", date(year, month, 1)
        due = (first + timedelta(days=32)).replace(day=5)
        given.uploaded(upload, "labeling_daily", received_on=due, findings_total=1)
        given.found(
            upload,
            "labeling_daily",
            row=month,
            field="items",
            unit_id=_maybe(dice, "U1"),
            period=first,
        )
        for unit in UNITS:
            rows = _rows_of(given, unit, first)
            if rows:
                received = due + timedelta(days=dice.randint(-3, 3))
                given.returned(
                    "labeling_daily", unit, str(first), upload, rows=rows, received_on=received
                )
    given.uploaded("000002-0000", "workforce_monthly", received_on=date(2026, 4, 4))
    given.returned(
        "workforce_monthly", "U1", "2026-03-01", "000002-0000", received_on=date(2026, 4, 4)
    )
    given.found("000002-0000", "workforce_monthly", row=2, field="trainees", unit_id="U1")
    _revised(given, dice)


def _revised(given: Given, dice: random.Random) -> None:
    """Figures that moved; the newest of items and accepted is what the snapshot holds."""
    for unit in ("U1", "U2"):
        for month in range(3, 7):
            labeling = given.rows["fact_labeling_daily"]
            first = date(2026, month, 1)
            held = [
                r for r in labeling if r["unit_id"] == unit and r["date"].replace(day=1) == first
            ]
            for measure in ("items", "accepted"):
                now = sum(row[measure] for row in held) if held else None
                values = {"unit_id": unit, "measure": measure}
                middle = dice.randint(1, 900)
                given.revised(2, str(first), dice.randint(1, 900), middle, **values)
                given.revised(3, str(first), middle, now, **values, corrected=False)
    given.revised(2, "2026-03-01", 4, 5, kind="workforce_monthly", measure="full_time")


def _rows_of(given: Given, unit: str, month: date) -> int:
    rows = given.rows["fact_labeling_daily"]
    return sum(row["unit_id"] == unit and row["date"].replace(day=1) == month for row in rows)


def _set_aside(given: Given, dice: random.Random) -> None:
    for number in range(60):
        given.add(
            "work_set_aside",
            date=FIRST + timedelta(days=6 * number),
            unit_id=UNITS[number % 6],
            enterprise_id=f"E{number % 4}{UNITS[number % 6]}",
            project_id="P1",
            modality=dice.choice(MODALITIES),
            reason=dice.choice(["skipped", "draft", "expired"]),
            items=dice.randint(1, 40),
        )


def _agreement(given: Given, dice: random.Random) -> None:
    for number in range(40):
        given.add(
            "agreement",
            month=date(2026, 1 + number % 10, 1) if number % 9 else None,
            unit_id=UNITS[number % 5],
            enterprise_id=f"E{number % 4}{UNITS[number % 5]}",
            project_id="P1",
            modality=dice.choice(MODALITIES),
            platform="mturk",
            label_set=f"{number % 3:012x}",
            source=f"{number:012x}",
            alpha=dice.uniform(-0.2, 1) if number % 7 else None,
            items=dice.randint(1, 90),
            answers=dice.randint(90, 300),
            annotators=dice.randint(2, 9),
        )


def _cases(given: Given) -> None:
    """Tasks in every state, and an entry of each kind in the case log."""
    task = {
        "matter": "target",
        "supporting": "U2|industry",
        "opened_on": date(2026, 11, 2),
        "due_on": date(2026, 12, 1),
        "events": 1,
        "stage": "unsigned",
        "is_late": False,
        "condition_kind": "indicator",
        "condition_ref": "workers",
        "condition_operator": "reach",
        "condition_value": 10.0,
    }
    given.case("case_tasks", **task, id="D2026-001", subject="a", ref="workers_city", owner="U1")
    given.case("case_tasks", **{**task, "due_on": date(2026, 11, 3)}, id="D2026-002", owner="U3")
    given.case("case_tasks", **{**task, "stage": "closed"}, id="D2026-003", owner="data_bureau")
    for n, kind in enumerate(("task", "explanation", "review", "office"), 1):
        moment = datetime(2026, 11, n, tzinfo=UTC).replace(tzinfo=None)
        given.case("case_events", n=n, recorded_at=moment, kind=kind, id=f"D2026-00{n}", event="x")
    _answers(given)
    for number, unit in enumerate(("U1", "U2", "U4")):
        state = ("awaiting", "accepted", "returned")[number]
        carried = {"months": [date(2026, 4 + number, 1)], "received_on": date(2026, 5, 6)}
        kind = "workforce_monthly" if number else "labeling_daily"
        given.case("case_reviews", id=f"R{number}", unit_id=unit, kind=kind, state=state, **carried)


def _answers(given: Given) -> None:
    """Answers to figures that stand, in two months and of two units."""
    sums: dict[tuple[str, date], int] = {}
    for row in given.rows["fact_labeling_daily"]:
        key = row["unit_id"], row["date"].replace(day=1)
        sums[key] = sums.get(key, 0) + row["items"]
    answer = {"rule": "jump", "measure": "items", "answer": "stands", "reason": "x"}
    for unit, number in (("U1", 3), ("U1", 5), ("U2", 7)):
        month = date(2026, number, 1)
        values = {"value": float(sums[unit, month]), "answered_on": date(2026, 8, 1)}
        figure = {"kind": "labeling_daily", "unit_id": unit, "month": month}
        given.case("case_explanations", **figure, **values, **answer)
