"""Pages and cards as HTML: jinja2 components that escape whatever they are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import target_words
from oneninex.figures.registry import Figure, Shown, View
from oneninex.figures.render import svg

# What each lamp is called for a screen reader, and its sign for everybody.
_LIGHTS = {"green": "green", "yellow": "amber", "red": "red"}
SIGNS = {
    "green": "●", "yellow": "▲", "red": "■", "none": "◇", "incomplete": "◌", "achieved": "✓",
    "not_begun": "○",
}  # fmt: skip


@cache
def environment() -> Environment:
    """The templates of this package; autoescape is on for each of them."""
    loader = PackageLoader("oneninex.figures.render", "templates")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["draw"] = svg.draw
    made.globals["defs"] = svg.page_definitions
    return made


def card(figure: Figure, shown: Shown, view: View, part: str = "") -> Markup:
    """One figure as its template draws it."""
    template = environment().get_template(figure.template)
    return Markup(
        template.render(
            name=figure.name,
            title=text(figure.title_key, view.lang),
            statement=shown.statement,
            part=part,
            t=view.t,
            signs=_signs(view),
            **shown.parts,
        )
    )


def _signs(view: View) -> Mapping[str, str]:
    """The sign of each lamp, those of the lights as the office set them."""
    own = {name: target_words.GLYPHS[look["shape"]] for name, look in view.looks.items()}
    return {**SIGNS, **own}


def page(layout: str, title: str, cards: Mapping[str, Markup], view: View, **more: Any) -> str:
    """All cards of a page in its layout, as the one message that a browser gets."""
    template = environment().get_template(f"pages/{layout}.html")
    drawn = template.render(title=title, cards=cards, t=view.t, **more)
    return f'<div class="looks"{_own_colours(view)}>{drawn}</div>'


def _own_colours(view: View) -> str:
    """Colours that the office set for its lights, where they are not the product's own."""
    light, dark = palette.tokens("light"), palette.tokens("dark")
    own = [
        f"--{token}:light-dark({look['colour']},{dark[token]})"
        for name, token in _LIGHTS.items()
        if (look := view.looks.get(name)) and look["colour"].lower() != light[token]
    ]
    return Markup(' style="{}"').format(";".join(own)) if own else ""
