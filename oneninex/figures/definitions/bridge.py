"""Why the accepted items changed: missing returns, working days, pace; the parts add up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from oneninex.core import formats
from oneninex.figures import words
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import State, Step, Tone, Waterfall

_TONES: Mapping[str, Tone] = {"missing": "none", "entered": "none", "calendar": "amber"}


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    rows = tables["output_bridge"]
    if len(rows) < 2:
        return Shown(view.t("figures.bridge.none"), {"steps": None})
    parts = [row for row in rows if row["step"] not in ("before", "now") and row["amount"]]
    shown = [rows[0], *parts, rows[-1]]
    written = words.signed([row["amount"] for row in shown], view.lang)
    base = tables["unit_ranking"][0]["base_month"]
    final = tables["unit_ranking"][0]["status"] != "P"
    steps = tuple(
        _step(row, said, view, base if row["step"] == "before" else scope["to_month"], final)
        for row, said in zip(shown, written, strict=True)
    )
    return Shown(statement(rows, view), {"steps": Waterfall(steps, height=150)})


def _step(row: Row, said: str, view: View, month: date, final: bool) -> Step:
    total = row["step"] in ("before", "now")
    name = (
        formats.short_month(month, view.lang) if total else view.t(f"figures.bridge.{row['step']}")
    )
    state: State = "missing" if row["step"] in ("missing", "entered") else "observed"
    if row["step"] == "now" and not final:
        state = "provisional"
    plus = "+" if not total and row["amount"] > 0 else ""
    tone = "fill" if total else _TONES.get(row["step"], "fill")
    return Step(name, plus + said, row["starts_at"], row["ends_at"], total, state, tone)


def _signed(amount: float, view: View) -> str:
    written = formats.number(abs(amount), view.lang)
    return f"+{written}" if amount > 0 else f"{formats.MINUS}{written}"


def statement(rows: Rows, view: View) -> str:
    """The parts of the change in one sentence."""
    amounts = {row["step"]: row["amount"] for row in rows}
    parts = [
        view.t(f"figures.bridge.part_{step}", amount=_signed(amounts[step], view))
        for step in ("missing", "entered", "calendar", "pace")
        if amounts.get(step)
    ]
    change = amounts["now"] - amounts["before"]
    return view.t(
        "figures.bridge.said",
        change=_signed(change, view),
        parts=view.t("figures.comma").join(parts) or view.t("figures.level"),
    )


FIGURE = Figure(
    "bridge",
    (Ask("output_bridge"), Ask("unit_ranking")),
    _build,
    "bridge.html",
    scope=("to_month", "against"),
    columns=(Column("step", "text"), Column("amount")),
)
