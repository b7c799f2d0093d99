"""Registry of figures: each one is declared once and shown by every surface.

A figure is its queries, its scope, a function that turns rows into marks and words, and the
typed columns of its table. docs/figures.md shows how to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text

Row = Mapping[str, Any]
Rows = Sequence[Row]
Scope = Mapping[str, Any]
Kind = Literal["text", "number", "percent", "points", "month", "unit"]


@dataclass(frozen=True)
class View:
    """Who looks: language, names of codes, and where unit marks stand on the map."""

    lang: str
    units: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)  # how hours are measured
    looks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    land: Mapping[str, Any] = field(default_factory=dict)

    def t(self, key: str, /, **values: object) -> str:
        """The message `key` in the reader's language."""
        return text(key, self.lang, **values)

    def month(self, value: date | None) -> str:
        """A month in words."""
        return formats.month(value, self.lang)

    def unit(self, unit_id: str | None) -> str:
        """The unit's name, its code where nobody named it."""
        return self.units.get(unit_id or "", unit_id or "")

    def number_of(self, unit_id: str) -> str:
        """What stands on the unit's disc: its place in the plan."""
        ids = list(self.units)
        return str(ids.index(unit_id) + 1) if unit_id in ids else unit_id


@dataclass(frozen=True)
class Ask:
    """A query of a figure.

    `fixed` are parameters that the figure sets itself; `takes` gives a parameter under another
    name of the scope: {"target_id": "target"}.
    """

    query: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a figure's table with the kind that decides its number format."""

    name: str
    kind: Kind = "number"


@dataclass(frozen=True)
class Shown:
    """What a figure says and what its template needs."""

    statement: str
    parts: Mapping[str, Any]


Tables = Mapping[str, Rows]
Build = Callable[[View, Tables, Scope], Shown]


@dataclass(frozen=True)
class Figure:
    """A figure; the first query is the one whose table readers get.

    `template` is its place in render/templates. `scope` names what the page has to fix, so that
    a whole and its parts cannot be filtered differently.
    """

    name: str
    asks: tuple[Ask, ...]
    build: Build
    template: str
    scope: tuple[str, ...] = ("to_month",)
    columns: tuple[Column, ...] = ()

    @property
    def query(self) -> str:
        """The query whose table readers get."""
        return self.asks[0].query

    @property
    def title_key(self) -> str:
        """Message key of the title."""
        return f"figures.{self.name}.title"

    def typed(self, table: pa.Table) -> pa.Table:
        """The table's columns in the figure's order; all of them where none are declared."""
        names = [column.name for column in self.columns if column.name in table.column_names]
        return table.select(names) if names else table


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure by name, from the modules of oneninex/figures/definitions."""
    package = import_module("oneninex.figures.definitions")
    found: dict[str, Figure] = {}
    for info in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{info.name}")
        for figure in vars(module).values():
            if not isinstance(figure, Figure):
                continue
            if found.setdefault(figure.name, figure) is not figure:
                raise ValueError(f"two figures are called {figure.name}")
    return found


def figure(name: str) -> Figure:
    """The figure of that name; KeyError lists those that there are."""
    if name not in figures():
        raise KeyError(f"{name}: the figures are {', '.join(sorted(figures()))}")
    return figures()[name]
