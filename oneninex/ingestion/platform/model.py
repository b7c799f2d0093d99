"""One unit of work as an export tells it; the same for every labeling platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from enum import StrEnum
from typing import Any


class Capability(StrEnum):
    """What an export can tell; what it cannot is missing, never 0."""

    ANNOTATOR = "annotator"
    TIME = "time"  # when it was done
    DURATION = "duration"
    REVIEW = "review"
    GOLD = "gold"
    SKIP = "skip"
    OVERLAP = "overlap"  # several people on one item, so that agreement can be had
    OBJECTS = "objects"
    ORIGIN = "origin"  # drawn by hand or begun by a model


class State(StrEnum):
    """What became of a unit of work. Only submitted work counts as items."""

    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    DRAFT = "draft"
    EXPIRED = "expired"
    REPEATED = "repeated"  # the same person submitted the same item before


class HoursBasis(StrEnum):
    """How a duration was measured (INTERFACE §3); durations of two bases are never added."""

    OPEN_TIME = "open_time"
    ACTIVE_TIME = "active_time"
    CLOCK_UNION = "clock_union"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reviewer's decision; `at` is None where the export does not date it."""

    at: datetime | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class Work:
    """One item labelled, or set aside, once by one person. None: the export does not tell.

    Identities are as they stand in the file: they are hashed with the key before anything is
    stored or logged. Times carry their zone. Nothing that a person wrote is in it but `answers`,
    which is compared while the file is read and never stored.
    """

    row: int  # the line or, in JSON and XML, the number of the record; the first is 1
    item: str  # what was labelled: the same for everybody who got it
    work_id: str  # within platform and project; a later export with the same id replaces it
    project: str | None = None  # the platform's own project, batch or pool
    state: State = State.SUBMITTED
    count: int = 1  # items in it, where the platform records people by job (CVAT)
    who: str | None = None
    started_at: datetime | None = None
    submitted_at: datetime | None = None  # decides the day
    updated_at: datetime | None = None  # the newest wins
    seconds: float | None = None  # on the platform's clock
    page: str | None = None  # durations and intervals belong to a page of several items (Toloka)
    verdicts: tuple[Verdict, ...] | None = None  # oldest first; () = nobody has reviewed it
    gold: bool | None = None  # a control item
    gold_correct: bool | None = None
    gold_items: int | None = None  # with gold_right where control answers are counted in one go
    gold_right: int | None = None
    objects: int | None = None
    prelabeled: bool | None = None
    answers: Mapping[str, str] = attribute(default_factory=dict)  # label set -> answer
    copied: bool = False  # the export itself shows that its duration was copied from elsewhere
    imported: bool = False  # the export itself shows that its times are those of an import
    origin: str | None = None  # unique everywhere: two installations count their ids alike
    former_id: str | None = None  # the work_id under which earlier releases of OneNineX kept it

    @property
    def accepted(self) -> bool | None:
        """The newest verdict; None where nobody has reviewed it or the export cannot tell."""
        return self.verdicts[-1].accepted if self.verdicts else None


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that could not be understood, or that needs a word.

    `code` is a code of INTERFACE §2, `message` a key of locale/*/findings.po. `value` never holds
    anything that a person wrote, a name, an address or a URL. `loses` records go to quarantine.
    """

    code: str
    message: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    rule: str | None = None
    at: datetime | None = None
    loses: int = 0
    values: Mapping[str, Any] = attribute(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """A file that a reader has recognised, before it is read through.

    `records` streams what is in it, in the file's order and within bounded memory; it raises
    findings.Refused where the file as a whole cannot be used. `capabilities` is what this file
    (not only its format) can tell; `counts` is filled while `records` runs out: tasks and what
    else the format tells of itself.

    `whole_file` are capabilities that a file has or has not: where one record tells them, one
    without has none (no review yet), rather than being unable to tell. `position` says how many
    bytes have been read, for progress. `cap_durations` where the platform's clock
    runs on while nobody works. `items_known` where an item's identity is certain, so that one
    person who submits one item twice can be seen.
    """

    platform: str  # label_studio, cvat, labelbox, mturk, toloka, prodigy, doccano
    form: str  # json, json_min, csv, xml, rest, ndjson, tsv, jsonl ...
    capabilities: frozenset[Capability]
    hours_basis: HoursBasis | None
    records: Iterator[Work | Problem]
    counts: dict[str, int] = attribute(default_factory=dict)
    encoding: str = "utf-8"
    whole_file: frozenset[Capability] = frozenset()
    position: Callable[[], int] | None = None
    cap_durations: bool = False
    items_known: bool = False
