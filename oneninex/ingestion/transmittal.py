"""A folder's list of what was sent (报送清单): when each file came, and where it belongs.

It is read as tolerantly as is certain. What cannot be used is told with its row and column, and
the files concerned count as received today.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oneninex.core.i18n import text
from oneninex.domain import contracts
from oneninex.ingestion.findings import shown

NAME = "transmittal.csv"
MAX_BYTES = 5_000_000
_DAY = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?")
_PLACE = ("unit_id", "enterprise_id", "project_id", "modality")
COLUMNS = ("file", "received_on", *_PLACE, "reason")
_NAMES = {
    "file": ("file", "filename", "文件", "文件名", "文件名称", "报送文件"),
    "received_on": ("received_on", "收到日期", "接收日期", "收件日期", "收文日期", "报送日期"),
    "reason": ("reason", "原因", "更正原因", "事由"),
}


@dataclass(frozen=True)
class Line:
    """What the list says of one file; `row` is its line as a spreadsheet numbers it."""

    row: int = 0
    received_on: date | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something in the list that cannot be used; `key` names the message."""

    key: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def told(self, lang: str) -> str:
        """The problem in words."""
        values = {"row": self.row, "column": self.column, "value": shown(self.value)}
        names = {"key": "file", "day": "received_on", "columns": ", ".join(COLUMNS)}
        return text(f"imports.list_{self.key}", lang, list=NAME, **names, **values)


@dataclass(frozen=True)
class Transmittal:
    """The lines of a list by the name of their file, and what was wrong with it."""

    lines: dict[str, Line] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class _Unusable(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read(path: Path) -> Transmittal:
    """Read a list; without one there is nothing to say. A link is never followed."""
    try:
        state = path.lstat()
    except (OSError, ValueError):
        return Transmittal()
    try:
        if not stat.S_ISREG(state.st_mode):
            raise _Unusable("link")
        if state.st_size > MAX_BYTES:
            raise _Unusable("large")
        return _lines(_rows(_text(path.read_bytes())))
    except _Unusable as reason:
        return Transmittal(problems=(Problem(reason.key),))
    except (OSError, csv.Error):
        return Transmittal(problems=(Problem("unreadable"),))


def _text(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    raise _Unusable("unreadable")


def _rows(content: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, with their number, under whatever mark parts the cells."""
    first = next((line for line in content.splitlines() if line.strip()), "")
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(32 << 20)  # as returns have it: the limit is the whole process's
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=mark)
    for number, cells in enumerate(reader, 1):
        if any(cell.strip() for cell in cells):
            yield number, [unicodedata.normalize("NFC", cell.strip()) for cell in cells]


def _lines(rows: Iterator[tuple[int, list[str]]]) -> Transmittal:
    _, header = next(rows, (0, []))
    known = _known()
    columns = [known.get(_normal(cell)) for cell in header]
    if "file" not in columns:
        raise _Unusable("no_file_column")
    problems = [
        Problem("column", 1, cell)
        for cell, name in zip(header, columns, strict=True)
        if name is None and cell
    ]
    if "received_on" not in columns:
        problems.append(Problem("no_day_column"))
    lines: dict[str, Line] = {}
    for row, cells in rows:
        values = {n: c for n, c in zip(columns, cells, strict=False) if n and c}
        if not (name := values.pop("file", "")):
            problems.append(Problem("no_name", row, "file"))
            continue
        if name in lines:
            problems.append(Problem("twice", row, "file", name))
        stated = values.pop("received_on", "")
        day = _day(stated)
        if stated and day is None:
            problems.append(Problem("day", row, "received_on", stated))
        lines[name] = Line(row, day, values)
    return Transmittal(lines, tuple(problems))


def _known() -> dict[str, str]:
    """Each name of a column, written any way, to the column."""
    labeling = contracts.load("labeling_daily")
    names = dict(_NAMES)
    for item in map(labeling.field, _PLACE):
        names[item.name] = (item.name, item.title, item.title_en, *item.aliases)
    return {_normal(written): name for name, all_ in names.items() for written in all_}


def _normal(name: str) -> str:
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", name).casefold())


def _day(given: str) -> date | None:
    """A day written in one of the certain ways: year, month, day."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", given))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
