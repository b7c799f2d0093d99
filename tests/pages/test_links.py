"""What a reader chose is in the address, and the address gives it to somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from tests.pages.conftest import figures, healthy

Open = Callable[..., AppTest]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[!_]*.py"))
# Where a file belongs and what is written about it is work, not a view: no link carries it.
_WORK = ("upload_", "lang", "platform", "find")
_KINDS = ("selectbox", "select_slider", "radio", "number_input", "text_input", "button_group")


def controls(at: AppTest) -> Iterator[Any]:
    for kind in _KINDS:
        for widget in at.get(kind):
            if (key := getattr(widget, "key", None)) and not key.startswith(_WORK):
                yield widget


def other_value(at: AppTest, widget: Any) -> Any:
    """A value of the control that it does not have now; None where there is no other."""
    if widget.type == "number_input":
        return widget.value + widget.step
    if widget.type == "text_input":
        return "率"
    names = [getattr(option, "content", option) for option in widget.options]
    if isinstance(widget.value, list):
        return widget.value[:1]
    return next((name for name in reversed(names) if name != widget.value), None)


def shown(at: AppTest) -> list[str]:
    """Everything that the page says in words and numbers."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "metric", "html")
    said = [f"{found.type}: {getattr(found, 'value', '')}" for k in kinds for found in at.get(k)]
    charts = [f"chart: {found['alt']}" for found in figures(at)]
    return [line for line in said + charts if "st-key" not in line and "<style" not in line]


@pytest.mark.parametrize("name", PAGES)
def test_a_link_restores_every_choice(open_page: Open, name: str) -> None:
    at = open_page(name, "en")
    done: set[str] = set()
    while new := [widget for widget in controls(at) if widget.key not in done]:
        for widget in new:
            done.add(widget.key)
            if (chosen := other_value(at, widget)) is not None:
                widget.set_value(chosen)
        at = healthy(at.run())
    address = {key: value[0] if isinstance(value, list) else value
               for key, value in dict(at.query_params).items()}  # fmt: skip
    there = open_page(name, **address)

    assert shown(there) == shown(at)


def test_a_forged_link_falls_to_the_defaults_with_a_word(open_page: Open) -> None:
    plain = open_page("units")
    forged = open_page("units", unit="U99", modality="<script>", from_month="1999-01", measure="x")

    assert shown(forged) == shown(plain)
    assert set(dict(forged.query_params)) <= {"lang"}
    assert any(text("common.error_link", "zh", value="U99") == said.value for said in forged.toast)
    assert "reset_filters" not in [button.key for button in forged.button]


def test_filters_can_be_put_back_at_once(open_page: Open) -> None:
    plain = open_page("units")
    at = open_page("units", unit="U2", modality="text")

    at = healthy(at.button(key="reset_filters").click().run())

    assert shown(at) == shown(plain)
    assert "reset_filters" not in [button.key for button in at.button]
