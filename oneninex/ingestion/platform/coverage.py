"""What an export told: counts, what it cannot tell, and two estimates of the hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from oneninex.domain.plan.config import Exports
from oneninex.ingestion.platform.model import Capability, Export, HoursBasis, Problem

# How to see that a submitted work tells something; of the others the format speaks for all.
_TELLS = {
    Capability.ANNOTATOR: "annotator is not null",
    Capability.TIME: "date is not null or not time_usable",
    Capability.DURATION: "hours_basis is not null",
    Capability.OBJECTS: "objects is not null",
    Capability.REVIEW: "verdicts is not null",
    Capability.GOLD: "gold_items is not null",
    Capability.ORIGIN: "prelabeled is not null",
}
_COUNTS = {
    "submitted": "sum(items) filter (where state = 'submitted')",
    "skipped": "sum(items) filter (where state = 'skipped')",
    "drafts": "sum(items) filter (where state = 'draft')",
    "expired": "sum(items) filter (where state = 'expired')",
    "reviewed": "sum(items) filter (where state = 'submitted' and verdicts > 0)",
    "accepted": "sum(items) filter (where state = 'submitted' and accepted)",
    "rejected": "sum(items) filter (where state = 'submitted' and not accepted)",
    "gold": "sum(gold_items) filter (where state = 'submitted')",
    "gold_correct": "sum(gold_correct) filter (where state = 'submitted')",
    "prelabeled": "sum(items) filter (where state = 'submitted' and prelabeled)",
    "annotators": "count(distinct annotator) filter (where state = 'submitted')",
    "several_on_one_item": "(select count(*) from (select item from {works} where state = "
    "'submitted' group by item having count(distinct annotator) > 1))",
    "undated": "sum(items) filter (where state = 'submitted' and date is null)",
    "imported": "sum(items) filter (where state = 'submitted' and not time_usable)",
    "repeated": "sum(items) filter (where state = 'repeated')",
    "empty": "sum(items) filter (where state = 'submitted' and objects = 0)",
}
_NEEDS = {
    **dict.fromkeys(("skipped", "drafts", "expired"), Capability.SKIP),
    **dict.fromkeys(("reviewed", "accepted", "rejected"), Capability.REVIEW),
    **dict.fromkeys(("gold", "gold_correct"), Capability.GOLD),
    "prelabeled": Capability.ORIGIN,
    "annotators": Capability.ANNOTATOR,
    "several_on_one_item": Capability.OVERLAP,
}


@dataclass(frozen=True)
class Told:
    """`capabilities`: what the file can tell; `counts`: None for what it cannot."""

    capabilities: frozenset[Capability]
    counts: dict[str, int | None]
    missing: list[Problem]


def told(
    con: duckdb.DuckDBPyConnection, export: Export, works: str, daily: str, rules: Exports
) -> Told:
    """Look through the works of an export and the daily rows made of them."""
    columns = ", ".join(f"count(*) filter (where {sql}) as {name}" for name, sql in _TELLS.items())
    row = _row(con, f"select count(*) as total, {columns} from {works} where state = 'submitted'")
    total = row["total"]
    empty = _row(con, f"select count(*) as count from {works} where state = 'submitted' and "
                 f"objects = 0 and items > 0")["count"]  # fmt: skip
    can = frozenset(c for c in export.capabilities if c not in _TELLS or row[c] or not total)
    counts = _row(
        con,
        "select "
        + ", ".join(
            f"coalesce({sql.format(works=works)}, 0)::bigint as {name}"
            for name, sql in _COUNTS.items()
        )
        + f" from {works}",
    )
    counts |= {n: None for n, needed in _NEEDS.items() if needed not in can and not counts[n]}
    counts |= _hours(con, export, works, daily, rules, can)
    lacking = {
        c: total - row[c] if c in can and c in _TELLS else total
        for c in Capability
        if c not in can or (c in _TELLS and row[c] < total)
    }
    missing = _missing(lacking, total, can)
    if empty and "without_label" not in export.counts:
        values = {"count": empty, "total": total}
        missing.insert(0, Problem("rule", "export.empty", rule="empty_result", values=values))
    return Told(can, {**export.counts, **counts}, missing)


def _missing(lacking: dict[Any, int], total: int, can: frozenset[Capability]) -> list[Problem]:
    """One problem for each thing that all works, or some of them, do not tell."""
    return [
        Problem(
            "missing_capability",
            f"export.missing_{capability.value}" + ("_in_part" if capability in can else ""),
            field=capability.value,
            values={"count": count, "total": total},
        )
        for capability, count in lacking.items()
    ]


def _hours(
    con: duckdb.DuckDBPyConnection,
    export: Export,
    works: str,
    daily: str,
    rules: Exports,
    can: frozenset[Capability],
) -> dict[str, int | None]:
    """Seconds as counted, what caps or the union took from the sum, and the estimate from gaps."""
    found = _row(
        con,
        f"select (select sum(hours) * 3600 from {daily}) as counted, ("
        f"select sum(seconds) from (select max(coalesce(seconds, "
        f"epoch(submitted_at) - epoch(started_at))) as seconds from {works} "
        f"semi join (select date from {daily} where hours is not null) using (date) "
        f"where state = 'submitted' group by coalesce(page, work_id), annotator)) as clock",
    )
    counted, clock = found["counted"], found["clock"]
    over = None if counted is None or clock is None else max(round(clock - counted), 0)
    union = export.hours_basis is HoursBasis.CLOCK_UNION
    return {
        "hours_seconds": None if counted is None else round(counted),
        "hours_overlap_seconds" if union else "hours_capped_seconds": over,
        "hours_by_gaps_seconds": _by_gaps(con, works, rules, can),
    }


def _by_gaps(
    con: duckdb.DuckDBPyConnection, works: str, rules: Exports, can: frozenset[Capability]
) -> int | None:
    """Time between a person's successive submissions; the first of a session has none."""
    if not {Capability.ANNOTATOR, Capability.TIME} <= can:
        return None
    found = _row(
        con,
        f"select sum(gap) as seconds from (select epoch(submitted_at) - epoch(lag(submitted_at) "
        f"over (partition by annotator order by submitted_at)) as gap from {works} where "
        f"annotator is not null and submitted_at is not null and time_usable "
        f"and state in ('submitted', 'skipped')) where gap <= {rules.session_gap_seconds}",
    )
    return None if found["seconds"] is None else round(found["seconds"])


def _row(con: duckdb.DuckDBPyConnection, select: str) -> dict[str, Any]:
    return con.sql(select).to_arrow_table().to_pylist()[0]
