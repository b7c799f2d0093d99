"""Single values of an export: each reader takes whatever stands there, raises Unfit if wrong."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from oneninex.ingestion.platform.model import Problem, Verdict

_YEARS = range(2000, 2101)
_HARMLESS = re.compile(r"[0-9TZ:.+ -]{1,40}", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
_LONGEST = 10_000
_NEVER = datetime.min.replace(tzinfo=UTC)
_MESSAGES = {"type": "wrong_type", "range": "out_of_range", "required": "required"}
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
    """A value that cannot be what its field means: `code` is type, range or required."""

    def __init__(self, field: str, value: Any, code: str = "type") -> None:
        super().__init__(field)
        self.field, self.code = field, code
        self.shown = harmless(value)

    def problem(self, row: int | None, loses: int = 1) -> Problem:
        """What to say of it."""
        return Problem(
            self.code,
            f"platforms.{_MESSAGES[self.code]}",
            row=row,
            field=self.field,
            value=self.shown,
            loses=loses,
            values={"field": self.field, "value": self.shown},
        )


def harmless(value: Any) -> str:
    """What may be shown of a value: numbers and times; of the rest only what type it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 63):
        return str(value)
    if isinstance(value, str) and _HARMLESS.fullmatch(value):
        return value
    return _JSON_TYPES.get(type(value), "object")


def moment(field: str, value: Any, zone: Any = None) -> datetime:
    """An ISO time as UTC; one without a zone is Unfit unless `zone` says where it is."""
    if not isinstance(value, str) or not _ISO.match(value):
        raise Unfit(field, value, "required" if value is None else "type")
    try:
        at = datetime.fromisoformat(value)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        if at.tzinfo is None:
            raise Unfit(field, value)
        at = at.astimezone(UTC)
    except OverflowError:
        raise Unfit(field, value, "range") from None
    except ValueError:
        raise Unfit(field, value) from None
    return in_range(field, value, at)


def optional_moment(field: str, value: Any, zone: Any = None) -> datetime | None:
    """As `moment`; None where there is none."""
    return None if value is None or value == "" else moment(field, value, zone)


def epoch(field: str, value: Any) -> datetime:
    """Seconds since 1970 as UTC."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(field, value)
    try:
        at = datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise Unfit(field, value, "range") from None
    return in_range(field, value, at)


def in_range(field: str, value: Any, at: datetime) -> datetime:
    """The moment, unless nobody can have worked then."""
    if at.year not in _YEARS:
        raise Unfit(field, value, "range")
    return at


def seconds(field: str, value: Any) -> float | None:
    """A duration from a number; None where there is none."""
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


def seconds_of_text(field: str, value: str) -> float | None:
    """A duration written in a cell; None where it is empty."""
    text = value.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unfit(field, value)
    return float(text)


def count(field: str, value: Any) -> int:
    """A whole number from 0."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(field, value, "required" if value is None else "type")
    if not 0 <= value < 1 << 40:
        raise Unfit(field, value, "range")
    return value


def flag(field: str, value: Any) -> bool:
    """True or false; absent is false."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Unfit(field, value)


def name(field: str, value: Any) -> str | None:
    """A number or a text that names something; None where there is none."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 1 << 63:
            raise Unfit(field, value, "range")
        return str(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Unfit(field, value)
    return value


def required_name(field: str, value: Any) -> str:
    """As `name`; nothing is Unfit."""
    found = name(field, value)
    if found is None:
        raise Unfit(field, value, "required")
    return found


def mapping(field: str, value: Any) -> dict[str, Any]:
    """An object; an absent one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unfit(field, value)
    return value


def sequence(field: str, value: Any) -> list[Any]:
    """An array; an absent one is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unfit(field, value)
    return value


def digest(*parts: str) -> str:
    """A stable name for contents that must not be passed on."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]


def oldest_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts in the order in which they were given; those without a time come first."""
    return tuple(sorted(verdicts, key=lambda v: (v.at is not None, v.at or _NEVER)))
