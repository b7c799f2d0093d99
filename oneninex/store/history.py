"""What the store already holds: uploads that are in effect, findings, refused files."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from oneninex.domain import contracts
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import database, facts
from oneninex.store.errors import StoreDamaged
from oneninex.store.snapshot import Store

WORKS = "work_items"
# The columns of `quarantined`.
QUARANTINED = [
    *("sha256", "file", "received_on", "kind", "row", "field", "value", "code", "rule"),
    *("message_zh", "message_en", "record", "unit_id", "period", "outstanding"),
]
_RECORD = re.compile(r"[0-9a-f]{64}\.json")
_RECORDED = ("sha256", "name", "imported_at", "received_on")


class Known:
    """Uploads of the current snapshot, to recognise a file that was imported before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        current = store.current()
        self._manifest = current.manifest if current else None
        self._uploads = self._load()
        self._sizes = {upload["bytes"] for upload in self._uploads.values()}

    def _load(self) -> dict[tuple[str, str], dict[str, Any]]:
        files = self._manifest.of("_uploads") if self._manifest else []
        if not files:
            return {}
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"select * from {facts.read_sql(self._store, files)} where status <> 'refused' "
                "order by upload_id"
            ).to_arrow_table()
        return {(row["sha256"], row["options"]): row for row in rows.to_pylist()}

    def has_size_of(self, path: Path) -> bool:
        """Whether an upload has as many bytes as this file: only then is it worth a fingerprint."""
        return path.stat().st_size in self._sizes

    def upload_of(self, sha256: str, options: str) -> dict[str, Any] | None:
        """The newest upload of exactly this file, said to be the same; refused ones are none."""
        return self._uploads.get((sha256, options))

    def in_effect(self, upload: dict[str, Any]) -> bool:
        """Whether every row that an upload brought still counts."""
        if merged := self._months_of_works(upload["upload_id"]):
            return not self._overruled(json.loads(upload["options"]), merged)
        rows = sum(self._rows(kind, upload["upload_id"]) for kind in contracts.kinds())
        return rows == self._rows_published(upload["upload_id"])

    def last_accepted(self) -> dict[str, str]:
        """For each file name, when an upload of it was last published (UTC, ISO 8601)."""
        uploads = sorted(self._uploads.values(), key=lambda row: row["imported_at"])
        return {row["name"]: str(row["imported_at"]) for row in uploads}

    def _rows(self, kind: str, upload_id: str) -> int:
        files = self._manifest.of(kind) if self._manifest else []
        return self._count(files, upload_id, "count(*)")

    def _rows_published(self, upload_id: str) -> int:
        files = self._manifest.of("_returns") if self._manifest else []
        return self._count(files, upload_id, "coalesce(sum(rows), 0)")

    def _months_of_works(self, upload_id: str) -> list[Any]:
        """The months of an export's units of work; empty for other uploads."""
        return self._column(
            self._files("_returns"),
            f"select distinct period from {{}} where upload_id = ? and kind = '{WORKS}'",
            [upload_id],
        )

    def _overruled(self, place: dict[str, Any], months: list[Any]) -> bool:
        """Whether a later return that is no export replaced what a project's works add up to.

        An export itself is never replaced: it is merged with what comes after it.
        """
        exports = self._column(
            self._files("_returns"), f"select distinct upload_id from {{}} where kind = '{WORKS}'"
        )
        named = [place.get(name) for name in ("unit_id", "enterprise_id", "project_id")]
        return bool(
            self._column(
                self._files("labeling_daily"),
                "select distinct upload_id from {} where unit_id = ? and enterprise_id = ? "
                "and project_id = ? and list_contains(?, date_trunc('month', date)::date) "
                "and not list_contains(?, upload_id)",
                [*named, [month for month in months if month], exports],
            )
        )

    def _files(self, kind: str) -> list:
        return self._manifest.of(kind) if self._manifest else []

    def _column(self, files: list, select: str, values: list[Any] | None = None) -> list[Any]:
        if not files:
            return []
        with duckdb.connect() as connection:
            found = connection.execute(select.format(facts.read_sql(self._store, files)), values)
            return [row[0] for row in found.fetchall()]

    def _count(self, files: list, upload_id: str, measure: str) -> int:
        if not files:
            return 0
        with duckdb.connect() as connection:
            found = connection.execute(
                f"select {measure} from {facts.read_sql(self._store, files)} where upload_id = ?",
                [upload_id],
            ).fetchone()
        return int(found[0]) if found else 0


def unpublished(store: Store) -> list[dict[str, Any]]:
    """Records of files of which nothing was published, oldest first.

    Raises StoreDamaged for a record that cannot be read.
    """
    records = [_record(path) for path in _record_paths(store)]
    return sorted(records, key=lambda record: (record["imported_at"], record["sha256"]))


def broken_records(store: Store) -> Iterator[str]:
    """Relative paths of the records that cannot be read."""
    for path in _record_paths(store):
        try:
            _record(path)
        except StoreDamaged:
            yield str(path.relative_to(store.root))


def kept_raw(store: Store, *, skip: Collection[str] = ()) -> set[str]:
    """Fingerprints of what should lie in raw/: of the current snapshot's uploads and the records.

    `skip`: records to leave out.
    """
    current = store.current()
    files = current.manifest.of("_uploads") if current else []
    tables = [pq.read_table(store.root / file.path, columns=["raw_sha256"]) for file in files]
    found = {value for table in tables for value in table["raw_sha256"].to_pylist() if value}
    paths = [p for p in _record_paths(store) if str(p.relative_to(store.root)) not in skip]
    return found | {sha for path in paths if (sha := _record(path).get("raw_sha256"))}


def _record_paths(store: Store) -> list[Path]:
    folder = store.quarantine
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return [path for path in paths if _RECORD.fullmatch(path.name)]


def _record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_bytes())
        wrong = [name for name in _RECORDED if not isinstance(record[name], str)]
        for finding in record["findings"]:
            finding.setdefault("cell", None)  # records of earlier versions have none
        wrong += [0 for finding in record["findings"] if not set(FINDINGS.names) <= set(finding)]
        date.fromisoformat(record["received_on"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as reason:
        raise StoreDamaged("store.record_damaged", path=path.name) from reason
    if wrong:
        raise StoreDamaged("store.record_damaged", path=path.name)
    return record


def quarantined(store: Store, sha256: str | None = None) -> list[dict[str, Any]]:
    """Every finding as queries/quarantined.sql gives it, and those of unpublished files.

    `sha256` is the fingerprint of a file or its first characters. `outstanding` is false once
    a return came that mends the finding (for an unpublished file: one of the same name).
    """
    current = store.current()
    rows: list[dict[str, Any]] = []
    if current is not None:
        rows = database.query("quarantined", snapshot=current, sha256=sha256).to_pylist()
    with store.reading():
        accepted = Known(store).last_accepted()
    for record in unpublished(store):
        if sha256 and not record["sha256"].startswith(sha256):
            continue
        outstanding = accepted.get(record["name"], "") < record["imported_at"]
        rows += [_as_row(record, finding, outstanding) for finding in record["findings"]]
    return rows


def _as_row(record: dict[str, Any], finding: dict[str, Any], outstanding: bool) -> dict[str, Any]:
    upload = {name: record[name] for name in ("sha256", "received_on", "kind")}
    return {**upload, "file": record["name"], **finding, "outstanding": outstanding}
