"""Texts of the form: Chinese first, English behind, for units fill it in in either language."""

from oneninex.core.i18n import LANGS, text

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def word(name: str, lang: str = LANGS[0], **values: object) -> str:
    """The message `template.NAME`."""
    return text(f"template.{name}", lang, **values)


def both(name: str, **values: object) -> str:
    """The message in every language, Chinese first."""
    return " ".join(word(name, lang, **values) for lang in LANGS)


def harmless(given: str) -> str:
    """A text that no spreadsheet runs as a formula, not even once it is saved as CSV."""
    return f"'{given}" if given.lstrip().startswith(_FORMULA) else given
