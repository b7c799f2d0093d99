"""The bytes of a file: may it be read, what is it, in which encoding."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex.ingestion import plausible_encoding
from oneninex.ingestion.findings import refuse

CHUNK = 4 << 20
HEAD = 64 << 10
_END = 64  # bytes in which the end mark of a file is looked for

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MAGIC = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"PAR1": "parquet",
    b"%PDF": "binary",
    b"\x1f\x8b": "binary",
    b"\x89PNG": "binary",
    b"\xff\xd8\xff": "binary",
    b"Rar!": "binary",
    b"7z\xbc\xaf": "binary",
    b"SQLite format 3": "binary",
    b"\x7fELF": "binary",
    b"MZ\x90": "binary",
}


@dataclass(frozen=True)
class Source:
    """A file as it was sent. `form` is zip, ole, parquet, binary, markup, json or text."""

    path: Path
    size: int
    head: bytes
    form: str


@dataclass(frozen=True)
class Text:
    """A text file in UTF-8 (`path`, perhaps a decoded copy) and what its bytes say.

    `encoding` is that of the original. `plain` is false where line ends are mixed, so that lines
    have to be counted one by one. `lines` counts line feeds.
    """

    path: Path
    encoding: str
    plain: bool
    quoted: bool
    lines: int
    ends_in_newline: bool


def name_of(path: Path) -> str:
    """A file's name as text; one in the bytes of another encoding is read as GBK, else marked."""
    content = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return unicodedata.normalize("NFC", content.decode(encoding))
    return content.decode("utf-8", "replace")


def examine(path: Path, limit: int) -> Source:
    """Look at a file without reading it whole; raises Refused.

    A link is never followed: it could lead out of the folder that was handed over.
    """
    try:
        state = path.lstat()
    except (OSError, ValueError):
        raise refuse("unsafe", "unsafe.not_a_file") from None
    if not stat.S_ISREG(state.st_mode):
        raise refuse("unsafe", "unsafe.not_a_file")
    if state.st_size == 0:
        raise refuse("not_a_table", "not_a_table.empty")
    if state.st_size > limit:
        raise refuse(
            "too_large",
            "too_large.file",
            size=f"{state.st_size / 1e6:,.1f}",
            limit=f"{limit / 1e6:,.1f}",
        )
    with path.open("rb") as file:
        head = file.read(HEAD)
    return Source(path, state.st_size, head, _form(head))


def no_room(fault: BaseException) -> bool:
    """Whether a fault says that a disk is full: the system's own words, or DuckDB's."""
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    words = ("No space left", "Disk quota exceeded", "File too large", "max_temp_directory_size")
    return isinstance(fault, duckdb.Error) and any(word in str(fault) for word in words)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes; of what cannot or may not be read (a link), that of its name."""
    with suppress(OSError, ValueError):
        if stat.S_ISREG(path.lstat().st_mode):
            return sha256_of(path)
    return hashlib.sha256(b"unread: " + os.fsencode(path.name)).hexdigest()


def _form(head: bytes) -> str:
    for magic, form in _MAGIC.items():
        if head.startswith(magic):
            return form
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    start = text[:1]
    if text.startswith((b"{\\rtf", b"MIME-Version:")):
        return "markup"
    if start == b"<":
        return "markup"
    return "json" if start in (b"{", b"[") else "text"


def decode(source: Source, folder: Path) -> Text:
    """The file as UTF-8, decoded into `folder` where it is not already; raises Refused.

    Encodings are tried strictly and in this order: byte-order mark, UTF-8, GB18030 (which
    includes GBK and GB2312). A UTF-8 file with a broken byte is refused rather than read as
    GB18030, where its Chinese would turn into other Chinese.
    """
    source = _without_end_mark(source, folder)
    if _wide(source.head):
        raise refuse("encoding", "encoding.wide")
    bom = next((name for mark, name in _BOMS.items() if source.head.startswith(mark)), None)
    if bom != "utf-16":
        try:
            return _scan(source.path, bom or "utf-8")
        except UnicodeDecodeError:
            if bom or _mostly_utf8(source.path):
                raise refuse("encoding", "encoding.broken_utf8") from None
    encoding = bom or "gb18030"
    if not bom and (meant := plausible_encoding.suspect(_sample(source.path))) is not None:
        raise refuse(
            "encoding", "encoding.suspect" if meant else "encoding.unknown", encoding=meant
        )
    target = folder / "decoded.csv"
    try:
        _transcode(source.path, target, encoding)
    except UnicodeDecodeError:
        raise refuse("encoding", "encoding.unknown") from None
    return _scan(target, encoding)


def _without_end_mark(source: Source, folder: Path) -> Source:
    """The file without the Ctrl-Z that DOS and FoxPro write behind the last line."""
    with source.path.open("rb") as file:
        file.seek(max(0, source.size - _END))
        rest = file.read()
    extra = len(rest) - len(rest.rstrip(b"\x1a\r\n"))
    if b"\x1a" not in rest[len(rest) - extra :]:
        return source
    kept = source.size - extra
    target = folder / "without-end-mark.csv"
    with source.path.open("rb") as file, target.open("wb") as out:
        left = kept
        while left and (chunk := file.read(min(CHUNK, left))):
            out.write(chunk)
            left -= len(chunk)
        out.write(b"\n")
    return replace(source, path=target, size=kept + 1, head=source.head[:kept])


def _sample(path: Path) -> bytes:
    """The lines of a file that hold more than ASCII, up to a bound."""
    found = bytearray()
    for chunk in _whole_lines(path):
        if not chunk.isascii():
            found += b"\n".join(line for line in chunk.split(b"\n") if not line.isascii())
        if len(found) > HEAD:
            break
    return bytes(found[:HEAD])


def _wide(head: bytes) -> bool:
    """Whether it is UTF-32, or UTF-16 without a mark: every second byte of a digit is nothing."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    even, odd = head[::2].count(0), head[1::2].count(0)
    if 20 * (even + odd) < len(head):
        return False
    # nearly all of them lie on one side; in UTF-32 two or three of four are empty
    return 20 * min(even, odd) <= max(even, odd) or _is_utf32(head)


def _is_utf32(head: bytes) -> bool:
    for encoding in ("utf-32-le", "utf-32-be"):
        try:
            head[: len(head) // 4 * 4].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Chunks that end where a line ends, unless a line is longer than a chunk."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk if chunk.endswith(b"\n") else chunk + file.readline(CHUNK)


def _scan(path: Path, encoding: str) -> Text:
    """Check UTF-8 and count lines; raises UnicodeDecodeError, Refused for a NUL byte."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    lines = returns = pairs = 0
    quoted = pending = False
    last = b""
    for chunk in _whole_lines(path):
        if b"\0" in chunk:
            raise refuse("not_a_table", "not_a_table.binary")
        if pending or not (chunk.isascii() or _is_utf8(chunk)):
            decoder.decode(chunk)
            pending = bool(decoder.getstate()[0])
        lines += chunk.count(b"\n")
        if b"\r" in chunk or last == b"\r":
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
        quoted = quoted or b'"' in chunk
        last = chunk[-1:]
    decoder.decode(b"", final=True)
    plain = returns == pairs and pairs in (0, lines)
    return Text(path, encoding, plain, quoted, lines, last == b"\n")


def _is_utf8(chunk: bytes) -> bool:
    """Whether a chunk is UTF-8 from its first byte to its last; Arrow looks without decoding."""
    ends = pa.array([0, len(chunk)], pa.int32()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(chunk)]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def has_blank_line(path: Path) -> bool:
    """Whether a line is blank. As long as there are as many rows as lines, none is."""
    last = b""
    for chunk in _chunks(path):
        ends = (b"\n\n", b"\n\r\n") if b"\r" in chunk else (b"\n\n",)
        if any(end in part for part in (chunk, last + chunk[:2]) for end in ends):
            return True
        last = (last + chunk[-2:])[-2:]
    return False


def _mostly_utf8(path: Path) -> bool:
    """Whether a file that is not UTF-8 was meant to be: most of what is not ASCII decodes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for chunk in _chunks(path):
        if not chunk.isascii():
            piece = decoder.decode(chunk)
            broken = piece.count("\ufffd")
            bad += broken
            good += len(piece) - len(piece.encode("ascii", "ignore")) - broken
        if good + bad > 100_000:
            break
    return good > 2 * bad


def _transcode(path: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with target.open("wb") as out:
        held = ""
        for chunk in _chunks(path):
            piece = held + decoder.decode(chunk)
            held = "\r" if piece.endswith("\r") else ""
            piece = piece[: len(piece) - len(held)]
            out.write(_newlines(piece).encode("utf-8"))
        out.write(_newlines(held + decoder.decode(b"", final=True)).encode("utf-8"))


def _newlines(piece: str) -> str:
    return piece.replace("\r\n", "\n").replace("\r", "\n")
