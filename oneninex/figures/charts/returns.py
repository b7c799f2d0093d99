"""The ledger of returns as unit × month, as HTML; every text is escaped."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

import pyarrow as pa

from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text
from oneninex.core.theme import Palette
from oneninex.figures.charts.returns_words import Row, cell_note, cell_word

# A shape for each state, so that none depends on its colour or on reading the word.
SHAPES = {"on_time": "●", "late": "▲", "missing": "○", "revised": "◆", "awaiting_review": "◐"}
_CSS = """
.rt{--first:15rem;color:var(--tx);font-size:.92rem;line-height:1.3;overflow-x:auto;
 direction:rtl}
.rt table{direction:ltr;border-collapse:separate;border-spacing:0;width:100%;
 table-layout:fixed;margin:0}
.rt th,.rt td{border:0;border-bottom:1px solid var(--gd);padding:.3rem .35rem;text-align:center;
 white-space:nowrap}
.rt thead th{color:var(--qt);font-weight:400;font-size:.82rem}
.rt tbody th,.rt th[rowspan]{position:sticky;left:0;z-index:1;background:var(--bg);
 text-align:left;white-space:normal;width:var(--first)}
.rt tbody th{font-weight:600}
.rt td b{display:block;font-size:1.15rem;line-height:1.1;font-weight:400}
.rt td small{font-size:.76rem}
@media(max-width:640px){.rt{--first:8rem}}
.rt-key{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.5rem 0 0;
 padding:0!important;color:var(--tx);font-size:.88rem}
.rt-key li{margin:0}
.rf{color:var(--tx);font-size:.92rem;line-height:1.45;max-height:26rem;overflow:auto}
.rf table{border-collapse:collapse;width:100%;margin:0}
.rf th,.rf td{border:0;border-bottom:1px solid var(--gd);padding:.35rem .9rem .35rem 0;
 text-align:left;vertical-align:top;overflow-wrap:anywhere}
.rf th{color:var(--qt);font-weight:400;font-size:.82rem}
.rf th,.rf td.rt-n,.rf td.rt-t{white-space:nowrap}.rf .rt-n{text-align:right}
@media(min-width:641px){.rf-w1{width:4.5rem}.rf-w2{width:9rem}.rf-w3{width:11rem}
.rf td.rt-w{min-width:8rem}}
.rf code{color:var(--bd);background:var(--pn);padding:.05rem .3rem;border-radius:.2rem;
 font-size:.9em;white-space:pre-wrap}
.rf i{color:var(--qt);font-style:normal}
@media(max-width:640px){.rf thead{display:none}.rf table,.rf tbody,.rf tr,.rf td{display:block}
.rf tr{border-bottom:1px solid var(--ln);padding:.4rem 0}.rf td{border:0;padding:.1rem 0}
.rf td[data-label]::before{content:attr(data-label);color:var(--qt);font-size:.82rem;
 display:inline-block;min-width:5.5em;margin-right:.5em}.rf .rt-n{text-align:left}}
"""


def grid(
    ledger: pa.Table, names: Mapping[str, str], title: str, lang: str, theme: str | None
) -> str:
    """One row per unit, one column per month of returns_ledger (one kind), newest month last.

    `names`: unit to name, in the order of the rows; `title` names the table to a screen reader.
    """
    colours = palette.of(theme)
    rows = ledger.to_pylist()
    months = sorted({row["month"] for row in rows})
    entries = {(row["unit_id"], row["month"]): row for row in rows}
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(_cell(entries.get((unit, month)), lang, colours) for month in months)
        + "</tr>"
        for unit, name in names.items()
    )
    narrowest = f"min-width:calc(var(--first) + {len(months)} * 3.6rem)"
    head = _head(months, lang)
    table = f'<table style="{narrowest}">{head}<tbody>{body}</tbody></table>'
    # It scrolls sideways on a narrow screen, so that the keyboard has to reach it; read from the
    # right, it opens on the newest month.
    frame = f'<div class="rt" role="region" tabindex="0" aria-label="{escape(title)}">'
    inside = f"{frame}{table}</div>{_key(lang, colours)}"
    return f'<style>{_CSS}</style><div style="{_style(colours)}">{inside}</div>'


def findings(rows: Sequence[Row], lang: str, theme: str | None) -> str:
    """One line per finding: row, field, the value as it stood, what is wrong and what to do.

    A row of None is about the whole file, a value of None an empty cell.
    """
    names = ("row", "field", "value", "message")
    labels = [text(f"returns.column.{name}", lang) for name in names]
    lines = [_finding(row, lang) for row in rows]
    kinds = [f"rf-w{place}" for place in range(1, len(names) + 1)]
    return _table(lines, labels, kinds, text("returns.findings_alt", lang), theme)


def questions(lines: Sequence[tuple[str, str, str]], lang: str, theme: str | None) -> str:
    """One line per question: who is asked, about which return, and what."""
    labels = [text(f"returns.column.{name}", lang) for name in ("unit_id", "return", "question")]
    cells = [[escape(cell) for cell in line] for line in lines]
    kinds = ["rf-w2", "rf-w2", "rf-w4"]
    return _table(cells, labels, kinds, text("returns.questions_title", lang), theme)


def revisions(table: pa.Table, titles: Mapping[str, str], lang: str, theme: str | None) -> str:
    """A table of texts (returns_words.revision_table) whose reasons can be read in full."""
    names = table.column_names
    labels = [titles[name] for name in names]
    lines = [[escape(str(row[name])) for name in names] for row in table.to_pylist()]
    kinds = [_KINDS.get(name, "") for name in names]
    return _table(lines, labels, kinds, text("returns.revisions_title", lang), theme)


# How a column stands: numbers to the right, short texts on one line, long ones never one letter
# wide.
_KINDS = dict.fromkeys(("first_print", "now", "difference", "versions"), "rt-n")
_KINDS |= dict.fromkeys(("unit_id", "reason"), "rt-w")
_KINDS |= dict.fromkeys(("month", "measure", "nature", "revised_on"), "rt-t")


def _finding(row: Row, lang: str) -> list[str]:
    whole, empty = (f"<i>{escape(_t(n, lang))}</i>" for n in ("whole_file", "empty_cell"))
    value = f"<code>{escape(row['value'])}</code>" if row["value"] else ""
    if row["row"] is not None and row["field"] and not value:
        value = empty
    number = whole if row["row"] is None else escape(str(row["row"]))
    return [number, escape(row["field"] or ""), value, escape(row["message"])]


def _table(
    lines: Sequence[Sequence[str]],
    labels: Sequence[str],
    kinds: Sequence[str],
    title: str,
    theme: str | None,
) -> str:
    """Lines of HTML cells under their labels; a list of cards on a narrow screen."""
    labels = [escape(label) for label in labels]
    heads = "".join(
        f'<th scope="col" class="{kind}">{label}</th>'
        for kind, label in zip(kinds, labels, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-label="{label}">{cell}</td>' if cell else "<td></td>"
            for kind, label, cell in zip(kinds, labels, line, strict=True)
        )
        + "</tr>"
        for line in lines
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    frame = f'<div class="rf" role="region" tabindex="0" aria-label="{escape(title)}">{table}</div>'
    return f'<style>{_CSS}</style><div style="{_style(palette.of(theme))}">{frame}</div>'


def _head(months: list[date], lang: str) -> str:
    years = "".join(
        f'<th scope="colgroup" colspan="{len(list(group))}">'
        f"{escape(_t('year', lang, year=year))}</th>"
        for year, group in groupby(months, key=lambda month: month.year)
    )
    cells = "".join(
        f'<th scope="col">{escape(_t(f"month_{month.month}", lang))}</th>' for month in months
    )
    unit = escape(_t("unit", lang))
    return f'<thead><tr><th rowspan="2" scope="col">{unit}</th>{years}</tr><tr>{cells}</tr></thead>'


def _cell(row: Row | None, lang: str, colours: Palette) -> str:
    if row is None:
        word = escape(_t("not_due", lang))
        return f'<td style="color:{colours.quiet}"><small>{word}</small></td>'
    shade = _colour(row["status"], colours)
    word, note = escape(cell_word(row, lang)), escape(cell_note(row, lang))
    mark = f'<b aria-hidden="true" style="color:{shade}">{SHAPES[row["status"]]}</b>'
    return f'<td title="{note}">{mark}<small>{word}</small></td>'


def _key(lang: str, colours: Palette) -> str:
    entries = "".join(
        f'<li><span aria-hidden="true" style="color:{_colour(status, colours)}">{shape}</span> '
        f"{escape(text(f'returns.key.{status}', lang))}</li>"
        for status, shape in SHAPES.items()
    )
    return f'<ul class="rt-key">{entries}</ul>'


def _colour(status: str, colours: Palette) -> str:
    return {
        "on_time": colours.good,
        "late": colours.warning,
        "missing": colours.bad,
        "revised": colours.primary,
        "awaiting_review": colours.quiet,
    }[status]


def _style(colours: Palette) -> str:
    named = (
        ("tx", colours.text),
        ("qt", colours.quiet),
        ("gd", colours.grid),
        ("bg", colours.background),
        ("ln", colours.line),
        ("pn", colours.panel),
        ("bd", colours.bad),
    )
    return ";".join(f"--{name}:{colour}" for name, colour in named)


def _t(name: str, lang: str, **values: object) -> str:
    return text(f"returns.grid.{name}", lang, **values)
