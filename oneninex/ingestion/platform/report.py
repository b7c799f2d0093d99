"""Problems as findings, in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pyarrow as pa

from oneninex.ingestion import findings
from oneninex.ingestion.platform.model import Problem


def findings_of(problems: list[Problem], unit_id: str | None, zone: ZoneInfo) -> pa.Table:
    """The findings of a file: first what concerns it whole, then by record."""
    rows = sorted(problems, key=lambda p: (p.row is not None, p.row or 0))
    unit = None if unit_id is None else unit_id.encode("utf-8", "replace").decode()
    return findings.table([_finding(problem, unit, zone) for problem in rows])


def _finding(problem: Problem, unit: str | None, zone: ZoneInfo) -> findings.Finding:
    at = None if problem.at is None else problem.at.astimezone(zone).date().replace(day=1)
    return findings.Finding(
        problem.code,
        problem.message.removeprefix("findings."),
        row=problem.row,
        field=problem.field,
        value=problem.value,
        rule=problem.rule,
        unit_id=unit,
        period=at,
        values=dict(problem.values),
    )
