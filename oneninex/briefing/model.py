"""What a briefing says, before it is a document: sentences, charts and tables with their sources.

Nothing here knows a file format; the four writers take a `Briefing` and add no number to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from oneninex.figures.maps import Drawn

Row = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One value of a query's table: which query, which parameters, which row, which column."""

    query: str
    parameters: tuple[tuple[str, Any], ...]
    key: tuple[tuple[str, Any], ...]
    column: str
    value: Any


@dataclass(frozen=True)
class Figure:
    """What a sentence prints for one or more cells; `made` names the rule that made it."""

    written: str
    made: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence and every figure in it; `level` is the light of what it speaks of, if any."""

    text: str
    figures: tuple[Figure, ...]
    light: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its sentences; the first one is the headline of a page."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Series:
    """One line or set of bars; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """A native chart: kind column, bar or line; values as the query gave them."""

    key: str
    title: str
    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    query: str
    lang: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of words; `lights` colours the first column of each row, "" none.

    `shares` are the relative widths of the columns.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    lights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One headline figure in large type, what it is compared with, and who is in it."""

    label: str
    value: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A unit on the map; `value` None is missing, `written` says so."""

    unit_id: str
    name: str
    lon: float
    lat: float
    value: float | None
    written: str


@dataclass(frozen=True)
class AnnexFigure:
    """One row of the annex: a figure with its definition, coverage, status and source."""

    name: str
    scope: str
    period: date | None
    value: float | None
    unit: str
    written: str
    status: str
    coverage: str
    missing: str
    definition: str
    query: str
    source: str


@dataclass(frozen=True)
class Vintage:
    """Where the figures come from: printed in every document."""

    snapshot: int
    sha256: str
    created_at: datetime
    cut_off: date | None
    demo: bool
    audience: str
    cases: int = 0  # position in the case log

    @property
    def name(self) -> str:
        """The words of --as-of that give the same document again."""
        return f"{self.snapshot}+{self.cases}" if self.cases else str(self.snapshot)


@dataclass(frozen=True)
class Briefing:
    """One month's briefing in one language for one audience."""

    lang: str
    month: date
    vintage: Vintage
    words: dict[str, str]  # masthead, issue, date, notes' labels: what frames the content
    sections: tuple[Section, ...]
    cards: tuple[Card, ...]
    charts: dict[str, Chart]
    tables: dict[str, Table]
    places: tuple[Place, ...]
    map: Drawn
    notes: tuple[str, ...]
    annex: tuple[AnnexFigure, ...]
    looks: dict[str, dict[str, str]] = field(default_factory=dict)

    def section(self, key: str) -> Section | None:
        """The section of that key, None where nothing could be said."""
        return next((each for each in self.sections if each.key == key), None)
