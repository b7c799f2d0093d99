"""What the planner may open a task about: targets, overdue returns, questions, free matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from oneninex.core import formats
from oneninex.figures.charts import target_words
from oneninex.ui.context import lang, query, t
from oneninex.ui.labels import localised, names

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Matter:
    """What a task starts from; `condition` as services.tasks.open_task takes it."""

    kind: str
    subject: str = ""
    ref: str = ""
    figure: str = ""
    owner: str = ""
    condition: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The words under which it is offered."""
        return self.subject or t("tasks.free")


def matters() -> dict[str, Matter]:
    """Key to matter: free first, then what needs a decision by urgency, questions, all targets."""
    targets = {r["target_id"]: r for r in localised(query("targets_progress")).to_pylist()}
    due = {(r["unit_id"], r["kind"], r["month"]): r for r in query("returns_ledger").to_pylist()}
    found = {"free": Matter("free")}
    for row in query("needs_decision").to_pylist():
        if row["kind"] == "target":
            target = targets.pop(row["target_id"])
            found |= _target(target, t("tasks.about_target", name=target["name"]))
        elif row["kind"] == "missing_return":
            found |= _return(due[row["unit_id"], row["return_kind"], row["month"]])
    found |= dict(_questions())
    for target in targets.values():
        found |= _target(target, target["name"])
    return found


def _target(row: Row, subject: str) -> dict[str, Matter]:
    figure = target_words.title(row, lang())
    if row["value"] is not None:
        gap = target_words.gap_in_words(row, lang())
        said = t("tasks.figure_target", value=target_words.value(row, lang()), gap=gap)
        figure = formats.listing([figure, said], lang())
    matter = Matter(
        "target",
        subject,
        row["target_id"],
        figure,
        row["lead_office_id"] or "",
        {"kind": "target", "ref": row["target_id"]},
    )
    return {f"target.{row['target_id']}": matter}


def _return(row: Row) -> dict[str, Matter]:
    kind, month, unit = row["kind"], row["month"], row["unit_id"]
    subject = t(
        "tasks.about_return",
        unit=names("units").get(unit, unit),
        month=formats.month(month, lang()),
        kind=t(f"plan.kind.{kind}"),
    )
    due = formats.day(row["due_on"], lang())
    figure = t("tasks.figure_return", due=due, days=row["days_late"])
    asked = {"kind": "return", "ref": kind, "unit_id": unit, "month": month}
    key = f"return.{unit}.{kind}.{month:%Y-%m}"
    return {key: Matter("return", subject, kind, figure, unit, asked)}


def _questions() -> Iterator[tuple[str, Matter]]:
    """Questions without a standing answer."""
    units = names("units")
    for row in query("questions").to_pylist():
        if row["answer"] == "stands":
            continue
        unit = row["unit_id"]
        subject = t(
            "tasks.about_question",
            unit=units.get(unit, unit),
            where=formats.month(row["month"], lang()) if row["month"] else row["subject"],
            measure=t(f"review.measure.{row['measure']}"),
        )
        figure = t(
            "tasks.figure_question",
            value=formats.number(row["value"], lang()),
            compared=formats.number(row["compared"], lang()),
        )
        name = row["question_id"]
        yield f"question.{name}", Matter("question", subject, name, figure, unit)
