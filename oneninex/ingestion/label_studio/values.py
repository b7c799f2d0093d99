"""Single values of an export: each reader takes any JSON value, raises Unfit for a wrong one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oneninex.ingestion.platform.model import Verdict
from oneninex.ingestion.records.values import Unfit, epoch, flag, oldest_first, seconds
from oneninex.ingestion.records.values import moment as zoned

__all__ = [
    "Id", "Unfit", "flag", "identifier", "is_number", "moment", "optional_moment", "person",
    "project", "result", "reviews", "seconds",
]  # fmt: skip

Id = int | str | None

_PRELABELED = {"prediction", "prediction-changed"}


def is_number(value: Any) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def moment(field: str, value: Any) -> datetime:
    """A time stamp with its zone, or seconds since 1970 (before 1.0), as UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return epoch(field, value)
    # Without a zone the day is anybody's guess.
    return zoned(field, value)


def optional_moment(field: str, value: Any) -> datetime | None:
    """As `moment`; None where there is none."""
    return None if value is None else moment(field, value)


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
    return oldest_first(found)


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
