"""The sections of the briefing: which sentences are said, each from the answer of a query."""

from __future__ import annotations

from datetime import date

from oneninex.briefing import phrases
from oneninex.briefing.model import Figure, Row, Section, Sentence
from oneninex.briefing.phrases import Phrase
from oneninex.briefing.query_session import Answer, Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures import statements

OUTPUT = ("items_accepted", "annotated_volume")
QUALITY = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")
FIRMS = (
    "labeling_enterprises", "labeling_revenue", "workers", "certified_annotators",
    "workstation_use",
)  # fmt: skip
DATASETS = ("hq_datasets", "datasets_traded", "dataset_trade_value", "models_served")
QUARTERLY = ("labeling_revenue",)
_MOVERS = 2  # units named for a change


def figures(asked: Asked) -> Answer:
    """The city's indicators as at the month, each compared like with like."""
    return asked.at_month("comparable_indicators", "indicator_id")


def output(asked: Asked) -> Section:
    """How much: the month, the year so far, and who moved the total."""
    asked.named.clear()
    said = [_indicator(asked, OUTPUT[0]), _year_to_date(asked, OUTPUT[0]), _movers(asked)]
    said += [_indicator(asked, OUTPUT[1]), _year_to_date(asked, OUTPUT[1])]
    return _section("output", said, asked)


def quality(asked: Asked) -> Section:
    """How good: rates, with changes in percentage points."""
    asked.named.clear()
    return _section("quality", [_indicator(asked, name) for name in QUALITY], asked)


def firms(asked: Asked) -> Section:
    """Who: enterprises, their revenue, people, seats."""
    asked.named.clear()
    return _section("firms", [_indicator(asked, name) for name in FIRMS], asked)


def datasets(asked: Asked) -> Section:
    """What came of it: datasets in all and by sector."""
    asked.named.clear()
    said = [_indicator(asked, name) for name in DATASETS]
    return _section("datasets", [said[0], _sectors(asked), *said[1:]], asked)


def units(asked: Asked) -> Section:
    """Where: how many reported, and the unit with most of the output."""
    return _section("units", [_reported(asked), _largest(asked)], asked)


def _section(key: str, said: list[Sentence | None], asked: Asked) -> Section:
    title = text(f"briefing.section.{key}", asked.lang)
    return Section(key, title, tuple(each for each in said if each))


def _indicator(asked: Asked, indicator: str) -> Sentence | None:
    """Value, who is in it, 同比 and 环比 of one indicator; None where nobody ever reported."""
    answer, lang = figures(asked), asked.lang
    row = answer.row(indicator)
    if row is None or row["month"] is None or (row["value"] is None and row["status"] != "C"):
        return None
    quarterly = indicator in QUARTERLY
    when = phrases.quarter(row["month"], lang) if quarterly else _when(asked, indicator, row)
    said = {"when": when, "name": row["name"], "value": phrases.value(answer, row, lang)}
    if not quarterly and row["month"] < asked.month:
        return phrases.sentence(
            "not_this_month", lang, **said, asked=phrases.month(asked.month, lang)
        )
    said["basis"] = phrases.basis(asked, answer, row)
    if row["value"] is None:
        return phrases.sentence("suppressed", lang, **said)
    changes = changes_of(asked, row)
    changes[0] = phrases.run_on([changes[0], phrases.compared(answer, row, lang)])
    kind = "stock" if row["kind"] in ("stock", "cumulative") else "flow"
    key = "cumulative" if row["kind"] == "cumulative" else kind
    if key in ("cumulative", "stock"):
        said["when"] = as_at(asked) if row["month"] == asked.month else _end(row["month"], lang)
    return phrases.sentence(
        key, lang, **said, changes=phrases.run_on(changes, text("statements.joint", lang))
    )


def changes_of(asked: Asked, row: Row) -> list[Phrase]:
    """Return 同比 and 环比 of an indicator; those of a flow name their main cause."""
    answer, lang, indicator = figures(asked), asked.lang, row["indicator_id"]
    step = "quarter" if indicator in QUARTERLY else "month"
    if indicator in OUTPUT + QUALITY and row["month"] == asked.month and _days(asked):
        return [Phrase(text("statements.running", lang))]
    plain = [phrases.change(answer, row, base, lang, step) for base in ("year", "period")]
    if indicator not in statements.FLOWS or row["month"] != asked.month:
        return plain
    explained = asked(
        "change_explained", "indicator_id", "comparison", "part", month=asked.month
    )  # fmt: skip
    joined = asked("january_february", "indicator_id", "month", month=asked.month)
    if any(each["indicator_id"] == indicator for each in (*explained.rows, *joined.rows)):
        said = statements.flow_changes(explained.rows, joined.rows, indicator, asked.month, lang)
        return [phrases.clause(each, explained, joined) for each in said]
    return [plain[0], _with_days(row, plain[1], explained, lang)]


def _with_days(row: Row, change: Phrase, explained: Answer, lang: str) -> Phrase:
    """The change on last month with working days as its cause, where they are the main one."""
    days = next((r for r in explained.rows if r["comparison"] == "previous_month"), None)
    if days is None or not change.figures or not row["before_period"]:
        return change
    said = statements.calendar_alone(row["now_period"], row["before_period"], days, lang)
    return phrases.run_on([phrases.clause(said, explained), change])


def _when(asked: Asked, indicator: str, row: Row) -> Phrase:
    """The month, or its days where nobody has the whole of it."""
    if indicator in OUTPUT + QUALITY and row["month"] == asked.month:
        return _days(asked) or phrases.month(row["month"], asked.lang)
    return phrases.month(row["month"], asked.lang)


def _days(asked: Asked) -> Phrase | None:
    """2026年11月1—10日 for a running month, None for any other."""
    month = asked("months", "month").row(asked.month)
    if month is None or not month["running"]:
        return None
    told = statements.period(month, asked.lang)
    return Phrase(told, (Figure(told, "period", ()),))


def days_so_far(asked: Asked) -> list[str]:
    """The days of a running month as the line of a card, nothing for any other."""
    found = _days(asked)
    return [found.text] if found else []


def as_at(asked: Asked) -> Phrase:
    """The end of the briefing's month, or its newest day while it is running."""
    month = asked("months", "month").row(asked.month)
    assert month is not None
    told = statements.as_at(month, asked.lang)
    return Phrase(told, (Figure(told, "period", ()),))


def _year_to_date(asked: Asked, indicator: str) -> Sentence | None:
    """What has added up since January, against the same months of last year."""
    answer, lang = asked.at_month("year_to_date", "indicator_id"), asked.lang
    row, about = answer.row(indicator), figures(asked).row(indicator)
    if row is None or about is None or row["value"] is None or row["since"] == row["month"]:
        return None
    row = {**row, "unit": about["unit"], "kind": about["kind"]}
    return phrases.sentence(
        "year_to_date",
        lang,
        span=_span(asked, row["since"], row["month"]),
        name=about["name"],
        value=phrases.value(answer, row, lang),
        basis=phrases.basis_of_sum(answer, row, lang),
        changes=phrases.run_on(
            [phrases.change(answer, row, "year", lang), phrases.compared(answer, row, lang)]
        ),
    )


def _end(month: date, lang: str) -> Phrase:
    told = text("statements.end_of", lang, month=formats.month(month, lang))
    return Phrase(told, (Figure(told, "period", ()),))


def _span(asked: Asked, first: date, last: date) -> Phrase:
    """2026年1—10月 / Jan–Oct 2026; with its newest day where the last month is running."""
    lang, month = asked.lang, asked("months", "month").row(last)
    if month and month["running"] and month["last_day"]:
        ends = {"first": formats.day(first, lang), "last": formats.day(month["last_day"], lang)}
        told = text("briefing.span_days", lang, **ends)
        return Phrase(told, (Figure(told, "period", ()),))
    ends = [first.month, last.month]
    if lang == "en":
        ends = [formats.month(each, lang).split(" ")[0] for each in (first, last)]
    told = text("briefing.span", lang, first=ends[0], last=ends[1], year=last.year)
    return Phrase(told, (Figure(told, "period", ()),))


def _movers(asked: Asked) -> Sentence | None:
    """Which two units moved the total most in its own direction, and by how much of it."""
    answer, lang = asked.at_month("like_for_like", "unit_id", against="period"), asked.lang
    about = figures(asked).row("items_accepted")
    joined = asked("january_february", "indicator_id", "month", month=asked.month)
    if about is None or not answer.rows or not answer.rows[0]["city_change"] or joined.rows:
        return None
    city = answer.rows[0]["city_change"]
    same = [row for row in answer.rows if row["change"] and (row["change"] > 0) == (city > 0)]
    same.sort(key=lambda row: (-abs(row["change"]), row["unit_id"]))
    if not same:
        return None
    way = "rise" if city > 0 else "fall"
    amount = _moved(answer, answer.rows[0], "city_change", about, lang)
    if len(same) > _MOVERS and same[_MOVERS - 1]["change"] == same[_MOVERS]["change"]:
        return phrases.sentence(f"moved_{way}", lang, amount=amount)  # nobody stands out
    parts = [_mover(asked, answer, row, about, way) for row in same[:_MOVERS]]
    listed = phrases.joined(parts, lang)
    return phrases.sentence(f"movers_{way}", lang, amount=amount, parts=listed)


def _mover(asked: Asked, answer: Answer, row: Row, about: Row, way: str) -> Phrase:
    lang = asked.lang
    unit = phrases.name(asked, row["unit_id"])
    amount = _moved(answer, row, "change", about, lang)
    if row["share_of_change"] is None:  # units moved both ways: no part is a share of the sum
        said = text(f"briefing.mover_{way}_plain", lang, unit=unit.text, amount=amount.text)
        return Phrase(said, (*unit.figures, *amount.figures))
    part = phrases.share(answer, row, "share_of_change", lang)
    said = text(f"briefing.mover_{way}", lang, unit=unit.text, amount=amount.text, share=part.text)
    return Phrase(said, (*unit.figures, *amount.figures, *part.figures))


def _moved(answer: Answer, row: Row, column: str, about: Row, lang: str) -> Phrase:
    told = phrases.written(abs(row[column]), about, lang)
    return Phrase(told, (Figure(told, "size", (answer.cell(row, column),)),))


def _sectors(asked: Asked) -> Sentence | None:
    """How many datasets each of the plan's sectors has built."""
    answer, lang = asked.at_month("dataset_pipeline", "sector", "stage"), asked.lang
    built = [row for row in answer.rows if row["stage"] == "built" and row["in_plan"]]
    if not built or all(row["datasets"] is None for row in built):
        return None
    parts = []
    for row in built:
        count = phrases.plain(answer, row, "datasets", lang)
        if row["datasets"] is None:
            count = Phrase(phrases.absent(row, lang))
        said = text("briefing.sector_count", lang, sector=row["sector_name"], count=count.text)
        parts.append(Phrase(said, count.figures))
    return phrases.sentence("sectors", lang, parts=phrases.listed(parts, lang))


def _reported(asked: Asked) -> Sentence | None:
    """How many units sent labeling for the month, and who did not."""
    answer, lang = asked("city_by_month", "month"), asked.lang
    row = answer.row(asked.month)
    if row is None:
        return None
    reported = phrases.plain(answer, row, "units_reported", lang)
    due = phrases.plain(answer, row, "units_due", lang)
    missing = phrases.missing_units(asked, row)
    if row["partial_units"]:
        return _reported_part(asked, answer, row, missing)
    key = "reported_some" if missing else "reported_all"
    return phrases.sentence(
        key,
        lang,
        when=phrases.month(asked.month, lang),
        reported=reported,
        due=due,
        missing=phrases.listed(missing, lang),
    )


def _reported_part(asked: Asked, answer: Answer, row: Row, missing: list[Phrase]) -> Sentence:
    """Coverage where some units sent only part of the month: never called complete."""
    lang = asked.lang
    partial = [phrases.name(asked, unit) for unit in row["partial_units"].split("|")]
    absent = phrases.listed(missing, lang)
    words = text("briefing.missing_too", lang, units=absent.text) if missing else ""
    if days := _days(asked):
        return phrases.sentence(
            "reported_running",
            lang,
            when=days,
            reported=phrases.plain(answer, row, "units_reported", lang),
            due=phrases.plain(answer, row, "units_due", lang),
            missing=Phrase(words, absent.figures),
        )
    span = asked("period_coverage", "unit_id", from_month=asked.month, to_month=asked.month,
                 kind="labeling_daily")  # fmt: skip
    spans = [each for each in span.rows if each["unit_id"] in row["partial_units"].split("|")]
    ends = {
        "first_day": min(each["first_day"] for each in spans),
        "last_day": max(each["last_day"] for each in spans),
    }
    told = statements.days_of_month(ends, lang)
    return phrases.sentence(
        "reported_part",
        lang,
        when=phrases.month(asked.month, lang),
        reported=phrases.plain(answer, row, "units_reported", lang),
        due=phrases.plain(answer, row, "units_due", lang),
        missing=Phrase(words, absent.figures),
        whole=phrases.plain(answer, row, "units_whole", lang),
        partial=phrases.listed(partial, lang),
        span=Phrase(told, (Figure(told, "period", ()),)),
    )


def _largest(asked: Asked) -> Sentence | None:
    """The unit with most accepted items; no ranking beyond it, for units are unlike."""
    answer, lang = asked.at_month("indicator_by_unit", "unit_id"), asked.lang
    # With a value withheld nobody can say which is the largest, and its absence would tell.
    if any(row["status"] == "C" for row in answer.rows):
        return None
    known = [row for row in answer.rows if row["value"] and row["whole"]]
    about = figures(asked).row("items_accepted")
    if not known or about is None or about["month"] != asked.month or not about["value"]:
        return None
    most = statements.largest(known, lambda each: each["value"])
    if not most or len(most) == len(known):
        return None  # one unit alone, or all alike: there is no largest
    row = most[0]
    if len(most) > 1:
        return phrases.sentence(
            "largest_tied",
            lang,
            units=phrases.listed([phrases.name(asked, each["unit_id"]) for each in most], lang),
            amount=phrases.value(answer, {**row, "unit": about["unit"]}, lang),
        )
    amount = phrases.value(answer, {**row, "unit": about["unit"]}, lang)
    part = formats.percent(row["value"] / about["value"], lang)
    cells = (answer.cell(row, "value"), figures(asked).cell(about, "value"))
    return phrases.sentence(
        "largest",
        lang,
        unit=phrases.name(asked, row["unit_id"]),
        amount=amount,
        share=Phrase(part, (Figure(part, "part", cells),)),
    )
