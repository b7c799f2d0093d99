"""Charts, tables, cards and places of the briefing: values as the queries gave them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex import store
from oneninex.briefing import phrases, sections, target_section
from oneninex.briefing.model import Card, Chart, Place, Row, Series, Table
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.domain.plan import Plan
from oneninex.figures import maps
from oneninex.figures.charts import target_words
from oneninex.figures.maps import geometry

# What the map is drawn on: divisions and water, where there are any.
Land = Mapping[str, Any]
MAP_HEIGHT = 470
CARDS = ("items_accepted", "acceptance_rate", "labeling_enterprises", "workers", "hq_datasets")
MONTHS = 13  # one more than a year, so that 同比 can be seen
STAGES = ("built", "registered", "traded")
UNIT_COLUMNS = ("unit", "kind", "accepted", "acceptance_rate", "workers", "datasets", "status")


def charts(asked: Asked) -> dict[str, Chart]:
    """Every chart that has something to show, by key."""
    drawn = [_trend(asked), _quality(asked), _targets(asked), _units(asked), _datasets(asked)]
    return {chart.key: chart for chart in drawn if chart.categories}


def tables(asked: Asked, looks: target_words.Looks) -> dict[str, Table]:
    """The tables by key."""
    made = [target_section.table(asked, looks), _unit_table(asked)]
    return {table.key: table for table in made}


def cards(asked: Asked) -> tuple[Card, ...]:
    """The five headline figures."""
    answer, lang = sections.figures(asked), asked.lang
    made = []
    for name in CARDS:
        row = answer.row(name)
        if row is None:
            continue
        now = row["value"] if row["month"] == asked.month else None
        told = [] if now is None else [each.text for each in sections.changes_of(asked, row)]
        if now is not None and name in sections.OUTPUT + sections.QUALITY:
            told[:0] = sections.days_so_far(asked)
        made.append(
            Card(row["name"], phrases.written(now, row, lang), (*told, *_standing(row, lang)))
        )
    return tuple(made)


def places(asked: Asked) -> tuple[Place, ...]:
    """The units with their accepted items of the month."""
    about = sections.figures(asked).row("items_accepted")
    answer = asked.at_month("indicator_by_unit", "unit_id", indicator_id="items_accepted")
    unit: Row = {"unit": about["unit"] if about else ""}
    return tuple(
        Place(
            row["unit_id"],
            row["name"],
            row["lon"],
            row["lat"],
            row["value"],
            phrases.written(row["value"], {**row, **unit}, asked.lang),
        )
        for row in answer.rows
    )


def land_of(asked: Asked, plan: Plan | None) -> Land:
    """What the map lies on; divisions that are in no GeoJSON file come from the snapshot."""
    if plan is None or plan.land["divisions"]:
        return plan.land if plan else {}
    rows = store.query("division_areas", snapshot=asked.snapshot, audience=asked.audience)
    return {**plan.land, "divisions": geometry.collection(rows.to_pylist())}


def unit_map(asked: Asked, land: Land) -> maps.Drawn:
    """The units on the divisions with their accepted items of the month."""
    lang = asked.lang
    answer = asked.at_month("indicator_by_unit", "unit_id", indicator_id="items_accepted")
    return maps.drawn(
        pa.Table.from_pylist(answer.rows),
        measure=text("briefing.column.accepted", lang),
        lang=lang,
        **land,
        unit=text("overview.items_unit", lang) if lang == "zh" else None,
        height=MAP_HEIGHT,
    )


def _standing(row: Row, lang: str) -> list[str]:
    if not row["units_due"]:
        return []
    counts = {"reported": row["units_reported"], "due": row["units_due"]}
    parts = [text("briefing.coverage", lang, **counts)]
    if row["status"] in ("P", "E"):
        parts.append(text(f"plan.status.{row['status']}", lang))
    return [text("briefing.comma", lang).join(parts)]


def _months(asked: Asked) -> list[Row]:
    rows = [row for row in asked("city_by_month", "month").rows if row["month"] <= asked.month]
    return rows[-MONTHS:]


def _category(asked: Asked, row: Row) -> str:
    """2026-10; of a running month with its days: 2026-11 (1–10)."""
    month = asked("months", "month").row(row["month"])
    if month is None or not month["running"] or not month["last_day"]:
        return f"{row['month']:%Y-%m}"
    return f"{row['month']:%Y-%m} (1–{month['last_day'].day})"


def _trend(asked: Asked) -> Chart:
    lang, rows = asked.lang, _months(asked)
    return Chart(
        "trend",
        text("briefing.chart.trend", lang),
        "column",
        tuple(_category(asked, row) for row in rows),
        (Series(text("briefing.column.accepted", lang), _values(rows, "accepted")),),
        "#,##0",
        "city_by_month",
        lang,
        text("briefing.chart_note.missing", lang),
    )


def _quality(asked: Asked) -> Chart:
    lang, rows = asked.lang, _months(asked)
    names = ("acceptance_rate", "first_pass_rate")
    return Chart(
        "quality",
        text("briefing.chart.quality", lang),
        "line",
        tuple(_category(asked, row) for row in rows),
        tuple(Series(text(f"briefing.column.{name}", lang), _values(rows, name)) for name in names),
        "0.0%",
        "city_by_month",
        lang,
        text("briefing.chart_note.axis", lang),
    )


def _targets(asked: Asked) -> Chart:
    """Done against time for the targets that are pro-rated; most urgent first."""
    lang = asked.lang
    rows = [
        row
        for row in target_section.ordered(asked)
        if target_words.judged(row) and not target_words.as_it_stands(row)
    ]
    return Chart(
        "targets",
        text("briefing.chart.targets", lang),
        "bar",
        tuple(target_words.title(row, lang) for row in rows),
        tuple(
            Series(text(f"briefing.column.{name}", lang), _values(rows, name))
            for name in ("done_share", "time_share")
        ),
        "0.0%",
        "targets_progress",
        lang,
    )


def _units(asked: Asked) -> Chart:
    lang = asked.lang
    found = asked.at_month("unit_summary", "unit_id").rows
    rows = sorted(found, key=lambda row: (-(row["accepted"] or -1), row["unit_id"]))
    return Chart(
        "units",
        text("briefing.chart.units", lang),
        "bar",
        tuple(row["name"] for row in rows),
        (Series(text("briefing.column.accepted", lang), _values(rows, "accepted")),),
        "#,##0",
        "unit_summary",
        lang,
        text("briefing.chart_note.missing", lang),
    )


def _datasets(asked: Asked) -> Chart:
    lang = asked.lang
    found = asked.at_month("dataset_pipeline", "sector", "stage")
    sectors = {row["sector"]: row["sector_name"] for row in found.rows}
    series = []
    for stage in STAGES:
        rows = [found.row(sector, stage) or {} for sector in sectors]
        series.append(Series(text(f"briefing.stage.{stage}", lang), _values(rows, "datasets")))
    return Chart(
        "datasets",
        text("briefing.chart.datasets", lang),
        "column",
        tuple(sectors.values()),
        tuple(series),
        "0",
        "dataset_pipeline",
        lang,
    )


def _unit_table(asked: Asked) -> Table:
    lang = asked.lang
    rows = asked.at_month("unit_summary", "unit_id").rows
    return Table(
        "units",
        text("briefing.table.units", lang),
        tuple(text(f"briefing.column.{name}", lang) for name in UNIT_COLUMNS),
        tuple(_unit_line(row, lang) for row in rows),
        (28, 16, 12, 13, 10, 10, 13),
    )


def _unit_line(row: Row, lang: str) -> tuple[str, ...]:
    def shown(column: str) -> str:
        if row[column] is None:
            return phrases.absent(row, lang)
        if column == "acceptance_rate":
            return formats.percent(row[column], lang)
        return formats.number(row[column], lang)

    kind = text(f"plan.kind.{row['kind']}", lang)
    status = text(f"plan.status.{row['status']}", lang)
    numbers = ("accepted", "acceptance_rate", "workers", "datasets")
    return (row["name"], kind, *(shown(column) for column in numbers), status)


def _values(rows: list[Row], column: str) -> tuple[Any, ...]:
    return tuple(row.get(column) for row in rows)
