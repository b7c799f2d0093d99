"""The published figures as HTML: each with what it counts, its date and its source."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text
from oneninex.figures.charts import benchmarks, withheld

Row = Mapping[str, Any]
_COLUMNS = ("place", "value", "counts", "date", "source")
_CSS = """
.bm{color:var(--tx);font-size:.92rem;line-height:1.45}
.bm table{width:100%;table-layout:fixed;border-collapse:collapse;margin:0}
.bm col:nth-child(1){width:15%}.bm col:nth-child(2){width:15%}.bm col:nth-child(3){width:34%}
.bm col:nth-child(4){width:13%}
.bm th,.bm td{border:0;border-bottom:1px solid var(--ln);text-align:left;vertical-align:top;
 padding:.45rem .6rem .45rem 0;overflow-wrap:anywhere}
.bm thead th{color:var(--qt);font-weight:400;font-size:.82rem}
.bm small{display:block;color:var(--qt);font-size:.82rem}
.bm .bm-here{background:var(--pn)}.bm .bm-odd{color:var(--at);font-weight:600}
.bm a{color:var(--pr)}
@media(max-width:760px){.bm thead,.bm colgroup{display:none}
.bm table,.bm tbody,.bm tr,.bm th,.bm td{display:block;width:auto}
.bm th,.bm td{border:0;padding:.1rem 0}.bm tr{border-bottom:1px solid var(--ln);padding:.4rem 0}
.bm td::before{content:attr(data-label);color:var(--qt);font-size:.8rem;margin-right:.5em}}
"""


def definitions(table: pa.Table, indicator: Row, sources: Mapping[str, str], lang: str,
                theme: str | None) -> str:  # fmt: skip
    """The definitions side by side; `table`: benchmarks of one indicator, localised.

    `indicator`: its row of indicators; `sources`: title of the return that a code names.
    """
    colours = palette.of(theme)
    heads = "".join(f'<th scope="col">{_t(f"head_{name}", lang)}</th>' for name in _COLUMNS)
    rows = table.to_pylist()
    body = "".join(_line(row, indicator, sources, lang) for row in rows)
    columns = "<col>" * len(_COLUMNS)
    named = {
        "tx": colours.text, "qt": colours.quiet, "ln": colours.line, "pn": colours.panel,
        "at": colours.attention, "pr": colours.primary,
    }  # fmt: skip
    style = ";".join(f"--{name}:{colour}" for name, colour in named.items())
    return (
        f'<style>{_CSS}</style><div class="bm" style="{style}"><table><colgroup>{columns}'
        f"</colgroup><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(row: Row, indicator: Row, sources: Mapping[str, str], lang: str) -> str:
    value = benchmarks.written(row, indicator, "value", lang)
    if row["value"] is None:
        value = withheld.word(lang) if row["suppressed"] else formats.missing(lang)
    cells = {
        "value": escape(value),
        "counts": _counts(row, indicator, lang),
        "date": escape(_date(row, lang)),
        "source": _source(row, sources, lang),
    }
    tds = "".join(
        f'<td data-label="{_t(f"head_{name}", lang)}">{cell}</td>' for name, cell in cells.items()
    )
    kind = ' class="bm-here"' if row["here"] else ""
    return f'<tr{kind}><th scope="row">{escape(row["place"])}</th>{tds}</tr>'


def _counts(row: Row, indicator: Row, lang: str) -> str:
    kind = escape(text(f"plan.kind.{row['kind']}", lang))
    if row["here"]:
        summed = text("benchmarks.summed", lang) if row["since"] else ""
        return f"{kind}<small>{escape(indicator['definition'])}{escape(summed)}</small>"
    mark = "" if benchmarks.alike(row) else "⚠ "
    shown = f'<span class="{"bm-odd" if mark else ""}">{mark}{kind}</span>'
    note = row["note"] or text("benchmarks.no_definition", lang)
    return f"{shown}<small>{escape(note)}</small>"


def _date(row: Row, lang: str) -> str:
    """As published (the note says how exact the day is); the city's with its span and coverage."""
    if not row["here"]:
        return formats.day(row["as_of"], lang)
    month = benchmarks.dated(row, "value", lang)
    if row["since"] is None:
        return month
    return text("benchmarks.since", lang, since=formats.month(row["since"], lang), month=month)


def _source(row: Row, sources: Mapping[str, str], lang: str) -> str:
    source = row["source"] or ""
    if row["here"]:
        return escape(text("benchmarks.own_returns", lang, kind=sources.get(source, source)))
    certainty = escape(text(f"plan.certainty.{row['certainty']}", lang))
    shown = escape(source)
    if source.startswith(("https://", "http://")):
        shown = f'<a href="{shown}" target="_blank" rel="noreferrer">{shown}</a>'
    return f"{shown}<small>{certainty}</small>"


def _t(key: str, lang: str) -> str:
    return escape(text(f"benchmarks.{key}", lang))
