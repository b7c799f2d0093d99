"""Nobody can work out a hidden figure from everything that an audience was ever shown.

Of a few random cities several snapshots are published through the product's queries, with what
is late, zero, wrong or moved coming in one after another. A linear program then knows every
answer of every snapshot, and what two units know of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oneninex.domain import disclosure_control
from oneninex.store import sql_catalog
from tests.disclosure.attack import Attack, Published, publish_all, wanted
from tests.disclosure.returns import MEASURES, Secrets, invent, publish, unfold
from tests.queries.given import UNITS

TOLERANCE = 0.10


def leaks(attack: Attack) -> Iterator[str]:
    """What is wanted and follows within the tolerance."""
    for name, vector in wanted(attack):
        value = float(vector @ attack.truth)
        low, high = attack.interval(vector)
        if low > (1 - TOLERANCE) * value and high < (1 + TOLERANCE) * value:
            yield f"{attack.audience}: {name} is {value:.4f}, between {low:.4f} and {high:.4f}"


@pytest.fixture(scope="module", params=range(2))
def published(request: pytest.FixtureRequest) -> list[Published]:
    return publish_all(unfold(request.param))


@pytest.mark.parametrize(
    ("audience", "allies"), [("leadership", ()), ("unit:U2", ()), ("unit:U2", ("U3",))]
)
def test_nothing_hidden_can_be_worked_out(
    published: list[Published], audience: str, allies: tuple[str, ...]
) -> None:
    assert not list(leaks(Attack(published, audience, allies)))


def test_the_public_and_leadership_are_shown_the_same_money(published: list[Published]) -> None:
    for at in published:
        asked = (at.given.seen("enterprise_totals", a) for a in ("leadership", "public"))
        assert next(asked) == next(asked)


def test_the_city_is_not_simply_hidden() -> None:
    shown = 0
    for seed in range(4):
        rows = publish(invent(seed, gaps=False)).seen("enterprise_totals", "leadership")
        shown += sum(row["revenue_10k_cny"] is not None for row in rows)
    assert shown > 9


def one_late() -> list[tuple[str, Secrets]]:
    """Everybody but one enterprise of U1, then that one too."""
    whole, early = Secrets(), Secrets()
    for unit in UNITS:
        for n in range(6):
            amounts = {name: 100.0 * (len(MEASURES) - m) + 7 * n for m, name in enumerate(MEASURES)}
            whole.quarterly["2026Q1", unit, f"{unit}E{n}"] = amounts
    early.quarterly = {key: a for key, a in whole.quarterly.items() if key[2] != "U1E0"}
    return [("2026-05-20", early), ("2026-06-20", whole)]


def test_one_late_enterprise_follows_from_nothing() -> None:
    assert not list(leaks(Attack(publish_all(one_late()), "leadership")))


def test_a_city_from_the_live_table_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    live = "select * from main.quarter_totals"
    texts = sql_catalog.text
    monkeypatch.setattr(
        sql_catalog,
        "text",
        lambda name, folder="": live if (name, folder) == ("quarter_totals", "released")
        else texts(name, folder),
    )  # fmt: skip
    with pytest.raises(AssertionError, match="was not released"):
        Attack(publish_all(one_late()), "leadership")


def test_the_attack_succeeds_without_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure_control, "holds", lambda *_: True)
    secrets = Secrets()
    for unit in UNITS:
        for n in range(1 if unit == "U1" else 5):
            amounts = {name: 10.0 * (len(MEASURES) - m) for m, name in enumerate(MEASURES)}
            secrets.quarterly["2026Q1", unit, f"{unit}E{n}"] = amounts
    assert any(leaks(Attack(publish_all([("2026-11-20", secrets)]), "leadership")))
