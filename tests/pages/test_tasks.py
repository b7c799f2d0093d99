"""The pages 督办 and 我的单元: what each reader sees of tasks, and what it may do there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.services import tasks
from oneninex.store import Store, query
from oneninex.ui import session
from tests.pages.conftest import healthy, opener, said

SECRET = "核对后补报"
Open = Callable[..., AppTest]


@pytest.fixture
def task_store(small_store: Path, tmp_path: Path) -> Store:
    """The small store with a task of U3 and one of U4."""
    shutil.copytree(small_store, tmp_path / "store")
    store, plan = Store(tmp_path / "store"), Plan.load(ROOT / "data" / "plan")
    for owner, subject in (("U3", "甲事项"), ("U4", "乙事项")):
        tasks.open_task(store, plan, Actor(), subject=subject, owner=owner, requirement=SECRET,
                        today=date(2026, 4, 1), due_on=date(2026, 4, 20))  # fmt: skip
    return store


@pytest.fixture
def open_as(task_store: Store, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as an audience."""
    opened = opener(monkeypatch, task_store.root)

    def run(audience: str, page: str = "tasks", lang: str = "zh", **address: str) -> AppTest:
        monkeypatch.setattr(session, "reader", lambda: Audience.parse(audience))
        return opened(page, lang, **address)

    return run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_planner_sees_each_task_with_its_state(open_as: Open, lang: str):
    shown = said(open_as("planner", lang=lang))
    assert "甲事项" in shown
    assert "乙事项" in shown
    assert SECRET in "".join(block.value for block in open_as("planner", lang=lang).text)


def test_a_unit_sees_its_own_only(open_as: Open):
    at = open_as("unit:U3")
    assert "甲事项" in said(at)
    assert "乙事项" not in said(at) + str(at)


def test_leadership_sees_titles_and_no_words(open_as: Open):
    at = open_as("leadership")
    assert "甲事项" in said(at)
    assert SECRET not in said(at) + str(at)
    assert not [button for button in at.button if button.key and button.key.startswith("task_do_")]


def test_a_task_is_signed_for_answered_and_accepted_on_the_page(open_as: Open, task_store: Store):
    def press(at: AppTest, event: str) -> AppTest:
        (found,) = [
            b for b in at.button if b.key and b.key.startswith(f"task_do_D2026-001_{event}")
        ]
        return healthy(found.click().run())

    press(open_as("unit:U3", task="D2026-001"), "sign")
    at = open_as("unit:U3", task="D2026-001")
    next(area for area in at.text_area if "_reply_" in str(area.key)).set_value("已补报")
    next(button for button in at.button if button.label == text("tasks.do.reply", "zh")).click()
    healthy(at.run())
    press(open_as("planner", task="D2026-001"), "accept")

    current = task_store.resolve(None, "Asia/Shanghai")
    (row,) = query("tasks", snapshot=current, task_id="D2026-001").to_pylist()
    assert (row["state"], row["reply"]) == ("closed", "已补报")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_units_home_shows_what_is_due_its_tasks_and_its_peers(open_as: Open, lang: str):
    at = open_as("unit:U3", "my_unit", lang)
    shown = said(at)
    assert "甲事项" in shown
    assert "乙事项" not in shown
    assert text("my_unit.measure_acceptance_rate", lang) in shown
    assert len(at.get("file_uploader")) == 1


def test_leadership_has_no_units_home(open_as: Open):
    with pytest.raises(ValueError, match="navigation page"):
        open_as("leadership", "my_unit")
