"""Grammar of marks: what a figure shows, without colours, pixels or a library.

A renderer (oneninex/figures/render) turns a spec into a drawing. Shares and positions are
fractions of the axis; every value carries its state, which each renderer draws differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

State = Literal[
    "observed", "provisional", "missing", "assumed", "suppressed", "forecast", "wide", "unranked"
]
STATES: tuple[State, ...] = get_args(State)
Tone = Literal["fill", "red", "amber", "green", "none"]
Lamp = Literal["green", "yellow", "red", "none", "incomplete", "achieved", "not_begun"]
Ring = Sequence[tuple[float, float]]

# The state of a mark by the status of its value in a query.
_BY_STATUS: dict[str | None, State] = {
    "A": "observed", "P": "provisional", "E": "provisional", "M": "missing", "C": "suppressed",
}  # fmt: skip


def state_of(status: str | None, value: object = 0) -> State:
    """Return the state of a value; without a value it is missing, unless it is withheld."""
    state = _BY_STATUS.get(status, "observed")
    return "missing" if value is None and state != "suppressed" else state


@dataclass(frozen=True)
class Point:
    """One value, its state and the words that a pointer or a screen reader gets."""

    value: float | None
    state: State = "observed"
    tip: str = ""


@dataclass(frozen=True)
class Interval:
    """Low, middle and high value on the same axis; `wide` where it is too wide to be used."""

    low: float
    middle: float
    high: float
    wide: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Line:
    """A series over time. `peers` is a band of others, `goal` a level to compare with.

    `zero` starts the axis at zero; `labels` writes the highest and the last value.
    """

    points: tuple[Point, ...]
    height: int = 30
    area: bool = True
    zero: bool = False
    peers: tuple[Interval | None, ...] = ()
    goal: float | None = None
    labels: tuple[str, str] | None = None  # lowest and highest value of the axis in words
    ends: tuple[str, str] | None = None  # first and last month in words


@dataclass(frozen=True)
class Bullet:
    """A value against its goal. Every number is a share of the goal; the axis ends at 1.22.

    `schedule` is where the value should be today, `forecast` where it is expected when due.
    """

    value: Point
    schedule: float | None = None
    forecast: Interval | None = None
    tone: Tone = "fill"
    goal: bool = True


@dataclass(frozen=True)
class Row:
    """One row of a dot plot: a value with its interval, next to its name in a table."""

    value: Point
    interval: Interval | None = None
    band: tuple[float, float] | None = None  # what is usual among like units
    low: float = 0.0
    high: float = 1.0
    mine: bool = False


@dataclass(frozen=True)
class Strip:
    """Own value among its peers' values on one axis."""

    peers: tuple[Point, ...]
    own: Point | None
    middle: float | None = None
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Bar:
    """A bar from zero: `share` of the longest one, its value in words at the end."""

    value: Point
    words: str
    tone: Tone = "fill"


@dataclass(frozen=True)
class Step:
    """One column of a waterfall, from `start` to `end`; a total stands on zero."""

    name: str
    words: str
    start: float
    end: float
    total: bool = False
    state: State = "observed"
    tone: Tone = "fill"


@dataclass(frozen=True)
class Waterfall:
    """How one total becomes another: the parts add up to the difference."""

    steps: tuple[Step, ...]
    height: int = 118


@dataclass(frozen=True)
class Area:
    """Part of a map: its outlines in map pixels and its place on a scale of 0 to 4."""

    rings: tuple[Ring, ...]
    level: int = 0
    name: str = ""
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Place:
    """A unit on the map: `number` on its disc; `first` marks the One."""

    unit_id: str
    number: str
    at: tuple[float, float]
    state: State
    tip: str
    first: bool = False


@dataclass(frozen=True)
class LocatorMap:
    """Divisions, water, the city's centre and numbered places, for a map next to a list."""

    width: int
    height: int
    land: tuple[Area, ...]
    water: tuple[Area, ...]
    places: tuple[Place, ...]
    centre: tuple[tuple[float, float], str, str] | None = None  # place, name, anchor
    leaders: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = field(default=())


Spec = Line | Bullet | Row | Strip | Bar | Waterfall | LocatorMap
