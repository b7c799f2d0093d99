"""The page of the targets: its numbers are the queries', and every state is said."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.figures.definitions.targets import state_group
from oneninex.store import Store
from tests.pages.conftest import healthy, rows_of, said, screen
from tests.pages.conftest import html as parts_of

Open = Callable[..., AppTest]
CHANGED = 'word_zh = "请注意"'


def asked(folder: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query returns on the store's current snapshot."""
    snapshot = Store(folder).current()
    assert snapshot
    return store.query(name, snapshot=snapshot, **parameters).to_pylist()


def html(at: AppTest) -> str:
    """Everything that is HTML, with the characters that the browser shows."""
    return unescape("".join(parts_of(at)))


def row_of(folder: Path, target_id: str, **parameters: Any) -> dict[str, Any]:
    (row,) = asked(folder, "targets_progress", target_id=target_id, **parameters)
    return row


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_state_can_be_listed_alone(open_page: Open, small_store: Path, lang: str) -> None:
    at = open_page("targets", lang)
    assert at.title[0].value == text("common.page.targets.title", lang)
    outlook = asked(small_store, "target_outlook")
    counted = Counter(state_group(row["progress"]) for row in outlook)
    shown = list(at.segmented_control(key="state").options)
    for group, number in counted.items():
        assert text(f"figures.filter_{group}", lang, count=number) in shown
        listed = rows_of(screen(open_page("targets", lang, state=group)))
        wanted = [r["target_id"] for r in outlook if state_group(r["progress"]) == group]
        assert listed == wanted


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_target_is_in_the_register_hardest_first(
    open_page: Open, small_store: Path, lang: str
) -> None:
    shown = screen(open_page("targets", lang))

    progress = {row["target_id"]: row for row in asked(small_store, "targets_progress")}
    outlook = asked(small_store, "target_outlook")
    stated = [r["target_id"] for r in outlook if progress[r["target_id"]]["stated"]]
    unstated = [r["target_id"] for r in outlook if not progress[r["target_id"]]["stated"]]
    assert rows_of(shown) == [*stated, *unstated]
    folded = unescape(shown.partition("<details")[2].partition("</details>")[0])
    assert rows_of(folded) == unstated
    for row in outlook:
        entry = shown.partition(f'data-row="{row["target_id"]}"')[2].partition("</tr>")[0]
        assert unescape(progress[row["target_id"]][f"name_{lang}"]) in unescape(entry)
        if row["gap_pp"] and row["target_id"] in stated:
            assert formats.points(row["gap_pp"] / 100, lang).split(" ")[0].rstrip("p") in entry


def test_a_working_assumption_says_so(open_page: Open) -> None:
    names = re.findall(r"<b title=\"([^\"]*)\"", screen(open_page("targets")))

    assert [name for name in names if "（暂定）" in name] == [
        name for name in names if "报送及时率" in name or "一次验收合格率" in name
    ]


def test_what_the_plan_does_not_state_is_said_and_not_filled_in(open_page: Open) -> None:
    shown = html(open_page("targets", target="x_datasets"))

    assert "未明确" in shown
    assert "责任单位：待明确" in shown
    assert "基数未公布，按0计" in shown


def test_the_choice_in_the_link_is_drawn(open_page: Open, small_store: Path) -> None:
    at = open_page("targets", target="units")

    row = row_of(small_store, "units")
    assert at.session_state["target"] == "units"
    assert f"{row['value']:.0f}个" in said(at)
    chosen = re.findall(r'data-row="(\w+)" aria-selected="true"', screen(at))
    assert chosen == ["units"]


def test_a_link_to_no_target_falls_to_the_first_with_a_word(open_page: Open) -> None:
    at = open_page("targets", target="nonsense")

    assert any("nonsense" in shown.value for shown in at.toast)
    assert at.session_state["target"] == rows_of(screen(at))[0]


def test_a_link_that_spells_out_the_default_stays_as_it_is(open_page: Open) -> None:
    first = open_page("targets").session_state["target"]

    at = open_page("targets", target=first)

    assert at.query_params["target"] in (first, [first])


def test_an_earlier_month_is_judged_as_at_then(open_page: Open, small_store: Path) -> None:
    at = open_page("targets", target="ai_enterprises")

    healthy(at.selectbox(key="month").set_value("2026-01").run())

    row = row_of(small_store, "ai_enterprises", to_month=date(2026, 1, 1))
    assert row["time_share"] == 1 / 24
    assert text("figures.head.schedule", "zh", share=formats.percent(1 / 24, "zh")) in html(at)
    assert at.query_params["month"] == "2026-01"


def test_missing_units_are_named(open_page: Open) -> None:
    shown = screen(open_page("targets", target="units"))

    bars = shown.partition('data-figure="target_parts"')[2]
    missing = re.findall(r'title="([^"]+)">[^<]+</th><td>(?:(?!</td>).)*缺报', bars)
    assert missing == ["淮阴区江淮科技园", "待命名单元九"]


def test_the_rule_of_the_lights_stands_on_the_page(open_page: Open) -> None:
    at = open_page("targets")

    assert text("plan.light_rule", "zh", green="−10", yellow="−30") in said(at)


@pytest.fixture
def other_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the plan that a test may edit."""
    folder = Path(shutil.copytree(ROOT / "data" / "plan", tmp_path / "plan"))
    monkeypatch.setenv("ONENINEX_PLAN", str(folder))
    return folder


def test_lights_look_as_the_office_set_them(open_page: Open, other_plan: Path) -> None:
    config = other_plan / "plan.toml"
    edited = config.read_text().replace('word_zh = "正常"', CHANGED).replace("#00785A", "#123456")
    config.write_text(edited.replace('shape = "circle"', 'shape = "diamond"'))

    shown = html(open_page("targets"))

    assert "请注意" in shown
    assert "--green:light-dark(#123456," in shown
    assert "◆" in shown


def test_a_plan_that_cannot_be_read_does_not_take_the_page_away(
    open_page: Open, other_plan: Path
) -> None:
    (other_plan / "plan.toml").write_text("start = ")

    shown = html(open_page("targets"))

    assert "正常" in shown
    assert "●" in shown


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at = healthy(at.switch_page("pages/targets.py").run())

    assert text("common.empty_store", "zh") in [found.value for found in at.subheader]
