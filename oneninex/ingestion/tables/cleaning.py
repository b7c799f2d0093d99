"""The one cleaning rule for headers, codes and names: characters that nobody sees do not count."""

from __future__ import annotations

import re
import unicodedata

SPACES = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000"
# Zero-width and bidirectional marks, soft hyphen, byte-order mark, variation selectors.
INVISIBLE = "".join(
    chr(code)
    for code in (
        0xAD,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        *range(0xFE00, 0xFE10),
        0xFEFF,
    )
)
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_PROTECTED = re.compile(r"""[=＝] *["“”](?P<formula>.*)["“”]|['’＇](?P<text>.*)""", re.DOTALL)
_SEPARATORS = r"[\s_\-‐-―−·・./\\]+"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_SEPARATORS}(?=\d)")
_ANY_SEPARATOR = re.compile(_SEPARATORS)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def clean(value: str) -> str:
    """The text as a person sees it: no invisible characters, no marks that protect a text."""
    tight = value.translate(_INVISIBLE).strip(SPACES)
    found = _PROTECTED.fullmatch(tight)
    if found is None:
        return tight
    return (found["formula"] if found["formula"] is not None else found["text"]).strip(SPACES)


def near_key(code: str) -> str:
    """A code without what people write in several ways: case, width, separators, leading zeros."""
    folded = unicodedata.normalize("NFKC", clean(code)).casefold()
    parted = _BETWEEN_DIGITS.sub("#", folded)
    return _ZEROS.sub("", _ANY_SEPARATOR.sub("", parted).replace("#", "-"))
