"""The limits that a contract sets to the typed value of a field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from oneninex.domain.contracts import Field
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options

# Quarters are text: their first is not a bound that Table Schema knows.
_FIRST_QUARTER = "2000Q1"


@dataclass(frozen=True)
class Limit:
    """A limit of a field: SQL that is true where it is broken, and how to say so."""

    broken: str
    message: str
    limit: str


def latest_day(options: Options, plan: Plan) -> date:
    """The last day of which a return can tell: today, or the later day on which it was received.

    A clock that stands before the day of receipt is wrong, and no fault of the return.
    """
    today = datetime.now(plan.config.zone).date()
    return max(today, options.received_on or today)


def limits(field: Field, latest: date) -> list[Limit]:
    """What the value of a field may not be; nothing may have happened after the day `latest`."""
    name = f'"{field.name}"'
    found = []
    for operator, bound, message in (
        ("<", field.minimum, "range.minimum"),
        (">", field.maximum, "range.maximum"),
    ):
        if bound is not None:
            shown = str(bound) if isinstance(bound, str) else f"{bound:,}"
            found.append(Limit(f"{name} {operator} {_bound(field, bound)}", message, shown))
    if field.max_length is not None:
        length = field.max_length
        found.append(Limit(f"length({name}) > {length}", "range.length", str(length)))
    if field.latest is not None:
        found += _in_time(field, name, latest)
    return found


def _bound(field: Field, bound: float | str) -> str:
    if field.duckdb_type != "DATE":
        return str(bound)
    return f"date '{bound if field.type == 'date' else f'{bound}-01'}'"


def _in_time(field: Field, name: str, latest: date) -> list[Limit]:
    """Not after today: a month or quarter may have begun."""
    if field.reads == "quarter":
        last = f"{latest.year}Q{(latest.month + 2) // 3}"
        return [
            Limit(f"{name} < '{_FIRST_QUARTER}'", "range.minimum", _FIRST_QUARTER),
            Limit(f"{name} > '{last}'", "range.future", last),
        ]
    if field.latest == "year_end":
        latest = date(latest.year, 12, 31)
    shown = latest.isoformat() if field.type == "date" else f"{latest:%Y-%m}"
    known = f"{name} <= {_bound(field, field.maximum)} and " if field.maximum is not None else ""
    return [Limit(f"({known}{name} > date '{latest}')", "range.future", shown)]
