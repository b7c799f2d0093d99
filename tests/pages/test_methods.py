"""The page that says what a number means, and the frame that all pages share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from tests.pages.conftest import healthy

Open = Callable[..., AppTest]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_indicator_is_told_in_the_readers_language(open_page: Open, lang: str) -> None:
    at = open_page("methods", lang)

    assert at.title[0].value == text("common.page.methods.title", lang)
    names = [found.value for found in at.subheader]
    assert names == [{"zh": "验收合格标注条数", "en": "Items accepted"}[lang]]


def test_demo_data_is_marked(open_page: Open) -> None:
    at = open_page("methods")

    shown: list[Any] = list(at.get("html"))
    (mark,) = [found.value for found in shown if 'class="demo-mark"' in found.value]
    assert text("common.demo_banner", "zh") in mark
    assert text("common.demo_mark", "zh") in mark


def test_search_narrows_the_list(open_page: Open) -> None:
    everything = open_page("methods").radio(key="indicator").options

    found = open_page("methods", q="威尔逊 95%").radio(key="indicator").options

    assert found == ["金标准准确率"]
    assert len(everything) > 20


def test_search_without_result_says_so(open_page: Open) -> None:
    at = open_page("methods", q="zzz")

    assert any(text("methods.nothing_found", "zh") in found.value for found in at.markdown)


def test_link_opens_the_section_and_the_return_that_it_names(open_page: Open) -> None:
    at = open_page("methods", "en", section="returns", kind="datasets")

    fields = at.dataframe[0].value
    assert list(fields["field"])[:2] == ["dataset_id", "title_zh"]
    assert at.selectbox(key="kind").value == "datasets"


def test_choice_goes_into_the_url_as_a_code(open_page: Open) -> None:
    at = open_page("methods", "en")

    at.segmented_control(key="section").set_value("returns").run()

    assert at.query_params["section"] == "returns"
    assert at.query_params["lang"] == "en"


def test_void_link_falls_back_and_says_so(open_page: Open) -> None:
    at = open_page("methods", section="nowhere")

    assert at.segmented_control(key="section").value == "indicators"
    assert any("nowhere" in found.value for found in at.toast)


def test_methods_quote_the_plans_own_thresholds(open_page: Open) -> None:
    at = open_page("methods", section="methods")

    lights = next(found.value for found in at.markdown if "■" in found.value)
    assert "−10 个百分点" in lights
    assert "−30 个百分点" in lights


def test_units_that_the_text_does_not_name_are_told_apart(open_page: Open) -> None:
    at = open_page("methods", section="units")

    named = at.dataframe[0].value.set_index("unit_id")["named_in"]
    assert named["U1"] == text("ui.code.named_in.published_text", "zh")
    assert named["U9"] == text("ui.code.named_in.assumed", "zh")


def test_language_switch_keeps_the_page_and_its_choice(open_page: Open) -> None:
    at = open_page("methods", section="units")

    at.segmented_control(key="lang").set_value("en").run()

    assert at.title[0].value == text("common.page.methods.title", "en")
    assert at.query_params["section"] == "units"


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))

    at = healthy(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())

    assert at.subheader[0].value == text("common.empty_store", "zh")
    assert "oneninex import" in at.code[0].value


def test_damaged_store_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CURRENT").write_text("not a number")
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path))

    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    assert not at.exception
    assert "CURRENT" in at.error[0].value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_record_of_forecasts_has_horizons_and_reliability(open_page: Open, lang: str) -> None:
    at = open_page("methods", lang, section="methods")

    words = "\n".join(found.value for found in at.markdown)
    assert text("methods.reliability_head", lang) in words
    for group in ("tuned", "unseen"):
        assert text(f"methods.record_{group}", lang) in words
    # flow_growing with 22 months known: held 6, 13 and 18 months ahead.
    assert "88% / 90% / 88%" in words
