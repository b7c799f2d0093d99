"""What is kept of an export: enough to count it again, and nothing that a person wrote or is.

Gzipped NDJSON, the same bytes for the same export, options and key: a line about the export, then
one for each unit of work. People and ids are pseudonyms.
"""

from __future__ import annotations

import gzip
import io
import json
from datetime import date, datetime
from typing import Any

from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Export

_VERSION = 2


class Kept:
    """Takes rows of work_items as they are read and gives the bytes to keep."""

    def __init__(self, export: Export, options: Options) -> None:
        self._buffer = io.BytesIO()
        self._file = gzip.GzipFile(fileobj=self._buffer, mode="wb", mtime=0, compresslevel=6)
        self._common = set(options.supplied) | {"platform"}
        form = {"platform": export.platform, "form": export.form, "version": _VERSION}
        self._write({"kind": "export", **form, **options.supplied})

    def add(self, row: dict[str, Any]) -> None:
        """Keep a unit of work."""
        own = {name: value for name, value in row.items() if name not in self._common}
        self._write({"kind": "work", **own})

    def content(self) -> bytes:
        """Everything that was added."""
        self._file.close()
        return self._buffer.getvalue()

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, sort_keys=True, separators=(",", ":"), default=_plain)
        self._file.write(text.encode("ascii") + b"\n")


def _plain(value: date | datetime) -> str:
    return value.isoformat()
