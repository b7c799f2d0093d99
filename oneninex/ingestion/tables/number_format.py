"""Number formats of a workbook: what a cell shows where that is not what it holds."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass

from oneninex.domain.contracts import Field
from oneninex.ingestion.tables import units_of_measure as units
from oneninex.ingestion.tables.sheetxml import Stream

_BUILT_IN = {9: "0%", 10: "0.00%", **dict.fromkeys((5, 6, 7, 8, 42, 44), '"¥"#,##0')}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|!(.)|\[\$([^\]\-]*)[^\]]*\]')
_QUIET = re.compile(r"[_*].|\[[^\]]*\]")
_MOST = 65_536  # formats of cells that a workbook may have


@dataclass(frozen=True)
class Look:
    """How a cell shows its number: per cent, in thousands, with a word behind it, with zeros.

    `struck` is true for text that is crossed out.
    """

    percent: bool = False
    scaled: bool = False
    words: tuple[str, ...] = ()
    zeros: int = 0
    struck: bool = False


def look_of(code: str, *, struck: bool = False) -> Look:
    """What a format code shows of a number, by its first section."""
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    words = ["".join(parts) for parts in _LITERAL.findall(first)]
    bare = _QUIET.sub("", _LITERAL.sub("", first))
    words += re.findall(r"[¥￥$€£]|[\u4e00-\u9fff]+", bare)
    if re.search(r"[ymdhs]|General", re.sub(r"[\u4e00-\u9fff]", "", bare), re.IGNORECASE):
        return Look(struck=struck, words=())
    plain = bare.strip()
    return Look(
        percent="%" in bare or "‰" in bare,
        scaled=bool(re.search(r"[0#?],+(?=$|[^0#?,.])", plain)),
        words=tuple(word.strip() for word in words if units.parse(word.strip())),
        zeros=len(plain) if re.fullmatch(r"0{2,}", plain) else 0,
        struck=struck,
    )


def shown(value: str, look: Look) -> str:
    """The number roughly as the cell shows it."""
    if look.percent:
        return f"{float(value) * 100:g}%"
    return value + "".join(look.words)


def fault(field: Field, look: Look) -> str | None:
    """The sort of doubt that a format casts on a number in the field: percent, scaled, unit."""
    if look.percent:
        return "percent"
    if field.type not in ("integer", "number"):
        return None
    found = [unit for word in look.words if (unit := units.parse(word))]
    if any(units.conflicts(unit, field) for unit in found):
        return "unit"
    return "scaled" if look.scaled else None


class Styles(Stream):
    """The looks of a workbook's cells, by the number that a cell names its style with."""

    def __init__(self) -> None:
        super().__init__()
        self._codes = dict(_BUILT_IN)
        self._struck: list[bool] = []
        self._cells: list[tuple[int, int]] = []
        self._section = ""

    def looks(self) -> dict[str, Look]:
        """The styles that matter."""
        found = {}
        for number, (code, font) in enumerate(self._cells):
            struck = font < len(self._struck) and self._struck[font]
            look = look_of(self._codes.get(code, ""), struck=struck)
            if look != Look():
                found[str(number)] = look
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local(name)
        if local in ("numFmts", "fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "dxfs"):
            self._section = local
        elif local == "numFmt" and self._section == "numFmts":
            self._codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif local == "font" and self._section == "fonts":
            self._struck.append(False)
        elif local == "strike" and self._section == "fonts" and self._struck:
            self._struck[-1] = attributes.get("val", "1") not in ("0", "false")
        elif local == "xf" and self._section == "cellXfs" and len(self._cells) < _MOST:
            ids = (int(attributes.get(key, 0)) for key in ("numFmtId", "fontId"))
            self._cells.append((next(ids), next(ids)))


def read_looks(package: zipfile.ZipFile) -> dict[str, Look]:
    """The looks of a workbook's styles that matter, by their number."""
    for entry in package.infolist():
        if entry.filename.lower() == "xl/styles.xml":
            styles = Styles()
            styles.read(package, entry)
            return styles.looks()
    return {}
