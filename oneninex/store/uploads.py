"""An upload as it is recorded: what came, from whom, and what may be kept of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from oneninex.ingestion.batch import Batch
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import raw_files
from oneninex.store.atomic_io import disk_errors, write_bytes
from oneninex.store.snapshot import Store


@dataclass(frozen=True)
class Receipt:
    """What is known of an upload besides its content."""

    received_on: date
    reason: str
    options: dict[str, str]


def keep_raw(store: Store, batch: Batch) -> None:
    """Keep what may be kept of an upload, if anything may."""
    if isinstance(batch.raw, bytes) and not batch.raw:
        return
    with disk_errors():
        raw_files.keep(store, batch.raw, raw_sha256(batch))


def keep_record(store: Store, batch: Batch, receipt: Receipt) -> None:
    """Record a file of which nothing was published, so that its findings are not lost."""
    record = {**as_row(batch, receipt), "findings": batch.findings.to_pylist()}
    content = json.dumps(record, ensure_ascii=False, default=str, indent=1).encode()
    with disk_errors():
        write_bytes(store.quarantine / f"{_record_name(batch)}.json", content)


def _record_name(batch: Batch) -> str:
    """Content and name: two empty files are two files."""
    return raw_files.fingerprint(f"{batch.sha256} {batch.name}".encode())


def as_row(batch: Batch, receipt: Receipt) -> dict[str, Any]:
    """The upload in the columns of facts.UPLOADS, without what the publication adds."""
    return {
        "sha256": batch.sha256,
        "raw_sha256": raw_sha256(batch),
        "name": batch.name,
        "kind": batch.kind,
        "encoding": batch.encoding,
        "bytes": batch.bytes,
        "rows_read": batch.rows_read,
        "rows_accepted": batch.rows_accepted,
        "rows_quarantined": batch.rows_quarantined,
        "findings_total": batch.findings.num_rows,
        "status": batch.status,
        "received_on": receipt.received_on,
        "imported_at": datetime.now(UTC).replace(tzinfo=None),
        "reason": receipt.reason,
        "options": json.dumps(receipt.options, ensure_ascii=False, sort_keys=True),
        "counts": json.dumps(dict(batch.counts), sort_keys=True),
    }


def raw_sha256(batch: Batch) -> str:
    """The fingerprint of what is kept of the file."""
    return batch.sha256 if isinstance(batch.raw, Path) else raw_files.fingerprint(batch.raw)


def names(uploads: list[dict[str, Any]], earlier: list[str]) -> pa.Table:
    """upload_no to upload_id: those of a publication from 0, earlier ones from -1 downwards."""
    numbers = [*range(len(uploads)), *range(-1, -len(earlier) - 1, -1)]
    ids = [*(upload["upload_id"] for upload in uploads), *earlier]
    return pa.table(
        {"upload_no": pa.array(numbers, pa.int32()), "upload_id": pa.array(ids, pa.string())}
    )


def with_upload(findings: pa.Table, upload_id: str, kind: str | None) -> pa.Table:
    """Findings as they are published: with their upload and its kind."""
    leading = {
        "upload_id": pa.array([upload_id] * findings.num_rows, pa.string()),
        "kind": pa.array([kind] * findings.num_rows, pa.string()),
    }
    body = findings.select(FINDINGS.names).cast(FINDINGS)
    return pa.table({**leading, **{name: body[name] for name in FINDINGS.names}})
