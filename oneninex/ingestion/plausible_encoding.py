"""Whether bytes that can be read as GB18030 are Chinese, or text of another encoding."""

from __future__ import annotations

import re
from collections.abc import Callable

# Words of returns and of names: where one stands, the encoding is right.
_WORDS = re.compile(
    "有限|公司|数据|标注|科技|单元|日期|企业|项目|名称|编号|季度|营业|工时|代码|图像|文本|信息|智能|"
    "合计|单位|备注|中心|服务|产业|图片|语音|视频|点云|自报|合格|复核|人数|条数|来源|月份|登记"
)
_ENOUGH = 0.6  # the share of common characters above which text is believed
_SURE = 0.9  # the share of the characters of GB 2312
_FEW = 8  # characters below which nothing is told from their range


def suspect(content: bytes) -> str | None:
    """The encoding that the bytes are rather in than in GB18030; "" where no name is known.

    None where they are Chinese in GB18030 for all that can be seen.
    """
    text = content.decode("gb18030", "ignore")
    pairs = _pairs(content)
    strange = sum("\ue000" <= sign <= "\uf8ff" for sign in text)
    if not pairs or (_WORDS.search(text) and strange * 20 <= len(pairs)):
        return None
    common = sum(0xB0 <= lead <= 0xD7 and trail >= 0xA1 for lead, trail in pairs) / len(pairs)
    hangul = all(0xB0 <= lead <= 0xC8 and trail >= 0xA1 for lead, trail in pairs)
    either = sum(0xB0 <= lead <= 0xF7 and trail >= 0xA1 for lead, trail in pairs) / len(pairs)
    looks = [(score(content), name) for name, score in _OTHERS.items()]
    best, name = max(looks)
    if hangul and len(pairs) >= _FEW:
        return "EUC-KR"
    believed = common >= _ENOUGH and best <= common + 0.2
    if not strange and (believed or (either >= _SURE and best < 1)):
        return None
    return name if best >= _ENOUGH else ""


def _pairs(content: bytes) -> list[tuple[int, int]]:
    """The bytes two by two, from each lead byte on, as a decoder of two-byte text takes them."""
    found = []
    place = 0
    while place < len(content) - 1:
        if content[place] >= 0x81:
            found.append((content[place], content[place + 1]))
            place += 1
        place += 1
    return [pair for pair in found if not 0xA1 <= pair[0] <= 0xA3]  # signs and digits


def _share(encoding: str, common: str) -> Callable[[bytes], float]:
    pattern = re.compile(common)

    def score(content: bytes) -> float:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as fault:
            if fault.start < len(content) - 2:
                return 0.0
            text = content[: fault.start].decode(encoding, "ignore")
        letters = [sign for sign in text if not sign.isascii() and sign.isalpha()]
        return len(pattern.findall("".join(letters))) / len(letters) if letters else 0.0

    return score


def _common_big5() -> str:
    """The frequent characters of Big5, level 1, of its first half."""
    signs = []
    for lead in range(0xA4, 0xC7):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            signs.append(bytes((lead, trail)).decode("big5", "ignore"))
    return f"[{''.join(signs)}]"


def _western(content: bytes) -> float:
    """The share of letters with accents that stand alone, as in Müller."""
    found = re.findall(rb"[\x80-\xff]+", content)
    alone = [part for part in found if len(part) == 1 and part[0] >= 0xC0]
    return len(alone) / len(found) if found else 0.0


_OTHERS = {
    "Big5": _share("big5", _common_big5()),
    "Shift-JIS": _share("cp932", "[\u3040-\u30ff]|[\u4e00-\u9fff](?=.*[\u3040-\u30ff])"),
    "EUC-JP": _share("euc_jp", "[\u3040-\u30ff]"),
    "EUC-KR": _share("euc_kr", "[\uac00-\ud7a3]"),
    "Windows-1252": _western,
}
