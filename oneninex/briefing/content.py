"""The content of a briefing, put together from the answers of one snapshot."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from oneninex.briefing import annex, chart_model, phrases, sections, target_section, task_section
from oneninex.briefing.model import Briefing, Vintage
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.theme import LIGHT
from oneninex.domain.plan import Plan
from oneninex.figures.charts.target_words import Looks
from oneninex.store import Snapshot, Store, StoreError
from oneninex.store.atomic_io import sha256_of

_SHORT = 12
_SHAPES = {"green": "circle", "yellow": "triangle", "red": "square"}
# What frames the content in every format.
_FRAME = (
    "masthead", "editor", "recipients", "demo", "page", "map_title", "map_note", "annex_title",
    "notes_title", "fonts", "missing_mark", "figures_title", "sentences_title", "contents",
)  # fmt: skip


def compose(
    snapshot: Snapshot,
    month: date,
    lang: str,
    *,
    audience: str = "planner",
    looks: Looks,
    plan: Plan | None = None,
) -> Briefing:
    """Everything that the documents of a month say, in one language, for one audience.

    The map lies on the divisions of `plan`; without a plan it shows the units alone.

    Raises StoreError for a month that the snapshot does not have, or an audience not served.
    """
    # A document is made with one position of the case log, and prints it.
    snapshot = Store(snapshot.manifest_path.parent.parent).pinned(snapshot)
    asked = Asked(snapshot, audience, lang, month)
    if asked("months", "month").row(month) is None:
        raise StoreError("briefing.no_such_month", month=f"{month:%Y-%m}", snapshot=snapshot.id)
    vintage = _vintage(asked)
    parts = (
        sections.output(asked),
        sections.quality(asked),
        sections.firms(asked),
        sections.datasets(asked),
        target_section.targets(asked, looks),
        sections.units(asked),
        target_section.decisions(asked, looks),
        task_section.tasks(asked),
        task_section.earlier_tasks(asked),
    )
    return Briefing(
        lang=lang,
        month=month,
        vintage=vintage,
        words=_frame(asked, vintage),
        sections=tuple(part for part in parts if part.sentences),
        cards=chart_model.cards(asked),
        charts=chart_model.charts(asked),
        tables=chart_model.tables(asked, looks),
        places=chart_model.places(asked),
        map=chart_model.unit_map(asked, chart_model.land_of(asked, plan)),
        notes=_notes(asked, vintage),
        annex=annex.figures(asked),
        looks={light: dict(look) for light, look in looks.items()},
    )


def looks_of(plan: Plan | None, lang: str) -> Looks:
    """Colour, shape and word of each light: the plan's, the catalogue's where it has none."""
    if plan is None:
        used = {"green": LIGHT.good, "yellow": LIGHT.warning, "red": LIGHT.bad}
        return {
            light: {
                "colour": used[light],
                "shape": shape,
                "word": text(f"ui.code.light.{light}", lang).split(" ", 1)[-1],
            }
            for light, shape in _SHAPES.items()
        }
    return {
        light: {
            "colour": look.colour,
            "shape": look.shape,
            "word": look.word_zh if lang == "zh" else look.word_en,
        }
        for light, look in plan.config.lights.looks.items()
    }


def _vintage(asked: Asked) -> Vintage:
    row = asked("snapshot_info", "snapshot").rows[0]
    snapshot = asked.snapshot
    made = snapshot.created_at.astimezone(ZoneInfo(row["timezone"]))
    return Vintage(
        snapshot.id,
        sha256_of(snapshot.manifest_path),
        made,
        row["cut_off"],
        row["demo"],
        asked.audience,
        snapshot.cases or 0,
    )


def _frame(asked: Asked, vintage: Vintage) -> dict[str, str]:
    lang, month = asked.lang, asked.month
    frame = {name: text(f"briefing.frame.{name}", lang) for name in _FRAME}
    frame["title"] = text("briefing.title", lang, month=formats.month(month, lang))
    frame["issue"] = text("briefing.issue", lang, year=month.year, number=month.month)
    frame["date"] = formats.day(vintage.created_at.date(), lang)
    frame["plan"] = asked("snapshot_info", "snapshot").rows[0]["name"]
    frame["vintage"] = text(
        "briefing.vintage",
        lang,
        snapshot=vintage.name,
        hash=vintage.sha256[:_SHORT],
        cut_off=formats.day(vintage.cut_off, lang),
    )
    frame["audience"] = text("briefing.audience", lang, audience=_reader(vintage.audience, lang))
    if not vintage.demo:
        frame["demo"] = ""
    return frame


def _reader(audience: str, lang: str) -> str:
    """The audience in words; a unit by its id."""
    kind, _, unit = audience.partition(":")
    return text(f"briefing.reader.{kind}", lang, unit=unit)


def _notes(asked: Asked, vintage: Vintage) -> tuple[str, ...]:
    """What a reader has to know: source, coverage, comparison, provisional months, rules."""
    lang = asked.lang
    info = asked("snapshot_info", "snapshot").rows[0]
    newest = asked("months", "month").row(asked.month)
    lines = [
        text(
            "briefing.note.source",
            lang,
            snapshot=vintage.name,
            created=formats.day(vintage.created_at.date(), lang),
            hash=vintage.sha256,
            cut_off=formats.day(vintage.cut_off, lang),
        ),
        text("briefing.note.compared", lang),
        text(
            "plan.light_rule",
            lang,
            green=formats.exact(info["light_green"], lang),
            yellow=formats.exact(info["light_yellow"], lang),
        ),
        text("briefing.note.missing", lang),
    ]
    if newest and newest["provisional"]:
        lines.insert(
            1, text("briefing.note.provisional", lang, month=formats.month(asked.month, lang))
        )
    if missing := _missing(asked):
        lines.insert(1, missing)
    return (*lines, *footnotes(asked))


def footnotes(asked: Asked) -> list[str]:
    """What senders said of unusual figures of the month that still stand."""
    lang = asked.lang
    found = asked("footnotes", "unit_id", "measure", from_month=asked.month, to_month=asked.month)
    said = []
    for row in found.rows:
        key = "review.footnote_reason" if row["reason"] else "review.footnote"
        said.append(
            text(
                key,
                lang,
                unit=asked.unit_name(row["unit_id"]),
                month=formats.month(row["month"], lang),
                measure=text(f"review.measure.{row['measure']}", lang),
                value=formats.number(row["value"], lang),
                reason=row["reason"],
            )
        )
    return said


def _missing(asked: Asked) -> str:
    row = asked("city_by_month", "month").row(asked.month)
    if row is None or not row["missing_units"]:
        return ""
    named = [each.text for each in phrases.missing_units(asked, row)]
    return text("briefing.note.units", asked.lang, units=formats.listing(named, asked.lang))
