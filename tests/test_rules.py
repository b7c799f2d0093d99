"""The house rules can be broken: each one finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import rules

GOOD_PAGE = '''"""Where do the units stand?"""

import streamlit as st

from oneninex import ui
from oneninex.core.i18n import text
from oneninex.figures import charts

month = ui.month_filter()
rows = ui.query("output_by_unit_month", to_month=month)
st.plotly_chart(charts.output(rows), key="output", width="stretch")
st.button(text("overview.more", ui.lang()), icon=":material/map:")
st.write(month.strftime("%Y-%m"))
'''

GOOD_QUERY = """-- One row per unit.
-- $unit_id: one unit, or all.
with known as (
    select *
    from units
)

select unit_id
from known
where ($unit_id::varchar is null or unit_id = $unit_id)
order by unit_id
"""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("\n" * rules.PAGE_LINES, f"lines, more than {rules.PAGE_LINES}"),
        ('rows = ui.query("select 1")', "SQL"),
        ("import duckdb", "imports duckdb"),
        ("import pandas as pd", "imports pandas"),
        ("from oneninex import store", "imports oneninex"),
        ("from oneninex.store import query", "imports oneninex.store"),
        ("share = accepted / reviewed", "arithmetic"),
        ('label = "a" + unit', "arithmetic"),
        ('st.header("How are we doing?")', "text for readers"),
        ('st.header("Output")', "text for readers"),
        ('st.header("产量")', "text for readers"),
        ('st.caption(f"{done} of {due}")', "text for readers"),
    ],
)
def test_a_page_that_does_too_much_is_found(line: str, fault: str) -> None:
    assert rules.page_faults(GOOD_PAGE) == []
    assert any(fault in found for found in rules.page_faults(f"{GOOD_PAGE}\n{line}"))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("-- One row per unit.", "-- The units.", "does not start"),
        ("-- $unit_id: one unit, or all.", "-- By unit.", "$unit_id is not explained"),
        ("order by unit_id", "; select 1", "more than one statement"),
        ("\nselect unit_id", "\nselect *", "select *"),
    ],
)
def test_a_query_that_hides_something_is_found(old: str, new: str, fault: str) -> None:
    assert rules.query_faults(GOOD_QUERY) == []
    assert any(fault in found for found in rules.query_faults(GOOD_QUERY.replace(old, new)))


@pytest.mark.parametrize(
    "path", ["/" + "root/x", "see /" + "work/main", "'/" + "tmp/a'", "/" + "Users/me"]
)
def test_a_place_on_one_machine_is_found(path: str) -> None:
    assert rules.text_faults(path)


@pytest.mark.parametrize("host", ["pypi", "registry.npmjs"])
def test_a_registry_is_found(host: str) -> None:
    assert rules.text_faults(f"https://{host}.org/simple")


@pytest.mark.parametrize(
    "word", ["build/tmp/a", "~/work/x", "https://example.org/work/x", "a/home/b"]
)
def test_other_paths_are_fine(word: str) -> None:
    assert rules.text_faults(word) == []


def test_unfinished_work_is_found() -> None:
    assert rules.code_faults("# TO" + "DO: later")
    assert rules.code_faults("todo_list = []") == []


def test_a_long_module_is_found() -> None:
    assert rules.module_faults("\n" * rules.MODULE_LINES)
    assert rules.module_faults("\n" * 299) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    page = tmp_path / "page.md"

    assert rules.link_faults(page, "[a](there.md) [b](https://x.org/y) [c](#part)") == []
    assert rules.link_faults(page, "[a](gone.md#part)") == ["link to gone.md"]
