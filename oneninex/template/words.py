"""Texts of the form: Chinese first, English behind, for units fill it in in either language."""

from oneninex.core.i18n import LANGS, text


def word(name: str, lang: str = LANGS[0], **values: object) -> str:
    """The message `template.NAME`."""
    return text(f"template.{name}", lang, **values)


def both(name: str, **values: object) -> str:
    """The message in every language, Chinese first."""
    return " ".join(word(name, lang, **values) for lang in LANGS)
