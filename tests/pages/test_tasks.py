"""The pages 督办 and 我的单元: what each reader sees of tasks, and what it may do there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.services import import_request, tasks
from oneninex.services.audited_import import import_recorded
from oneninex.store import Store, query
from oneninex.ui import session
from tests.cases.conftest import current
from tests.pages.conftest import healthy, opener, said
from tests.store.conftest import ENTERPRISE, labeling

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


def _press(at: AppTest, key: str) -> AppTest:
    (found,) = [button for button in at.button if str(button.key).startswith(key)]
    return healthy(found.click().run())


def test_the_planner_assigns_offices_on_the_page_of_targets(open_as: Open, task_store: Store):
    at = open_as("planner", page="targets", target="ai_enterprises")
    (lead,) = [box for box in at.selectbox if str(box.key) == "lead_ai_enterprises"]
    lead.set_value("data_bureau")
    (more,) = [box for box in at.multiselect if str(box.key) == "supporting_ai_enterprises"]
    more.set_value(["U1"])
    _press(at, "FormSubmitter:offices_form_ai_enterprises")
    snapshot = current(task_store)
    word = ""
    for name in ("targets_progress", "target_outlook"):
        rows = query(name, snapshot=snapshot, target_id="ai_enterprises").to_pylist()
        office = "lead_office_zh" if name == "targets_progress" else "owner_zh"
        known = query("offices", snapshot=snapshot).to_pylist()
        (word,) = [row["name_zh"] for row in known if row["office_id"] == "data_bureau"]
        assert [row[office] for row in rows] == [word]
    assert word in said(open_as("planner", page="targets", target="ai_enterprises"))


@pytest.mark.parametrize("audience", ["leadership", "unit:U3", "public"])
def test_others_assign_no_office_and_write_no_reminder(open_as: Open, audience: str):
    at = open_as(audience, page="targets", target="ai_enterprises")
    assert not [box for box in at.selectbox if str(box.key).startswith("lead_")]
    if audience != "unit:U3":
        return
    at = open_as(audience, page="returns")
    assert not [box for box in at.selectbox if box.key == "remind"]
    assert not [button for button in at.button if str(button.key).startswith("review_")]


def test_a_task_can_be_opened_about_each_target(open_as: Open, task_store: Store):
    rows = query("targets_progress", snapshot=current(task_store)).to_pylist()
    at = open_as("planner", matter="free")
    (box,) = [box for box in at.selectbox if box.key == "matter"]
    offered = list(box.options)
    for row in rows:
        assert [option for option in offered if row["name_zh"] in option], row["target_id"]


def test_a_task_about_a_target_keeps_its_figure_and_snapshot(open_as: Open, task_store: Store):
    at = open_as("planner", matter="target.ai_enterprises")
    (opens,) = [b for b in at.button if str(b.key).startswith("FormSubmitter:task_new_target")]
    at = opens.click().run()
    assert text("tasks.refused.no_office", "zh") in [each.value for each in at.error]
    (lead,) = [box for box in at.selectbox if str(box.key).startswith("lead_new_target")]
    lead.set_value("data_bureau")
    _press(at, "FormSubmitter:task_new_target")
    rows = query("tasks", snapshot=current(task_store)).to_pylist()
    (task,) = [row for row in rows if row["ref"] == "ai_enterprises"]
    assert (task["matter"], task["snapshot"]) == ("target", current(task_store).id)
    assert "现值" in task["figure"] or "未明确" in task["figure"]
    assert task["condition_kind"] == "target"


@pytest.fixture
def waiting(task_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store with one return of U4 that awaits review, and the plan that asks for reviews."""
    from oneninex.core import settings

    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "data" / "plan", folder)
    text_of = (folder / "plan.toml").read_text(encoding="utf-8").replace('demo = "../demo"', "")
    rule = '[review]\nrule = "after_review"\n\n[questions]'
    (folder / "plan.toml").write_text(text_of.replace("[questions]", rule), encoding="utf-8")
    plan = Plan.load(folder)
    chosen = settings.load()
    ours = replace(chosen, plan=folder, store=task_store.root)
    monkeypatch.setattr(settings, "load", lambda: ours)
    row = labeling(unit_id="U4", enterprise_id=ENTERPRISE)
    path = tmp_path / "u4.csv"
    path.write_text(",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n")
    incoming = import_request.expand(
        [path], import_request.Options(None, None, None, None, None), plan
    )
    import_recorded(task_store, plan, incoming, actor=Actor(), imported_by="tester")
    return task_store


def test_the_planner_accepts_a_return_on_the_page(open_as: Open, waiting: Store):
    before = current(waiting)
    at = open_as("planner", page="returns")
    assert "u4.csv" in said(at)
    _press(at, "review_accept_")
    (row,) = query("return_reviews", snapshot=current(waiting)).to_pylist()
    assert row["state"] == "accepted"
    assert current(waiting) != before


def test_the_planner_sends_a_return_back_with_a_reason(open_as: Open, waiting: Store):
    at = open_as("planner", page="returns")
    (area,) = [area for area in at.text_area if str(area.key).startswith("review_reason_")]
    area.set_value("3月数据请核对")
    _press(at, "FormSubmitter:review_form_")
    (row,) = query("return_reviews", snapshot=current(waiting)).to_pylist()
    assert (row["state"], row["reason"]) == ("returned", "3月数据请核对")
    at = open_as("unit:U4", page="returns", review="returned")
    assert "3月数据请核对" in said(at)
    assert "3月数据请核对" not in said(open_as("unit:U3", page="returns", review="returned"))


def test_a_return_under_review_is_counted_apart(open_as: Open, waiting: Store):
    rows = query("returns_by_month", snapshot=current(waiting), kind="labeling_daily").to_pylist()
    assert sum(row["awaiting_review"] for row in rows) == 1
    for row in rows:
        states = ("on_time", "late", "revised", "awaiting_review", "missing")
        assert sum(row[state] for state in states) == row["units_due"]
    assert text("returns.cell.awaiting_review", "zh") in said(open_as("planner", page="returns"))
