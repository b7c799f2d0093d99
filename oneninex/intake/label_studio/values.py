"""Single values of an export: each reader takes any JSON value, raises Unfit for a wrong one."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

from oneninex.intake.platform.model import Problem, Verdict

Id = int | str | None

_NEVER = datetime.min.replace(tzinfo=UTC)
_YEARS = range(2000, 2101)
_MOMENT = re.compile(r"[0-9TZ:.+ -]{1,40}", re.ASCII)
_PRELABELED = {"prediction", "prediction-changed"}
_JSON_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


class Unfit(Exception):
    """A value that cannot be what its field means: `code` is type or range."""

    def __init__(self, field: str, value: Any, code: str = "type") -> None:
        super().__init__(field)
        self.field, self.code = field, code
        self.shown = _harmless(value)


def _harmless(value: Any) -> str:
    """What may be shown of a value: numbers and times; of the rest only what type it is."""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    return type_name(value)


def problem(unfit: Unfit, row: int | None, loses: int) -> Problem:
    """The problem that a wrong value is."""
    message = "export.wrong_type" if unfit.code == "type" else "export.out_of_range"
    shown = {"field": unfit.field, "value": unfit.shown}
    return Problem(unfit.code, message, row, unfit.field, unfit.shown, loses=loses, values=shown)


def type_name(value: Any) -> str:
    """What JSON calls the value's type."""
    return _JSON_TYPES.get(type(value), "object")


def is_number(value: Any) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def moment(field: str, value: Any) -> datetime:
    """A time stamp with its zone, or seconds since 1970 (before 1.0), as UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            at = datetime.fromisoformat(value)
        else:
            raise Unfit(field, value)
        # Without a zone the day is anybody's guess.
        if at.tzinfo is None:
            raise Unfit(field, value)
        at = at.astimezone(UTC)
    except OverflowError:
        raise Unfit(field, value, "range") from None
    except (ValueError, OSError):
        raise Unfit(field, value) from None
    if at.year not in _YEARS:
        raise Unfit(field, value, "range")
    return at


def optional_moment(field: str, value: Any) -> datetime | None:
    """As `moment`; None where there is none."""
    return None if value is None else moment(field, value)


def flag(field: str, value: Any) -> bool:
    """True or false; absent is false."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Unfit(field, value)


def identifier(field: str, value: Any) -> Id:
    """A number or a text that names something; None where there is none."""
    if value is None or isinstance(value, str) or is_number(value):
        return value
    raise Unfit(field, value)


def project(value: Any) -> Id:
    """The project's id, which some dumps wrap in an object."""
    if isinstance(value, dict):
        value = value.get("id")
    return identifier("project", value)


def person(field: str, value: Any) -> str | None:
    """Who: an int in Community, an object in Enterprise, at times an address; None if unknown.

    The number goes before the address, so that one person stays one over both kinds of export.
    """
    if isinstance(value, dict):
        value = next((v for k in ("id", "email") if (v := value.get(k)) is not None), None)
    if value is None or value == "":
        return None
    if is_number(value):
        return f"id:{value}"
    if isinstance(value, str):
        return f"name:{value}"
    raise Unfit(field, value)


def seconds(field: str, value: Any) -> float | None:
    """A duration; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(field, value)
    try:
        length = float(value)
    except OverflowError:
        raise Unfit(field, value, "range") from None
    if not math.isfinite(length) or length < 0:
        raise Unfit(field, value, "range")
    return length


def reviews(value: Any) -> tuple[Verdict, ...] | None:
    """The reviewers' verdicts, oldest first; None where the export has none to tell of."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise Unfit("reviews", value)
    found = []
    for item in value:
        if not isinstance(item, dict):
            raise Unfit("reviews", item)
        accepted = item.get("accepted")
        if not isinstance(accepted, bool):
            raise Unfit("reviews.accepted", accepted)
        found.append(Verdict(moment("reviews.created_at", item.get("created_at")), accepted))
    return tuple(sorted(found, key=lambda verdict: verdict.at or _NEVER))


def result(value: Any) -> tuple[int | None, bool | None]:
    """How many regions were drawn, and whether any began as a model's prediction.

    Several rows may describe one region, relations between regions are none themselves. None for
    the first: no result in the export; for the second: no row says where it comes from.
    """
    if value is None:
        return None, None
    if not isinstance(value, list):
        raise Unfit("result", value)
    rows = [row for item in value for row in (item if isinstance(item, list) else [item])]
    for row in rows:
        if not isinstance(row, dict):
            raise Unfit("result", row)
    drawn = [row for row in rows if row.get("type") != "relation"]
    named = {row["id"] for row in drawn if isinstance(row.get("id"), str | int)}
    nameless = sum(not isinstance(row.get("id"), str | int) for row in drawn)
    origins = [row["origin"] for row in rows if isinstance(row.get("origin"), str)]
    prelabeled = not _PRELABELED.isdisjoint(origins) if origins else None
    return len(named) + nameless, prelabeled
