"""What of a Label Studio export matters here; names, texts and addresses have no place in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Id = int | str | None


@dataclass(frozen=True)
class Review:
    """One verdict of a reviewer."""

    at: datetime
    accepted: bool


@dataclass(frozen=True)
class Annotation:
    """One task labelled, or skipped, once by one person.

    `order` is its place in the file from 1, `who` says who (to be hashed), times are UTC,
    `lead_time` is in seconds. None: the export does not tell.
    """

    order: int
    project: Id
    task: Id
    id: Id
    who: str | None
    created_at: datetime
    updated_at: datetime | None
    lead_time: float | None
    skipped: bool
    ground_truth: bool
    reviews: tuple[Review, ...] | None
    objects: int | None
    prelabeled: bool | None

    @property
    def identity(self) -> tuple[Id, Id, Id]:
        """Numbers restart in each installation and project, so that the id alone is not enough."""
        return self.project, self.task, self.id

    @property
    def accepted(self) -> bool | None:
        """The newest verdict; None where nobody has reviewed it."""
        return self.reviews[-1].accepted if self.reviews else None


@dataclass(frozen=True)
class Draft:
    """Work begun and not submitted."""

    project: Id
    task: Id
    who: str | None
    created_at: datetime


@dataclass(frozen=True)
class Problem:
    """Something that could not be understood.

    `message` is a key below `label_studio.`; `value` never holds anything that a person wrote.
    """

    code: str
    message: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    rule: str | None = None
    at: datetime | None = None
    ids: Mapping[str, int] = dataclasses.field(default_factory=dict)
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass
class Export:
    """A file as understood. `read` counts annotations, those not understood included."""

    tasks: int = 0
    read: int = 0
    annotations: list[Annotation] = dataclasses.field(default_factory=list)
    drafts: list[Draft] = dataclasses.field(default_factory=list)
    undated_drafts: int = 0
    problems: list[Problem] = dataclasses.field(default_factory=list)

    @property
    def submitted(self) -> list[Annotation]:
        """What counts as work done."""
        return [a for a in self.annotations if not a.skipped]

    @property
    def skipped(self) -> list[Annotation]:
        """What was set aside by the person."""
        return [a for a in self.annotations if a.skipped]


class NotUnderstoodError(Exception):
    """The file as a whole cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
