"""Figures of the page "Is the chain whole?": the empty cells are the message."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import keys, text
from oneninex.figures import statements
from oneninex.figures.charts import heatmap_table, labelled_bars
from oneninex.figures.charts.cards import Card
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
Names = Mapping[str, str]
STAGES = ("planned", "built", "evaluated", "registered", "traded", "applied")
_NAMED = 6


def pipeline(table: pa.Table, lang: str, theme: str | None) -> str:
    """Sector × stage, the sectors of the plan first; `table`: dataset_pipeline, localised."""
    rows = table.to_pylist()
    most = max((row["datasets"] or 0 for row in rows), default=0)
    cells = {(row["sector"], row["stage"]): row for row in rows}
    sectors = {row["sector"]: row for row in rows}
    lines = [
        heatmap_table.Line(
            row["sector_name"],
            [_datasets(cells[sector, stage], most, lang) for stage in STAGES],
            _t("in_plan" if row["in_plan"] else "not_in_plan", lang),
        )
        for sector, row in sectors.items()
    ]
    return heatmap_table.grid([_t(f"stage_{stage}", lang) for stage in STAGES], lines, theme)


def describe_pipeline(table: pa.Table, lang: str) -> str:
    """Which stages no sector of the plan, or which of them, has reached."""
    rows = [row for row in table.to_pylist() if row["in_plan"]]
    if not rows or all(row["datasets"] is None for row in rows):
        return _t("pipeline_none", lang)
    applied = sum(row["datasets"] for row in rows if row["stage"] == "applied")
    built = sum(row["datasets"] for row in rows if row["stage"] == "built")
    empty = [
        _t("gap", lang, row=row["sector_name"], column=_t(f"stage_{row['stage']}", lang))
        for row in rows
        if row["datasets"] == 0
    ]
    gaps = _gaps(empty, lang, "pipeline_whole")
    return _t("pipeline_says", lang, built=built, applied=applied, gaps=gaps)


def with_names(table: pa.Table, lang: str) -> pa.Table:
    """dataset_pipeline with the column sector_name in the reader's language."""
    return table.append_column("sector_name", table.column(f"sector_{lang}"))


def chain(table: pa.Table, units: Names, lang: str, theme: str | None) -> str:
    """Unit × link; `table`: chain_coverage, with the names of the links in both languages."""
    rows = table.to_pylist()
    most = max((row["enterprises"] or 0 for row in rows), default=0)
    links = {row["link"]: row[f"link_{lang}"] for row in rows}
    cells = {(row["unit_id"], row["link"]): row["enterprises"] for row in rows}
    lines = [
        heatmap_table.Line(units[unit], [_count(cells[unit, link], most, lang) for link in links])
        for unit in dict.fromkeys(row["unit_id"] for row in rows)
    ]
    return heatmap_table.grid(list(links.values()), lines, theme, first="30%")


def describe_chain(table: pa.Table, units: Names, lang: str) -> str:
    """How many of the links each unit lacks, the link that most units lack first."""
    known = [row for row in table.to_pylist() if row["enterprises"] is not None]
    if not known:
        return _t("chain_none", lang)
    absent: dict[str, list[str]] = {}
    for row in known:
        if row["enterprises"] == 0:
            absent.setdefault(row[f"link_{lang}"], []).append(row["unit_id"])
    reporting = len({row["unit_id"] for row in known})
    parts = [
        _t("link_gap", lang, link=link, units=len(without))
        for link, without in sorted(absent.items(), key=lambda item: -len(item[1]))
    ]
    gaps = text("datasets.semicolon", lang).join(parts) or _t("chain_whole", lang)
    covered = len({row["link"] for row in known if row["enterprises"]})
    links = len({row["link"] for row in known})
    return _t("chain_says", lang, covered=covered, links=links, units=reporting, gaps=gaps)


def factory(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """The data factory's share of each measure; `table`: data_factory."""
    colours = palette.of(theme)
    bars = []
    for row in table.to_pylist():
        name = _measure(row, lang)
        told = _of_city(row, lang)
        words = formats.missing(lang) if row["share"] is None else told
        bars.append(
            labelled_bars.Bar(
                name, row["share"], words, f"<b>{name}</b><br>{told}", colours.primary
            )
        )
    return labelled_bars.figure(bars, lang, theme)


def describe_factory(table: pa.Table, lang: str) -> str:
    """The factory's share in what it makes, and where it is strongest."""
    known = [row for row in table.to_pylist() if row["share"] is not None]
    if not known:
        return _t("factory_none", lang)
    tops = statements.largest(known, lambda row: row["share"])
    first = known[0]
    said = {"first": _measure(first, lang), "first_share": formats.percent(first["share"], lang)}
    if not tops or len(tops) == len(known):  # one measure alone, or all alike
        return _t("factory_alone", lang, **said)
    return _t(
        "factory_says",
        lang,
        **said,
        top=formats.listing([_measure(row, lang) for row in tops], lang),
        top_share=formats.percent(tops[0]["share"], lang),
    )


def cards(summary: Row, factory_rows: pa.Table, slogan: Names, lang: str) -> list[Card]:
    """Factory, units, datasets, models and scenarios, gaps, each with a line below.

    `slogan`: part of the plan (factory, units, datasets) to what the plan calls it. A plan without
    a data factory has no card for it.
    """
    rows = {row["measure"]: row for row in factory_rows.to_pylist()}
    share = rows["datasets_built"]["share"] if "datasets_built" in rows else None
    counted = summary["built"] is not None
    gaps = _pair(summary["stages_empty"], summary["links_empty"], lang)
    factory = Card(
        _part("factory", slogan, lang),
        formats.percent(share, lang),
        notes=(_t("card_factory_note", lang),),
    )
    reported = f"{summary['units_reported']}/{summary['units_due']}"
    models = _pair(summary["models_served"], summary["scenarios"], lang)
    built, served = (
        (_t(f"card_{name}_note", lang, **summary),) if counted else ()
        for name in ("datasets", "models")
    )
    return [
        *([factory] if rows else []),
        Card(_part("units", slogan, lang), reported, notes=(_t("card_units_note", lang),)),
        Card(_part("datasets", slogan, lang), _plain(summary["built"], lang), notes=built),
        Card(_t("card_models", lang), models, notes=served),
        Card(_t("card_gaps", lang), gaps, notes=(_gap_note(summary, lang),)),
    ]


def _part(name: str, slogan: Names, lang: str) -> str:
    label = _t(f"card_{name}", lang)
    word = slogan.get(name)
    return _t("card_part", lang, word=word, label=label) if word else label


def listing(table: pa.Table, lang: str) -> pa.Table:
    """The datasets as people read them; `table`: dataset_list, localised."""
    rows = [
        {
            "title": row["title"],
            "sector": row["sector"],
            "stage": _t(f"stage_{row['stage']}", lang),
            "size_gb": row["size_gb"],
            "models_served": _of_applied(row, "models_served", lang),
            "scenario": row["scenario"] or _t("not_told", lang),
            "unit_id": row["unit_id"],
            "evaluation_rule": row["evaluation_rule"] or _t("not_told", lang),
            "dataset_id": row["dataset_id"],
        }
        for row in table.to_pylist()
    ]
    kinds = {"size_gb": pa.float64()}
    names = list(rows[0]) if rows else ["title"]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist(rows, schema)


def headings(lang: str) -> dict[str, str]:
    """Headings of the columns of this page's tables."""
    prefix = "datasets.column."
    return {
        key.removeprefix(prefix): text(key, lang) for key in keys(lang) if key.startswith(prefix)
    }


def covered(row: Row, which: str = "datasets") -> tuple[int, int, tuple[str, ...]]:
    """Units reported, due and missing for the registry of datasets or of enterprises (links)."""
    reported = row["units_reported" if which == "datasets" else "links_units"]
    missing = row["missing_units" if which == "datasets" else "links_missing"]
    return reported, row["units_due"], tuple(missing.split("|")) if missing else ()


def _datasets(row: Row, most: int, lang: str) -> heatmap_table.Cell:
    cell = _count(row["datasets"], most, lang)
    if cell.kind != "value" or row["size_gb"] is None:
        return cell
    size = formats.number(row["size_gb"], lang, unit="GB")
    return heatmap_table.Cell(cell.words, size, level=cell.level)


def _count(value: int | None, most: int, lang: str) -> heatmap_table.Cell:
    if value is None:
        return heatmap_table.Cell(formats.missing(lang), kind="missing")
    if value == 0:
        return heatmap_table.Cell(_t("empty", lang), kind="empty")
    return heatmap_table.Cell(formats.exact(value, lang), level=value / most)


def _gaps(empty: list[str], lang: str, whole: str) -> str:
    if not empty:
        return _t(whole, lang)
    listed = formats.listing(empty[:_NAMED], lang)
    more = _t("more", lang, more=len(empty) - _NAMED) if len(empty) > _NAMED else ""
    return _t("gaps", lang, count=len(empty), listed=listed, more=more)


def _measure(row: Row, lang: str) -> str:
    return _t(f"measure_{row['measure']}", lang)


def _of_city(row: Row, lang: str) -> str:
    unit = "TB" if row["measure"] == "dataset_volume" else None
    return _t(
        "of_city",
        lang,
        share=formats.percent(row["share"], lang),
        factory=formats.number(row["factory"], lang, unit=unit),
        city=formats.number(row["city"], lang, unit=unit),
    )


def _of_applied(row: Row, name: str, lang: str) -> str:
    if row["stage"] != "applied":
        return _t("not_applied", lang)
    return formats.exact(row[name], lang)


def _plain(value: int | None, lang: str) -> str:
    return formats.exact(value, lang)


def _pair(one: int | None, other: int | None, lang: str) -> str:
    if one is None and other is None:
        return formats.missing(lang)
    return f"{_plain(one, lang)} / {_plain(other, lang)}"


def _gap_note(summary: Row, lang: str) -> str:
    if summary["stages_empty"] is None and summary["links_empty"] is None:
        return ""
    return _t("card_gaps_note", lang, **summary)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"datasets.{key}", lang, **values)
