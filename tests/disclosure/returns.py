"""Random returns for the attack: few enterprises, uneven amounts, gaps, one giant."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.queries.given import UNITS, Given

QUARTERS = ("2025Q1", "2025Q2", "2026Q1")
MONTHS = ("2025-03-01", "2025-06-01", "2026-02-01", "2026-03-01")
MEASURES = ("revenue_10k_cny", "labeling_revenue_10k_cny", "employees")


@dataclass
class Secrets:
    """What the attacker wants: each protected amount as it was sent."""

    quarterly: dict[tuple[str, str, str], dict[str, float]] = field(default_factory=dict)
    workforce: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    trades: list[dict[str, Any]] = field(default_factory=list)


def invent(seed: int) -> Secrets:
    """Nine units; some whole units, some enterprises and some cells do not report."""
    dice = random.Random(seed)
    secrets = Secrets()
    for unit in UNITS:
        firms = [f"{unit}E{n}" for n in range(dice.choice((1, 2, 3, 4, 5, 6, 8)))]
        size = {firm: dice.lognormvariate(6, dice.choice((0.3, 1.5))) for firm in firms}
        for quarter in QUARTERS:
            if dice.random() < 0.12:
                continue
            for firm in firms:
                if dice.random() < 0.08:
                    continue
                revenue = round(size[firm] * dice.uniform(0.8, 1.3), 3)
                secrets.quarterly[quarter, unit, firm] = {
                    "revenue_10k_cny": revenue,
                    "labeling_revenue_10k_cny": round(revenue * dice.uniform(0.2, 0.99), 3),
                    "employees": float(round(revenue / dice.uniform(3, 9)) + 1),
                }
        for month in MONTHS:
            if dice.random() > 0.1:
                workers = dice.randint(20, 400)
                secrets.workforce[month, unit] = {
                    "full_time": float(workers),
                    "certified_1": float(dice.randint(1, workers)),
                }
        for n in range(dice.choice((0, 1, 3))):
            secrets.trades.append(
                {
                    "dataset_id": f"D{unit}{n}",
                    "unit_id": unit,
                    "enterprise_id": dice.choice(firms),
                    "traded_on": dice.choice(MONTHS),
                    "trade_value_10k_cny": dice.lognormvariate(4, 1),
                }
            )
    return secrets


def publish(secrets: Secrets) -> Given:
    """The snapshot of these returns, with output so that months exist."""
    given = Given(shuffle=1)
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
