"""data/plan/access.csv: who belongs to which audience."""

from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.plan import PlanError, grants


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    units = (ROOT / "data" / "plan" / "units.csv").read_bytes()
    (tmp_path / "units.csv").write_bytes(units)
    return tmp_path


def listed(folder: Path, *lines: str) -> dict[str, str]:
    text = "\n".join(("who,audience", *lines)) + "\n"
    (folder / "access.csv").write_text(text, encoding="utf-8")
    return grants(folder)


def test_without_the_file_nobody_is_listed(folder):
    assert grants(folder) == {}


def test_addresses_are_read_without_case(folder):
    assert listed(folder, "Li@Example.cn,unit:U3", "aBc,planner", "*,public") == {
        "li@example.cn": "unit:U3",
        "aBc": "planner",
        "*": "public",
    }


def test_an_edit_is_seen_at_once(folder):
    assert listed(folder, "a,planner") == {"a": "planner"}
    assert listed(folder, "a,leadership") == {"a": "leadership"}


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
