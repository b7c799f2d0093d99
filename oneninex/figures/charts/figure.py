"""A figure as plotly.js reads it, put together from plain dictionaries.

plotly's own Python figures check each attribute when it is set: ten figures cost most of a second.
These take the same words and check nothing; `data` and `layout` give plotly's checked objects, so
that every test which looks into a figure also finds an attribute that plotly does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

Words = dict[str, Any]
# Names that have an underscore themselves; elsewhere title_text means {"title": {"text": ...}}.
_WHOLE = {"error_x", "error_y", "paper_bgcolor", "plot_bgcolor"}
# Where a line's words stand, as attributes of an annotation.
_AT_THE_TOP_LEFT = {"x": 0, "xanchor": "left", "xref": "x domain", "yanchor": "bottom"}


class Figure:
    """Traces and layout; the methods are named and behave as those of plotly's figure."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self._traces: list[Words] = []
        self._layout: Words = dict(layout)
        self._columns = 1

    def add_scatter(self, *, row: int = 1, col: int = 1, **words: Any) -> None:
        """Add points or a line; `row` and `col` name a panel of a figure that is split."""
        self._add("scatter", row, col, words)

    def add_bar(self, *, row: int = 1, col: int = 1, **words: Any) -> None:
        """Add bars."""
        self._add("bar", row, col, words)

    def add_annotation(self, **words: Any) -> None:
        """Write words into the figure; where nothing else is said, at values of the first axes."""
        self._append("annotations", _given(words))

    def add_hline(
        self, y: Any, *, annotation: Mapping[str, Any] | None = None, **words: Any
    ) -> None:
        """A line across the figure at `y`, its words above its left end."""
        place = {"x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y, "yref": "y"}
        self._append("shapes", {"type": "line", **place, **_given(words)})
        if annotation:
            said = {"showarrow": False, "y": y, "yref": "y", **annotation}
            self._append("annotations", {**_AT_THE_TOP_LEFT, **said})

    def add_vline(self, x: Any, **words: Any) -> None:
        """A line from bottom to top at `x`."""
        place = {"x0": x, "x1": x, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
        self._append("shapes", {"type": "line", **place, **_given(words)})

    def update_layout(self, **words: Any) -> None:
        """Set attributes of the layout; what is within stays unless it is named."""
        self._layout = _merged(self._layout, _given(words))

    def update_traces(self, *, selector: Mapping[str, Any] | None = None, **words: Any) -> None:
        """Set attributes of all traces, or of those that have what `selector` says."""
        self._traces = _updated(self._traces, selector, _given(words))

    def update_annotations(
        self, *, selector: Mapping[str, Any] | None = None, **words: Any
    ) -> None:
        """Set attributes of all annotations, or of those that have what `selector` says."""
        there = self._layout.get("annotations", [])
        self._layout["annotations"] = _updated(there, selector, _given(words))

    def drop_annotations(self, **like: Any) -> None:
        """Take the annotations away that have these attributes."""
        there = self._layout.get("annotations", [])
        self._layout["annotations"] = [note for note in there if not _has(note, like)]

    def update_xaxes(self, *, row: int | None = None, col: int | None = None, **words: Any) -> None:
        """Set attributes of the x axes, of all panels or those of a row or column."""
        self._update_axes("xaxis", row, col, words)

    def update_yaxes(self, *, row: int | None = None, col: int | None = None, **words: Any) -> None:
        """Set attributes of the y axes, of all panels or those of a row or column."""
        self._update_axes("yaxis", row, col, words)

    def split(
        self,
        rows: int,
        columns: int,
        *,
        shared_y: bool = False,
        horizontal: float = 0.0,
        vertical: float = 0.0,
        heights: Sequence[float] = (),
        titles: Sequence[str] = (),
    ) -> None:
        """Make panels, row by row from the top, with the spaces between them as shares.

        Panels of a column share their months, with `shared_y` those of a row their values; only
        the outer ones are labelled.
        """
        self._columns = columns
        wide = (1.0 - horizontal * (columns - 1)) / columns
        across = [(i * (wide + horizontal), i * (wide + horizontal) + wide) for i in range(columns)]
        down = _from_the_top(heights or [1 / rows] * rows, vertical)
        for place in range(rows * columns):
            row, column = divmod(place, columns)
            foot, first = (rows - 1) * columns + column, row * columns
            x, y = _number(place), _number(first)
            self._layout[f"xaxis{x}"] = {"anchor": f"y{x}", "domain": [*across[column]]}
            self._layout[f"yaxis{x}"] = {"anchor": f"x{x}", "domain": [*down[row]]}
            if place != foot:
                shared = {"matches": f"x{_number(foot)}", "showticklabels": False}
                self._layout[f"xaxis{x}"] |= shared
            if shared_y and place != first:
                self._layout[f"yaxis{x}"] |= {"matches": f"y{y}", "showticklabels": False}
        for place, title in enumerate(titles):
            row, column = divmod(place, columns)
            self._append("annotations", _title(title, sum(across[column]) / 2, down[row][1]))

    def to_dict(self) -> Words:
        """What plotly.js takes."""
        return {"data": self._traces, "layout": self._layout}

    def to_json(self) -> str:
        """The same as JSON; dates as 2026-10-01, missing values as null."""
        return orjson.dumps(self.to_dict(), default=float).decode()

    @property
    def data(self) -> Any:
        """The traces as plotly's objects; ValueError for an attribute that it does not know."""
        return self._checked().data

    @property
    def layout(self) -> Any:
        """The layout as plotly's object; ValueError for an attribute that it does not know."""
        return self._checked().layout

    def _checked(self) -> Any:
        import plotly.graph_objects  # loads slowly, and only tests look into a figure

        return plotly.graph_objects.Figure(self.to_dict())

    def _add(self, kind: str, row: int, col: int, words: Words) -> None:
        number = _number((row - 1) * self._columns + col - 1)
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"} if self._columns > 1 or number else {}
        self._traces.append({"type": kind, **axes, **_given(words)})

    def _append(self, name: str, entry: Words) -> None:
        self._layout[name] = [*self._layout.get(name, []), entry]

    def _update_axes(self, kind: str, row: int | None, col: int | None, words: Words) -> None:
        wanted = _given(words)
        for name in self._axes(kind, row, col):
            self._layout[name] = _merged(self._layout.get(name, {}), wanted)

    def _axes(self, kind: str, row: int | None, col: int | None) -> Iterator[str]:
        names = [name for name in self._layout if name.startswith(kind)] or [kind]
        for name in names:
            place = int(name.removeprefix(kind) or 1) - 1
            if row in (None, place // self._columns + 1) and col in (
                None,
                place % self._columns + 1,
            ):
                yield name


def _number(place: int) -> str:
    """How plotly numbers axes: x, x2, x3, …"""
    return "" if place == 0 else str(place + 1)


def _from_the_top(heights: Sequence[float], space: float) -> list[tuple[float, float]]:
    """The lower and upper end of each row."""
    whole = (1.0 - space * (len(heights) - 1)) / sum(heights)
    ends, top = [], 1.0
    for height in heights:
        ends.append((max(0.0, top - height * whole), top))
        top -= height * whole + space
    return ends


def _title(words: str, x: float, y: float) -> Words:
    place = {"x": x, "xref": "paper", "xanchor": "center", "y": y, "yref": "paper"}
    return {"text": words, "showarrow": False, "yanchor": "bottom", "font": {"size": 16}, **place}


def _given(words: Mapping[str, Any]) -> Words:
    """What has a value, with title_text as a dictionary within a dictionary."""
    found: Words = {}
    for name, value in words.items():
        if value is None:
            continue
        first, _, rest = name.partition("_")
        if rest and name not in _WHOLE:
            found = _merged(found, {first: _given({rest: value})})
        else:
            found[name] = value
    return found


def _merged(there: Mapping[str, Any], new: Mapping[str, Any]) -> Words:
    """`there` with what is new, dictionaries within dictionaries too; neither is changed."""
    both = dict(there)
    for name, value in new.items():
        old = both.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            value = _merged(old, value)
        both[name] = value
    return both


def _updated(
    entries: Sequence[Words], selector: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> list[Words]:
    return [_merged(each, new) if _has(each, selector or {}) else each for each in entries]


def _has(entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(entry.get(name) == value for name, value in wanted.items())
