"""How the event tables of closed labeling platforms are read: data/plan/mappings/*.toml.

A mapping names the platform's columns for what an export has to tell, the words of its states, its
time zone and the unit of its durations. A table is read by the mapping whose columns it has.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from oneninex.domain.plan.reading import read_bytes, read_toml, validate

FOLDER = "mappings"
Words = Annotated[list[str], Field(default_factory=list)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise PydanticCustomError("timezone", "timezone") from None
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Strict):
    """Columns of the table, by what they tell; only the item and a time or a state are needed."""

    item: Annotated[str, Field(min_length=1)]
    work_id: str | None = None
    person: str | None = None
    state: str | None = None
    started_at: str | None = None
    submitted_at: str | None = None
    updated_at: str | None = None
    duration: str | None = None
    verdict: str | None = None
    objects: str | None = None

    def named(self) -> set[str]:
        """Return the names of all columns that are mapped."""
        return {name for name in self.model_dump().values() if name is not None}


class Vocabulary(_Strict):
    """Words that the platform writes, by what they mean."""

    submitted: Words
    skipped: Words
    draft: Words
    expired: Words
    not_begun: Words
    accepted: Words
    rejected: Words


class Mapping(_Strict):
    """One platform's table."""

    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    zone: Annotated[str, AfterValidator(_zone)]
    time_formats: list[str] = Field(default_factory=list)
    duration_unit: Literal["milliseconds", "seconds", "minutes", "hours"] = "seconds"
    hours_basis: Literal["open_time", "active_time", "reported"] = "reported"
    columns: Columns
    words: Vocabulary = Field(default_factory=lambda: Vocabulary.model_validate({}))

    @model_validator(mode="after")
    def _states_have_words(self) -> Mapping:
        if self.columns.state and not self.words.submitted:
            raise PydanticCustomError("missing", "words.submitted")
        return self


def load(folder: Path) -> tuple[Mapping, ...]:
    """Return the mappings of a plan in the order of their file names; raises PlanError."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.toml")):
        name = f"{FOLDER}/{path.name}"
        document = read_toml(name, read_bytes(path))
        found.append(validate(name, None, document, Mapping))
    return tuple(found)
