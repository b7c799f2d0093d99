"""Every query and every table: classified, and blind to what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from oneninex.domain.audience import Audience
from oneninex.store import audience_views, sql_catalog
from oneninex.store.errors import NotForAudience
from tests.disclosure.returns import MEASURES, Secrets, invent, publish
from tests.queries.given import UNITS, Given
from tests.queries.test_every_query import KEYS, VALUES

WHAT_TO_DO = (
    "say in queries/audience/tables.csv who may read it: open (no money, no headcount, no "
    "enterprise's own figure), masked (with queries/audience/NAME.sql that says what is left), "
    "own (queries/audience/own/NAME.sql: rows of getvariable('own_unit')) or closed"
)
# Parameters that change how money and headcount are summed; the others leave rows out.
TELLING = {"base_month", "base_scope", "indicator_id", "quarter", "scope", "to_month", "unit_id"}
SOURCES = {
    "faulty_uploads", "provenance", "quarantined", "questions", "revisions", "sender_scores",
    "sources_of",
}  # fmt: skip


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return invent(2)


@pytest.fixture(scope="module")
def given(secrets: Secrets) -> Given:
    return publish(secrets)


@pytest.fixture(scope="module")
def complete() -> Given:
    """A city of which nothing is missing, so that every figure is out or withheld.

    The units of its targets are shown, or hidden, throughout: what is hidden later leaves readers
    the older figure, which is not the planner's newest.
    """
    return publish(invent(6, gaps=False))


def test_every_table_of_a_snapshot_has_a_class(given: Given) -> None:
    rows = given.sql(
        "select table_name from duckdb_tables() where schema_name = 'main' and not temporary"
    )
    unknown = {row["table_name"] for row in rows} - audience_views.access().keys()
    assert not unknown, f"{sorted(unknown)}: {WHAT_TO_DO}"


def test_every_class_has_its_file() -> None:
    masked = {table for table, how in audience_views.access().items() if how == "masked"}
    own = {table for table, how in audience_views.access().items() if how == "own"}
    assert masked == set(sql_catalog.names("audience"))
    assert own == set(sql_catalog.names("audience/own"))


def test_a_masked_table_keeps_its_columns(given: Given) -> None:
    for table, how in audience_views.access().items():
        if how in ("masked", "own"):
            schema = "own" if how == "own" else "audience"
            shape = f"select * from {{}}.{table} limit 0"
            seen = given.connection.sql(shape.format(schema)).to_arrow_table().schema
            assert seen == given.connection.sql(shape.format("main")).to_arrow_table().schema, table


@pytest.mark.parametrize("name", sql_catalog.names())
def test_no_query_reaches_past_the_audience(name: str) -> None:
    assert "main." not in sql_catalog.without_parameters(name)


@pytest.mark.parametrize("audience", ["leadership", "public", "unit:U2"])
def test_queries_that_are_served(given: Given, audience: str) -> None:
    refused = set()
    for name in sql_catalog.names():
        try:
            given.seen(name, audience)
        except NotForAudience:
            refused.add(name)
    expected = set() if audience == "unit:U2" else SOURCES
    assert refused == expected, (
        f"{sorted(refused ^ expected)}: a query that reads an own or closed table is refused; "
        "if that is meant, name it in SOURCES, otherwise " + WHAT_TO_DO
    )


def test_a_table_without_a_class_is_refused(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {table: how for table, how in audience_views.access().items() if table != "months"}
    monkeypatch.setattr(audience_views, "access", lambda: known)
    cursor = given.connection.cursor()
    assert audience_views.forbidden(cursor, "months", Audience.parse("leadership")) == ["months"]


def always_hidden(given: Given) -> set[str]:
    """Units that no period shows."""
    rows = given.sql(
        "select scope from release_states where scope not in ('city', 'rest') "
        "group by scope having bool_and(state in ('primary', 'merged'))"
    )
    return {row["scope"] for row in rows}


def test_other_hidden_amounts_change_nothing_that_is_seen(secrets: Secrets) -> None:
    """Money moved from one hidden unit to another, the total as before: no query shows it."""
    before = publish(secrets)
    hidden = always_hidden(before)
    moved = invent(2)
    touched = set()
    for quarter in sorted({quarter for quarter, _, _ in moved.quarterly}):
        mine = [key for key in moved.quarterly if key[0] == quarter and key[1] in hidden]
        giver, taker = mine[0], next(key for key in mine if key[1] != mine[0][1])
        touched |= {giver[1], taker[1]}
        for measure in ("revenue_10k_cny", "labeling_revenue_10k_cny"):
            moved.quarterly[giver][measure] = round(moved.quarterly[giver][measure] - 0.125, 3)
            moved.quarterly[taker][measure] = round(moved.quarterly[taker][measure] + 0.125, 3)
    after = publish(moved)
    kept = "select * from release_states order by all"
    assert before.sql(kept) == after.sql(kept)
    bystander = next(unit for unit in UNITS if unit not in touched)
    for audience in ("leadership", f"unit:{bystander}"):
        for name, parameters in questions():
            seen = [answer(given, name, audience, parameters) for given in (before, after)]
            assert seen[0] == seen[1], f"{name} {parameters} shows {audience} what is hidden"
    assert answer(before, "enterprise_growth", "planner", {}) != answer(
        after, "enterprise_growth", "planner", {}
    )


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each query without parameters, and with each of its parameters."""
    for name in sql_catalog.names():
        yield name, {}
        for parameter in sorted(sql_catalog.parameters(name) & TELLING):
            yield name, {parameter: VALUES[parameter]}


def answer(given: Given, name: str, audience: str, parameters: dict[str, Any]) -> Any:
    """The rows, to the twelfth digit; None where the query is refused."""
    try:
        rows = given.seen(name, audience, **parameters)
    except NotForAudience:
        return None
    return [
        {key: float(f"{v:.12g}") if isinstance(v, float) else v for key, v in row.items()}
        for row in rows
    ]


def test_own_figures_are_whole_and_others_are_not(given: Given, secrets: Secrets) -> None:
    for row in given.seen("enterprise_growth", "unit:U2"):
        sent = secrets.quarterly[row["quarter"], row["unit_id"], row["enterprise_id"]]
        own = row["unit_id"] == "U2"
        assert row["suppressed"] is not own
        assert row["revenue_10k_cny"] == (sent["revenue_10k_cny"] if own else None)
        assert (row["high_growth"] is None) is not own
    assert all(row["suppressed"] for row in given.seen("enterprise_growth", "leadership"))
    assert not any(row["suppressed"] for row in given.run("enterprise_growth"))


def test_the_public_sees_no_working_target(given: Given) -> None:
    plans = {
        a: {r["plan"] for r in given.seen("targets_progress", a)} for a in ("leadership", "public")
    }
    assert plans == {"leadership": {"working", "ai_plan"}, "public": {"ai_plan"}}
    assert sum(row["targets"] for row in given.seen("target_states", "public")) == 4


def test_a_hidden_figure_says_so_and_is_no_zero(given: Given) -> None:
    hidden = always_hidden(given)
    rows = given.seen("indicator_series", "leadership", indicator_id="workers")
    withheld = [row for row in rows if row["scope"] in hidden]
    assert withheld
    known = {(row["value"], row["status"]) for row in withheld}
    assert (None, "C") in known
    assert known <= {(None, "C"), (None, "W"), (None, "M")}
    totals = given.seen("enterprise_totals", "leadership", unit_id=sorted(hidden)[0])
    assert all(
        row["suppressed"] and row["employees"] is None for row in totals if row["enterprises"]
    )


# Columns that may tell a reader something else than the planner, and why.
OTHERWISE = {
    ("benchmarks", "caution"): "suppressed",  # Huai'an's figure cannot be compared
    ("targets_progress", "state"): "suppressed",
    ("targets_progress", "arrival_state"): "suppressed",
    ("targets_progress", "light"): "none",  # no light where the state is withheld
    ("target_outlook", "progress"): "suppressed",
    ("target_outlook", "outlook"): "suppressed",
    ("target_outlook", "state"): "suppressed",
    ("target_outlook", "reason"): "suppressed",
    **{("target_outlook", f"{of}light"): "none" for of in ("progress_", "outlook_")},
    ("target_outlook", "worse"): "none",
    ("target_outlook", "leads"): "progress",  # of two that are withheld
    ("what_changed", "reason"): "suppressed",
    ("side_by_side", "reason"): "suppressed",
}
# Groups of what a reader may see; no group of the planner's.
OWN_ROWS = {("enterprise_structure", "withheld"), ("target_states", "suppressed")}


@pytest.mark.parametrize("audience", ["leadership", "public", "unit:U2"])
def test_a_figure_is_the_planners_or_withheld(complete: Given, audience: str) -> None:
    seen = cells = 0
    for name, parameters in questions():
        rows = answer(complete, name, audience, parameters)
        if rows is None or name == "target_states":
            continue  # target_states counts targets in states that a reader may not see
        whole = {
            tuple(r[k] for k in KEYS[name]): r
            for r in answer(complete, name, "planner", parameters)
        }
        for row in rows:
            key = tuple(row[column] for column in KEYS[name])
            if (name, key[-1]) in OWN_ROWS:
                continue
            assert key in whole, f"{name} {parameters} {key}"
            for column, value in row.items():
                if column in KEYS[name] or column.endswith(("status", "suppressed")):
                    continue
                cells += 1
                seen += value is not None
                if value is not None and value != OTHERWISE.get((name, column)):
                    told = whole[key][column]
                    where = f"{name} {parameters} {key} {column}"
                    alike = pytest.approx(told, rel=1e-12) if isinstance(value, float) else told
                    assert value == alike, where
    assert cells > 5000
    assert seen > cells / 2


def test_withheld_sizes_are_counted_whole(given: Given) -> None:
    for row in given.seen("enterprise_structure", "leadership", dimension="size"):
        asked = {"dimension": "size", "quarter": row["quarter"]}
        whole = given.run("enterprise_structure", **asked)
        assert (row["member"], row["revenue_10k_cny"]) == ("withheld", None)
        assert row["enterprises"] == sum(each["enterprises"] for each in whole)


def test_a_unit_sees_its_own_part_of_the_citys_growth() -> None:
    """Every unit sends both years, one is hidden: the city's figures divide the own ones."""
    secrets = Secrets()
    for number, unit in enumerate(UNITS):
        for n in range(2 if unit == "U1" else 5):
            for quarter, amount in (("2025Q1", 70.1), ("2026Q1", 90.3 + number)):
                amounts: dict[str, float] = dict.fromkeys(MEASURES, amount)
                secrets.quarterly[quarter, unit, f"{unit}E{n}"] = amounts
        secrets.workforce["2026-03-01", unit] = {"full_time": 50.0, "certified_1": 5.0}
    made = publish(secrets)
    for name in ("growth_contribution", "enterprise_structure"):
        whole = made.run(name, unit_id="U2")
        assert made.seen(name, "unit:U2", unit_id="U2") == whole
    part = made.run("growth_contribution", unit_id="U2")[0]["contribution"]
    assert part == pytest.approx((91.3 - 70.1) / (42 * 70.1))
    hidden = made.seen("growth_contribution", "unit:U2", unit_id="U1")
    assert {(row["movement"], row["contribution"]) for row in hidden} == {(None, None)}

    workers = {"indicator_id": "workers"}
    (ours, *_) = made.seen("benchmarks", "unit:U2", **workers)
    assert ours == made.run("benchmarks", **workers)[0]
