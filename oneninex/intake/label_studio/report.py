"""Problems as findings, in both languages."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pyarrow as pa

from oneninex.i18n import text
from oneninex.intake.findings import FINDINGS
from oneninex.intake.label_studio.model import Problem


def findings_of(problems: list[Problem], unit_id: str | None, zone: ZoneInfo) -> pa.Table:
    """The findings; `record` holds nothing but the numbers of project, task and annotation."""
    rows = sorted(problems, key=lambda p: (p.row is not None, p.row or 0))
    unit = None if unit_id is None else unit_id.encode("utf-8", "replace").decode()
    return pa.Table.from_pylist([_row(problem, unit, zone) for problem in rows], FINDINGS)


def _row(problem: Problem, unit_id: str | None, zone: ZoneInfo) -> dict[str, object]:
    at = None if problem.at is None else problem.at.astimezone(zone).date().replace(day=1)
    key = f"label_studio.{problem.message}"
    return {
        "row": problem.row,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "rule": problem.rule,
        "message_zh": text(key, "zh", **problem.values),
        "message_en": text(key, "en", **problem.values),
        "record": json.dumps(dict(problem.ids)) if problem.ids else None,
        "unit_id": unit_id,
        "period": at,
    }
