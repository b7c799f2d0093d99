"""Reading an export in a test, and what every reader has to keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from oneninex import ingestion
from oneninex.core.i18n import LANGS, text
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import CODES
from oneninex.ingestion.platform.model import Export, Problem, State, Work

# Every reader of the product; Label Studio's has tests of its own.
MODULES: tuple[Any, ...] = tuple(r for r in ingestion.READERS if r.PLATFORM != "label_studio")
SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = 64 << 10


@dataclass
class Read:
    """An export read to its end."""

    export: Export
    works: list[Work] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return self.export.counts

    @property
    def told(self) -> set[str]:
        return {str(one) for one in self.export.capabilities}

    @property
    def notes(self) -> list[str]:
        return [p.message.removeprefix("platforms.") for p in self.problems if not p.loses]

    @property
    def lost(self) -> list[tuple[int | None, str, str | None]]:
        """Row, code and field of what could not be used."""
        return [(p.row, p.code, p.field) for p in self.problems if p.loses]

    def days(self) -> dict[date | None, int]:
        """Items submitted by local day."""
        found: Counter[date | None] = Counter()
        for work in self.works:
            if work.state is State.SUBMITTED and work.count:
                at = work.submitted_at
                found[at.astimezone(SHANGHAI).date() if at else None] += work.count
        return dict(found)


def read(module: ModuleType, path: Path, **other: Any) -> Read:
    """Everything of an export, with the checks that hold for any of them."""
    found = Read(module.open_export(path, Options(), **other))
    for record in found.export.records:
        if isinstance(record, Problem):
            check_problem(record)
            found.problems.append(record)
        else:
            check_work(record)
            found.works.append(record)
    lost = sum(problem.loses for problem in found.problems)
    assert found.counts["annotations"] == lost + sum(work.count for work in found.works)
    assert found.export.platform == module.PLATFORM
    return found


def check_problem(problem: Problem) -> None:
    assert problem.code in CODES
    assert all(text(problem.message, lang, **problem.values) for lang in LANGS)
    assert "@" not in str(problem.value)
    assert "http" not in str(problem.value)
    assert len(str(problem.value)) <= 40


def check_work(work: Work) -> None:
    assert work.row >= 1
    assert work.item
    assert work.work_id
    for at in (work.started_at, work.submitted_at, work.updated_at):
        assert at is None or at.tzinfo is not None


def lines(path: Path, rows: Iterable[Any]) -> Path:
    """A file with one JSON value on a line."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def document(path: Path, value: Any) -> Path:
    """A file with one JSON value."""
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
