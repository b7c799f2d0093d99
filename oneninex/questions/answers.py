"""Answers of named queries to what a question asks, in one sentence.

One `Session` (audience and snapshot) asks the queries, so an answer shows what that audience sees
anywhere else. A value that is withheld or missing is said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.questions.periods import Period
from oneninex.questions.reading import Declined, Understanding, understand
from oneninex.questions.vocabulary import Vocabulary
from oneninex.store import Snapshot

Row = dict[str, Any]
_PERCENT = "%"
_QUARTERLY = {"labeling_revenue", "labeling_revenue_growth"}
_RATES = ("ratio", "growth")
_LINKS = {
    "value": "throughput", "change": "overview", "yoy": "overview", "why": "overview",
    "target": "targets", "outlook": "targets", "lights": "targets", "missing": "returns",
    "compare": "units", "rank": "units",
}  # fmt: skip


@dataclass(frozen=True)
class Session:
    """An audience's view of one snapshot: all that a question may ask."""

    snapshot: Snapshot
    audience: str = "planner"

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Return the rows of a named query."""
        table = store.query(query, snapshot=self.snapshot, audience=self.audience, **parameters)
        return table.to_pylist()


@dataclass(frozen=True)
class Answer:
    """An answered question: the sentence, the figure in it, and how the question was understood."""

    understood: Mapping[str, Any]
    sentence: str
    value: float | None
    unit: str | None
    coverage: str | None
    status: str | None
    snapshot: int
    link: str
    rows: list[Row] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return the answer as the JSON of `ask --json`."""
        return {
            "understood": dict(self.understood),
            "answer": self.sentence,
            "value": self.value,
            "unit": self.unit,
            "coverage": self.coverage,
            "status": self.status,
            "snapshot": self.snapshot,
            "link": self.link,
        }


def answer(question: str, session: Session, vocabulary: Vocabulary, lang: str) -> Answer | Declined:
    """Read a question and answer it; Declined where it cannot be read or has no answer."""
    info = session.rows("snapshot_info")[0]
    months = [row["month"] for row in session.rows("months")]
    if not months:
        return Declined("no_data")
    understood = understand(question, vocabulary, newest=max(months), today=info["today"])
    if isinstance(understood, Declined):
        return understood
    return _Answering(session, understood, lang, max(months)).answer()


class _Answering:
    """One question on its way to an answer."""

    def __init__(
        self, session: Session, understood: Understanding, lang: str, newest: date
    ) -> None:
        self.session, self.asked, self.lang, self.newest = session, understood, lang, newest
        self.units = {row["unit_id"]: row[f"name_{lang}"] for row in session.rows("units")}
        measures = session.rows("indicators")
        self.measure: Row = next(
            (row for row in measures if row["indicator_id"] == understood.measure), {}
        )
        self.months = session.rows("months")
        whole = [row["month"] for row in self.months if not row["running"]]
        self.month = max(whole) if whole else newest
        period = understood.period or Period(self.month, self.month)
        if period.first <= newest < period.last:  # only the months that there are
            period = Period(period.first, newest, "span")
        self.period = period

    def answer(self) -> Answer | Declined:
        """Return the answer by what is asked."""
        kinds: dict[str, Callable[[], Answer | Declined]] = {
            "value": self._value,
            "change": lambda: self._change("previous_month"),
            "yoy": lambda: self._change("previous_year"),
            "why": self._why,
            "target": self._target,
            "outlook": self._outlook,
            "lights": self._lights,
            "missing": self._missing,
            "compare": self._compare,
            "rank": self._rank,
        }
        if self.period.first > self.newest:
            return Declined("no_such_month", (self._period_words(),))
        return kinds[self.asked.what]()

    # What is asked

    def _value(self) -> Answer | Declined:
        place = self._place()
        rows = self._series(place)
        if not rows:
            return Declined("no_values", (self._name(),))
        if len(rows) == 1 or self.measure["kind"] in ("stock", "cumulative", "capacity"):
            row = rows[-1]
            return self._told("value", row["value"], row, place=self._place_name(place))
        if self.measure["kind"] in _RATES:
            return Declined("one_month_only", (self._name(),))
        values = [row["value"] for row in rows if row["value"] is not None]
        if not values:
            return self._told("value", None, rows[-1], place=self._place_name(place))
        missing = sum(row["value"] is None for row in rows)
        total = {**rows[-1], "value": sum(values)}
        key = "sum_with_gaps" if missing else "sum"
        return self._told(key, total["value"], total, place=self._place_name(place), gaps=missing)

    def _change(self, comparison: str) -> Answer | Declined:
        place = self._place()
        month = self.period.last
        rows = self._series(place, Period(month, month))
        if rows and self._of_labeling() and self._running(month):
            return self._told(
                "flow", None, rows[-1], place=self._place_name(place),
                now_words=self._number(rows[-1]["value"], rows[-1].get("status")),
                changes=text("statements.running", self.lang),
            )  # fmt: skip
        is_flow = self.measure["indicator_id"] in statements.FLOWS
        if rows and is_flow and (found := self._flow(place, comparison, rows[-1])):
            return found
        base_month = _before(month, 12 if comparison == "previous_year" else self._step())
        bases = self._series(place, Period(base_month, base_month))
        now = rows[-1]["value"] if rows else None
        before = bases[-1]["value"] if bases else None
        last = rows[-1] if rows else {}
        names: dict[str, Any] = {
            "place": self._place_name(place),
            "base": formats.month(base_month, self.lang),
        }
        if now is None or before is None:
            return self._told("no_change", None, last, **names)
        parts = self._parts(place, month, comparison)
        alike = self._like_for_like(parts, last, bases[-1])
        if parts and parts[0]["value_compared"] is None:
            return self._told("no_change", None, last, **names)
        if not self._comparable(place, (month, base_month)):
            alike = self._alike_in_city(comparison) if place == "city" else None
            if alike is None:
                return self._told("no_change", None, last, **names)
        words = self._change_words(*(alike or (now, before)))
        if alike:
            words = self._t("like_for_like", change=words)
        cause = self._cause(parts)
        shown = self._number(now)
        return self._told(
            "change", now - before, last, now_words=shown, change=words, cause=cause, **names
        )

    def _flow(self, place: str, comparison: str, last: Row) -> Answer | None:
        """The change of a flow with its cause, in the words of every other surface."""
        measure, month = self.measure["indicator_id"], self.period.last
        unit = None if place == "city" else place
        chosen = {"month": month, "unit_id": unit, "indicator_id": measure}
        explained = self.session.rows("change_explained", **chosen)
        joined = self.session.rows("january_february", **chosen)
        clauses = statements.flow_changes(explained, joined, measure, month, self.lang)
        parts = [row for row in explained if row["comparison"] == comparison]
        if not joined and not parts:
            return None
        if not joined:
            clauses = [statements.flow_change(parts, comparison, self.lang)]
        now, before = (
            (joined[0]["current"], joined[0]["previous"])
            if joined
            else (parts[0]["value_compared"], parts[0]["value_compared_before"])
        )
        difference = None if None in (now, before) else now - before
        return self._told(
            "flow", difference, last, rows=joined or parts, place=self._place_name(place),
            now_words=self._number(last.get("value"), last.get("status")),
            changes=statements.joined_words(clauses, self.lang),
        )  # fmt: skip

    def _comparable(self, place: str, months: tuple[date, date]) -> bool:
        """Check that a flow without parts compares the same units over whole months."""
        if self.measure["indicator_id"] not in statements.FLOWS:
            return True
        sides = []
        for month in months:
            rows = self.session.rows(
                "period_coverage", from_month=month, to_month=month, kind="labeling_daily"
            )
            there = {row["unit_id"]: row["whole"] for row in rows if row["first_day"]}
            sides.append({u: w for u, w in there.items() if place in ("city", u)})
        return sides[0] == sides[1] and all(sides[0].values())

    def _alike_in_city(self, comparison: str) -> tuple[float, float] | None:
        """Return the city's values over the units that have both months whole."""
        (row,) = self.session.rows(
            "comparable_indicators",
            to_month=self.period.last,
            indicator_id=self.measure["indicator_id"],
        )
        base = "year" if comparison == "previous_year" else "period"
        values = row[f"now_{base}"], row[f"before_{base}"]
        return None if None in values else values

    def _why(self) -> Answer | Declined:
        place, month = self._place(), self.period.last
        parts = self._parts(place, month, "previous_month")
        if not any(row["value"] for row in parts) and not self._running(month):
            return Declined("no_cause", (self._name(),))
        return self._change("previous_month")

    def _target(self) -> Answer | Declined:
        rows = self._targets()
        if not rows:
            return Declined("no_target", (self._name(),))
        row = rows[0]
        state = self._t(f"state_{row['progress']}")
        values: dict[str, Any] = {
            "target": self._number(row["target"]),
            "now": self._number(row["value"]),
            "state": state,
            "due": formats.day(row["due"], self.lang),
        }
        key = "target" if row["target"] is not None else "target_not_stated"
        if row["gap_pp"] is not None and row["progress"] in ("behind", "far_behind", "on_schedule"):
            values["gap"] = formats.gap(row["gap_pp"], self.lang)
            key = "target_gap"
        return self._told(key, row["value"], row, rows=rows, **values)

    def _outlook(self) -> Answer | Declined:
        rows = self._targets()
        if not rows:
            return Declined("no_target", (self._name(),))
        row = rows[0]
        values: dict[str, Any] = {
            "due": formats.day(row["due"], self.lang),
            "target": self._number(row["target"]),
        }
        if row["probability"] is None:
            reason = self._t(f"state_{row['reason'] or row['outlook']}")
            return self._told("outlook_none", None, row, rows=rows, reason=reason, **values)
        chance = self._chance(row)
        outlook = self._t(f"state_{row['outlook']}")
        return self._told(
            "outlook", row["probability"], row, rows=rows, chance=chance, outlook=outlook, **values
        )

    def _lights(self) -> Answer | Declined:
        rows = self.session.rows("target_outlook")
        red = [row[f"name_{self.lang}"] for row in rows if row["worse"] == "red"]
        yellow = [row[f"name_{self.lang}"] for row in rows if row["worse"] == "yellow"]
        key = "lights" if red or yellow else "lights_none"
        none = self._t("none")
        return self._told(
            key, float(len(red) + len(yellow)), {}, rows=rows,
            red=formats.listing(red, self.lang) if red else none,
            yellow=formats.listing(yellow, self.lang) if yellow else none,
            red_count=len(red), yellow_count=len(yellow),
        )  # fmt: skip

    def _missing(self) -> Answer | Declined:
        month = self.period.last if self.asked.period else self.newest
        rows = self.session.rows("returns_ledger", from_month=month, to_month=month)
        places = [place for place in self.asked.places if place != "city"]
        late = [
            row for row in rows
            if row["status"] == "missing" and (not places or row["unit_id"] in places)
        ]  # fmt: skip
        if not rows:
            return Declined("no_such_month", (formats.month(month, self.lang),))
        names = [self.units.get(unit, unit) for unit in dict.fromkeys(r["unit_id"] for r in late)]
        part = any(row["kind"] == "labeling_daily" for row in rows) and self._running(month)
        key = "missing" if late else "missing_part" if part else "missing_none"
        listed = formats.listing(names, self.lang) if names else ""
        return self._told(key, float(len(names)), {}, rows=late or rows, units=listed)

    def _compare(self) -> Answer | Declined:
        month = self.period.last
        shown, rows = [], []
        for place in self.asked.places:
            series = self._series(place, Period(month, month))
            row = series[-1] if series else {"value": None, "status": "M"}
            rows.append({"scope": place, **row})
            value = self._number(row["value"], row.get("status"))
            shown.append(self._t("place_value", place=self._place_name(place), value=value))
        values = [row["value"] for row in rows]
        difference = None
        if len(values) == 2 and None not in values:
            difference = values[0] - values[1]
        return self._told(
            "compare", difference, rows[0], rows=rows, listed=formats.listing(shown, self.lang)
        )

    def _rank(self) -> Answer | Declined:
        measure = self.measure["indicator_id"]
        rows = [
            row
            for row in self.session.rows(
                "indicator_by_unit", indicator_id=measure, to_month=self.period.last
            )
            if row["value"] is not None and row["whole"]
        ]
        if len(rows) < 2:
            return Declined("no_values", (self._name(),))
        rows.sort(key=lambda row: (-row["value"], row["unit_id"]))
        high, low = self._named(rows, rows[0]["value"]), self._named(rows, rows[-1]["value"])
        key = "rank_equal" if rows[0]["value"] == rows[-1]["value"] else "rank"
        if key == "rank" and measure in ("acceptance_rate", "gold_accuracy") and self._alike():
            key = "rank_alike"
        return self._told(
            key, rows[0]["value"], rows[0], rows=rows, high=high, low=low,
            high_value=self._number(rows[0]["value"]), low_value=self._number(rows[-1]["value"]),
            count=len(rows),
        )  # fmt: skip

    # Parts of answers

    def _alike(self) -> bool:
        """Check whether no unit lies outside the limits of ordinary variation."""
        month = self.period.last
        rows = self.session.rows(
            "quality_funnel", measure=self.measure["indicator_id"], from_month=month, to_month=month
        )
        return bool(rows) and all(row["signal"] == "within" for row in rows)

    def _named(self, rows: list[Row], value: float) -> str:
        """The units that have this value: several are named together."""
        names = [self.units.get(r["unit_id"], r["unit_id"]) for r in rows if r["value"] == value]
        return formats.listing(names, self.lang)

    def _series(self, place: str, period: Period | None = None) -> list[Row]:
        chosen = period or self.period
        rows = self.session.rows(
            "indicator_series",
            indicator_id=self.measure["indicator_id"],
            scope=place,
            from_month=chosen.first,
            to_month=chosen.last,
        )
        if self.measure["indicator_id"] in _QUARTERLY and not rows:
            earlier = Period(_before(chosen.first, 2), chosen.last)
            rows = self.session.rows(
                "indicator_series",
                indicator_id=self.measure["indicator_id"],
                scope=place,
                from_month=earlier.first,
                to_month=earlier.last,
            )[-1:]
        return rows

    def _step(self) -> int:
        return 3 if self.measure["indicator_id"] in _QUARTERLY else 1

    def _targets(self) -> list[Row]:
        measure = self.measure["indicator_id"]
        return self.session.rows("target_outlook", indicator_id=measure)

    def _parts(self, place: str, month: date, comparison: str) -> list[Row]:
        unit = None if place == "city" else place
        return self.session.rows(
            "change_explained",
            indicator_id=self.measure["indicator_id"],
            month=month,
            comparison=comparison,
            unit_id=unit,
        )

    def _like_for_like(self, parts: list[Row], now: Row, before: Row) -> tuple[float, float] | None:
        """Return both values over the units that have both months whole, where not all have."""
        if not parts:
            return None
        values = parts[0]["value_compared"], parts[0]["value_compared_before"]
        whole = values == (now["value"], before["value"])
        return None if whole or None in values else values

    def _cause(self, parts: list[Row]) -> str:
        """The main causes of a rate's change over like units, in words.

        That a stock grew by more of it, or a rate by itself, is no cause.
        """
        causes = statements.main_causes(parts, "part_compared")
        if any(row["part"] in ("volume", "entries", "rate") for row in causes):
            return ""
        words = [statements.cause_words(row, "part_compared", self.lang) for row in causes]
        return self._t("cause", causes=formats.listing(words, self.lang)) if words else ""

    def _change_words(self, now: float, before: float) -> str:
        if self.measure["kind"] in _RATES or self.measure["unit_zh"] == _PERCENT:
            points = formats.points(now - before, self.lang)
            return points if any(sign in points for sign in "123456789") else self._t("level")
        if now == before:
            return self._t("level")
        if before <= 0:
            return self._t("rose" if now > before else "fell",
                           amount=self._number(abs(now - before), difference=True))  # fmt: skip
        amount = formats.percent(abs(now / before - 1), self.lang)
        return self._t("rose" if now > before else "fell", amount=amount)

    def _chance(self, row: Row) -> str:
        low, high = row.get("probability_low"), row.get("probability_high")
        if low == 0.0 and high is not None:
            return self._t("under", amount=formats.percent(high, self.lang, 0))
        if high == 1.0 and low is not None:
            return self._t("over", amount=formats.percent(low, self.lang, 0))
        return formats.percent(row["probability"], self.lang, 0)

    def _number(
        self, value: float | None, status: str | None = None, *, difference: bool = False
    ) -> str:
        if value is None:
            return self._t("withheld" if status == "C" else "not_reported")
        unit = self.measure.get(f"unit_{self.lang}")
        if unit == _PERCENT:
            return (
                formats.points(value, self.lang)
                if difference
                else formats.percent(value, self.lang)
            )
        return formats.number(value, self.lang, unit=unit)

    def _place(self) -> str:
        return self.asked.places[0] if self.asked.places else "city"

    def _place_name(self, place: str) -> str:
        return self._t("city") if place == "city" else self.units.get(place, place)

    def _name(self) -> str:
        return self.measure.get(f"name_{self.lang}", "")

    def _of_labeling(self) -> bool:
        return self.measure.get("source") == "labeling_daily"

    def _running(self, month: date) -> bool:
        """Check whether no unit has the month whole yet."""
        return any(row["running"] for row in self.months if row["month"] == month)

    def _month_words(self, month: date) -> str:
        """The month, or its days so far where the measure is of a month that is running."""
        row = next((row for row in self.months if row["month"] == month), None)
        if row is None or not self._of_labeling():
            return formats.month(month, self.lang)
        return statements.period(row, self.lang)

    def _period_words(self) -> str:
        period = self.period
        if period.is_month:
            return formats.month(period.first, self.lang)
        if period.kind == "quarter":
            quarter = f"{period.first.year}Q{(period.first.month + 2) // 3}"
            return formats.quarter(quarter, self.lang)
        first, last = (formats.month(month, self.lang) for month in (period.first, period.last))
        return self._t("span", first=first, last=last)

    def _told(
        self, key: str, value: float | None, row: Row, *, rows: list[Row] | None = None,
        **words: Any,
    ) -> Answer:  # fmt: skip
        status = row.get("status")
        reported, due = row.get("units_reported"), row.get("units_due")
        coverage = f"{reported}/{due}" if reported is not None and due else None
        at = self.period if self.asked.what in ("value", "missing") else Period(
            self.period.last, self.period.last)  # fmt: skip
        when = self._month_words(row["month"]) if row.get("month") and at.is_month else None
        sentence = self._t(
            key,
            measure=self._name(),
            value=self._number(value, status) if self.measure else "",
            period=when or self._period_words(),
            **words,
        )
        sentence += self._notes(coverage, status) or self._t("end")
        what = self.asked.what
        understood = {
            "query": _QUERIES[what],
            "parameters": {"indicator_id": self.asked.measure, "scope": self._place()},
            "measure": self.asked.measure,
            "place": list(self.asked.places) or ["city"],
            "period": [self.period.first.isoformat(), self.period.last.isoformat()],
            "what": what,
            "read_as": [list(pair) for pair in self.asked.read_as],
        }
        unit = self.measure.get(f"unit_{self.lang}")
        link = f"{_LINKS[what]}?month={self.period.last:%Y-%m}"
        return Answer(
            understood, sentence, value, unit, coverage, status, self.session.snapshot.id, link,
            rows if rows is not None else [row],
        )  # fmt: skip

    def _notes(self, coverage: str | None, status: str | None) -> str:
        """Coverage and status, where they say more than that all is well."""
        notes = []
        if coverage:
            reported, due = coverage.split("/")
            if reported != due:
                notes.append(self._t("coverage", reported=reported, due=due))
        if status == "P":
            notes.append(self._t("provisional"))
        return self._t("notes", listed=self._t("and_note").join(notes)) if notes else ""

    def _t(self, key: str, **values: Any) -> str:
        return text(f"ask.{key}", self.lang, **values)


_QUERIES = {
    "value": "indicator_series", "change": "indicator_series", "yoy": "indicator_series",
    "why": "change_explained", "target": "target_outlook", "outlook": "target_outlook",
    "lights": "target_outlook", "missing": "returns_ledger", "compare": "indicator_series",
    "rank": "indicator_by_unit",
}  # fmt: skip


def _before(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
