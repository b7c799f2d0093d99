"""How the lights look: colour, shape and word, as the office set them in plan.toml."""

import streamlit as st

from oneninex import settings
from oneninex.palette import of
from oneninex.plan import Plan, PlanError
from oneninex.ui.context import lang, t, theme

Looks = dict[str, dict[str, str]]
_SHAPES = {"green": "circle", "yellow": "triangle", "red": "square"}


def light_looks() -> Looks:
    """Light to its `colour`, `shape` and `word` in the reader's language.

    A snapshot keeps the thresholds but not the looks. While plan.toml is being edited and cannot
    be read, the catalogue's words and the palette's colours stand in, for the page must stay.
    """
    folder = settings.load().plan
    try:
        looks = _read(str(folder), (folder / "plan.toml").stat().st_mtime_ns)
    except (OSError, PlanError):
        return _stand_in()
    return {
        light: {"colour": look["colour"], "shape": look["shape"], "word": look[f"word_{lang()}"]}
        for light, look in looks.items()
    }


@st.cache_data(max_entries=4, show_spinner=False)
def _read(folder: str, _changed: int, /) -> dict[str, dict[str, str]]:
    looks = Plan.load(folder).config.lights.looks
    return {light: look.model_dump() for light, look in looks.items()}


def _stand_in() -> Looks:
    colours = of(theme())
    used = {"green": colours.good, "yellow": colours.warning, "red": colours.bad}
    return {
        light: {
            "colour": used[light],
            "shape": shape,
            "word": t(f"ui.code.light.{light}").split(" ", 1)[-1],
        }
        for light, shape in _SHAPES.items()
    }
