"""The elements of a JSON array, one at a time: a file of any size in bounded memory.

The parser is that of Python's json, which a hostile file can neither crash nor make recurse
without end; an element that is not whole yet is tried again with more of the file.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oneninex.ingestion.findings import Finding, Refused, refuse

ELEMENT_BYTES = 64 << 20  # a larger single task is no task
_CHUNK = 4 << 20
_BLANK = " \t\n\r"
_CUT = 16  # characters at the end in which a literal or an escape may have been cut
_decoder = json.JSONDecoder()


class Elements:
    """Iterates over the elements of the array at the root, or below a key of the root object.

    `position` is the number of bytes read. Raises Refused for what is not JSON, not UTF-8, nested
    too deeply or too large.
    """

    def __init__(self, path: Path, below: str | None = None) -> None:
        self._path, self._below = path, below
        self.position = 0
        self.encoding = "utf-8"
        self._text = ""
        self._lines = 1
        self._ended = False
        self._chunks: Iterator[str] = iter(())

    def __iter__(self) -> Iterator[Any]:
        with self._path.open("rb") as file:
            self._chunks = self._decoded(file)
            self._enter()
            yield from self._elements()
            if self._below is None:
                self._leave()

    def _elements(self) -> Iterator[Any]:
        at = self._next(0)
        if self._text[at : at + 1] == "]":
            self._drop(at + 1)
            return
        while True:
            value, at = self._value(at)
            yield value
            at = self._next(at)
            sign = self._text[at : at + 1]
            if sign not in (",", "]"):
                raise self._broken(at)
            at += 1
            if sign == "]":
                self._drop(at)
                return
            if at > _CHUNK // 2:
                at = self._drop(at)
            at = self._next(at)

    def _enter(self) -> None:
        """Go to the first element."""
        self._more()
        if self._below is None:
            at = self._next(0)
            if self._text[at : at + 1] != "[":
                raise self._broken(at)
            self._drop(at + 1)
            return
        found = re.search(rf'"{self._below}"\s*:\s*\[', self._text)
        if found is None:
            raise refuse("unknown_format", "unknown_format.json")
        self._drop(found.end())

    def _leave(self) -> None:
        at = self._next(0)
        if at < len(self._text):
            raise self._broken(at)

    def _value(self, at: int) -> tuple[Any, int]:
        while True:
            try:
                return _decoder.raw_decode(self._text, at)
            except RecursionError:
                raise refuse("unsafe", "export.too_deep") from None
            except json.JSONDecodeError as fault:
                at = self._drop(at)
                if not self._cut_off(fault) or not self._more():
                    raise self._broken(0) from None
            except ValueError:  # a number of thousands of digits
                raise refuse("unsafe", "export.number_too_long") from None

    def _cut_off(self, fault: json.JSONDecodeError) -> bool:
        """Whether the text may only have been too short."""
        if len(self._text) > ELEMENT_BYTES:
            raise refuse("too_large", "export.element_too_large", limit=ELEMENT_BYTES >> 20)
        return fault.msg.startswith("Unterminated") or fault.pos >= len(fault.doc) - _CUT

    def _next(self, at: int) -> int:
        """The place of the next character that is not blank, with more of the file if need be."""
        while True:
            while at < len(self._text) and self._text[at] in _BLANK:
                at += 1
            if at < len(self._text) or not self._more():
                return at

    def _drop(self, at: int) -> int:
        self._lines += self._text.count("\n", 0, at)
        self._text = self._text[at:]
        return 0

    def _more(self) -> bool:
        piece = next(self._chunks, None)
        if piece is None:
            return False
        # what is still wanted may be long: grow with it, or each trial costs a whole pass
        pieces, size = [self._text, piece], len(piece)
        while size < len(self._text) and (piece := next(self._chunks, None)) is not None:
            pieces.append(piece)
            size += len(piece)
        self._text = "".join(pieces)
        return True

    def _decoded(self, file: Any) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        first = True
        try:
            while chunk := file.read(_CHUNK):
                self.position += len(chunk)
                if first and chunk.startswith(codecs.BOM_UTF8):
                    self.encoding, chunk = "utf-8-sig", chunk[len(codecs.BOM_UTF8) :]
                first = False
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise refuse("encoding", "export.encoding") from None

    def _broken(self, at: int) -> Refused:
        line = self._lines + self._text.count("\n", 0, at)
        return Refused(Finding("unknown_format", "export.not_json", line, values={"line": line}))
