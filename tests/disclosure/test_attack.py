"""Nobody can work out a hidden figure from everything that an audience may see.

The interval that a linear program leaves around a hidden amount must reach from 15% below it to
15% above it: 1 - dominance_share, the accuracy at which the dominance rule calls a figure known.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from oneninex.domain import disclosure_control
from tests.disclosure.attack import Attack
from tests.disclosure.returns import MEASURES, Secrets, invent, publish
from tests.queries.given import UNITS

PROTECTION = 0.15


def leaks(attack: Attack) -> Iterator[str]:
    """Hidden amounts and hidden units' totals whose interval is too narrow."""
    truth = np.array(list(attack.truth.values()))
    for name, vector in wanted(attack):
        value = float(vector @ truth)
        low, high = attack.interval(vector)
        slack = 1e-6 * value + 1e-6
        if low > (1 - PROTECTION) * value + slack or high < (1 + PROTECTION) * value - slack:
            yield f"{attack.audience}: {name} is {value:.4f}, between {low:.4f} and {high:.4f}"


def wanted(attack: Attack) -> Iterator[tuple[str, np.ndarray]]:
    """The largest enterprise of each unit and cell, and the total of each hidden unit."""
    own = attack.audience.removeprefix("unit:")
    seen = {tuple(np.flatnonzero(row)) for row in attack.rows}
    cells = {(u[0], u[-1], u[1]) for u in attack.truth if u[0] != "trade" and u[1] != own}
    for period, measure, unit in sorted(cells):
        among = [u for u in attack.truth if (u[0], u[-1], u[1]) == (period, measure, unit)]
        largest = max(among, key=lambda u: attack.truth[u])
        total = attack.sum_of(lambda u, among=frozenset(among): u in among)
        if tuple(np.flatnonzero(total)) not in seen:
            yield f"{measure} of {unit} in {period}", total
        if len(largest) == 4:
            yield (
                f"{measure} of {largest[2]} in {period}",
                attack.sum_of(lambda u, largest=largest: u == largest),
            )
    for trade in (u for u in attack.truth if u[0] == "trade" and u[1] != own):
        yield f"trade {trade[3]}", attack.sum_of(lambda u, trade=trade: u == trade)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_hidden_can_be_worked_out(seed: int) -> None:
    secrets = invent(seed)
    given = publish(secrets)
    for audience in ("leadership", f"unit:{UNITS[seed]}"):
        attack = Attack(given, secrets, audience)
        assert not list(leaks(attack))


def test_the_city_is_not_simply_hidden() -> None:
    shown = 0
    for seed in range(6):
        rows = publish(invent(seed)).seen("enterprise_totals", "leadership")
        shown += sum(row["revenue_10k_cny"] is not None for row in rows)
    assert shown > 9


def test_the_attack_succeeds_without_secondary_suppression(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure_control, "_hide_more", lambda *_: None)
    secrets = Secrets()
    for unit in UNITS:
        for n in range(1 if unit == "U1" else 5):
            amounts = {name: 10.0 * (len(MEASURES) - m) for m, name in enumerate(MEASURES)}
            secrets.quarterly["2026Q1", unit, f"{unit}E{n}"] = amounts
    assert any(leaks(Attack(publish(secrets), secrets, "leadership")))
