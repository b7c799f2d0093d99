"""The one door for exports of labeling platforms: from a reader's records to a batch.

Nobody's name and nothing that was labelled comes through: people, items and ids become keyed
hashes here, and what is kept of the file is what came through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Protocol

import duckdb

from oneninex.domain.plan import Plan
from oneninex.ingestion import findings, identity
from oneninex.ingestion import source as sources
from oneninex.ingestion.batch import MAX_BYTES, Batch, Options
from oneninex.ingestion.findings import Refused, refuse
from oneninex.ingestion.platform import daily_aggregate, deduplicate, report, sender_context
from oneninex.ingestion.platform.anonymized_copy import Kept
from oneninex.ingestion.platform.coverage import told
from oneninex.ingestion.platform.model import Capability, Export, Problem, State, Work
from oneninex.ingestion.platform.work_items import KIND, Hasher, Undatable, Works

__all__ = ["Reader", "read"]

_PROBLEMS_KEPT = 100_000  # of one file; the rest is counted
_TELL_EVERY = 500
_LOOKED_THROUGH = 20_000_000
_MEMORY = "300MB"  # of DuckDB while a large export is read and published
_NAMED_FOR_PEOPLE = {"doccano", "prodigy"}


class Reader(Protocol):
    """A module that reads the exports of one platform."""

    @property
    def PLATFORM(self) -> str:  # noqa: N802 - a constant of the module
        """The code of the platform."""
        ...

    def recognises(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` is such an export."""
        ...

    def open_export(self, path: Path, options: Options) -> Export:
        """Look at the file and stream what is in it; raises Refused."""
        ...


def read(
    reader: Reader,
    path: Path,
    con: duckdb.DuckDBPyConnection,
    options: Options,
    plan: Plan,
    sha256: Callable[[], str] | None = None,
) -> Batch:
    """Read an export into relations of `con`: labeling_daily, work_set_aside, work_items.

    What is wrong is in the findings. rows_read counts works, drafts left out, and what could not
    be understood. Of a refused file nothing is kept, since it names people.
    """
    fingerprint = sha256 or (lambda: sources.sha256_of(path))
    try:
        sources.examine(path, min(options.max_bytes or MAX_BYTES, plan.config.intake.max_bytes))
        options = replace(options, zone=plan.config.zone)
        export = _by_file(reader.open_export(path, options), path, options)
        if wrong := sender_context.problems(options, plan):
            _look_through(export, path)
            found = report.findings_of(wrong, options.unit_id, plan.config.zone)
        else:
            return _Reading(path, con, options, plan, export, _key()).batch(fingerprint)
    except Refused as refused:
        found = refused.table()
    size = path.stat().st_size
    batch = Batch.refused(
        path, found, sha256=fingerprint(), size=size, kind=daily_aggregate.LABELING, raw=b""
    )
    return replace(batch, name=named(path, reader.PLATFORM))


def _by_file(export: Export, path: Path, options: Options) -> Export:
    """Name the person of each work by the file, where the sender says that a file is a person's."""
    if not options.one_person_per_file:
        return export
    person = f"file:{PurePosixPath(options.member or path.name).stem}"

    def named() -> Iterator[Work | Problem]:
        for record in export.records:
            if isinstance(record, Work) and record.who is None:
                yield replace(record, who=person, work_id=f"{person} {record.work_id}")
            else:
                yield record

    people = {Capability.ANNOTATOR, Capability.OVERLAP}
    return replace(export, records=named(), capabilities=export.capabilities | people)


def _look_through(export: Export, path: Path) -> None:
    """Raise Refused where a file that cannot be placed is no export anyway, unless it is large."""
    if path.stat().st_size < _LOOKED_THROUGH:
        deque(export.records, maxlen=0)


def _key() -> bytes:
    try:
        return identity.load_key()
    except (OSError, RuntimeError):
        raise refuse("unsafe", "export.no_key") from None


def named(path: Path, platform: str) -> str:
    """What an upload is called: some tools name a file for the person whose work is in it."""
    if platform not in _NAMED_FOR_PEOPLE:
        return sources.name_of(path)
    try:
        name = identity.pseudonym(identity.load_key(), "file", path.stem)[:8]
    except (OSError, RuntimeError):
        name = "export"
    return f"{platform}-{name}{path.suffix[:10]}"


class _Reading:
    """One export on its way into a batch."""

    def __init__(
        self,
        path: Path,
        con: duckdb.DuckDBPyConnection,
        options: Options,
        plan: Plan,
        export: Export,
        key: bytes,
    ) -> None:
        self.path, self.con, self.options, self.plan = path, con, options, plan
        self.export, self.config = export, plan.config
        enterprise, project = options.enterprise_id or "", options.project_id or ""
        hasher = Hasher(key, export.platform, enterprise, project)
        self.works = Works(con, export, options, hasher, self.config.zone)
        self.kept = Kept(export, options)
        if path.stat().st_size > _LOOKED_THROUGH:  # the works of a large file may lie on the disk
            con.execute(f"set memory_limit = '{_MEMORY}'")
        self.problems: list[Problem] = []
        self.read = self.lost = self.unsaid = 0

    def batch(self, sha256: Callable[[], str]) -> Batch:
        """Read the file through and settle what only the whole can tell."""
        try:
            self._stream()
        except BaseException:
            self.works.drop()
            raise
        con, export, table = self.con, self.export, self.works.table
        for problem in deduplicate.drop_duplicates(con, table, self.works.answers):
            self._note(problem)
        if export.items_known:
            self.problems += deduplicate.mark_repeated(con, table)
        deduplicate.fill(con, table, export)
        rules = self.config.exports
        self.problems += deduplicate.mark_imported(con, table, export.hours_basis, rules)
        self.problems += deduplicate.state_month(con, table, self.options.month)
        cap = self.config.label_studio.lead_time_cap_seconds
        daily = daily_aggregate.daily(con, table, self.config.zone, cap)
        tables = {
            daily_aggregate.LABELING: daily,
            daily_aggregate.ASIDE: daily_aggregate.set_aside(con, table),
            KIND: table,
        }
        self._more()
        return self._batch(tables, sha256())

    def _batch(self, tables: dict[str, str], sha256: str) -> Batch:
        seen = told(
            self.con,
            self.export,
            tables[KIND],
            tables[daily_aggregate.LABELING],
            self.config.exports,
        )
        problems = [*self.problems, *seen.missing]
        found = report.findings_of(problems, self.options.unit_id, self.config.zone)
        return Batch(
            name=named(self.path, self.export.platform),
            sha256=sha256,
            bytes=self.path.stat().st_size,
            kind=daily_aggregate.LABELING,
            encoding=self.export.encoding,
            status="partly" if self.lost else "accepted",
            rows_read=self.read,
            rows_accepted=self.read - self.lost,
            rows_quarantined=self.lost,
            tables=tables,
            findings=found,
            counts={**findings.counts(found), "annotations": self.read, **seen.counts},
            raw=self.kept.content(),
            platform=self.export.platform,
            capabilities=tuple(sorted(c.value for c in seen.capabilities)),
            answers=self.works.answers,
        )

    def _stream(self) -> None:
        size = max(self.path.stat().st_size, 1)
        for number, record in enumerate(self.export.records):
            if isinstance(record, Work):
                self._work(record)
            else:
                self.read += record.loses
                self._note(record)
            if number % _TELL_EVERY == 0 and self.options.progress and self.export.position:
                self.options.progress(self.export.position() / size)
        self.works.flush()

    def _work(self, work: Work) -> None:
        counted = work.state is not State.DRAFT
        self.read += counted
        try:
            self.kept.add(self.works.take(work))
        except Undatable:
            self._note(Problem("range", "export.time_out_of_range", work.row, loses=int(counted)))

    def _note(self, problem: Problem) -> None:
        self.lost += problem.loses
        if len(self.problems) < _PROBLEMS_KEPT:
            self.problems.append(problem)
        else:
            self.unsaid += 1

    def _more(self) -> None:
        if self.unsaid:
            values = {"count": self.unsaid}
            self.problems.append(Problem("rule", "export.more", rule="more", values=values))
