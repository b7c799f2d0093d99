"""What a browser sent, on the disk for the importer, and how often it may send.

Nothing that a sender calls a file is a path here, and nobody keeps the server busy alone.
"""

import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from oneninex.core.audit_log import LOCAL
from oneninex.core.rate_limit import Budget, Rate
from oneninex.core.senders import senders
from oneninex.domain.plan import Plan
from oneninex.store import StoreError
from oneninex.ui import audit, session

_NAME_BYTES = 180  # of the 255 that a file system allows
_MEGABYTE = 1_000_000
_TAKEN = "server.maxUploadSize"  # in megabytes; what is larger is imported on the command line
_ALL = "all readers"
_WAIT = 60.0  # seconds for one of the places for reading
_guard = threading.Lock()
_reading: set[str] = set()


class TooManyUploads(StoreError):
    """A reader, or all of them, had more files checked than the plan allows."""


def safe_name(given: str) -> str:
    """The last part of a name that a client sent, without anything that a path could be."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = kept, "", ""
    short = stem.encode()[:_NAME_BYTES].decode("utf-8", "ignore")
    return f"{short}{dot}{ending}" if short else "upload"


@contextmanager
def on_disk(files: Sequence[Any]) -> Iterator[list[Path]]:
    """The files in a private folder, each in one of its own so that no name meets another."""
    with tempfile.TemporaryDirectory(prefix="oneninex-upload-") as folder:
        paths = []
        for number, file in enumerate(files):
            place = Path(folder) / str(number)
            place.mkdir()
            path = place / safe_name(file.name)
            path.write_bytes(file.getbuffer())
            paths.append(path)
        yield paths


def most_megabytes(plan: Plan) -> int:
    """What a file may weigh here: as much as the plan allows and the server takes."""
    return max(1, min(plan.config.intake.max_bytes // _MEGABYTE, st.get_option(_TAKEN)))


def bounded(plan: Plan) -> None:
    """Count a check of uploaded files; TooManyUploads says when there will be room again."""
    rules = plan.config.uploads
    of_reader, of_all = _rates(rules.minutes, rules.checks_per_reader, rules.checks_in_all)
    wait = of_reader.wait(_who()) or of_all.wait(_ALL)
    if wait:
        audit.refused("upload_limited", "checks")
        at = datetime.now(plan.config.zone) + timedelta(seconds=wait + 60)
        raise TooManyUploads("returns.upload_limited", minutes=rules.minutes, at=f"{at:%H:%M}")


def admit_sender() -> None:
    """Let the server take files of this session, whose reader may send returns."""
    context = get_script_run_ctx()
    if context is not None:
        senders.admit(context.session_id, _who(), session.ends_at())


@contextmanager
def reading_alone(plan: Plan) -> Iterator[None]:
    """Hold one of the few places for reading files; one at a time for a person.

    Raises TooManyUploads where the person reads already, or all places stay taken.
    """
    person, places = _who(), _places(plan.config.uploads.workers)
    with _guard:
        if person in _reading:
            raise TooManyUploads("returns.upload_busy")
        _reading.add(person)
    try:
        if not places.acquire(timeout=_WAIT):
            raise TooManyUploads("returns.upload_busy")
        try:
            yield
        finally:
            places.release()
    finally:
        with _guard:
            _reading.discard(person)


@lru_cache(maxsize=1)
def _places(number: int) -> threading.Semaphore:
    return threading.Semaphore(number)


def forget() -> None:
    """Begin to count anew."""
    _rates.cache_clear()


@lru_cache(maxsize=2)
def _rates(minutes: int, of_reader: int, of_all: int) -> tuple[Rate, Rate]:
    """Of each reader, and of this process."""
    seconds = minutes * 60.0
    return Rate(Budget(of_reader, seconds)), Rate(Budget(of_all, seconds))


def _who() -> str:
    """The person who signed in, else the session: a new one is no way round the limit of all."""
    name = audit.actor().name
    context = get_script_run_ctx()
    return name if name != LOCAL or context is None else context.session_id
