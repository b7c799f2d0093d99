"""What an export does not say and its sender must: unit, enterprise, project, modality."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Problem

_REQUIRED = ("unit_id", "enterprise_id", "project_id", "modality")


def problems(options: Options, plan: Plan) -> list[Problem]:
    """Why the export cannot be placed; empty where it can."""
    supplied = {name: value for name, value in options.supplied.items() if value.strip()}
    missing = [
        Problem("required", f"export.required_{name}", field=name)
        for name in _REQUIRED
        if name not in supplied
    ]
    checks = (_unit, _enterprise, _project, _modality)
    wrong = (check(supplied, plan) for check in checks)
    return missing + [problem for problem in wrong if problem is not None]


def _unit(supplied: dict[str, str], plan: Plan) -> Problem | None:
    unit, known = supplied.get("unit_id"), plan.units["unit_id"].to_pylist()
    if unit is None or unit in known:
        return None
    return _wrong("unknown_code", "export.unknown_unit", "unit_id", unit, known=", ".join(known))


def _enterprise(supplied: dict[str, str], plan: Plan) -> Problem | None:
    code = supplied.get("enterprise_id")
    if code is None:
        return None
    try:
        # Only the very code: a compacted one would not meet its rows from elsewhere.
        if uscc.validate(code) == code:
            return None
    except ValidationError:
        pass
    rule = "enterprise_id_check_digit"
    return _wrong("rule", "export.enterprise_id_check_digit", "enterprise_id", code, rule=rule)


def _project(supplied: dict[str, str], plan: Plan) -> Problem | None:
    project = supplied.get("project_id")
    longest = contracts.load("labeling_daily").field("project_id").max_length or 100
    if project is None or (len(project) <= longest and project.isprintable()):
        return None
    return _wrong("range", "export.project_not_a_code", "project_id", None, longest=longest)


def _modality(supplied: dict[str, str], plan: Plan) -> Problem | None:
    modality = supplied.get("modality")
    known = contracts.load("labeling_daily").field("modality").enum
    if modality is None or modality in known:
        return None
    return _wrong(
        "unknown_code", "export.unknown_modality", "modality", modality, known=", ".join(known)
    )


def _wrong(
    code: str, message: str, field: str, value: str | None, rule: str | None = None, **more: object
) -> Problem:
    # A command line may hold bytes that are no text: they must not reach a table.
    shown = None if value is None else value.encode("utf-8", "replace").decode()
    values = {"value": shown, **more}
    return Problem(code, message, field=field, value=shown, rule=rule, values=values)
