"""Check-in notes on a target as HTML, newest first; every text is escaped."""

from __future__ import annotations

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text
from oneninex.figures.charts.target_words import Row

_CSS = """
.tn{list-style:none;margin:0;padding:0!important;color:var(--tx);font-size:.95rem}
.tn li{border-left:3px solid var(--ln);margin:0 0 .7rem;padding:.05rem 0 .05rem .7rem}
.tn small{display:block;color:var(--qt);font-size:.82rem}
.tn em{font-style:normal;border:1px solid var(--ln);border-radius:.3rem;padding:0 .3rem;
 margin-right:.4rem;font-size:.78rem;color:var(--qt)}
"""


def notes(rows: pa.Table, lang: str, theme: str | None) -> str:
    """Localised rows of target_notes: month and office, then what was said; examples are marked."""
    colours = palette.of(theme)
    style = f"--tx:{colours.text};--qt:{colours.quiet};--ln:{colours.line}"
    items = "".join(_item(row, lang) for row in rows.to_pylist())
    if not items:
        return (
            f'<div style="color:{colours.quiet}">{escape(text("targets.notes_none", lang))}</div>'
        )
    return f'<style>{_CSS}</style><ul class="tn" style="{style}">{items}</ul>'


def _item(row: Row, lang: str) -> str:
    head = text(
        "targets.note_head",
        lang,
        month=formats.month(row["month"], lang),
        owner=row["owner"],
        source=row["source"],
    )
    mark = f"<em>{escape(text('targets.note_demo', lang))}</em>" if row["demo"] else ""
    return f"<li>{mark}{escape(row['text'])}<small>{escape(head)}</small></li>"
