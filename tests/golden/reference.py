"""Reference files of the golden tests: readable lines, a short hash for whatever is long."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oneninex.core.settings import ROOT

EXPECTED = Path(__file__).parent / "expected"
# Full text behind each hash of the last runs on this machine; only serves to print a difference.
OBJECTS = ROOT / "build" / "golden"
UPDATE = "ONENINEX_GOLDEN_UPDATE"
_SHOWN = 60  # lines of one difference
_DIGITS = 9
# What differs from run to run or machine to machine: fingerprints of files, free space.
_RUN = re.compile(
    r"(?<![0-9a-zA-Z])[0-9a-f]{12}(?![0-9a-zA-Z])"
    r"|(?<![0-9a-f])[0-9a-f]{40,64}(?![0-9a-f])"
    r"|[\d.]+ GB\b"
)
_HASH = re.compile(r" #([0-9a-f]{10})$")
_RUN_KEYS = {"bytes", "sha256", "upload_id"}


def rounded(value: Any) -> Any:
    """The value with floats cut to nine digits, so that another processor gives the same hash."""
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        return {str(k): rounded(item) for k, item in value.items() if k not in _RUN_KEYS}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return str(value)


def scrubbed(text: str) -> str:
    """The text without what differs from run to run."""
    return _RUN.sub("…", text)


def digest(value: Any) -> str:
    """A short hash of a value; the full text is kept under build/ for the next difference."""
    full = json.dumps(rounded(value), ensure_ascii=False, indent=1, sort_keys=True)
    short = hashlib.sha256(full.encode()).hexdigest()[:10]
    path = OBJECTS / f"{short}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(full, encoding="utf-8")
        part.replace(path)
    return short


def compare(name: str, lines: Sequence[str]) -> None:
    """Fail with a readable difference unless `lines` equal the reference file `name`.

    With ONENINEX_GOLDEN_UPDATE set (`make golden`) the file is written instead.
    """
    path = EXPECTED / f"{name}.txt"
    lines = [scrubbed(line) for line in lines]
    if os.environ.get(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if difference := differences(before, lines):
        raise AssertionError(
            f"{path.relative_to(ROOT)} differs; after a review, `make golden` writes it again\n"
            + "\n".join(difference)
        )


def differences(before: list[str], after: list[str]) -> list[str]:
    """The changed lines, and below them what changed behind a hash where both texts are known."""
    found = [
        line
        for line in difflib.unified_diff(before, after, "reference", "now", n=0, lineterm="")
        if not line.startswith("@@")
    ]
    behind = [line for old, new in _pairs(before, after) for line in _behind(old, new)]
    return [*found[:_SHOWN], *behind[:_SHOWN]]


def _pairs(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Hashes of the changed lines, old and new, where one line took the place of one."""
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "replace" and b - a == d - c:
            found += zip(before[a:b], after[c:d], strict=True)
    hashes = [(_HASH.search(old), _HASH.search(new)) for old, new in found]
    return [(old[1], new[1]) for old, new in hashes if old and new and old[1] != new[1]]


def _behind(old: str, new: str) -> list[str]:
    paths = [OBJECTS / f"{name}.json" for name in (old, new)]
    if not all(path.exists() for path in paths):
        return []
    texts = [path.read_text(encoding="utf-8").splitlines() for path in paths]
    first, second = texts
    return [*difflib.unified_diff(first, second, f"#{old}", f"#{new}", n=1, lineterm="")]
