"""How a row, a sheet or a group says that it is a total: the words, wherever they stand.

The patterns are RE2 and Python alike: the same words are looked for by SQL and by Python.
"""

from __future__ import annotations

import re
import unicodedata


def _spaced(words: str) -> str:
    """The words with any spaces between their characters: 合 计."""
    return "|".join(" *".join(word) for word in words.split())


_STRONG = _spaced("合计 小计 总计 共计 总和 合計 小計 總計 共計")
_WEAK = _spaced("汇总 累计 总数 彙總 匯總 累計")
_AFTER = r"(?:数|额|值|量|行|栏|项)?"
_BRACKET = r"(?:[(（\[【].*[)）\]】])?"
_END = r"[\s:：,，.。;；\-—_)）\]】》]*$"
_BEGIN = r"^[\s(（\[【《\-—*]*"
_LATIN = r"sub[ \-_]?totals?|grand[ \-_]?totals?"

_PARTS = (
    rf"[(（\[【][^)）\]】]*(?:{_STRONG})[)）\]】]",
    rf"(?:{_STRONG}){_AFTER}{_BRACKET}{_END}",
    # 小计 and 合计 also begin other words: 小计算机, 合计划
    rf"{_BEGIN}(?:{_STRONG})[^算划量时数件法机]",
    rf"(?:^|[^a-z])(?:{_LATIN})(?:$|[^a-z])",
    r"^\s*[Σσ∑]\s*(?:$|[:：（(])",
)
_WEAK_PARTS = (
    rf"[(（\[【][^)）\]】]*(?:{_WEAK})[)）\]】]",
    rf"(?:{_WEAK}){_AFTER}{_BRACKET}{_END}",
    rf"{_BEGIN}(?:{_WEAK})[\s:：,，\-—_(（\[【]",
    rf"(?:^|[^a-z])(?:totals?|sum|summary){_BRACKET}{_END}",
    r"^[\s(（\[【]*(?:totals?|sum)(?: (?:of|for|by)(?:$|[^a-z])|[\s]*[:：\-—(（\[【])",
)
STRONG = "(?s)" + "|".join(_PARTS)
ANY = "(?s)" + "|".join((*_PARTS, *_WEAK_PARTS))

_strong, _any = re.compile(STRONG), re.compile(ANY)


def is_total(text: str) -> bool:
    """Whether a code, a name or a sheet's name says that it adds up others."""
    return bool(_any.search(_folded(text)))


def is_surely_total(text: str) -> bool:
    """Whether it says so by a word that no title of a dataset has: 小计, not 汇总."""
    return bool(_strong.search(_folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
