"""Two months or two units side by side, as HTML: values, difference and change, or why not."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.i18n import text
from oneninex.figures.charts import answers, withheld
from oneninex.figures.charts.overview import signed

Row = Mapping[str, Any]
HEADLINES = (
    "items_accepted", "labeling_enterprises", "hq_datasets", "workers", "acceptance_rate",
)  # fmt: skip
# The headlines and what they rest on; the table behind holds every indicator of the plan.
SHOWN = (*HEADLINES, "items_annotated", "first_pass_rate", "gold_accuracy", "labeling_revenue")
COLUMNS = (
    "name", "unit", "value", "status", "value_before", "before_status", "units_compared",
    "change", "relative", "reason", "suppressed",
)  # fmt: skip
_IN_POINTS = ("value", "value_before", "change")
_CSS = """
.sb{color:var(--tx);font-size:.95rem;line-height:1.45}
.sb table{width:100%;table-layout:fixed;border-collapse:collapse;margin:0}
.sb col:first-child{width:26%}
.sb th,.sb td{border:0;border-bottom:1px solid var(--ln);vertical-align:top;text-align:right;
 padding:.45rem 0 .45rem .8rem;overflow-wrap:anywhere}
.sb th[scope=row],.sb thead th:first-child{text-align:left;padding-left:0;font-weight:400}
.sb thead th{color:var(--qt);font-weight:400;font-size:.85rem}
.sb small{display:block;color:var(--qt);font-size:.82rem}.sb .sb-no{color:var(--qt)}
@media(max-width:760px){.sb thead,.sb colgroup{display:none}
.sb table,.sb tbody,.sb tr,.sb th,.sb td{display:block;width:auto}
.sb tr{border-bottom:1px solid var(--ln);padding:.5rem 0}
.sb th[scope=row]{border:0;padding:0;font-weight:600}
.sb td{border:0;padding:.1rem 0;display:flex;justify-content:space-between;gap:1rem}
.sb td::before{content:attr(data-label);color:var(--qt);font-size:.85rem;text-align:left}
.sb td>span{min-width:0}}
"""


def draw(rows: pa.Table, here: str, there: str, lang: str, theme: str | None) -> str:
    """The table; `rows` of side_by_side, localised, `here` and `there` the names of its sides."""
    colours = palette.of(theme)
    heads = (_t("pair_indicator", lang), here, there, *_last_heads(lang))
    first = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(_line(row, heads[1:], lang) for row in _shown(rows))
    named = {"tx": colours.text, "qt": colours.quiet, "ln": colours.line}
    style = ";".join(f"--{name}:{colour}" for name, colour in named.items())
    return (
        f'<style>{_CSS}</style><div class="sb" style="{style}"><table><colgroup>'
        f"{'<col>' * len(heads)}</colgroup><thead><tr>{first}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def describe(rows: pa.Table, here: str, there: str, lang: str, flow: str = "") -> str:
    """How the headlines of one side differ from the other's, and which cannot be compared.

    `flow`: the change of the accepted items with its cause, where the sides are 同比 or 环比.
    """
    headlines = [row for row in _shown(rows) if row["indicator_id"] in HEADLINES]
    told = [
        _t(
            "pair_one",
            lang,
            name=row["name"],
            change=flow
            if flow and row["indicator_id"] == "items_accepted"
            else _in_words(row, lang),
        )
        for row in headlines
        if row["change"] is not None
    ]
    apart = [row["name"] for row in headlines if row["change"] is None]
    parts = []
    if told:
        parts.append(
            _t(
                "pair_says",
                lang,
                here=here,
                there=there,
                listed=_t("pair_between", lang).join(told),
            )
        )
    if apart:
        names = formats.listing(apart, lang)
        parts.append(_t("pair_apart", lang, names=names))
    return answers.joined(lang, *parts)


def table(rows: pa.Table) -> pa.Table:
    """Every indicator with a value on a side or a reason why not; rates in per cent, as their
    unit says, and their differences in percentage points.
    """
    kept = []
    for row in rows.to_pylist():
        if row["status"] is None and row["before_status"] is None:
            continue
        times = 100 if row["unit"] == "%" else 1
        scaled = {
            name: None if row[name] is None else round(row[name] * times, 9) for name in _IN_POINTS
        }
        percent = None if row["relative"] is None else round(row["relative"] * 100, 9)
        kept.append({**{name: row[name] for name in COLUMNS}, **scaled, "relative": percent})
    return pa.Table.from_pylist(kept, schema=rows.select(list(COLUMNS)).schema)


def titles(here: str, there: str, lang: str) -> dict[str, str]:
    """Headings of the table: the sides by their names."""
    return {
        "name": _t("pair_indicator", lang),
        "value": here,
        "value_before": there,
        "status": _t("pair_status", lang, side=here),
        "before_status": _t("pair_status", lang, side=there),
        "units_compared": _t("pair_units_compared", lang),
        "change": _last_heads(lang)[0],
        "relative": _t("pair_percent", lang),
        "reason": _t("pair_why", lang),
    }


def codes(lang: str) -> dict[str, dict[str, str]]:
    """The words of the table's codes."""
    words = {status: text(f"plan.status.{status}", lang) for status in "APEMC"}
    reasons = {name: _t(f"pair_reason_{name}", lang) for name in REASONS}
    return {"status": words, "before_status": words, "reason": reasons}


REASONS = ("suppressed", "missing", "no_value", "other_units", "base_zero")


def _shown(rows: pa.Table) -> list[Row]:
    by_name = {row["indicator_id"]: row for row in rows.to_pylist()}
    return [by_name[name] for name in SHOWN if name in by_name]


def _line(row: Row, heads: tuple[str, ...], lang: str) -> str:
    cells = (
        _side(row, "value", "status", lang, _coverage(row, "", lang)),
        _side(row, "value_before", "before_status", lang, _coverage(row, "before_", lang)),
        *_last(row, lang),
    )
    pairs = zip(heads, cells, strict=True)
    shown = "".join(
        f'<td data-label="{escape(head)}"><span>{cell}</span></td>' for head, cell in pairs
    )
    return f'<tr><th scope="row">{escape(row["name"])}</th>{shown}</tr>'


def _side(row: Row, value: str, status: str, lang: str, coverage: str) -> str:
    """The value, or in words why there is none."""
    if row[value] is not None:
        return escape(formats.number(row[value], lang, unit=row["unit"])) + coverage
    word = _t("pair_not_due", lang)
    if row[status] == "C":
        word = withheld.word(lang)
    elif row[status] is not None:
        word = formats.missing(lang)
    return f'<span class="sb-no">{escape(word)}</span>'


def _coverage(row: Row, side: str, lang: str) -> str:
    reported, due = row[f"{side}units_reported"], row[f"{side}units_due"]
    if not due or due == 1 or reported is None:
        return ""
    return f"<small>{escape(_t('pair_units', lang, reported=reported, due=due))}</small>"


def _last(row: Row, lang: str) -> tuple[str, str]:
    """Difference and change in per cent, or the reason why there is none."""
    if row["change"] is None:
        why = escape(_t(f"pair_reason_{row['reason']}", lang))
        return f'<span class="sb-no">{why}</span>', '<span class="sb-no">—</span>'
    if row["unit"] == "%":
        return escape(formats.points(row["change"], lang)), "—"
    over = ""
    if row["units_compared"] not in (None, row["units_reported"]) or (
        row["units_compared"] not in (None, row["before_units_reported"])
    ):
        over = f"<small>{escape(_t('pair_over', lang, units=row['units_compared']))}</small>"
    relative = row["relative"]
    percent = _t("pair_reason_base_zero", lang)
    if relative is not None:
        percent = formats.change(1 + relative, 1, lang)
    return escape(_signed(row, lang)) + over, escape(percent)


def _signed(row: Row, lang: str) -> str:
    """A difference with its sign, in the indicator's unit."""
    size = formats.number(abs(row["change"]), lang, unit=row["unit"])
    sign = "+" if row["change"] > 0 else formats.MINUS if row["change"] < 0 else ""
    return f"{sign}{size}"


def _in_words(row: Row, lang: str) -> str:
    if row["unit"] == "%":
        return formats.points(row["change"], lang)
    if row["kind"] == "flow" and row["relative"] is not None:
        return formats.change(1 + row["relative"], 1, lang)
    return signed(row["change"], lang)


def _last_heads(lang: str) -> tuple[str, str]:
    return _t("pair_difference", lang), _t("pair_change", lang)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
