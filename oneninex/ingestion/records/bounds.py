"""How much of a file may be taken for one record, so that memory does not grow with it."""

from __future__ import annotations

import codecs
from pathlib import Path
from types import TracebackType
from typing import Self

from oneninex.ingestion.findings import Refused, refuse

MAX_RECORD = 32 << 20  # bytes of a line, a cell or a value
MAX_DEPTH = 200


class Bounded:
    """A file read in pieces; whoever reads it resets `unseen` with each thing understood."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        if self._file.read(3) != codecs.BOM_UTF8:
            self._file.seek(0)
        self.unseen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        """The next piece; Refused once too much went by without anything understood."""
        if self.unseen > MAX_RECORD:
            raise record_too_large()
        piece = self._file.read(min(size, 1 << 16) if size > 0 else size)
        self.unseen += len(piece)
        return piece


def record_too_large() -> Refused:
    """The refusal of a file with one endless record."""
    return refuse("too_large", "platforms.record_too_large", limit=f"{MAX_RECORD >> 20}")


def too_deep() -> Refused:
    """The refusal of a file that is nested without end."""
    return refuse("unsafe", "platforms.too_deep")


def not_utf8() -> Refused:
    """The refusal of a file in another encoding."""
    return refuse("encoding", "platforms.encoding")


def encoding_of(path: Path) -> str:
    """utf-8, or utf-8-sig where the file begins with a mark."""
    with path.open("rb") as file:
        return "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "utf-8"
