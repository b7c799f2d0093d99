"""The demo for another plan: made by its own parameters, or refused in words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from oneninex import cli, demo
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan

LETTERS = "ABCDEFGHI"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The plan of the repository and its demo, the units under other ids."""
    for name in ("plan", "demo"):
        shutil.copytree(ROOT / "data" / name, tmp_path / name)
    (tmp_path / "plan" / "events.csv").unlink()  # what happened to units of the repository's plan
    renamed = [*(tmp_path / "demo").glob("*.toml"), tmp_path / "plan" / "units.csv"]
    for path in renamed:
        words = path.read_text("utf-8")
        new = re.sub(r"\bU([1-9])\b", lambda u: f"PARK_{LETTERS[int(u[1]) - 1]}", words)
        path.write_text(new, "utf-8")
    return tmp_path / "plan"


def test_the_demo_is_of_the_plans_units(other: Path, tmp_path: Path):
    out, store = tmp_path / "out", str(tmp_path / "store")
    chosen = ["--plan", str(other), "--store", store]

    assert cli.main([*chosen, "demo", "--out", str(out), "--months", "1"]) == 0
    assert cli.main([*chosen, "import", str(out), "--dry-run"]) == 0
    names = "\n".join(path.name for path in out.rglob("*"))
    assert "labeling_daily_PARK_A_" in names
    assert not re.search(r"\bU[1-9]|_U[1-9]", names)
    faulty = (out / "faulty" / "unknown_unit.csv").read_text("utf-8-sig")
    assert "PARK_A0" in faulty


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("units.csv", "PARK_C", "PARK_X", "PARK_C"),
        ("sectors.csv", "culture_tourism", "culture", "culture_tourism"),
        ("plan.toml", 'demo = "../demo"', 'demo = "../nowhere"', "units.toml"),
    ],
)
def test_parameters_of_another_plan_are_refused_in_words(
    other: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
):
    path = other / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(demo.NoParameters):
        demo.folder_of(Plan.load(other))
    assert cli.main(["--plan", str(other), "demo", "--out", "unused"]) == cli.WRONG_USAGE
    assert said in capsys.readouterr().err
