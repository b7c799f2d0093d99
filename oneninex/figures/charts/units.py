"""Productivity of units, like with like, in words: who is surely ahead or behind."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from oneninex.core import formats
from oneninex.core.i18n import text

Row = Mapping[str, Any]
Names = Mapping[str, str]


def sentence(rows: Sequence[Row], names: Names, bases: Names, lang: str) -> str:
    """Who is surely ahead or behind in each group of peers; rows of productivity_by_unit."""
    found = []
    for (kind, basis), group in _groups([r for r in rows if r["comparable"]]):
        words = {
            "kind": _t(f"kind_{kind}", lang),
            "basis": bases.get(basis or "", ""),
            "count": len(group),
        }
        ahead = [r for r in group if r["surely_below"] and not r["surely_above"]]
        behind = [r for r in group if r["surely_above"] and not r["surely_below"]]
        if not ahead and not behind:
            found.append(_t("nobody_ahead", lang, **words))
        elif len(ahead) == 1:
            found.append(_t("ahead", lang, units=_listed(ahead, names, lang), **words))
        if behind:
            found.append(_t("behind", lang, units=_listed(behind, names, lang), **words))
    if not found:
        return _t("nobody_comparable", lang)
    return (" " if lang == "en" else "").join(found)


def _groups(rows: list[Row]) -> Iterator[tuple[tuple[str, str | None], list[Row]]]:
    def key(row: Row) -> tuple[bool, bool, str]:
        return row["kind"] != "comprehensive", row["hours_basis"] is None, row["hours_basis"] or ""

    for _, group in groupby(sorted(rows, key=lambda row: (key(row), row["unit_id"])), key=key):
        found = list(group)
        yield (found[0]["kind"], found[0]["hours_basis"]), found


def index_words(value: float | None, lang: str) -> str:
    """An index with two decimals."""
    return formats.number(value, lang, digits=2)


def _listed(rows: list[Row], names: Names, lang: str) -> str:
    written = [
        _t("unit_index", lang, unit=names[row["unit_id"]], index=index_words(row["index"], lang))
        for row in rows
    ]
    return formats.listing(written, lang)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
