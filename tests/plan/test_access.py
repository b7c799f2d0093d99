"""data/plan/access.csv: who belongs to which audience."""

from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.plan import ANYONE, PlanError, grants


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    units = (ROOT / "data" / "plan" / "units.csv").read_bytes()
    (tmp_path / "units.csv").write_bytes(units)
    return tmp_path


def listed(folder: Path, *lines: str, header: str = "who,audience") -> dict[tuple[str, str], str]:
    text = "\n".join((header, *lines)) + "\n"
    (folder / "access.csv").write_text(text, encoding="utf-8")
    return grants(folder)


def test_without_the_file_nobody_is_listed(folder):
    assert grants(folder) == {}


def test_addresses_are_read_without_case(folder):
    assert listed(folder, "Li@Example.cn,unit:U3", "aBc,planner", "*,public") == {
        ("address", "li@example.cn"): "unit:U3",
        ("sub", "aBc"): "planner",
        ANYONE: "public",
    }


COLUMNS = "sub,address,group,audience"


def test_each_line_names_one_of_subject_address_and_group(folder):
    lines = ["7,,,unit:U3", ",Li@Example.cn,,planner", ",,heads,leadership", ",,*,public"]
    assert listed(folder, *lines, header=COLUMNS) == {
        ("sub", "7"): "unit:U3",
        ("address", "li@example.cn"): "planner",
        ("group", "heads"): "leadership",
        ANYONE: "public",
    }


@pytest.mark.parametrize("line", [",,,planner", "7,li@example.cn,,planner", "7,,heads,planner"])
def test_none_or_two_of_them_are_a_fault(folder, line):
    with pytest.raises(PlanError) as error:
        listed(folder, line, header=COLUMNS)
    assert (error.value.row, error.value.reason) == (2, "one_of")
    assert error.value.message("zh") != error.value.message("en")


def test_an_edit_is_seen_at_once(folder):
    assert listed(folder, "a,planner") == {("sub", "a"): "planner"}
    assert listed(folder, "a,leadership") == {("sub", "a"): "leadership"}


@pytest.mark.parametrize(
    ("lines", "row", "reason"),
    [
        (["a,chef"], 2, "code"),
        (["a,unit:U99"], 2, "reference"),
        (["a,planner", "a,public"], 3, "duplicate"),
        (["*,planner"], 2, "reference"),
    ],
)
def test_a_fault_is_named(folder, lines, row, reason):
    with pytest.raises(PlanError) as error:
        listed(folder, *lines)
    assert (error.value.file, error.value.row, error.value.reason) == ("access.csv", row, reason)


def test_the_list_is_no_part_of_the_plan_that_a_snapshot_carries(plan):
    assert "access" not in plan.tables()
