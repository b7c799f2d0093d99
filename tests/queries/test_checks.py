"""Each check finds the fault that it is there for, and nothing else in good data."""

from __future__ import annotations

import pytest

from oneninex.store import sql_catalog
from tests.queries.given import Given
from tests.queries.random_returns import random_returns

FAULTS = {
    "city_is_sum_of_units": (
        "update indicator_monthly set value = value * 2 "
        "where indicator_id = 'items_annotated' and scope = 'city'"
    ),
    "cubes_agree": "update output_daily set items = items + 1 where unit_id = 'U1'",
    "cumulative_never_falls": (
        "update indicator_monthly set value = 0 where indicator_id = 'datasets_built' "
        "and month = (select max(month) from months)"
    ),
    "every_unit_has_every_month": "delete from unit_months where unit_id = 'U5'",
    "keys_are_unique": "insert into workforce_monthly from workforce_monthly limit 1",
    "measures_are_consistent": "update output_monthly set accepted = reviewed + 1",
    "missing_is_not_zero": "update indicator_monthly set value = 0 where status = 'M'",
    "months_are_first_days": "update output_monthly set month = month + 1",
    "no_worker_is_in_it": "alter table output_monthly add column annotator_id varchar",
    "rates_are_fractions": (
        "update indicator_monthly set value = 93 where indicator_id = 'acceptance_rate'"
    ),
    "returns_are_in_uploads": "delete from uploads",
    "revisions_agree": "update revisions set after = after + 1 where kind = 'labeling_daily'",
    "targets_are_judged": "delete from target_progress where target_id = 'workers_city'",
    "units_are_known": "delete from units where unit_id = 'U1'",
}
NEGATIVE = "update output_monthly set hours = -0.1 where unit_id = 'U1'"
NOT_FINITE = "update indicator_monthly set value = 'nan' where indicator_id = 'workers'"


@pytest.fixture
def returns() -> Given:
    """Random returns that pass every check."""
    given = random_returns(seed=5)
    assert given.failed() == set()
    return given


def test_every_check_has_a_fault():
    assert sorted(FAULTS) == sql_catalog.names("checks")


@pytest.mark.parametrize("check", sorted(FAULTS))
def test_a_check_finds_its_fault(returns: Given, check: str):
    returns.connection.execute(FAULTS[check])

    assert check in returns.failed()


@pytest.mark.parametrize(
    ("fault", "check"),
    [(NEGATIVE, "measures_are_consistent"), (NOT_FINITE, "rates_are_fractions")],
)
def test_impossible_numbers_are_found(returns: Given, fault: str, check: str):
    returns.connection.execute(fault)

    assert check in returns.failed()


@pytest.mark.parametrize(("off", "found"), [(9e-7, False), (1e-3, True)])
def test_cubes_agree_up_to_the_last_digits_of_a_sum(returns: Given, off: float, found: bool):
    first = "(select min(rowid) from output_monthly where hours is not null)"
    returns.connection.execute(
        f"update output_monthly set hours = hours + {off} where rowid = {first}"
    )
    assert ("cubes_agree" in returns.failed()) is found


def test_an_empty_store_passes(given: Given):
    assert given.failed() == set()
