"""Which return is written for which unit and month, and on which day it came in."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from oneninex.core.progress import nothing
from oneninex.demo import files, labeling, people, registers
from oneninex.demo.parameters import Parameters, Unit
from oneninex.demo.span import Span, generator, month_end, quarter_name, shift
from oneninex.demo.transmittal import Sent

REGISTERS_SENT_DAY = 3
QUARTER_SENT_DAY = 12


def write(
    out: Path,
    given: Parameters,
    span: Span,
    seed: int,
    scale: int,
    units_done: Callable[[int], object] = nothing,
) -> list[Sent]:
    """Write all ordinary returns into `out`."""
    sent: list[Sent] = []
    for number, unit in enumerate(given.units):
        units_done(number)
        for month in span.months:
            sent += _monthly(out, given, unit, month, seed, scale)
        for quarter in span.quarters:
            name = f"enterprise_quarterly_{unit.unit_id}_{quarter_name(quarter)}"
            rows = people.quarterly(given, unit, quarter, seed)
            day = shift(quarter, 3).replace(day=QUARTER_SENT_DAY)
            sent += _return(out, name, rows, "enterprise_quarterly", given, unit, day)
        sent += _registers(out, given, unit, span)
    return sent + _city(out, given, span)


def write_revised(out: Path, given: Parameters, span: Span, seed: int, scale: int) -> list[Sent]:
    """Write the one corrected return, if its month lies in the span."""
    revised = given.demo.revised
    if revised.month not in span.months:
        return []
    unit = next(u for u in given.units if u.unit_id == revised.unit)
    rows = labeling.month(given, unit, revised.month, seed, scale)
    fixed = labeling.corrected(rows, revised.items)
    stem = _stem("labeling_daily", unit, revised.month)
    path = files.write(out, stem, fixed, "labeling_daily", unit, given)
    return [Sent(path, revised.received_on, reason=revised.reason)]


def _monthly(
    out: Path, given: Parameters, unit: Unit, month: date, seed: int, scale: int
) -> list[Sent]:
    if month in unit.missing or not any(e.works_in(month) for e in given.of_unit(unit)):
        return []
    rng = generator(seed, "sent", unit.unit_id, month)
    day = shift(month, 1).replace(day=unit.sent_day - int(rng.integers(0, 2)))
    day += timedelta(days=unit.late.get(month, 0))
    tables = {
        "labeling_daily": labeling.month(given, unit, month, seed, scale),
        "workforce_monthly": people.workforce(given, unit, month, seed),
    }
    return [
        sent
        for kind, rows in tables.items()
        for sent in _return(out, _stem(kind, unit, month), rows, kind, given, unit, day)
    ]


def _registers(out: Path, given: Parameters, unit: Unit, span: Span) -> list[Sent]:
    """The lists that change seldom: enterprises and datasets as they stand at the end."""
    day = shift(span.last, 1).replace(day=REGISTERS_SENT_DAY)
    tables = {
        "enterprises": people.enterprises(given, unit, span.last),
        "datasets": registers.datasets(given, unit, month_end(span.last)),
    }
    return [
        sent
        for kind, rows in tables.items()
        for sent in _return(out, f"{kind}_{unit.unit_id}", rows, kind, given, unit, day)
    ]


def _city(out: Path, given: Parameters, span: Span) -> list[Sent]:
    """What the city's own office reports; it writes as the first unit does, in plain CSV."""
    office = given.units[0].model_copy(update={"unit_id": "", "file": "utf8_bom", "dates": "iso"})
    rows = registers.indicator_values(given, span)
    day = shift(span.last, 1).replace(day=REGISTERS_SENT_DAY)
    return _return(out, "indicator_values_city", rows, "indicator_values", given, office, day)


def _return(
    out: Path, stem: str, rows: pa.Table, kind: str, given: Parameters, unit: Unit, day: date
) -> list[Sent]:
    """Write one return; nobody sends an empty form."""
    if rows.num_rows == 0:
        return []
    return [Sent(files.write(out, stem, rows, kind, unit, given), day)]


def _stem(kind: str, unit: Unit, month: date) -> str:
    return f"{kind}_{unit.unit_id}_{month:%Y-%m}"
