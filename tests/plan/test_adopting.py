"""docs/adopting.md: its commands are run, one after the other, for the second city."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from oneninex import cli
from oneninex.core.settings import ROOT
from oneninex.ingestion.tables import limits
from oneninex.store import publication
from tests.plan import second_city

GUIDE = ROOT / "docs" / "adopting.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the checkout's data in it, in the year of the plan."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    # Both are set again by the guide, and unset when the test ends.
    for name in ("ONENINEX_PLAN", "ONENINEX_STORE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(publication, "datetime", second_city.Clock)
    monkeypatch.setattr(limits, "datetime", second_city.Clock)
    return tmp_path


@pytest.mark.usefixtures("capsys")
def test_the_commands_of_the_guide_work(office: Path, monkeypatch: pytest.MonkeyPatch):
    first, *others = [block.splitlines() for block in BLOCK.findall(GUIDE.read_text("utf-8"))]
    for line in first:
        _run(line, monkeypatch)
    _edit(office / "city")
    for line in (line for block in others for line in block):
        _run(line, monkeypatch)

    written = ("north.xlsx", "targets.csv", "briefing.docx", "store/CURRENT")
    assert [name for name in written if not (office / "city" / name).is_file()] == []
    commands = {shlex.split(line)[3] for block in others for line in block}
    assert {"doctor", "check", "import", "template", "rebuild", "briefing"} <= commands


def test_every_file_that_the_guide_names_is_there():
    words = GUIDE.read_text("utf-8")
    linked = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", words)]
    missing = [name for name in linked if not (GUIDE.parent / name).exists()]
    assert missing == []
    plan = {path.name for path in (ROOT / "data" / "plan").iterdir()} - {"README.md"}
    assert {name for name in plan if f"`{name}`" not in words} == set()


def _edit(city: Path) -> None:
    """What the office does by hand: its own plan and map, and the returns of its units."""
    shutil.rmtree(city / "plan")
    shutil.copytree(second_city.PLAN, city / "plan")
    second_city.write(city / "returns")


def _run(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of the guide; any other sort of line fails, so that none goes untested."""
    words = shlex.split(line)
    if words[:3] == ["python", "-m", "oneninex"]:
        assert cli.main(words[3:]) == 0, line
    elif words[0] == "export":
        monkeypatch.setenv(*words[1].split("=", 1))
    elif words[0] == "mkdir":
        Path(words[1]).mkdir()
    elif words[:2] == ["cp", "-r"]:
        for source in words[2:-1]:
            shutil.copytree(source, Path(words[-1]) / Path(source).name)
    else:
        pytest.fail(f"nobody runs this: {line}")
