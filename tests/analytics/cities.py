"""Cities whose truth is known: units with a true pace, enterprises and months that scatter.

Only the tables that the comparison reads are made, so that the real query runs on hundreds of
them in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from oneninex.store import sql_catalog

MONTHS = [date(2026, month, 1) for month in range(1, 11)]
# Hours per item of five sorts of work; names are of no importance.
SORTS = {"text": 0.03, "image": 0.06, "audio": 0.11, "video": 0.4, "point_cloud": 0.6}


@dataclass(frozen=True)
class City:
    """How units differ in truth (`paces`, 1 is ordinary) and how much everything else scatters."""

    paces: tuple[float, ...] = (1.0,) * 7
    months: int = 10
    enterprises: tuple[int, int] = (2, 6)
    of_enterprise: float = 0.08
    of_month: float = 0.0  # a whole unit's good or bad month
    of_project: float = 0.08
    hours: float = 900.0


def output(city: City, seed: int) -> pd.DataFrame:
    """Rows of output_monthly."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number, true in enumerate(city.paces, 1):
        shocks = dice.normal(0, city.of_month, city.months)
        for firm in range(dice.integers(city.enterprises[0], city.enterprises[1] + 1)):
            own, size = np.exp(dice.normal(0, city.of_enterprise)), dice.lognormal(0, 0.5)
            sorts = dice.choice(list(SORTS), dice.integers(1, 4), replace=False)
            for month, shock in zip(MONTHS[: city.months], shocks, strict=True):
                for sort in sorts:
                    luck = np.exp(dice.normal(0, city.of_project) + shock)
                    hours = city.hours * size * dice.lognormal(0, 0.2)
                    items = dice.poisson(hours * true * own * luck / SORTS[sort])
                    rows.append(row(number, f"E{number}{firm}", month, sort, items, hours, dice))
    return pd.DataFrame(rows)


def row(
    number: int, firm: str, month: date, sort: str, items: int, hours: float, dice: Any
) -> dict[str, Any]:
    """One project's month: half of the work reviewed, 95 of 100 accepted."""
    reviewed = int(items) // 2
    return {
        "month": month,
        "unit_id": f"U{number}",
        "enterprise_id": firm,
        "modality": str(sort),
        "task_type": "any",
        "hours_basis": "active_time",
        "items": int(items),
        "hours": float(hours),
        "items_with_hours": int(items),
        "reviewed_with_accepted": reviewed,
        "accepted": int(dice.binomial(reviewed, 0.95)),
    }


def compared(work: pd.DataFrame, units: int, **parameters: Any) -> list[dict[str, Any]]:
    """What productivity_by_unit says of the work; all units are of one kind."""
    with duckdb.connect() as connection:
        connection.register("rows", work)
        connection.execute(
            "create table output_monthly as select * replace (month::date as month) from rows"
        )
        connection.execute(
            "create table units as select 'U' || n as unit_id, 'characteristic' as kind"
            f" from range(1, {units + 1}) as t (n)"
        )
        known = sql_catalog.parameters("productivity_by_unit")
        bound = {name: parameters.get(name) for name in known}
        found = connection.sql(sql_catalog.text("productivity_by_unit"), params=bound)
        return found.to_arrow_table().to_pylist()


def ranked(rows: list[dict[str, Any]]) -> bool:
    """Whether any unit is said to be surely above another."""
    return any(row["surely_above"] for row in rows)


def counted_only(rows: list[dict[str, Any]]) -> bool:
    """Whether exact counting (Poisson) alone would set two units apart."""
    accepted = [row["items"] / 2 * 0.95 for row in rows]
    ends = [
        (row["index"] * np.exp(-1.96 / n**0.5), row["index"] * np.exp(1.96 / n**0.5))
        for row, n in zip(rows, accepted, strict=True)
    ]
    return max(low for low, _ in ends) > min(high for _, high in ends)
