"""The shape of each list of the plan; a row's fields are the columns of its table, in order."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
# Of a full day the day has to be the first: a spreadsheet makes one of the month.
ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/]0?1)?")


def _day(value: object) -> object:
    """A day as an office writes it; pydantic alone would take 20260101 for a time stamp."""
    if isinstance(value, date):
        return value
    parts = ISO_DAY.fullmatch(str(value).strip())
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise PydanticCustomError("date", "not a day")


def _month(value: object) -> object:
    """A month as an office writes it, 2026-09, as its first day."""
    parts = ISO_MONTH.fullmatch(str(value).strip())
    if not parts or not 1 <= int(parts[2]) <= 12:
        raise PydanticCustomError("month", "not a month")
    return date(int(parts[1]), int(parts[2]), 1)


def _roles(value: str) -> str:
    if not set(value.split("|")) <= {"unit", "data_factory"}:
        raise PydanticCustomError("literal_error", "no such role")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[date, BeforeValidator(_month)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
# A scope of its own, city, is written small, so that no unit can have its name.
UNIT_ID = r"[A-Z][A-Z0-9_]{0,15}"
UnitId = Annotated[str, Field(pattern=rf"^{UNIT_ID}$")]
Scope = Annotated[str, Field(pattern=rf"^(city|{UNIT_ID})$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Strict(BaseModel):
    """What an office misspells must be said, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    # Columns that a plan written for an earlier version lacks.
    added_later: ClassVar[frozenset[str]] = frozenset()


class Unit(Strict):
    """A labeling unit; a place with its roles, so that it is counted once."""

    unit_id: UnitId
    name_zh: Text
    name_en: Text
    kind: Literal["comprehensive", "characteristic"]
    roles: Annotated[Text, AfterValidator(_roles)]
    division: Annotated[str, Field(pattern=r"^\d{6}$")]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    location_basis: Literal["site", "division_point", "assumed"]
    named_in: Literal["published_text", "assumed"]
    focus_zh: Text | None = None
    focus_en: Text | None = None


class Sector(Strict):
    """A field of the datasets; `in_plan` for those that the plan names, `aliases` joined by |."""

    sector: Code
    name_zh: Text
    name_en: Text
    in_plan: bool
    aliases: Text | None = None


class Link(Strict):
    """A link of the industry chain; `aliases` are further names that returns may use."""

    link: Code
    name_zh: Text
    name_en: Text
    aliases: Text | None = None


# Kind to the ways in which its values may be put together; the first is the default.
AGGREGATIONS = {
    "stock": ("last", "count", "mean", "median"),
    "capacity": ("last", "count", "mean", "median"),
    "flow": ("sum", "count", "mean", "median"),
    "cumulative": ("count", "sum", "last"),
    "ratio": ("ratio",),
    "growth": ("growth",),
}


class Indicator(Strict):
    """What is counted, how, and who answers for the definition.

    `aggregation` says how parts make a whole; only sum, count and last add up over units.
    """

    indicator_id: Annotated[Code, Field(alias="id")]
    name_zh: Annotated[Text, Field(alias="zh")]
    name_en: Annotated[Text, Field(alias="en")]
    unit_zh: Text
    unit_en: Text
    kind: Literal["stock", "flow", "cumulative", "ratio", "capacity", "growth"]
    aggregation: Literal["sum", "ratio", "mean", "median", "count", "growth", "last"]
    better: Literal["up", "down"]
    definition_zh: Text
    definition_en: Text
    query: Code
    source: Text
    owner: Text
    reviewer: Text
    next_review: Day

    @model_validator(mode="before")
    @classmethod
    def _default(cls, given: Any) -> Any:
        """A plan from before the entry existed has the usual aggregation of the kind."""
        kind = given.get("kind") if isinstance(given, dict) else None
        if isinstance(kind, str) and kind in AGGREGATIONS and "aggregation" not in given:
            return {**given, "aggregation": AGGREGATIONS[kind][0]}
        return given

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.aggregation not in AGGREGATIONS[self.kind]:
            raise PydanticCustomError("aggregation", "does not go with the kind")
        return self


class Target(Strict):
    """A dated goal; an empty value means that its plan states none."""

    target_id: Code
    indicator_id: Code
    scope: Scope
    operator: Literal["reach", "exceed", "at_most"]
    value: Number | None = None
    baseline: Number | None = None
    baseline_on: Day | None = None
    start: Day
    due: Day
    plan: Literal["labeling_plan", "ai_plan", "national", "working"]
    sentence_zh: Text
    sentence_en: Text
    source: Text
    lead_office: Text | None = None
    supporting_offices: Text | None = None

    def contradicts(self, kind: str) -> bool:
        """Whether the baseline leaves nothing to do, or a limit that cannot be kept any more.

        The table queries/build/48_judgement.sql calls these cells refused.
        """
        if self.value is None or self.baseline is None:
            return False
        if self.operator == "at_most":
            return kind == "cumulative" and self.baseline > self.value
        return self.baseline > self.value or (
            self.operator == "reach" and self.baseline == self.value
        )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.due <= self.start:
            raise PydanticCustomError("order", "due must follow start")
        if (self.baseline is None) != (self.baseline_on is None):
            raise PydanticCustomError("baseline", "a baseline and its day go together")
        return self


class Benchmark(Strict):
    """A figure that another place has published.

    `wider` covers more than labeling, `planned` is a target and no figure yet; `checked_on` is the
    day on which the source was last read.
    """

    place_zh: Text
    place_en: Text
    indicator_id: Code
    value: Number
    operator: Literal["equal", "about", "exceed"]
    added_later: ClassVar = frozenset({"checked_on"})

    kind: Literal["stock", "flow", "capacity", "cumulative", "induced", "wider", "planned"]
    as_of: Day
    source: Text
    certainty: Literal["read", "secondary", "inferred"]
    note_zh: Text | None = None
    note_en: Text | None = None
    checked_on: Day | None = None


class Event(Strict):
    """What a reader has to know of a month to read its figures; of a unit, or of everywhere."""

    month: Month
    kind: Literal["holiday", "platform_change", "definition", "other"]
    unit_id: UnitId | None = None
    text_zh: Text
    text_en: Text
    source: Text


class Holiday(Strict):
    """Days off, or weekend days that are worked for them, from `first` to `last`.

    `announced` is false while the year's arrangement is not known and only statutory days stand.
    """

    first: Day
    last: Day
    kind: Literal["off", "work"]
    name_zh: Text
    name_en: Text
    announced: bool
    source: Text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("order", "last must not precede first")
        return self


class Office(Strict):
    """An office that may answer for a task; `contact` is a post or a number, never a person."""

    office_id: Code
    name_zh: Text
    name_en: Text
    contact: Text | None = None


class Note(Strict):
    """What the office that answers for a target said of it in a month."""

    month: Month
    target_id: Code
    owner: Text
    text_zh: Text
    text_en: Text
    source: Text
