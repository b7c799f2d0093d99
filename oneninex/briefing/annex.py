"""Every figure behind the briefing with its definition, coverage, status and source."""

from __future__ import annotations

from oneninex.briefing import phrases, sections
from oneninex.briefing.model import AnnexFigure, Row
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text


def figures(asked: Asked) -> tuple[AnnexFigure, ...]:
    """The city's indicators, then each one by unit, in the plan's order."""
    found = sections.figures(asked).rows
    about = {row["indicator_id"]: row for row in asked("indicators", "indicator_id").rows}
    city = [_city(asked, row, about[row["indicator_id"]]) for row in found]
    units = [each for row in found for each in _by_unit(asked, row, about[row["indicator_id"]])]
    return (*city, *units)


def _city(asked: Asked, row: Row, about: Row) -> AnnexFigure:
    lang = asked.lang
    missing = [each.text for each in phrases.missing_units(asked, row)]
    coverage = ""
    if row["units_due"]:
        counts = {"reported": row["units_reported"], "due": row["units_due"]}
        coverage = text("briefing.coverage", lang, **counts)
    return AnnexFigure(
        name=row["name"],
        scope=text("briefing.city", lang),
        period=row["month"],
        value=row["value"],
        unit=row["unit"],
        written=phrases.written(row["value"], row, lang),
        status=_status(row["status"], lang),
        coverage=coverage,
        missing=formats.listing(missing, lang),
        definition=row["definition"],
        query="comparable_indicators",
        source=_source(about, lang),
    )


def _by_unit(asked: Asked, row: Row, about: Row) -> list[AnnexFigure]:
    """One indicator in each unit, for the month of the city's value."""
    lang, month = asked.lang, row["month"]
    if month is None or not row["units_due"]:
        return []
    answer = asked("indicator_by_unit", "unit_id", indicator_id=row["indicator_id"], to_month=month)
    return [
        AnnexFigure(
            name=row["name"],
            scope=unit["name"],
            period=month,
            value=unit["value"],
            unit=row["unit"],
            written=phrases.written(unit["value"], {**unit, "unit": row["unit"]}, lang),
            status=_status(unit["status"], lang),
            coverage="",
            missing="",
            definition=row["definition"],
            query="indicator_by_unit",
            source=_source(about, lang),
        )
        for unit in answer.rows
    ]


def _status(status: str | None, lang: str) -> str:
    return text(f"plan.status.{status}", lang) if status else ""


def _source(about: Row, lang: str) -> str:
    kinds = about["source"].split(", ")
    return formats.listing([text(f"plan.kind.{kind}", lang) for kind in kinds], lang)
