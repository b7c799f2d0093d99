"""What goes into reading a file and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import pyarrow as pa

from oneninex.ingestion import findings as found
from oneninex.ingestion.source import name_of

MAX_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Options:
    """What the sender or the command line says of a file; it fills columns that are absent.

    `max_bytes` is the size above which a file is refused (None: MAX_BYTES). `progress` is told the
    share of a file that has been read, where it is read record by record. `member` is the name of
    the file within the archive in which it came, `siblings` are all files of that archive. `month`
    (its first day) is when work without a time was done, as the sender states;
    `one_person_per_file` that the file's name stands for the person whose work it holds. `zone` is
    that of times without one. Nothing in it can be later than today or, where
    that is later, the day on which it was `received_on`.
    """

    kind: str | None = None
    unit_id: str | None = None
    enterprise_id: str | None = None
    project_id: str | None = None
    modality: str | None = None
    month: date | None = None
    one_person_per_file: bool = False
    max_bytes: int | None = None
    member: str | None = field(default=None, compare=False)
    siblings: tuple[Path, ...] = field(default=(), compare=False)
    zone: ZoneInfo | None = field(default=None, compare=False)
    received_on: date | None = field(default=None, compare=False)
    progress: Callable[[float], None] | None = field(default=None, compare=False)

    @property
    def supplied(self) -> dict[str, str]:
        """The fields that the options give a value for."""
        names = ("unit_id", "enterprise_id", "project_id", "modality")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass
class Batch:
    """A file that was read.

    status: accepted (no row in quarantine), partly, refused (nothing of it is used) or unchanged
    (read before; `superseded` where later returns replaced rows of it). `tables` names, for each
    kind, the relation of accepted rows in the connection: the contract's fields, typed and in its
    order, then source_row. `sha256` is that of the bytes; of what may not be read (a link) that of
    its name. `raw` is what may be kept of the file as it was sent. rows_read = rows_accepted +
    rows_quarantined. `counts` is None for what the file cannot tell.

    Of an export of a labeling platform: its `platform`, the `capabilities` of the file (None for
    other files), and the relation of its `answers`, hashed, which lives as long as the connection.
    """

    name: str
    sha256: str
    bytes: int
    kind: str | None
    encoding: str | None
    status: str
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    tables: dict[str, str] = field(default_factory=dict)
    findings: pa.Table = field(default_factory=found.FINDINGS.empty_table)
    counts: Mapping[str, int | None] = field(default_factory=dict)
    raw: Path | bytes = b""
    platform: str | None = None
    capabilities: tuple[str, ...] | None = None
    answers: str | None = None
    superseded: bool = False

    @classmethod
    def refused(
        cls,
        path: Path,
        findings: pa.Table,
        *,
        sha256: str = "",
        size: int = 0,
        kind: str | None = None,
        encoding: str | None = None,
        raw: Path | bytes | None = None,
    ) -> Self:
        """A file of which nothing is used, and why."""
        return cls(
            name=name_of(path),
            sha256=sha256,
            bytes=size,
            kind=kind,
            encoding=encoding,
            status="refused",
            findings=findings,
            counts=found.counts(findings),
            raw=path if raw is None else raw,
        )

    @classmethod
    def unchanged(
        cls, path: Path, sha256: str, earlier: Mapping[str, Any], *, superseded: bool = False
    ) -> Self:
        """A file that was imported before; `earlier` is its row in the uploads."""
        return cls(
            name=name_of(path),
            sha256=sha256,
            bytes=earlier["bytes"],
            kind=earlier["kind"],
            encoding=earlier["encoding"],
            status="unchanged",
            rows_read=earlier["rows_read"],
            rows_accepted=earlier["rows_accepted"],
            rows_quarantined=earlier["rows_quarantined"],
            raw=path,
            superseded=superseded,
        )

    def with_finding(self, finding: found.Finding, rows: int) -> Self:
        """The batch with another finding, for which `rows` accepted rows go into quarantine."""
        findings = pa.concat_tables([self.findings, found.table([finding])])
        return replace(
            self,
            status="partly" if rows else self.status,
            rows_accepted=self.rows_accepted - rows,
            rows_quarantined=self.rows_quarantined + rows,
            findings=findings,
            counts={**self.counts, **found.counts(findings)},
        )
