"""Matters that ask for a decision: what, why, who, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from oneninex.core import formats
from oneninex.figures import words
from oneninex.figures.charts import target_words
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View

MOST = 4


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    found = matters(view, tables, scope)
    key = "figures.decisions.said" if found else "figures.decisions.none"
    said = view.t(key, count=len(found))
    return Shown(said, {"matters": found[:MOST], "total": len(found), "more": found[MOST:]})


def matters(view: View, tables: Tables, scope: Scope) -> list[dict[str, Any]]:
    """Every matter, most urgent first; a unit's missing returns are one of them."""
    goals = {row["target_id"]: row for row in tables["targets_progress"]}
    looks = {row["target_id"]: row for row in tables["target_outlook"]}
    risk = {row["target_id"]: place for place, row in enumerate(tables["target_outlook"])}
    marks = {row["target_id"]: row for row in tables["target_marks"]}
    ordered = sorted(tables["needs_decision"], key=_group)
    found: list[tuple[tuple[float, int], dict[str, Any]]] = []
    for (kind, _), group in groupby(ordered, key=_group):
        rows = list(group)
        severity = min(row["severity"] for row in rows)
        if kind == "target":
            target = rows[0]["target_id"]
            severity = 1 if looks[target]["worse"] == "red" else severity
            if looks[target]["progress"] == "on_schedule":
                severity = max(severity, 2.5)  # ahead of what is merely to be stated
            matter = _target(goals[target], looks[target], marks[target], tables, view, severity)
            found.append(((severity, risk[target]), matter))
        elif kind == "missing_return":
            found.append(((severity, 100), _missing(rows, view, severity)))
        else:
            found.append(((severity, 200), _findings(rows, view, severity)))
    found.sort(key=lambda each: each[0])
    return [matter for _, matter in found] + _unstated(tables["targets_progress"], view)


def _group(row: Row) -> tuple[str, str]:
    if row["kind"] == "target":
        return row["kind"], row["target_id"]
    return row["kind"], row["unit_id"] or "~"


def _matter(
    severity: float, title: str, said: Sequence[str], owner: str, due: str, go: tuple[str, str]
) -> dict[str, Any]:
    lamp = "red" if severity == 1 else "yellow" if severity < 3 else "none"
    return {
        "lamp": lamp,
        "title": title,
        "text": "".join(said),
        "owner": owner,
        "due": due,
        "address": go[0],
        "action": go[1],
    }


def _target(
    row: Row, look: Row, mark: Row, tables: Tables, view: View, severity: float
) -> dict[str, Any]:
    said = []
    if target_words.as_it_stands(row):
        gap = view.t("formats.points", value=formats.number(abs(row["gap_pp"]), view.lang, 1))
        value = words.amount(row["value"], row["unit"], view.lang)
        said.append(view.t("figures.decisions.below", value=value, gap=gap))
    else:
        left = words.amount(mark["goal"] - row["value"], row["unit"], view.lang)
        months = target_words.months_left(row)
        said.append(view.t("figures.decisions.left", left=left, months=months))
        said += _pace(row, look, view)
    said += _waiting(row, tables, view)
    return _matter(
        severity,
        view.t("figures.decisions.target", name=row["name"]),
        said,
        row["lead_office"] or view.t("figures.no_owner"),
        view.t("figures.decisions.until", day=view.month(row["due"])),
        (f"targets?target={row['target_id']}", view.t("figures.decisions.open")),
    )


def _pace(row: Row, look: Row, view: View) -> list[str]:
    needed, recent = look["needed_per_month"], row["recent_per_month"]
    if not needed:
        return []
    said = [view.t("figures.decisions.needed", amount=words.amount(needed, row["unit"], view.lang))]
    if recent is not None:
        pace = target_words.per_month(recent, row, view.lang)
        said.append(view.t("figures.decisions.recent", amount=pace))
    return [view.t("figures.comma").join(said) + view.t("figures.stop")]


def _waiting(row: Row, tables: Tables, view: View) -> list[str]:
    """Datasets that are evaluated and wait to be registered, by unit."""
    if row["indicator_id"] != "hq_datasets":
        return []
    waiting = Counter(
        each["unit_id"] for each in tables["dataset_list"] if each["stage"] == "evaluated"
    )
    if not waiting:
        return []
    unit, count = waiting.most_common(1)[0]
    if len(waiting) > 1:
        return [view.t("figures.decisions.waiting", count=sum(waiting.values()))]
    return [view.t("figures.decisions.waiting_unit", unit=view.unit(unit), count=count)]


def _missing(rows: Rows, view: View, severity: float) -> dict[str, Any]:
    kinds = sorted({view.kinds.get(row["return_kind"], row["return_kind"]) for row in rows})
    days = formats.number(max(row["amount"] for row in rows), view.lang)
    months = sorted({row["month"] for row in rows})
    return _matter(
        severity,
        view.t("figures.decisions.missing", unit=view.unit(rows[0]["unit_id"])),
        [
            view.t(
                "figures.decisions.missing_text",
                month=view.month(months[-1]),
                kinds=formats.listing(kinds, view.lang),
                count=len(rows),
                days=days,
            )
        ],
        view.unit(rows[0]["unit_id"]),
        "",
        (f"returns?kind={rows[0]['return_kind']}", view.t("figures.decisions.returns")),
    )


def _findings(rows: Rows, view: View, severity: float) -> dict[str, Any]:
    count = formats.number(sum(row["amount"] for row in rows), view.lang)
    unit = view.unit(rows[0]["unit_id"]) or view.t("overview.unknown_sender")
    return _matter(
        severity,
        view.t("figures.decisions.findings", unit=unit),
        [view.t("figures.decisions.findings_text", count=count)],
        unit,
        "",
        ("returns", view.t("figures.decisions.returns")),
    )


def _unstated(rows: Rows, view: View) -> list[dict[str, Any]]:
    """Targets without a number or without an office that answers for them, as one matter."""
    numbers = sum(1 for row in rows if not row["stated"])
    offices = sum(1 for row in rows if not row["lead_office"])
    if not numbers and not offices:
        return []
    parts = [("figures.decisions.no_number", numbers), ("figures.decisions.no_office", offices)]
    said = [view.t(key, count=count) for key, count in parts if count]
    return [
        _matter(
            3,
            view.t("figures.decisions.state"),
            [view.t("figures.list_stop", items=view.t("figures.semicolon").join(said))],
            view.t("figures.no_owner"),
            "",
            ("targets", view.t("figures.decisions.open")),
        )
    ]


FIGURE = Figure(
    "decisions",
    (
        Ask("needs_decision"),
        Ask("targets_progress"),
        Ask("target_outlook"),
        Ask("target_marks"),
        Ask("dataset_list"),
    ),
    _build,
    "decisions.html",
    columns=(
        Column("kind", "text"), Column("severity"), Column("target_id", "text"),
        Column("unit_id", "unit"), Column("return_kind", "text"), Column("month", "month"),
        Column("amount"), Column("probability", "percent"),
    ),
)  # fmt: skip
