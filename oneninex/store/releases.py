"""Releases of a snapshot: what is decided from its tables, and the tables readers are shown.

The schema `released` holds, for each table that depends on money or headcount, the same table
made of released figures. Growth, pace, targets and forecasts of readers follow from those alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.domain import disclosure_control as control
from oneninex.domain.disclosure_control import Rule
from oneninex.domain.releases import (
    CITY,
    MERGED,
    MONTHLY,
    PRIMARY,
    QUARTERLY,
    REST,
    SEED,
    TRADE,
    Ledger,
    Pattern,
    Release,
    Returns,
    Sender,
    Stamp,
    states,
    totals,
)
from oneninex.store import forecasts, sql_catalog

_TEXT, _COUNT, _DAY = pa.string(), pa.int64(), pa.date32()
_RELEASES = pa.schema(
    [
        *(("family", _TEXT), ("period", _DAY), ("part", _TEXT), ("release_no", _COUNT)),
        *(("kind", _TEXT), ("measure", _TEXT), ("value", pa.float64()), ("units", _TEXT)),
        *(("contributors", _COUNT), ("due", _COUNT)),
        *(("released_in", _COUNT), ("released_on", _DAY)),
    ]
)
_AMOUNTS = pa.schema(
    [
        *(("family", _TEXT), ("period", _DAY), ("part", _TEXT), ("release_no", _COUNT)),
        *(("unit_id", _TEXT), ("contributor", _TEXT), ("measure", _TEXT)),
        ("amount", pa.float64()),
    ]
)
_STATES = pa.schema(
    [
        *(("family", _TEXT), ("period", _DAY), ("scope", _TEXT), ("state", _TEXT)),
        *(("contributors", _COUNT), ("due", _COUNT)),
        *(("released_in", _COUNT), ("released_on", _DAY), ("waits_for", _TEXT)),
    ]
)
_VALUES = pa.schema(
    [
        *(("family", _TEXT), ("period", _DAY), ("scope", _TEXT), ("measure", _TEXT)),
        ("value", pa.float64()),
    ]
)


def decide(connection: duckdb.DuckDBPyConnection, ledger: Ledger) -> list[Returns]:
    """Append to the ledger what the tables of a snapshot let out; return what it was made of."""
    returns = list(_returns(connection))
    rule, stamp = _rule(connection), _stamp(connection)
    control.decide(returns, ledger, rule, stamp)
    months = [
        month
        for (month,) in connection.execute("select month from months where not running").fetchall()
        if _over(month, _day_limit(connection, "monthly"), stamp.day)
    ]
    control.decide_steps(_trades(connection), months, ledger, rule, stamp)
    return returns


def _rule(connection: duckdb.DuckDBPyConnection) -> Rule:
    names = "min_contributors, dominance_contributors, dominance_share"
    return Rule(*connection.execute(f"select {names} from plan").fetchall()[0])


def _stamp(connection: duckdb.DuckDBPyConnection) -> Stamp:
    return Stamp(*connection.execute("select snapshot, today from snapshot_info").fetchall()[0])


def _day_limit(connection: duckdb.DuckDBPyConnection, frequency: str) -> int:
    rows = connection.execute(f"select cut_off_days_{frequency} from plan").fetchall()
    return rows[0][0]


def _over(month: date, days: int, today: date) -> bool:
    """Whether so many days have passed since the end of a month."""
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return today >= after + timedelta(days=days)


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    return connection.execute(sql_catalog.text(name, "disclosure")).to_arrow_table().to_pylist()


def _returns(connection: duckdb.DuckDBPyConnection) -> Iterator[Returns]:
    today = _stamp(connection).day
    limits = {
        QUARTERLY: _day_limit(connection, "quarterly"),
        MONTHLY: _day_limit(connection, "monthly"),
    }
    found: dict[tuple[str, date], Returns] = {}
    for row in _rows(connection, "contributions"):
        cell = row["family"], row["month"]
        if cell not in found:
            inside = {} if row["family"] == MONTHLY else None
            found[cell] = Returns(*cell, inside=inside)
            found[cell].over = _over(cell[1], 0, today)
            found[cell].closed = _over(cell[1], limits[cell[0]], today)
        units = found[cell].units.setdefault(row["unit_id"], {})
        amounts: dict[str, float] = units.setdefault(row["contributor"], {})  # type: ignore[assignment]
        amounts[row["measure"]] = row["amount"]
        if isinstance(inside := found[cell].inside, dict):
            inside[row["unit_id"]] = row["inside"]
    for row in _rows(connection, "due"):
        if one := found.get((row["family"], row["month"])):
            one.due.setdefault(row["unit_id"], set()).add(row["contributor"])
    questioned: dict[date, set[str]] = defaultdict(set)
    for row in _rows(connection, "questioned"):
        questioned[row["month"]].add(row["contributor"])
    for (family, month), one in found.items():
        if family == QUARTERLY:
            one.questioned = frozenset(questioned[month])
        yield one


def _trades(connection: duckdb.DuckDBPyConnection) -> dict[date, dict[str, Sender]]:
    found: dict[date, dict[str, Sender]] = defaultdict(dict)
    for row in _rows(connection, "trades"):
        sender = Sender(row["unit_id"], {"trade_value": row["amount"]})
        found[row["month"]][row["contributor"]] = sender
    return dict(found)


def tables(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, returns: Iterable[Returns]
) -> None:
    """Write the ledger into a snapshot: releases, their amounts, states, newest values."""
    _table(connection, "releases", _RELEASES, _release_rows(ledger))
    _table(connection, "release_amounts", _AMOUNTS, _amount_rows(ledger))
    _table(connection, "release_states", _STATES, _state_rows(ledger, returns))
    _table(connection, "released_values", _VALUES, _value_rows(ledger))


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, rows: Iterable[tuple]
) -> None:
    columns = list(zip(*sorted(rows, key=lambda row: row[:4]), strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    connection.register("decided", pa.Table.from_arrays(arrays, schema=schema))
    connection.execute(f'create table "{name}" as from decided')
    connection.unregister("decided")


def _versions(ledger: Ledger) -> Iterator[Release]:
    for parts in ledger.releases.values():
        for versions in parts.values():
            yield from versions


def _release_rows(ledger: Ledger) -> Iterator[tuple]:
    for one in _versions(ledger):
        head = (one.family, one.period, one.part, one.number, one.kind)
        for measure, value in one.values.items():
            yield (
                *(*head, measure, value, "|".join(one.units), len(one.senders), one.due),
                *(one.made_in, one.made_on),
            )


def _amount_rows(ledger: Ledger) -> Iterator[tuple]:
    for one in _versions(ledger):
        for name, sender in sorted(one.senders.items()):
            for measure, amount in sorted(sender.amounts.items()):
                key = (one.family, one.period, one.part, one.number)
                yield (*key, sender.unit, name, measure, amount)


def _state_rows(ledger: Ledger, returns: Iterable[Returns]) -> Iterator[tuple]:
    for state in states(returns, ledger):
        yield (
            *(state.family, state.period, state.scope, state.state, state.contributors, state.due),
            *(state.released_in, state.released_on, "|".join(state.waits_for) or None),
        )
    for (family, period), parts in ledger.releases.items():
        if family == TRADE:
            one = parts[CITY][-1]
            counts = (len(one.senders), one.due, one.made_in, one.made_on)
            yield (family, period, CITY, one.kind, *counts, None)


def _value_rows(ledger: Ledger) -> Iterator[tuple]:
    for cell, parts in ledger.releases.items():
        pattern = ledger.patterns.get(cell)
        out = [part for part in pattern.parts if part != REST or pattern.rest] if pattern else []
        for part in out:
            for measure, value in parts[part][-1].values.items() if part in parts else ():
                yield (*cell, part, measure, value)
        for measure, value in (ledger.city(cell) or {}).items():
            yield (*cell, CITY, measure, value)


def derive(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Make the schema `released`; return the names of its tables.

    Tables of queries/released/ replace those of the same name, and every later build file that
    reads one of them, directly or not, is run again on the released ones.
    """
    connection.execute("create schema released")
    made: set[str] = set()
    for name in sql_catalog.names("released"):
        connection.execute(
            f'create table released."{name}" as {sql_catalog.text(name, "released")}'
        )
        made.add(name)
    first = set(made)
    connection.execute("set search_path = 'released,main'")
    for name, reads in _reads().items():
        table, statement = sql_catalog.table_of(name), sql_catalog.text(name, "build")
        if table not in first and made & reads:
            connection.execute(f'create table released."{table}" as {statement}')
            made.add(table)
    if "target_history" in made:
        again = forecasts.kept(connection, "main")
        for name, table in forecasts.tables(connection, again).items():
            connection.register("computed", table)
            connection.execute(f'create table released."{name}" as from computed')
            connection.unregister("computed")
            made.add(name)
    connection.execute("set search_path = 'main'")
    return made


@lru_cache(maxsize=1)
def _reads() -> dict[str, set[str]]:
    """The tables that each build file reads."""
    with duckdb.connect() as parser:
        return {
            name: parser.get_table_names(sql_catalog.text(name, "build"))
            for name in sql_catalog.names("build")
        }


def seed(ledger: Ledger, connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
    """Enter every figure that a snapshot from before the ledger showed to its readers."""
    names = "select table_name from duckdb_tables() where schema_name = 'main'"
    there = {name for (name,) in connection.execute(names).fetchall()}
    if "hidden_units" not in there:  # older still: nobody but the planner could query it
        return
    units = dict(connection.execute("select unit_id, reason from hidden_units").fetchall())
    city = set(connection.execute("select family, month from hidden_city").fetchall())
    rows = _rows(connection, "contributions")
    trades = _trades(connection)
    months = [month for (month,) in connection.execute("select month from months").fetchall()]
    cells: dict[tuple[str, date], dict[str, Sender]] = defaultdict(dict)
    for row in rows:
        senders = cells[row["family"], row["month"]]
        sender = senders.setdefault(row["contributor"], Sender(row["unit_id"], {}))
        sender.amounts[row["measure"]] = row["amount"]  # type: ignore[index]
    for cell, senders in sorted(cells.items(), key=lambda item: (item[0][1], item[0][0])):
        present = {sender.unit for sender in senders.values()}
        hidden = {
            unit: PRIMARY if units[unit] == "primary" else MERGED
            for unit in sorted(present & units.keys())
        }
        shown = tuple(sorted(present - units.keys()))
        pattern = Pattern(*cell, hidden, shown, cell not in city, stamp.snapshot)
        if ledger.patterns.get(cell) != pattern:
            ledger.append(pattern)
        out = [*shown, *([REST] if hidden and cell not in city else [])]
        for part in out:
            within = pattern.units_of(part)
            kept = {name: one for name, one in senders.items() if one.unit in within}
            _seed_part(ledger, cell, part, within, kept, stamp)
    so_far: dict[str, Sender] = {}
    for month in sorted({*months, *trades}):
        so_far |= trades.get(month, {})
        if month in months and (TRADE, month) not in city:
            within = tuple(sorted({one.unit for one in so_far.values()}))
            _seed_part(ledger, (TRADE, month), CITY, within, dict(so_far), stamp)


def _seed_part(
    ledger: Ledger,
    cell: tuple[str, date],
    part: str,
    units: tuple[str, ...],
    senders: dict[str, Sender],
    stamp: Stamp,
) -> None:
    versions = ledger.of(cell).get(part, [])
    if versions and versions[-1].senders == senders and versions[-1].units == units:
        return
    values = totals(senders) or ({"trade_value": 0.0} if cell[0] == TRADE else {})
    ledger.append(
        Release(
            *(*cell, part, len(versions) + 1, SEED, units, len(senders)),
            *(stamp.snapshot, stamp.day, senders, values),
        )
    )
