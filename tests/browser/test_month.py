"""A month of an office in the browser: late return, letter, upload, review, answer, task, briefing.

Planner, administrator of a unit and leader each sign in; what one does the next one sees.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Browser, FilePayload, Page, expect

from oneninex import briefing
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.store import Snapshot, Store, query
from tests.browser import test_access
from tests.browser.dashboard import Watch, axe, wait_until_idle

UNIT, MONTH = "U9", date(2026, 10, 1)
REASON = "国庆后集中交付两个项目"
REPORTED = "9/9个单元报送"  # with the late return, the month is whole
MATTER = f"{UNIT}.labeling_daily.{MONTH:%Y-%m}"


def words(key: str, **values: object) -> str:
    return text(key, "zh", **values)


@pytest.fixture
def store(demo_store: Path, tmp_path: Path) -> Store:
    """The demo store, in which the last unit is late for the newest month."""
    shutil.copytree(demo_store, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def address(store: Store, tmp_path: Path) -> Iterator[str]:
    """The office with sign-in, whose returns count after review."""
    plan = tmp_path / "plan"
    shutil.copytree(ROOT / "data" / "plan", plan)
    config = (plan / "plan.toml").read_text(encoding="utf-8")
    demo = ROOT / "data" / "demo"
    shutil.copytree(demo, tmp_path / "demo", ignore=shutil.ignore_patterns("returns"))
    rule = '[review]\nrule = "after_review"\n\n[questions]'
    (plan / "plan.toml").write_text(config.replace("[questions]", rule), encoding="utf-8")
    given = {"ONENINEX_PLAN": str(plan)}
    with test_access.office(store.root, tmp_path, environment=given) as served:
        yield served


def _late_return(returns: Path) -> FilePayload:
    """The month before with its days moved to the late month, and six times the items."""
    book = load_workbook(returns / f"labeling_daily_{UNIT}_2026-09.xlsx", read_only=True)
    _, head, *rows = book.worksheets[0].iter_rows(values_only=True)
    items = head.index("标注条数")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        if isinstance(row[0], datetime):
            moved = [row[0].strftime("2026-10-%d"), *row[1:]]
            moved[items] = int(str(row[items])) * 6
            writer.writerow("" if cell is None else cell for cell in moved)
    name = f"labeling_daily_{UNIT}_2026-10.csv"
    return {"name": name, "mimeType": "text/csv", "buffer": out.getvalue().encode()}


def _current(store: Store) -> Snapshot:
    found = store.current()
    assert found
    return found


def _open(page: Page, address: str, place: str) -> None:
    page.goto(f"{address}/{place}")
    wait_until_idle(page)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    wait_until_idle(page)


def _reader(browser: Browser, address: str, name: str, watch: Watch) -> Page:
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    watch.over(context)
    page = context.new_page()
    test_access.sign_in(page, address, name)
    return page


def test_a_month_from_late_return_to_briefing(
    browser: Browser, address: str, store: Store, demo_store: Path, watch: Watch
) -> None:
    planner, unit, leader = (
        _reader(browser, address, name, watch) for name in ("planner", "u9", "leader")
    )
    name = next(
        row["name_zh"]
        for row in query("units", snapshot=_current(store)).to_pylist()
        if row["unit_id"] == UNIT
    )

    _open(leader, address, "briefing")  # before there is a task

    # The planner reminds the unit and opens a task about the return.
    _open(planner, address, f"returns?remind={UNIT}")
    _press(planner, words("tasks.reminder_text"))
    expect(planner.get_by_test_id("stCode").first).to_contain_text(f"{name}：")
    planner.keyboard.press("Escape")
    _open(planner, address, f"tasks?matter=return.{MATTER}")
    _press(planner, words("tasks.do.open"))
    expect(planner.locator(".tk").first).to_contain_text("D2026-001")
    (task,) = query("tasks", snapshot=_current(store)).to_pylist()
    subject = task["subject"]
    assert axe(planner) == []

    # The unit signs, sends its return, and learns that it awaits review.
    _open(unit, address, "tasks?task=D2026-001")
    _press(unit, words("tasks.do.sign"))
    _open(unit, address, "my_unit")
    unit.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [_late_return(demo_store.parent / "returns")]
    )
    publish = unit.get_by_role("button", name=words("returns.publish"))
    expect(publish).to_be_visible(timeout=60_000)
    wait_until_idle(unit)
    publish.click()
    expect(unit.get_by_text(words("review.held", files=1)).first).to_be_visible(timeout=60_000)
    before = _current(store)

    # The planner sees it in the queue and accepts it: from now on it is in the figures.
    _open(planner, address, "returns")
    queue = planner.locator(".st-key-figure_reviews")
    expect(queue).to_contain_text(f"labeling_daily_{UNIT}_2026-10.csv")
    _press(planner, words("review.do.accept"))
    done = words("review.done", state=words("review.state.accepted"))
    expect(planner.get_by_text(done)).to_be_visible(timeout=60_000)
    assert _current(store).id > before.id

    # The unit is asked about the jump, answers, and reports on the task.
    _open(unit, address, "my_unit")
    unit.get_by_label(words("my_unit.reason")).first.fill(REASON)
    _press(unit, words("review.answer.stands"))
    expect(unit.get_by_text(REASON).first).to_be_visible()
    _open(unit, address, "tasks?task=D2026-001")
    _press(unit, words("tasks.do.reply"))
    unit.get_by_label(words("tasks.words")).first.fill("已补报10月标注日报")
    unit.get_by_test_id("stFormSubmitButton").get_by_role("button").first.click()
    expect(unit.locator(".tk").first).to_contain_text(words("tasks.state.replied"))

    # The leader reads of it in the briefing, without the words of planner and unit.
    _open(leader, address, "briefing")
    expect(leader.get_by_test_id("stMain")).to_contain_text(REPORTED)
    expect(leader.get_by_test_id("stMain")).to_contain_text(subject)
    assert REASON not in leader.content()
    made = briefing.documents(
        _current(store), MONTH, langs=["zh"], formats=["docx"], audience="leadership"
    )
    (content,) = made.values()
    paper = Document(io.BytesIO(content))
    cells = [cell.text for each in paper.tables for row in each.rows for cell in row.cells]
    printed = "\n".join([each.text for each in paper.paragraphs] + cells)
    assert subject in printed
    assert REASON not in printed

    # The planner closes the task: its condition is met by the newest figures.
    _open(planner, address, "tasks?task=D2026-001")
    expect(planner.locator(".tk").first).to_contain_text(words("tasks.condition.met"))
    _press(planner, words("tasks.do.accept"))
    expect(planner.locator(".tk").first).to_contain_text(words("tasks.state.closed"))
    (task,) = query("tasks", snapshot=_current(store)).to_pylist()
    assert (task["state"], task["condition_met"]) == ("closed", True)

    # The leader sees that it is closed.
    _open(leader, address, "tasks")
    expect(leader.locator(".tk").first).to_contain_text(words("tasks.state.closed"))
    assert "已补报10月标注日报" not in leader.content()
    for page in (planner, unit, leader):
        page.context.close()
