"""The page of the targets: its numbers are the queries', and every state is said."""

import shutil
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
from oneninex.store import Store
from tests.pages.conftest import around, headings, healthy, said

Open = Callable[..., AppTest]
CHANGED = 'word_zh = "请注意"'


def asked(folder: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query returns on the store's current snapshot."""
    snapshot = Store(folder).current()
    assert snapshot
    return store.query(name, snapshot=snapshot, **parameters).to_pylist()


def html(at: AppTest) -> str:
    """Tiles and register with the characters that the browser shows."""
    return unescape("".join(_parts(at)))


def _parts(at: AppTest) -> list[str]:
    return [str(getattr(found, "value", "")) for found in at.get("html")]


def row_of(folder: Path, target_id: str, **parameters: Any) -> dict[str, Any]:
    (row,) = asked(folder, "targets_progress", target_id=target_id, **parameters)
    return row


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_counts_by_state_are_the_querys(open_page: Open, small_store: Path, lang: str) -> None:
    at = open_page("targets", lang)

    shown = html(at)
    assert at.title[0].value == text("common.page.targets.title", lang)
    for row in asked(small_store, "target_states"):
        note = text(f"targets.note.{row['state']}", lang)
        tile = next(part for part in shown.split("<li>") if note in part)
        assert f"<b>{row['targets']}</b>" in tile


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_target_is_in_the_register_with_its_gap(
    open_page: Open, small_store: Path, lang: str
) -> None:
    at = open_page("targets", lang)

    shown = html(at)
    for row in asked(small_store, "targets_progress"):
        entry = _entry(shown, row, lang)
        if row["state"] in ("not_stated", "no_value"):
            assert text("targets.not_judged", lang) in entry
        else:
            assert formats.gap(row["gap_pp"], lang) in entry
        assert row[f"sentence_{lang}"].split("“")[0].split('"')[0] in entry


def test_plans_are_kept_apart(open_page: Open) -> None:
    at = open_page("targets")

    heads = headings(at)
    groups = ["labeling_plan", "ai_plan", "national", "working"]
    assert heads[-4:] == [text(f"targets.group.{plan}", "zh") for plan in groups]
    tables = [found for found in _parts(at) if "<table>" in found]
    assert ["超过35家" in found for found in tables] == [False, True, False, False]
    assert ["（暂定）" in found for found in tables] == [False, False, False, True]


def test_what_the_plan_does_not_state_is_said_and_not_filled_in(open_page: Open) -> None:
    at = open_page("targets", target="x_datasets")

    assert "未明确" in said(at)
    assert "牵头单位未明确" in html(at)
    assert "基数未公布，按0计" in html(at)


def test_the_choice_in_the_link_is_drawn(open_page: Open, small_store: Path) -> None:
    at = open_page("targets", target="units")

    row = row_of(small_store, "units")
    assert at.selectbox(key="target").value == "units"
    assert f"{row['value']:.0f}个" in said(at)
    assert formats.gap(row["gap_pp"], "zh") in said(at)


def test_another_choice_goes_into_the_link_and_changes_the_chart(open_page: Open) -> None:
    at = open_page("targets", target="units")

    at.selectbox(key="target").set_value("ai_enterprises").run()

    assert at.query_params["target"] == "ai_enterprises"
    assert "数据标注企业数，超过35家" in headings(at)


def test_a_link_that_spells_out_the_default_stays_as_it_is(open_page: Open) -> None:
    first = open_page("targets").selectbox(key="target").value

    at = open_page("targets", target=first)

    assert at.query_params["target"] in (first, [first])


def test_an_earlier_month_is_judged_as_at_then(open_page: Open, small_store: Path) -> None:
    at = open_page("targets", target="ai_enterprises")

    healthy(at.selectbox(key="month").set_value("2026-01").run())

    row = row_of(small_store, "ai_enterprises", to_month=date(2026, 1, 1))
    assert row["time_share"] == 1 / 24
    assert formats.gap(row["gap_pp"], "zh") in said(at)
    assert "已过 1 个月" in html(at)
    assert at.query_params["month"] == "2026-01"


def test_missing_units_are_named(open_page: Open) -> None:
    at = open_page("targets", target="units")

    missing = next(words for words in around(at) if "缺报" in words)
    assert missing.startswith("7/9 个单元已报送")
    assert "淮阴区江淮科技园" in missing


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
    edited = config.read_text().replace('word_zh = "提示"', CHANGED).replace("#B87700", "#123456")
    config.write_text(edited.replace('shape = "triangle"', 'shape = "diamond"'))

    shown = html(open_page("targets"))

    assert "请注意" in shown
    assert "color:#123456" in shown
    assert "◆" in shown


def test_a_plan_that_cannot_be_read_does_not_take_the_page_away(
    open_page: Open, other_plan: Path
) -> None:
    (other_plan / "plan.toml").write_text("start = ")

    shown = html(open_page("targets"))

    assert "提示" in shown
    assert "▲" in shown


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at = healthy(at.switch_page("pages/targets.py").run())

    assert text("common.empty_store", "zh") in [found.value for found in at.subheader]


def _entry(shown: str, row: dict[str, Any], lang: str) -> str:
    """The two table rows of a target; its sentence tells it from one of the same name."""
    parts = shown.split('<td data-label="' + text("targets.head.light", lang))
    source = row[f"sentence_{lang}"].split("“")[-1].split('"')[-1][-12:]
    return next(part for part in parts if row[f"name_{lang}"] in part and source in part)
