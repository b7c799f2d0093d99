"""Units of measure that a sender states anywhere, compared with those of the fields.

Nothing is converted: a unit that is not the field's refuses the file and says where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oneninex.domain import contracts
from oneninex.domain.contracts import Field
from oneninex.ingestion.findings import Finding

_SCALES = {
    "": 1.0, "百": 1e2, "千": 1e3, "k": 1e3, "thousand": 1e3, "thousands": 1e3, "千个": 1e3,
    "万": 1e4, "萬": 1e4, "10k": 1e4, "wan": 1e4, "十万": 1e5, "百万": 1e6, "million": 1e6,
    "millions": 1e6, "mn": 1e6, "千万": 1e7, "亿": 1e8, "億": 1e8, "billion": 1e9, "bn": 1e9,
    "十亿": 1e9, "百亿": 1e10, "万亿": 1e12,
}  # fmt: skip
_BASES: dict[str, tuple[str, float]] = {
    **dict.fromkeys(
        ["元", "圆", "人民币", "人民币元", "rmb", "cny", "yuan", "¥", "￥", "人民币(元)"],
        ("money", 1.0),
    ),
    **dict.fromkeys(["角"], ("money", 0.1)),
    **dict.fromkeys(
        [
            "美元",
            "美金",
            "usd",
            "us$",
            "$",
            "港元",
            "港币",
            "hkd",
            "欧元",
            "eur",
            "€",
            "日元",
            "jpy",
            "英镑",
            "gbp",
            "£",
            "韩元",
        ],
        ("foreign", 1.0),
    ),
    **dict.fromkeys(
        [
            "条",
            "個",
            "个",
            "件",
            "项",
            "张",
            "幅",
            "帧",
            "句",
            "段",
            "框",
            "组",
            "份",
            "家",
            "所",
            "套",
            "例",
            "样本",
            "条目",
            "对象",
            "篇",
            "则",
            "工位",
            "台",
            "项目",
            "次",
            "题",
            "item",
            "items",
            "record",
            "records",
            "piece",
            "pieces",
            "pcs",
            "object",
            "objects",
            "sample",
            "samples",
            "unit",
            "image",
            "images",
        ],
        ("count", 1.0),
    ),
    **dict.fromkeys(
        ["人", "人次", "名", "people", "persons", "person", "headcount"], ("people", 1.0)
    ),
    **dict.fromkeys(["字节", "byte", "bytes"], ("bytes", 1.0)),
    **{f"{sign}b": ("bytes", 1e3**n) for n, sign in enumerate("kmgtpe", 1)},
    **{f"{sign}ib": ("bytes", 1024.0**n) for n, sign in enumerate("kmgtpe", 1)},
    **{sign: ("bytes", 1e3**n) for n, sign in ((3, "g"), (4, "t"))},
    **dict.fromkeys(["兆", "兆字节"], ("bytes", 1e6)),
    **dict.fromkeys(["小时", "人时", "工时", "hour", "hours", "hr", "hrs", "h"], ("time", 1.0)),
    **dict.fromkeys(["分钟", "minute", "minutes", "min", "mins"], ("time", 1 / 60)),
    **dict.fromkeys(["秒", "second", "seconds", "sec"], ("time", 1 / 3600)),
    **dict.fromkeys(["天", "人天", "人日", "工日", "day", "days"], ("time", 24.0)),
    **dict.fromkeys(["人月"], ("time", 720.0)),
    **dict.fromkeys(["%", "百分比", "百分数", "percent", "‰"], ("percent", 0.01)),
}
_SPLIT = re.compile(r"[、,，;；/+]|和|或|\band\b|\bor\b")
_STOP = re.compile(r"[)）\]】〕。;；\n]|\s{2,}|$")
_UNIT_WORD = re.compile(r"单 *位|units?(?: +of +measure)?\b|计量\s*[:：]")
_AS_UNIT = re.compile(
    r"(?:以|按|用)\s*([^\s，,。以按用]{1,8}?)\s*(?:为\s*(?:计量)?单位|计(?:算|量|价)?(?=$|[\s，,。;；)）])|统计)"
)
_IN = re.compile(r"\bin ([a-z0-9 ]{1,20}?)(?=$|[\s]*[)\],.;])")
_BRACKETS = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]{1,24})[)）\]】〕]")
_TAIL = re.compile(r"[\-_—·:：]\s*([^\-_—·:：\s]{1,6})$")
_LABEL = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}单 *位|计量|units?(?: of measure)?)\s*[:：]?", re.IGNORECASE
)
_NOTHING = frozenset(["-", "--", "—", "——", "/", "\\", "·", "无"])


@dataclass(frozen=True)
class Unit:
    """A unit as written: what it measures, and how many of the plain unit it is."""

    dimension: str
    factor: float
    written: str


@dataclass(frozen=True)
class Stated:
    """A unit with the place where it stands (zh, en), of one field or of all that it fits."""

    unit: Unit
    place: tuple[str, str]
    field: str | None = None


ABOVE = ("表头上方", "Above the header")
BELOW_HEADER = ("表头下一行", "The row below the header")
SHEET = ("工作表名", "The sheet's name")
FILE = ("文件名", "The file's name")
NOTE = ("表格下方的说明", "A note below the table")


def parse(text: str) -> Unit | None:
    """The unit that a text is; None for any other text."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip(" :：。.,")
    folded = re.sub(r"^(?:人民币|单位)(?=.)|\s+", "", folded)
    for scale in sorted(_SCALES, key=len, reverse=True):
        if folded.startswith(scale):
            base = folded.removeprefix(scale)
            if base in _BASES:
                dimension, factor = _BASES[base]
                return Unit(dimension, _SCALES[scale] * factor, text.strip())
            if not base and scale and scale not in ("k", "mn", "bn"):
                return Unit("scale", _SCALES[scale], text.strip())
    return None


def several(text: str) -> list[Unit]:
    """The units that a text lists, as in 万元、人; empty where a part is no unit."""
    found = [parse(part) for part in _SPLIT.split(text) if part.strip()]
    return [unit for unit in found if unit] if found and all(found) else []


def stated_in(text: str, *, tail: bool = False) -> list[Unit]:
    """The units that a title, a note or a name states; with `tail` also at its end: 季报-元."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: list[Unit] = []
    for label in _UNIT_WORD.finditer(folded):
        rest = folded[label.end() :]
        rest = re.sub(r"^\s*(?:统一)?(?:均?为|是|[:：=])?\s*", "", rest)
        rest = rest[: _STOP.search(rest).start()]  # type: ignore[union-attr] - it finds the end
        found += several(rest) or several(rest.split()[0] if rest.split() else "")
    for pattern in (_AS_UNIT, _IN):
        found += [unit for match in pattern.finditer(folded) for unit in several(match[1])]
    found += [unit for match in _BRACKETS.finditer(folded) for unit in several(match[1])]
    if tail and (end := _TAIL.search(folded)):
        found += several(end[1])
    return found


def stated_in_rows(rows: Sequence[Sequence[str | None]], place: tuple[str, str]) -> list[Stated]:
    """The units that the cells of some rows state, also a label with its unit in the next cell."""
    found: list[Unit] = []
    for number, row in enumerate(rows):
        cells = [(column, cell.strip()) for column, cell in enumerate(row) if cell and cell.strip()]
        for order, (column, cell) in enumerate(cells):
            found += stated_in(cell)
            if _LABEL.fullmatch(unicodedata.normalize("NFKC", cell)):
                beside = cells[order + 1][1] if order + 1 < len(cells) else ""
                under = rows[number + 1] if number + 1 < len(rows) else ()
                below = under[column] if column < len(under) else None
                found += several(beside) or several(below or "")
            elif len(cells) == 1 and (unit := parse(cell)):
                found.append(unit)
    return [Stated(unit, place) for unit in found]


def units_row(row: Sequence[str | None]) -> dict[int, Unit]:
    """The unit under each header where a row holds nothing but units; empty for any other row."""
    cells = [(n, cell.strip()) for n, cell in enumerate(row) if cell and cell.strip()]
    cells = [(n, cell) for n, cell in cells if cell not in _NOTHING]
    found = {n: unit for n, cell in cells if (unit := parse(cell.strip("()（）[]")))}
    return found if cells and len(found) == len(cells) else {}


def conflicts(unit: Unit, field: Field) -> bool:
    """Whether values in the unit would be wrong in the field."""
    own = parse(field.unit) if field.unit else None
    if own is None or field.type not in ("integer", "number"):
        return False
    if unit.dimension == "scale":
        return own.dimension != "time" and unit.factor != (
            own.factor if own.dimension == "money" else 1.0
        )
    if unit.dimension == "foreign":
        return own.dimension == "money"
    if unit.dimension == "count" and not _counts_alike(unit.written, field.unit):
        return False
    return unit.dimension == own.dimension and abs(unit.factor / own.factor - 1) > 1e-9


def _counts_alike(written: str, own: str) -> bool:
    """Whether a unit may be of what a field counts: 万条 is not of 件, but of 条 or 个."""
    return own in ("条", "个") or own in written


def says_itself(header: str, field: Field) -> bool:
    """Whether a header names its field's unit: 营业收入（万元）, 数据规模GB."""
    folded = unicodedata.normalize("NFKC", header)
    bracketed = (parse(match[1]) for match in _BRACKETS.finditer(folded))
    own = parse(field.unit) if field.unit else None
    if own and any(u and (u.dimension, u.factor) == (own.dimension, own.factor) for u in bracketed):
        return True
    if own and own.dimension == "money":
        return "万" in folded or "10k" in folded.lower()
    return bool(re.search(r"[\u4e00-\u9fff]GB$", folded))


def contradiction(
    kind: str, columns: Iterable[tuple[str, str | None]], stated: Sequence[Stated]
) -> Finding | None:
    """The finding for the first field whose unit is not the one stated.

    `columns` are (header, field). Where several units of one sort are stated (万元 and 元), the
    field's own among them settles it.
    """
    contract = contracts.load(kind)
    for header, name in columns:
        field = contract.field(name) if name else None
        if field is None or not field.unit:
            continue
        own = [s for s in stated if s.field == name]
        if not own and says_itself(header, field):
            continue
        fitting = own or [s for s in stated if s.field is None and _concerns(s.unit, field)]
        wrong = [s for s in fitting if conflicts(s.unit, field)]
        if wrong and len(wrong) == len(fitting):
            return _finding(wrong[0], field)
    return None


def header_contradiction(header: str, field: Field) -> Finding | None:
    """The finding for a header that names a field with another unit: 标注条数（万条）."""
    units = [u for m in _BRACKETS.finditer(header) for u in several(m[1])]
    wrong = [unit for unit in units if conflicts(unit, field)]
    return _finding(Stated(wrong[0], ("列名", "The header")), field) if wrong else None


def _concerns(unit: Unit, field: Field) -> bool:
    own = parse(field.unit)
    if own is None or field.type not in ("integer", "number"):
        return False
    alike = {("foreign", "money")}
    scaled = unit.dimension == "scale" and own.dimension != "time"
    return scaled or unit.dimension == own.dimension or (unit.dimension, own.dimension) in alike


def _written(unit: Unit) -> str:
    return unit.written.upper() if unit.dimension in ("bytes", "foreign") else unit.written


def _finding(stated: Stated, field: Field) -> Finding:
    values: dict[str, object] = {
        "unit": _written(stated.unit),
        "place": stated.place,
        "title": (field.title, field.title_en),
        "expected": (field.unit, field.unit_en),
    }
    return Finding("range", "range.other_unit", field=field.name, values=values)
