"""Pages and cards as HTML: jinja2 components that escape whatever they are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from oneninex.core.i18n import text
from oneninex.figures.registry import Figure, Shown, View
from oneninex.figures.render import svg

# What each lamp is called for a screen reader, and its sign for everybody.
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
    made.globals["SIGNS"] = SIGNS
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
            **shown.parts,
        )
    )


def page(layout: str, title: str, cards: Mapping[str, Markup], view: View, **more: Any) -> str:
    """All cards of a page in its layout, as the one message that a browser gets."""
    template = environment().get_template(f"pages/{layout}.html")
    return template.render(title=title, cards=cards, t=view.t, **more)
