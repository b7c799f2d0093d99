"""Random returns for the attack: few enterprises, uneven amounts, gaps, one giant."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from oneninex.domain.releases import Ledger
from tests.queries.given import UNITS, Given

QUARTERS = ("2025Q1", "2025Q2", "2025Q4", "2026Q1")
MONTHS = ("2025-03-01", "2025-06-01", "2026-02-01", "2026-03-01")
MEASURES = ("revenue_10k_cny", "labeling_revenue_10k_cny", "employees")


@dataclass
class Secrets:
    """What the attacker wants: each protected amount as it was sent."""

    quarterly: dict[tuple[str, str, str], dict[str, float]] = field(default_factory=dict)
    workforce: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    trades: list[dict[str, Any]] = field(default_factory=list)


def invent(seed: int, *, gaps: bool = True) -> Secrets:
    """Nine units; with gaps some units and some enterprises do not report."""
    dice = random.Random(seed)
    secrets = Secrets()
    for unit in UNITS:
        firms = [f"{unit}E{n}" for n in range(dice.choice((1, 2, 3, 4, 5, 6, 8)))]
        size = {firm: dice.lognormvariate(6, dice.choice((0.3, 1.5))) for firm in firms}
        for quarter in QUARTERS:
            if dice.random() < 0.12 and gaps:
                continue
            for firm in firms:
                if dice.random() < 0.08 and gaps:
                    continue
                revenue = round(size[firm] * dice.uniform(0.8, 1.3), 3)
                secrets.quarterly[quarter, unit, firm] = {
                    "revenue_10k_cny": revenue,
                    "labeling_revenue_10k_cny": round(revenue * dice.uniform(0.2, 0.99), 3),
                    "employees": float(round(revenue / dice.uniform(3, 9)) + 1),
                }
        for month in MONTHS:
            if dice.random() > 0.1 or not gaps:
                workers = dice.randint(20, 400)
                secrets.workforce[month, unit] = {
                    "full_time": float(workers),
                    "certified_1": float(dice.randint(1, workers)),
                }
        for n in range(dice.choice((0, 1, 3))):
            firm, month = dice.choice(firms), dice.choice(MONTHS)
            secrets.trades.append(
                {
                    "dataset_id": f"D{unit}{n}@{month}",
                    "unit_id": unit,
                    "enterprise_id": firm,
                    "traded_on": month,
                    "trade_value_10k_cny": dice.lognormvariate(4, 1),
                }
            )
    return secrets


DAYS = ("2026-01-20", "2026-02-20", "2026-05-20")


def unfold(seed: int) -> list[tuple[str, Secrets]]:
    """What was in on three days: late units, enterprises and months, zeros, corrections, moves."""
    dice, truth = random.Random(seed), invent(seed)
    fates: dict[tuple, tuple[str, int]] = {}
    for quarter, unit, firm in truth.quarterly:
        late = fates.setdefault(("unit", quarter, unit), _fate(dice, {"late": 0.15}))
        rates = {"late": 0.05, "zero": 0.03, "wrong": 0.06, "moved": 0.02}
        fates[quarter, unit, firm] = late if late[0] else _fate(dice, rates)
    for key in truth.workforce:
        fates[key] = _fate(dice, {"late": 0.1, "wrong": 0.05})
    found = []
    for number, day in enumerate(DAYS):
        secrets = Secrets(trades=[t for t in truth.trades if t["traded_on"] < day])
        for (quarter, unit, firm), amounts in truth.quarterly.items():
            fate, until = fates[quarter, unit, firm]
            if _last_day(quarter) >= day or (fate == "late" and number < until):
                continue
            factor = {"zero": 0.0, "wrong": 10.0}.get(fate, 1.0) if number < until else 1.0
            moved = UNITS[(UNITS.index(unit) + 1) % 9] if fate == "moved" and number else unit
            sent = {name: round(amount * factor, 3) for name, amount in amounts.items()}
            secrets.quarterly[quarter, moved, firm] = sent
        for key, counts in truth.workforce.items():
            fate, until = fates[key]
            if key[0] < day and not (fate == "late" and number < until):
                wrong = fate == "wrong" and number < until
                secrets.workforce[key] = {name: n + 7 * wrong for name, n in counts.items()}
        found.append((day, secrets))
    return found


def _fate(dice: random.Random, rates: dict[str, float]) -> tuple[str, int]:
    chance, until = dice.random(), dice.choice((1, 2))
    for name, rate in rates.items():
        chance -= rate
        if chance < 0:
            return name, until
    return "", 0


def _last_day(quarter: str) -> str:
    return f"{quarter[:4]}-{('03-31', '06-30', '09-30', '12-31')[int(quarter[-1]) - 1]}"


def publish(
    secrets: Secrets, day: str = "2026-11-20", ledger: Ledger | None = None, snapshot: int = 1
) -> Given:
    """The snapshot of these returns, with output so that months exist."""
    given = Given(f"{day}T02:00:00", shuffle=1, ledger=ledger, snapshot=snapshot)
    for unit in UNITS:
        given.add("labeling_daily", unit_id=unit, enterprise_id=f"{unit}E0", date="2025-01-15")
        given.add("labeling_daily", unit_id=unit, enterprise_id=f"{unit}E0", date="2026-03-31")
    for (quarter, unit, firm), amounts in secrets.quarterly.items():
        given.add(
            "enterprise_quarterly",
            quarter=quarter,
            unit_id=unit,
            enterprise_id=firm,
            annotators=1,
            **{**amounts, "employees": int(amounts["employees"])},
        )
    for (month, unit), counts in secrets.workforce.items():
        whole = {name: int(count) for name, count in counts.items()}
        given.add("workforce_monthly", month=month, unit_id=unit, workstations=500, **whole)
    for trade in secrets.trades:
        given.add("datasets", built_on="2025-01-01", **trade)
    for number, (indicator, plan) in enumerate(TARGETS):
        given.add(
            "targets",
            target_id=f"T{number}",
            indicator_id=indicator,
            scope="U2" if number % 2 else "city",
            start="2025-01-01",
            value=1e5,
            plan=plan,
            sort=number,
        )
    return given


TARGETS = (
    ("labeling_revenue", "working"),
    ("labeling_revenue", "ai_plan"),
    ("workers", "ai_plan"),
    ("workers", "working"),
    ("labeling_revenue_growth", "ai_plan"),
    ("dataset_trade_value", "ai_plan"),
)
