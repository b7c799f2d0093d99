"""A ZIP of returns or exports, unpacked file by file within bounds; what is in it is never trusted.

No name of a member becomes a path, no link is made, nothing is unpacked twice. An archive within
the archive stays what it is and is refused like any other.
"""

from __future__ import annotations

import errno
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from oneninex.ingestion.by_catch import is_by_catch
from oneninex.ingestion.containers import container_of
from oneninex.ingestion.findings import Refused, refuse
from oneninex.ingestion.source import CHUNK
from oneninex.ingestion.tables.package import MAX_RATIO, RATIO_COUNTS_FROM

MAX_MEMBERS = 1_000
MAX_ENTRIES = 100_000  # an export may carry its pictures
# What was labelled lies beside the labels; it is none of ours and is left where it is.
_MEDIA = re.compile(
    r"\.(jpe?g|png|bmp|gif|webp|tiff?|heic|mp4|avi|mov|mkv|webm|wav|mp3|flac|ogg|m4a|pcd|ply|las|bin)$",
    re.IGNORECASE,
)
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Member:
    """A file out of an archive: where it lies now, and its name within."""

    path: Path
    name: str


def may_be_archive(path: Path) -> bool:
    """Whether a file begins as a ZIP does."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4).startswith(_MAGIC)
    except OSError:
        return False


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP with files in it and no document of an office program."""
    try:
        if not may_be_archive(path):
            return False
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
        return bool(names) and container_of(path) is None
    except MemoryError:
        raise
    except Exception:  # a damaged list of members may fail in many ways
        return False


def unpack(path: Path, folder: Path, limit: int) -> list[Member]:
    """Unpack into `folder` what may be a return, `limit` bytes in all; raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            listed = list(_members(package, path.stat().st_size, limit))
            if not listed:
                raise refuse("unknown_format", "unknown_format.package")
            left = limit
            found = []
            for number, (entry, name) in enumerate(listed):
                place = folder / f"{number:04d}"
                place.mkdir()
                target = place / _safe(name)
                left -= _copy(package, entry, target, left)
                found.append(Member(target, name))
            return found
    except RuntimeError as fault:
        if isinstance(fault, NotImplementedError | RecursionError):  # a packing of another kind
            raise refuse("not_a_table", "not_a_table.damaged_archive") from None
        raise refuse("unsafe", "unsafe.encrypted") from None
    except (Refused, MemoryError):
        raise
    except OSError as fault:
        # bzip2 reports damage as an OSError without a number, and EINVAL is a member that
        # would begin before the file does
        if fault.errno not in (None, errno.EINVAL):
            raise
        raise refuse("not_a_table", "not_a_table.damaged_archive") from None
    except Exception:  # each packing has errors of its own: zlib.error, lzma.LZMAError, EOFError
        raise refuse("not_a_table", "not_a_table.damaged_archive") from None


def _members(
    package: zipfile.ZipFile, packed: int, limit: int
) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The entries to unpack; raises Refused where the archive as a whole is not to be trusted."""
    entries = package.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse("unsafe", "unsafe.encrypted")
    wanted = [(entry, _name(entry)) for entry in entries if not entry.is_dir()]
    if any(_leaves(name) or stat.S_ISLNK(entry.external_attr >> 16) for entry, name in wanted):
        raise refuse("unsafe", "unsafe.archive_path")
    wanted = [(entry, name) for entry, name in wanted if not _set_aside(name)]
    total = sum(entry.file_size for entry, _ in wanted)
    many = len(wanted) > MAX_MEMBERS or len(entries) > MAX_ENTRIES
    if many or (total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(packed, 1)):
        raise refuse("unsafe", "unsafe.bomb", total=f"{total / 1e6:,.0f}")
    if total > limit:
        sizes = {"total": f"{total / 1e6:,.0f}", "limit": f"{limit / 1e6:,.0f}"}
        raise refuse("too_large", "too_large.unpacked", **sizes)
    yield from wanted


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: macOS writes UTF-8, Chinese Windows GBK, and neither says so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            return unicodedata.normalize("NFC", entry.filename.encode("cp437").decode(encoding))
    return entry.filename


def _leaves(name: str) -> bool:
    """Whether a name points out of the folder into which it would be unpacked."""
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or bool(re.match(r"[A-Za-z]:", name))


def _set_aside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") for part in parts)
    return hidden or bool(_MEDIA.search(name)) or is_by_catch(name)


def _safe(name: str) -> str:
    last = PurePosixPath(name).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*\\')
    kept = kept if kept.strip(".") else "file"
    return kept.encode()[-150:].decode("utf-8", "ignore") or "file"


def _copy(package: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack a member; what its header says of its size may be a lie."""
    size = 0
    with package.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise refuse("unsafe", "unsafe.bomb", total=f"{size / 1e6:,.0f}")
            out.write(chunk)
    return size
