"""The register of targets and the count by state as HTML; every text is escaped."""

from collections.abc import Iterable

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text
from oneninex.figures.charts import target_arrival
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.target_words import Looks, Row

_COLUMNS = ("light", "target", "value", "share", "gap", "pace", "arrival")
# Reads as a table on a wide screen and as a card for each target on a narrow one.
_CSS = """
.tg{color:var(--tx);font-size:.95rem;line-height:1.45}
.tg-tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.2rem,1fr));gap:.6rem;
 list-style:none;margin:0;padding:0!important}
.tg-tiles li{border:1px solid var(--ln);border-radius:.4rem;padding:.5rem .75rem;margin:0}
.tg-tiles b{display:block;font-size:2.1rem;line-height:1.2;font-weight:650}
.tg-tiles small,.tg td small{display:block;color:var(--qt);font-size:.82rem}
.tg-word{display:inline-block}
.tg-mark{font-size:1.15em;margin-right:.3em}
.tg-bar{position:relative;display:block;height:.7rem;background:var(--gd);margin:.3rem 0;
 min-width:6rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.tg-bar i,.tg-bar u{position:absolute;display:block}
.tg-bar i{left:0;top:0;bottom:0}
.tg-bar u{top:-.2rem;bottom:-.2rem;width:3px;margin-left:-1.5px;background:var(--tx)}
.tg table{width:100%;table-layout:fixed;border-collapse:collapse;margin:0}
.tg col:nth-child(1){width:10%}.tg col:nth-child(2){width:17%}.tg col:nth-child(3){width:14%}
.tg col:nth-child(4){width:15%}.tg col:nth-child(5){width:9%}.tg col:nth-child(6){width:16%}
.tg col:nth-child(7){width:19%}
.tg th,.tg td{border:0;text-align:left;vertical-align:top;padding:.45rem .6rem .25rem 0}
.tg thead th{color:var(--qt);font-weight:400;font-size:.82rem;border-bottom:1px solid var(--ln)}
.tg tbody th{font-weight:600}.tg tbody th small{display:block;font-weight:400}
.tg .tg-light{white-space:nowrap}.tg summary{width:max-content;max-width:100%}
.tg tr.tg-more td{padding:0 0 .5rem;border-bottom:1px solid var(--ln)}
.tg summary{cursor:pointer;color:var(--qt);font-size:.82rem}
.tg dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:.3rem 0 .4rem;
 padding:0!important}
.tg dt{color:var(--qt)}.tg dd{margin:0;overflow-wrap:anywhere}.tg a{color:var(--pr)}
@media(max-width:760px){.tg thead,.tg colgroup{display:none}
.tg table,.tg tbody,.tg tr,.tg th,.tg td{display:block;width:auto}
.tg th,.tg td{padding:.15rem 0}.tg tr.tg-more td{margin-bottom:.6rem}
.tg td[data-label]::before{content:attr(data-label);color:var(--qt);font-size:.82rem;
 display:inline-block;min-width:6em;margin-right:.5em}
.tg td.tg-light::before{display:none}
.tg td small{display:inline;margin-left:.4em}.tg dl{grid-template-columns:1fr}}
"""


def tiles(states: pa.Table, term: Row, looks: Looks, lang: str, theme: str | None) -> str:
    """Time passed and the number of targets in each state, as shape, word and count."""
    colours = palette.of(theme)
    cells = [_term_tile(term, lang)]
    for row in states.to_pylist():
        shade = words.colour(row["state"], row["light"], looks, colours.quiet)
        head = _mark(words.sign(row["state"], row["light"], looks), shade)
        word = escape(words.state_word(row["state"], row["light"], looks, lang))
        note = escape(text(f"targets.note.{row['state']}", lang))
        count = escape(formats.exact(row["targets"], lang))
        cells.append(f"<li><b>{count}</b>{head}{_word(word)}<small>{note}</small></li>")
    return _wrapped(f'<ul class="tg-tiles">{"".join(cells)}</ul>', colours)


def register(targets: pa.Table, looks: Looks, lang: str, theme: str | None) -> str:
    """The targets of one plan, in the order given, with all that is known of each."""
    colours = palette.of(theme)
    heads = "".join(f'<th scope="col">{_t(f"targets.head.{name}", lang)}</th>' for name in _COLUMNS)
    rows = "".join(_entry(row, looks, lang, colours) for row in targets.to_pylist())
    columns = "<col>" * len(_COLUMNS)
    head = f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"
    return _wrapped(f"<table>{head}<tbody>{rows}</tbody></table>", colours)


def _term_tile(term: Row, lang: str) -> str:
    head = _t("targets.time", lang)
    if term["as_at"] is None:
        return f"<li><b>{escape(formats.missing(lang))}</b>{head}</li>"
    note = text(
        "targets.months_passed",
        lang,
        passed=formats.exact(round(term["months_passed"], 1), lang),
        total=term["months_total"],
    )
    share = escape(formats.percent(term["time_share"], lang))
    bar = _bar(term["time_share"], None, "var(--tx)")
    return f"<li><b>{share}</b>{head}{bar}<small>{escape(note)}</small></li>"


def _word(escaped: str) -> str:
    """A state's word, which begins with a capital where it stands alone."""
    return f'<span class="tg-word">{escaped}</span>'


def _entry(row: Row, looks: Looks, lang: str, colours: palette.Palette) -> str:
    shade = words.colour(row["state"], row["light"], looks, colours.quiet)
    light = _mark(words.sign(row["state"], row["light"], looks), shade)
    word = escape(words.state_word(row["state"], row["light"], looks, lang))
    separator = text("targets.separator", lang)
    due = text("targets.due", lang, goal=words.goal(row, lang), day=formats.day(row["due"], lang))
    value = escape(words.value(row, lang)) + _small(separator.join(words.standing(row, lang)))
    cells = [
        _cell("light", f"{light}{_word(word)}", lang, "tg-light"),
        f'<th scope="row">{escape(row["name"])}<small>{escape(due)}</small></th>',
        _cell("value", value, lang),
        _cell("share", _share(row, shade, lang), lang),
        _cell("gap", escape(words.gap(row, lang)), lang),
        _cell("pace", _pace(row, lang), lang),
        _cell("arrival", _arrival(row, lang), lang),
    ]
    return (
        f"<tr>{''.join(cells)}</tr>"
        f'<tr class="tg-more"><td colspan="{len(_COLUMNS)}">{_details(row, lang)}</td></tr>'
    )


def _share(row: Row, shade: str, lang: str) -> str:
    """Done against time, or why the two are not compared."""
    if not words.judged(row):
        return _t("targets.not_judged", lang)
    if words.as_it_stands(row):
        return _t("targets.direct", lang)
    done, time = row["done_share"], row["time_share"]
    both = text(
        "targets.shares",
        lang,
        done=formats.percent(done, lang),
        time=formats.percent(time, lang),
    )
    return _bar(done, time, shade) + escape(both)


def _pace(row: Row, lang: str) -> str:
    small = [words.recent(row, lang), words.catch_up(row, lang)]
    return escape(words.needed(row, lang)) + _small(
        text("targets.separator", lang).join(part for part in small if part)
    )


def _arrival(row: Row, lang: str) -> str:
    """How likely, then when; only when or why not where there is no probability."""
    said = escape(target_arrival.arrival(row, lang))
    likely = target_arrival.probability(row, lang)
    return f"{escape(likely)}<small>{said}</small>" if likely else said


def _details(row: Row, lang: str) -> str:
    office = row["lead_office"] or text("targets.not_stated", lang)
    summary = text("targets.summary_line", lang, office=office, baseline=words.baseline(row, lang))
    facts = {
        "sentence": escape(row["sentence"]),
        "source": _source(row["source"]),
        "lead_office": escape(office),
        "supporting": escape(row["supporting_offices"] or text("targets.not_stated", lang)),
        "baseline": escape(words.baseline(row, lang)),
        "coverage": escape(words.coverage(row, lang)),
        "growth": escape(target_arrival.growth(row, lang)),
        "basis": escape(target_arrival.basis(row, lang) or text("targets.not_judged", lang)),
    }
    listed = "".join(
        f"<dt>{_t(f'targets.fact.{name}', lang)}</dt><dd>{fact}</dd>"
        for name, fact in facts.items()
    )
    return f"<details><summary>{escape(summary)}</summary><dl>{listed}</dl></details>"


def _source(source: str) -> str:
    """A link where the source is an address on the web; anything else stands as it is."""
    shown = escape(source)
    if not source.startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" target="_blank">{shown}</a>'


def _bar(done: float, time: float | None, shade: str) -> str:
    full = max(0.0, min(done, 1.0)) * 100
    mark = "" if time is None else f'<u style="left:{time * 100:.1f}%"></u>'
    filled = f'<i style="width:{full:.1f}%;background:{shade}"></i>'
    return f'<span class="tg-bar" aria-hidden="true">{filled}{mark}</span>'


def _mark(sign: str, shade: str) -> str:
    return f'<span class="tg-mark" aria-hidden="true" style="color:{shade}">{sign}</span>'


def _cell(name: str, inside: str, lang: str, kind: str = "") -> str:
    label = _t(f"targets.head.{name}", lang)
    return f'<td data-label="{label}" class="{kind}">{inside}</td>'


def _small(words_: str) -> str:
    return f"<small>{escape(words_)}</small>" if words_ else ""


def _t(key: str, lang: str) -> str:
    return escape(text(key, lang))


def _wrapped(inside: str, colours: palette.Palette) -> str:
    named: Iterable[tuple[str, str]] = (
        ("tx", colours.text),
        ("qt", colours.quiet),
        ("ln", colours.line),
        ("gd", colours.grid),
        ("pr", colours.primary),
    )
    style = ";".join(f"--{name}:{colour}" for name, colour in named)
    return f'<style>{_CSS}</style><div class="tg" style="{style}">{inside}</div>'
