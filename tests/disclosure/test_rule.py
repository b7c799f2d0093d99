"""The rule with answers worked out by hand."""

from __future__ import annotations

from datetime import date

from oneninex.domain.disclosure_control import CITY, Decision, Part, Rule, decide, told_by_steps

RULE = Rule(4, 2, 0.85)
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


def parts(unit: str, *amounts: float, month: date = MARCH, family: str = "quarter") -> list[Part]:
    return [
        Part(family, month, "revenue", unit, f"{unit}-{n}", amount)
        for n, amount in enumerate(amounts)
    ]


def test_four_contributors_are_enough_and_three_are_not() -> None:
    assert RULE.safe([1, 1, 1, 1])
    assert not RULE.safe([1, 1, 1])
    assert not RULE.safe([1, 1, 1, 0])


def test_two_that_hold_85_per_cent_are_too_many() -> None:
    assert RULE.safe([40, 44, 8, 8])
    assert not RULE.safe([40, 45, 8, 7])


def test_a_single_hidden_unit_takes_others_with_it() -> None:
    """One hidden unit would follow from the total; two would tell each of them the other."""
    given = parts("U1", 9, 1) + [
        part for unit in ("U2", "U3", "U4") for part in parts(unit, 5, 5, 5, 5)
    ]
    decision = decide(given, RULE)
    assert decision.units == {"U1": "primary", "U2": "secondary", "U3": "secondary"}
    assert not decision.city
    assert (("quarter", MARCH, "U4")) in decision.shown


def test_where_no_further_unit_is_there_the_city_is_hidden() -> None:
    decision = decide(parts("U1", 9, 1) + parts("U2", 5, 5, 5, 5), RULE)
    assert decision.city == {("quarter", MARCH): "secondary"}
    assert decision.units == {"U1": "primary"}


def test_a_unit_hidden_in_one_quarter_is_hidden_in_all() -> None:
    decision = decide(parts("U1", 1, 1, 1) + parts("U1", 1, 1, 1, 1, month=JUNE), RULE)
    assert decision.units == {"U1": "primary"}
    assert ("quarter", JUNE, "U1") not in decision.shown


def test_a_latecomer_would_follow_from_two_releases() -> None:
    early = [part for unit in ("U2", "U3") for part in parts(unit, 5, 5, 5, 5)]
    before = decide(early, RULE)
    assert ("quarter", MARCH, CITY) in before.shown
    released = {cell: [made_of] for cell, made_of in before.shown.items()}
    late = decide(early + parts("U4", 5, 5, 5, 5), RULE, released)
    assert late.city == {("quarter", MARCH): "release"}
    both = [part for unit in ("U4", "U5") for part in parts(unit, 5, 5, 5, 5)]
    assert not decide(early + both, RULE, released).city


def test_a_corrected_amount_of_the_same_enterprises_is_shown_again() -> None:
    before = decide(parts("U2", 5, 5, 5, 5), RULE)
    released = {cell: [made_of] for cell, made_of in before.shown.items()}
    after = decide(parts("U2", 5, 5, 5, 6), RULE, released)
    assert not after.units
    assert not after.city


def test_a_sum_over_time_is_shown_when_enough_has_come() -> None:
    months = [date(2026, n, 1) for n in (1, 2, 3, 4)]
    given = [
        *parts("U1", 5, 5, month=months[1]),
        *parts("U2", 5, 5, 5, 5, month=months[2]),
        *parts("U3", 5, 5, month=months[2]),
    ]
    decision = Decision()
    told_by_steps(decision, given, months, RULE, {})
    assert {month for _, month in decision.city} == {months[1]}


def test_a_unit_that_takes_its_own_trades_off_learns_nothing() -> None:
    decision = Decision()
    given = parts("U1", 5, 5, 5, 5) + parts("U2", 7)
    told_by_steps(decision, given, [MARCH], RULE, {})
    assert decision.city == {("quarter", MARCH): "step"}
