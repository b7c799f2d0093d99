"""Text that is no name or code: placeholders, error values, formulas, damaged characters, totals.

Each different value of a column is judged once, so that it costs little in a long file and is the
same for every format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from oneninex.domain.contracts import Field
from oneninex.ingestion.tables.cleaning import near_key
from oneninex.ingestion.tables.total_words import is_surely_total, is_total


def _pair(sign: str) -> str:
    """The two bytes of a character in GB 2312 as one code unit; empty for any other."""
    content = sign.encode("gb2312", "ignore")
    return chr(int.from_bytes(content)) if len(content) == 2 else ""


# What is written where there is nothing to write, in lower case and half width.
PLACEHOLDERS = frozenset(
    [
        "nan",
        "none",
        "null",
        "nil",
        "n/a",
        "na",
        "n.a.",
        "<na>",
        "<null>",
        "(null)",
        "(空)",
        "(空白)",
        "(blank)",
        "blank",
        "empty",
        "nat",
        "undefined",
        "#n/a",
        "unknown",
        "tbd",
        "tba",
        "tbc",
        "/",
        "//",
        "///",
        "\\",
        "|",
        "-",
        "--",
        "---",
        "—",
        "——",
        "———",
        "–",
        "−",
        "_",
        "__",
        "~",
        "*",
        "**",
        ".",
        "…",
        "...",
        "……",
        "?",
        "??",
        "无",
        "无此项",
        "没有",
        "空",
        "空白",
        "缺",
        "缺失",
        "暂无",
        "暂缺",
        "未填",
        "未知",
        "不详",
        "不明",
        "待定",
        "待补",
        "待填",
        "待补充",
        "待确认",
        "待核实",
        "未定",
        "暂未确定",
        "不适用",
        "無",
        "暫無",
        "待補",
    ]
)
DITTO = frozenset(
    [
        "同上",
        "同前",
        "同左",
        "同上行",
        "同上一行",
        "〃",
        "〞",
        "″",
        '"',
        "''",
        "々",
        "ditto",
        "do.",
        "as",
        "above",
        "same",
    ]
)

_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!|"
    r"BUSY!|GETTING_DATA|MACRO\?|#+)?|#+|Err:\d{3}",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"[=＝]\s*[\w({\[+\-'\"$].*", re.DOTALL)
_MONTHS = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}[- ]({_MONTHS})|({_MONTHS})[- ]\d{{1,2}}|"
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}( 0?0:00(:00)?)?",
    re.IGNORECASE,
)
_POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_LOST = re.compile("锟斤拷|锟斤|斤拷|烫烫|屯屯|\ufffd|[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MARKS = re.compile(r"[?？]{2,}")
_NAME_WORDS = (
    "市区县省数据标注有限公司科技智能信息产业园中心企业项目图像文本语音视频"
    "服务网络软件集团发展研究院物流"
).encode()
# Rare characters that UTF-8 becomes where it is read as GBK, of the words that names are made of;
# a word begins at the first or at the second byte of a pair.
_READ_AS_GBK = frozenset(
    sign
    for start in range(2)
    for sign in _NAME_WORDS[start:].decode("gbk", "ignore")
    if "\u4e00" < sign < "\ua000" and not "\ub0a1" <= _pair(sign) <= "\ud7f9"
)
_CJK = re.compile("[\u3400-\u9fff]")


def sort_of(field: Field, value: str) -> str | None:
    """What a value of a text field is instead of a name or a code; None if nothing speaks for it.

    Sorts: error, formula, placeholder, ditto, damaged, date, power, total.
    """
    folded = unicodedata.normalize("NFKC", value).strip().casefold()
    if _ERROR.fullmatch(value.strip()):
        return "error"
    plain = value.strip().casefold()
    if (folded in PLACEHOLDERS or plain in PLACEHOLDERS) and is_name_or_code(field):
        return "placeholder"
    if folded in DITTO or plain in DITTO:
        return "ditto"
    if _FORMULA.fullmatch(value.strip()):
        return "formula"
    if is_damaged(value):
        return "damaged"
    if is_code(field):
        if _DATE.fullmatch(folded):
            return "date"
        if _POWER.fullmatch(folded):
            return "power"
    names = is_total if is_code(field) or field.name.startswith("name_") else is_surely_total
    return "total" if _names_something(field) and names(value) else None


def is_judged(field: Field) -> bool:
    """Whether a field is text that no list and no pattern of the contract checks."""
    listed = field.codes or field.labels or field.enum or field.pattern or field.reads
    return field.type == "string" and not listed


def is_name_or_code(field: Field) -> bool:
    """Whether a placeholder in the field would become a name that counts."""
    return is_judged(field) and (field.required or is_code(field))


def is_damaged(value: str) -> bool:
    """Whether a text shows that somebody read it in a wrong encoding before it was sent."""
    if value.isascii():
        marks = sum(len(found) for found in _MARKS.findall(value))
        return marks >= 3 and 2 * marks >= len(value.strip())
    if _LOST.search(value) or (_MARKS.search(value) and _CJK.search(value)):
        return True
    strange = sum(sign in _READ_AS_GBK for sign in value)
    if strange >= 3 and 2 * strange >= len(_CJK.findall(value)):
        return True
    return _was_utf8(value) or _was_gbk(value)


def spellings(values: Mapping[str, int]) -> dict[str, str]:
    """Each code that is another's in another spelling, to that other; `values` count their rows."""
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(near_key(value), []).append(value)
    found = {}
    for key, alike in groups.items():
        if key and len(alike) > 1:
            first = max(alike, key=lambda value: values[value])  # of equals the one met first
            found |= {value: first for value in alike if value != first}
    return found


def judge(field: Field, values: Iterable[str]) -> dict[str, str]:
    """The sort of each value that has one."""
    return {value: sort for value in values if (sort := sort_of(field, value))}


def is_code(field: Field) -> bool:
    """Whether a field holds codes that the sender chooses."""
    return field.name.endswith("_id")


def _names_something(field: Field) -> bool:
    return is_code(field) or field.name.startswith(("name_", "title_"))


def _was_utf8(value: str) -> bool:
    """Whether the text is UTF-8 that was read as GBK, as Windows-1252 or as Latin-1."""
    # a damaged end of two signs is cut off: the last character often lost a byte
    for encoding in ("gb18030", "cp1252", "latin-1"):
        content = _bytes(value, encoding)
        for end in (len(content), len(content) - 1, len(content) - 2):
            try:
                meant = content[:end].decode("utf-8")
            except UnicodeDecodeError:
                continue
            wide = len(_CJK.findall(meant))
            if wide and 2 * wide >= sum(not sign.isascii() for sign in meant):
                # two Chinese characters may by chance be the bytes of another
                return encoding != "gb18030" or wide > 1
    return False


def _was_gbk(value: str) -> bool:
    """Whether the text is GBK that was read as Latin-1: only signs of Western Europe, in pairs."""
    strange = [sign for sign in value if not sign.isascii()]
    if len(strange) < 4 or any(ord(sign) > 0xFF for sign in strange):
        return False
    try:
        meant = value.encode("latin-1").decode("gbk")
    except UnicodeError:
        return False
    common = sum("\ub0a1" <= _pair(sign) <= "\ud7f9" for sign in meant if not sign.isascii())
    return 2 * common == len(strange)


def _bytes(value: str, encoding: str) -> bytes:
    """The text in an encoding; signs of the C1 range stand for the bytes that have no sign."""
    content = b""
    for sign in value:
        try:
            content += sign.encode(encoding)
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:
                return b""
            content += bytes([ord(sign)])
    return content
