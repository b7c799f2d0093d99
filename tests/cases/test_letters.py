"""督办单, 催报函 and the briefing's tasks: in the layout of GB/T 9704, the same bytes again."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.shared import Pt

from oneninex import briefing
from oneninex.briefing import letters
from oneninex.cli import main
from oneninex.domain.plan import Plan
from oneninex.services import tasks
from oneninex.store import Store, StoreError
from tests.cases.conftest import OPENED, PLANNER, current

MARCH = date(2026, 3, 1)


@pytest.fixture
def task(open_task) -> str:
    return open_task(
        subject="补报3月产量", supporting=("data_bureau",), requirement="核对后补报", figure="缺1份"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_task_letter_says_what_the_task_says(store: Store, task: str, lang: str):
    said = letters.task_letter(current(store), lang, task).as_text()

    for words in ("补报3月产量", "核对后补报", "缺1份"):
        assert words in said
    due = {"zh": "2026年11月16日", "en": "16 Nov 2026"}[lang]
    assert said.count(due) == 2
    assert {"zh": "淮安区数字经济发展服务中心", "en": "Huai'an District"}[lang] in said
    assert {"zh": "快照1+1", "en": "snapshot 1+1"}[lang] in said
    assert "{" not in said


def test_the_layout_is_that_of_the_standard(store: Store, task: str):
    content = letters.write(letters.task_letter(current(store), "zh", task))
    word = Document(io.BytesIO(content))
    (page,) = word.sections

    found = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(length.mm) for length in found] == [210, 297, 37, 28]
    assert [round(length.mm) for length in (page.right_margin, page.bottom_margin)] == [26, 35]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert 'w:eastAsia="仿宋_GB2312"' in xml
    assert 'w:eastAsia="方正小标宋简体"' in xml
    body = next(p for p in word.paragraphs if "现将下列事项" in p.text)
    assert body.runs[0].font.size == Pt(16)
    assert body.paragraph_format.first_line_indent == Pt(32)
    title = next(p for p in word.paragraphs if "督办通知" in p.text)
    assert title.runs[0].font.size == Pt(22)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_snapshot_and_position_give_the_same_bytes(
    store: Store, plan: Plan, task: str, lang: str
):
    def made(word: str) -> list[bytes]:
        found = store.resolve(word, "Asia/Shanghai")
        looks = briefing.looks_of(plan, lang)
        content = briefing.compose(found, MARCH, lang, looks=looks, plan=plan)
        return [
            letters.write(letters.task_letter(found, lang, task)),
            letters.write(letters.reminder(found, plan, lang, "U3")),
            letters.reminder(found, plan, lang, "U3").as_text().encode(),
            *(briefing.render(content, format) for format in briefing.FORMATS),
        ]

    before = made("1+1")
    tasks.act(store, plan, PLANNER, task, "sign", today=OPENED)

    assert made("1+1") == before
    assert all(new != old for new, old in zip(made("1+2")[:1], before[:1], strict=True))


def test_a_reminder_lists_each_overdue_return_and_gives_working_days(
    store: Store, plan: Plan, published
):
    said = letters.reminder(current(store), plan, "zh", "U3")
    text = said.as_text()

    assert "标注日报" in text
    assert len(said.paragraphs) == 2 + len(re.findall(r"已逾期\d+天", text))
    with pytest.raises(StoreError):
        letters.reminder(current(store), plan, "zh", "U99")


def test_a_letter_is_for_those_who_see_the_task(store: Store, task: str):
    assert letters.task_letter(current(store), "zh", task, audience="unit:U3").paragraphs
    with pytest.raises(StoreError):
        letters.task_letter(current(store), "zh", task, audience="unit:U4")
    told = letters.task_letter(current(store), "zh", task, audience="leadership").as_text()
    assert "核对后补报" not in told


def sections(store: Store, plan: Plan, month: date, audience: str = "planner") -> dict[str, list]:
    looks = briefing.looks_of(plan, "zh")
    content = briefing.compose(
        current(store), month, "zh", looks=looks, plan=plan, audience=audience
    )
    return {section.key: [s.text for s in section.sentences] for section in content.sections}


def test_a_briefing_has_new_tasks_and_then_what_became_of_them(store: Store, plan: Plan, open_task):
    open_task(subject="三月立项", today=date(2026, 3, 20), due_on=date(2026, 5, 20))
    open_task(subject="四月立项", today=date(2026, 4, 2), due_on=date(2026, 5, 20))

    found = sections(store, plan, MARCH)

    assert any("四月立项" in said for said in found["tasks"])
    assert any("三月立项" in said for said in found["earlier_tasks"])
    assert not any("三月立项" in said for said in found["tasks"])
    assert any("四月立项" in said for said in sections(store, plan, MARCH, "leadership")["tasks"])
    for audience in ("unit:U4", "public"):
        assert "tasks" not in sections(store, plan, MARCH, audience)


def test_command(store: Store, task: str, tmp_path, capsys):
    run = ["--store", str(store.root), "task", "letter"]
    assert main([*run, "--task", task, "--out", str(tmp_path / "a.docx")]) == 0
    assert main([*run, "--unit", "U3", "--out", str(tmp_path / "b.txt")]) == 0
    assert "催" in (tmp_path / "b.txt").read_text(encoding="utf-8")
    assert main([*run, "--task", task, "--out", str(tmp_path / "a.pdf")]) == 64
    assert main([*run, "--out", str(tmp_path / "a.txt")]) == 64
    assert main([*run, "--task", "D1999-001", "--out", str(tmp_path / "c.txt")]) == 64
