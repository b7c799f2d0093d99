"""Texts for readers, from one catalogue for each language and area.

`locale/<lang>/<area>.po` holds the area's messages: msgid is the key (`area.name`), msgstr the
text with `str.format` placeholders. Keys, not sentences, are the msgid, so that Chinese is an
original and not a translation of English. A word that changes with a number stands behind it as
`[one|several]`: "{count} [enterprise|enterprises]".
"""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from oneninex.core.settings import LANGS, ROOT

__all__ = ["LANGS", "LOCALE", "keys", "text"]

LOCALE = ROOT / "locale"
_BY_NUMBER = re.compile(r"\{(\w+)\}([^{}\[\]|]*)\[([^{}\[\]|]+)\|([^{}\[\]|]+)\]")


def text(key: str, lang: str, /, **values: object) -> str:
    """The message `key` in `lang` with its placeholders filled in.

    Raises KeyError for an unknown key or a placeholder without a value, ValueError for an
    unknown language: a missing text is a bug, not something to paper over on screen.
    """
    message = _catalogue(lang)[key]
    while found := _BY_NUMBER.search(message):
        name, between, one, several = found.groups()
        word = one if str(values[name]) == "1" else several
        message = f"{message[: found.start()]}{{{name}}}{between}{word}{message[found.end() :]}"
    return message.format(**values)


def keys(lang: str) -> frozenset[str]:
    """Every key that `lang` has."""
    return frozenset(_catalogue(lang))


@cache
def _catalogue(lang: str) -> dict[str, str]:
    if lang not in LANGS:
        raise ValueError(f"lang {lang!r} is not one of {', '.join(LANGS)}")
    messages: dict[str, str] = {}
    for path in sorted((LOCALE / lang).glob("*.po")):
        for key, message in read_area(path).items():
            if key in messages:
                raise ValueError(f"{path}: {key} stands in two catalogues")
            messages[key] = message
    return messages


def read_area(path: Path) -> dict[str, str]:
    """The messages of one .po file, key to text; ValueError where a key is in the wrong file.

    A key starts with the name of its file, so that two areas can never both define it.
    """
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    messages = {str(m.id): str(m.string) for m in catalogue if m.id}
    for key in messages:
        if not key.startswith(f"{path.stem}."):
            raise ValueError(f"{path}: {key} does not start with {path.stem}.")
    return messages
