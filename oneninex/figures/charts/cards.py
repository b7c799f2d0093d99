"""Headline figures side by side, as HTML; every text is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text

# One element for all of them: as containers, columns and captions they were thirty, and the
# browser lays each out in every change of a filter.
_CSS = """
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(9.5rem,45%),1fr));gap:1rem;
 color:var(--tx)}
.card{display:grid;grid-row:span 2;grid-template-rows:subgrid;row-gap:0;position:relative;
 border:1px solid var(--ln);border-radius:.4rem;padding:calc(1rem - 1px);min-width:0;
 overflow-wrap:anywhere}
.cards .card-explained .card-label{padding-right:1.4rem}
.cards .card p{margin:0 0 .35rem;font-size:.875rem;line-height:1.45}
.cards .card p:last-child{margin:0}
.cards .card .card-value{hyphens:auto;font-size:2.4rem;font-weight:650;line-height:1.3;
 margin:0 0 .2rem}
.cards .card .card-note{color:var(--qt)}
.cards p::first-letter{text-transform:uppercase}
.card .good{color:var(--gd)}.card .bad{color:var(--bd)}
.card-help summary{position:absolute;top:.95rem;right:.9rem}
.card-help summary{list-style:none;cursor:help;width:1.25rem;height:1.25rem;line-height:1.15rem;
 border:1px solid var(--qt);border-radius:50%;text-align:center;color:var(--qt);font-size:.75rem}
.card-help summary::-webkit-details-marker{display:none}
.card-help summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.cards .card .card-help p{position:absolute;z-index:9;left:-1px;right:-1px;top:3.7rem;margin:0;
 padding:.6rem .8rem;background:var(--bg);border:1px solid var(--qt);border-radius:.4rem}
@media (min-width:641px) and (max-width:1500px){.cards .card .card-value{font-size:1.6rem}}
@media (max-width:640px){.cards .card .card-value{font-size:1.8rem}}
.cards .card-worded .card-value{font-size:1.2rem}
@media print{.card-help{display:none}}
"""
_WORD = 5  # signs that a card holds at full size
_TONES = {"green": "good", "red": "bad"}
_TONED = re.compile(r":(green|red)\[([^\]]*)\]")


@dataclass(frozen=True)
class Card:
    """A headline figure with what stands below it; empty lines are left out.

    `changes` against earlier may be `toned`; `definition` opens on a click.
    """

    label: str
    value: str
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    definition: str = ""


def html(cards: Sequence[Card], lang: str, theme: str | None) -> str:
    """The cards in one row, or in pairs on a telephone."""
    colours = palette.of(theme)
    style = (
        f"--tx:{colours.text};--qt:{colours.quiet};--ln:{colours.line};--bg:{colours.background};"
        f"--gd:{colours.good};--bd:{colours.bad}"
    )
    drawn = "".join(_card(card, lang) for card in cards)
    return f'<style>{_CSS}</style><div class="cards" style="{style}">{drawn}</div>'


def toned(words: str, *, up: bool, good: bool) -> str:
    """A change with its arrow and the tone of what it means."""
    return f":{'green' if good else 'red'}[{'↑' if up else '↓'} {words}]"


def _card(card: Card, lang: str) -> str:
    changes = "".join(f"<p>{_line(words)}</p>" for words in card.changes if words)
    notes = "".join(f'<p class="card-note">{escape(words)}</p>' for words in card.notes if words)
    # A word in the place of a number may be long: it is not to break on a narrow card.
    worded = len(card.value) > _WORD and not any(sign.isdigit() for sign in card.value)
    kind = f"card{' card-explained' * bool(card.definition)}{' card-worded' * worded}"
    return (
        f'<div class="{kind}"><p class="card-label">{escape(card.label)}</p>'
        f'<div><p class="card-value">{escape(card.value)}</p>{changes}{notes}</div>'
        f"{_help(card, lang)}</div>"
    )


def _help(card: Card, lang: str) -> str:
    if not card.definition:
        return ""
    says = escape(text("ui.what_is", lang, name=card.label))
    return (
        f'<details class="card-help"><summary aria-label="{says}" title="{says}">?</summary>'
        f"<p>{escape(card.definition)}</p></details>"
    )


def _line(words: str) -> str:
    return _TONED.sub(
        lambda found: f'<span class="{_TONES[found[1]]}">{found[2]}</span>', escape(words)
    )
