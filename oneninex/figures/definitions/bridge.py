"""Why the accepted items changed: working days, missing returns, work, mix, rate; they add up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from oneninex.core import formats
from oneninex.figures import statements, words
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import State, Step, Tone, Waterfall

COMPARISONS = {"period": "previous_month", "year": "previous_year"}
MEASURE = {"indicator_id": "items_accepted"}
_SMALL = 0.01  # of the totals: smaller parts are one column
_TONES: Mapping[str, Tone] = {"missing": "none", "entries": "none", "calendar": "amber"}


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    base = COMPARISONS[scope["against"] or "period"]
    rows = [row for row in tables["change_explained"] if row["comparison"] == base]
    joined, month = tables["january_february"], scope["to_month"]
    at = words.month_of(tables["months"], month)
    running = bool(at and at["running"])
    if joined or running:
        clauses = statements.flow_changes(
            rows, joined, MEASURE["indicator_id"], month, view.lang, running=running
        )
        said = view.t("figures.list_stop", items=statements.joined_words(clauses, view.lang))
        return Shown(words.sentence(said), {"steps": None})
    if not rows or rows[0]["change"] is None:
        return Shown(view.t("figures.bridge.none"), {"steps": None})
    final = not any(row["status"] == "P" for row in tables["unit_ranking"])
    return Shown(statement(rows, base, view), {"steps": _waterfall(rows, final, view)})


def _waterfall(rows: Rows, final: bool, view: View) -> Waterfall:
    """Both totals with the parts between them, each where the one before it ended.

    The sentence names every part; columns that nobody could see are one.
    """
    first = rows[0]
    least = _SMALL * max(abs(first["previous"]), abs(first["current"]))
    parts: list[Row] = [row for row in rows if abs(row["value"]) > least]
    if rest := sum(row["value"] for row in rows if abs(row["value"]) <= least):
        parts.append({"part": "rest", "value": rest})
    amounts = [first["previous"], *(row["value"] for row in parts), first["current"]]
    written = words.signed(amounts, view.lang)
    end: State = "observed" if final else "provisional"
    steps = [_total(written[0], first["previous"], view.lang, first["base_month"], "observed")]
    reached = first["previous"]
    for row, said in zip(parts, written[1:-1], strict=True):
        plus = "+" if row["value"] > 0 else ""
        state: State = "missing" if row["part"] in ("missing", "entries") else "observed"
        name = view.t(f"figures.bridge.{row['part']}")
        end_at = reached + row["value"]
        tone = _TONES.get(row["part"], "fill")
        steps.append(Step(name, plus + said, reached, end_at, False, state, tone))
        reached = end_at
    steps.append(_total(written[-1], first["current"], view.lang, first["month"], end))
    return Waterfall(tuple(steps), height=150)


def _total(said: str, amount: float, lang: str, month: date, state: State) -> Step:
    return Step(formats.short_month(month, lang), said, 0, amount, True, state)


def _signed(amount: float, view: View) -> str:
    written = formats.number(abs(amount), view.lang)
    return f"+{written}" if amount > 0 else f"{formats.MINUS}{written}"


def statement(rows: Rows, base: str, view: View) -> str:
    """The change like for like with its cause, and the parts of the whole change."""
    first = rows[0]
    parts = [
        view.t(f"figures.bridge.part_{row['part']}", amount=_signed(row["value"], view))
        for row in rows
        if row["value"]
    ]
    said = view.t(
        "figures.bridge.said",
        cause=statements.flow_change(rows, base, view.lang).text,
        change=_signed(first["change"], view) if first["change"] else view.t("figures.level"),
        parts=view.t("figures.comma").join(parts) or view.t("figures.level"),
    )
    return words.sentence(said)


FIGURE = Figure(
    "bridge",
    (
        Ask("change_explained", MEASURE, {"month": "to_month"}),
        Ask("january_february", MEASURE, {"month": "to_month"}),
        Ask("months"),
        Ask("unit_ranking"),
    ),
    _build,
    "bridge.html",
    scope=("to_month", "against"),
    columns=(
        Column("comparison", "text"), Column("part", "text"), Column("value"),
        Column("share", "percent"), Column("previous"), Column("current"),
    ),
)  # fmt: skip
