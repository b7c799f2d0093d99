"""How the lights look: colour, shape and word, as the office set them in plan.toml."""

from oneninex.core.theme import of
from oneninex.ui.context import lang, t, theme
from oneninex.ui.plan import plan_if_sound

Looks = dict[str, dict[str, str]]
_SHAPES = {"green": "circle", "yellow": "triangle", "red": "square"}


def light_looks() -> Looks:
    """Light to its `colour`, `shape` and `word` in the reader's language.

    A snapshot keeps the thresholds but not the looks. While plan.toml is being edited and cannot
    be read, the catalogue's words and the palette's colours stand in, for the page must stay.
    """
    plan = plan_if_sound()
    if plan is None:
        return _stand_in()
    return {
        light: {
            "colour": look.colour,
            "shape": look.shape,
            "word": look.word_zh if lang() == "zh" else look.word_en,
        }
        for light, look in plan.config.lights.looks.items()
    }


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
