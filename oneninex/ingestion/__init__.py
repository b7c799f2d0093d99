"""Reading what units send: `read` recognises a file by its content and checks it.

A reader of a labeling platform is a module with `recognises(head, path) -> bool` and
`open_export(path, options) -> Export`; it is listed in READERS, and platform.door reads by it.
"""

from __future__ import annotations

import errno
import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion import (
    archive,
    cvat,
    doccano,
    label_studio,
    labelbox,
    labelu,
    mapped,
    mturk,
    prodigy,
    tables,
    toloka,
)
from oneninex.ingestion import source as sources
from oneninex.ingestion.batch import MAX_BYTES, Batch, Options
from oneninex.ingestion.findings import Finding, Refused, refuse, table
from oneninex.ingestion.platform import pipeline, untimed_formats

__all__ = ["READERS", "Batch", "Options", "read"]

READERS: tuple[pipeline.Reader, ...] = (
    label_studio,
    cvat,
    labelbox,
    mturk,
    toloka,
    prodigy,
    doccano,
    labelu,
)
PLATFORM_KIND = "labeling_daily"

_ENDINGS = (KeyboardInterrupt, SystemExit, GeneratorExit, duckdb.InterruptException)

_log = logging.getLogger(__name__)


def read(path: Path, con: duckdb.DuckDBPyConnection, options: Options, plan: Plan) -> Batch:
    """Read, recognise and check a file; what it holds can refuse it but raises nothing.

    Raises OSError (ENOSPC) where the disk has no room for working on it.
    """
    sha256, size, name = "", 0, sources.name_of(path)
    kept: Path | bytes = b""  # until it is known to be a file that may be kept
    try:
        if options.kind and options.kind not in contracts.sent_kinds():
            raise refuse("unknown_format", "unknown_format.kind", kind=options.kind, kinds=_kinds())
        source = sources.examine(path, options.max_bytes or MAX_BYTES)
        size = source.size
        kept = b"" if _names_people(source) else path
        with ThreadPoolExecutor(1) as aside:  # a large file's fingerprint takes a while
            fingerprint = aside.submit(sources.sha256_of, path)
            try:
                if reader := _reader(source.head, path, plan):
                    kept = b""  # whatever becomes of it, it names people
                    name = pipeline.named(path, reader.PLATFORM)
                    if options.kind not in (None, PLATFORM_KIND):
                        raise refuse("unknown_format", "export.not_this_kind")
                    return pipeline.read(reader, path, con, options, plan, fingerprint.result)
                if found := untimed_formats.of_file(source.head, path):
                    kept = b""
                    raise untimed_formats.refusal(found)
                return tables.read(source, fingerprint.result, con, options, plan)
            finally:
                sha256 = fingerprint.result()
    except Refused as refused:
        findings = refused.table()
    except BaseException as fault:
        # a library that panics (calamine) raises what is no Exception; only what ends the
        # program may pass, for one odd file must not cost the others of the same import
        if isinstance(fault, _ENDINGS):
            raise
        # a full disk is no fault of the file
        if sources.no_room(fault):
            raise OSError(errno.ENOSPC, "no space left") from fault
        findings = table([_reason(path, fault, personal=kept == b"")])
    kind = options.kind if options.kind in contracts.sent_kinds() else None
    sha256 = sha256 or sources.fingerprint(path)
    batch = Batch.refused(path, findings, sha256=sha256, size=size, kind=kind, raw=kept)
    return replace(batch, name=name)


def _reason(path: Path, fault: BaseException, *, personal: bool) -> Finding:
    """What a fault that is no refusal of a reader says of the file."""
    if isinstance(fault, MemoryError | duckdb.OutOfMemoryException):
        return Finding("too_large", "too_large.memory")
    if isinstance(fault, PermissionError) and personal:
        return Finding("unsafe", "unsafe.no_permission")
    _note(path, fault, personal=personal)
    return Finding("not_a_table", "not_a_table.unreadable")


def _kinds() -> tuple[str, str]:
    """The kinds of return by name and code, in Chinese and in English."""
    sent = [contracts.load(kind) for kind in contracts.sent_kinds()]
    zh = "、".join(f"{contract.title}（{contract.kind}）" for contract in sent)
    return zh, ", ".join(f"{contract.title_en} ({contract.kind})" for contract in sent)


def _names_people(source: sources.Source) -> bool:
    """JSON, annotations in XML or an archive that is no return: a platform's, with names in it."""
    annotated = source.form == "markup" and b"<annotation" in source.head.lower()
    return source.form == "json" or annotated or archive.is_archive(source.path)


def _note(path: Path, fault: BaseException, *, personal: bool) -> None:
    """Log a fault for the administrator; its words may quote what the file says of people."""
    if personal:
        places = traceback.extract_tb(fault.__traceback__)
        where = ", ".join(f"{place.name}:{place.lineno}" for place in places[-4:])
        _log.error("an export could not be read: %s at %s", type(fault).__name__, where)
        return
    # the name of a file may name a person; whoever imports sees it with the refusal
    _log.error("a file could not be read: %s", type(fault).__name__)
    _log.debug("why it could not be read", exc_info=fault)


def _reader(head: bytes, path: Path, plan: Plan) -> pipeline.Reader | None:
    """The reader of the platform that a file comes from, by its content."""
    known = next((reader for reader in READERS if reader.recognises(head, path)), None)
    return known or mapped.reader(head, path, plan.mappings)
