"""The grammar of marks: each state looks different in each mark, and texts are escaped."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from oneninex.figures.render import svg
from oneninex.figures.specs import (
    STATES,
    Area,
    Bar,
    Bullet,
    Interval,
    Line,
    LocatorMap,
    Place,
    Point,
    Row,
    State,
    Step,
    Strip,
    Waterfall,
    state_of,
)


def point(state: State, value: float = 0.6) -> Point:
    """A value in that state; two of them have none."""
    return Point(None if state in ("missing", "suppressed") else value, state)


def line(state: State) -> Line:
    return Line((Point(0.2), Point(0.4), point(state), Point(0.5)))


def line_end(state: State) -> Line:
    return Line((Point(0.2), Point(0.4), point(state)))


def bullet(state: State) -> Bullet:
    wide = state == "wide"
    ahead = Interval(0.5, 0.7, 0.9, wide=wide) if state in ("forecast", "wide") else None
    return Bullet(Point(0.6) if ahead else point(state), 0.4, ahead)


def row(state: State) -> Row:
    return Row(point(state), Interval(0.4, 0.6, 0.7, wide=state == "wide"))


def strip(state: State) -> Strip:
    return Strip((Point(0.2), Point(0.9)), point(state), 0.5)


def bar(state: State) -> Bar:
    return Bar(point(state), "60")


def waterfall(state: State) -> Waterfall:
    return Waterfall((Step("a", "1", 0, 1, True), Step("b", "2", 1, 0.4, state=state)))


def places(state: State) -> LocatorMap:
    ring = [(0, 0), (9, 0), (9, 9)]
    return LocatorMap(50, 50, (Area((ring,)),), (), (Place("U1", "1", (5, 5), state, "x"),))


# What a mark is used for; the other states never come to it (mockups: no forecast on a map).
USED: dict[str, tuple[Any, tuple[State, ...]]] = {
    "line": (line, ("observed", "provisional", "missing", "suppressed", "forecast", "wide")),
    "line_end": (line_end, STATES),
    "bullet": (
        bullet, ("observed", "provisional", "missing", "suppressed", "forecast", "wide"),
    ),
    "row": (row, STATES),
    "strip": (strip, STATES),
    "bar": (bar, ("observed", "provisional", "missing", "suppressed", "forecast")),
    "waterfall": (waterfall, ("observed", "provisional", "missing", "suppressed")),
    "map": (places, ("observed", "missing", "assumed", "suppressed")),
}  # fmt: skip
RENDERERS = {
    "page": svg.draw,
    "light": lambda spec: svg.document(spec, 200, "light"),
    "dark": lambda spec: svg.document(spec, 200, "dark"),
}
CASES = [(mark, renderer) for mark in USED for renderer in RENDERERS]


@pytest.mark.parametrize(("mark", "renderer"), CASES)
def test_states_of_a_mark_are_drawn_differently(mark: str, renderer: str) -> None:
    make, states = USED[mark]
    # A name in a class or a label is no drawing.
    drawn = {
        state: re.sub(
            r' (class|data-\w+|aria-label)="[^"]*"', "", str(RENDERERS[renderer](make(state)))
        )
        for state in states
    }

    same = [pair for pair in combinations(states, 2) if drawn[pair[0]] == drawn[pair[1]]]
    assert same == []


@pytest.mark.parametrize("mark", USED)
def test_a_drawing_that_leaves_the_page_is_whole(mark: str) -> None:
    make, states = USED[mark]
    for state in states:
        drawn = svg.document(make(state), 200, "dark")
        root = ElementTree.fromstring(drawn)
        assert root.get("width") == "200" or root.get("viewBox")
        assert "var(" not in drawn
        named = set(re.findall(r'<pattern id="([\w-]+)"', drawn))
        assert set(re.findall(r"url\(#([\w-]+)\)", drawn)) <= named


def test_a_drawing_says_its_label_and_escapes_it() -> None:
    drawn = svg.draw(bar("observed"), '<b>"x"</b>')

    assert 'role="img" aria-label="&lt;b&gt;&#34;x&#34;&lt;/b&gt;"' in drawn
    assert "<b>" not in svg.draw(Bar(Point(0.5), "<b>"))
    place = Place("U1", "<i>", (5, 5), "observed", '"><script>')
    assert "<script>" not in svg.draw(LocatorMap(9, 9, (), (), (place,)))


def test_a_missing_value_is_a_gap_and_never_zero() -> None:
    drawn = svg.draw(Line((Point(1), Point(2), Point(None, "missing"), Point(3), Point(4))))

    strokes = re.findall(r'<path d="(M[^"]+)" fill="none"', drawn)
    assert len(strokes) == 2


def test_a_bar_beyond_its_axis_is_cut_with_a_break() -> None:
    assert "M0 17L5 2" in svg.draw(Bullet(Point(4.1)))
    assert "M0 17L5 2" not in svg.draw(Bullet(Point(1.1)))


@pytest.mark.parametrize(
    ("status", "value", "state"),
    [
        ("A", 1.0, "observed"),
        ("P", 1.0, "provisional"),
        ("E", 1.0, "provisional"),
        ("M", None, "missing"),
        ("A", None, "missing"),
        ("C", None, "suppressed"),
    ],
)
def test_the_status_of_a_value_gives_its_state(
    status: str, value: float | None, state: State
) -> None:
    assert state_of(status, value) == state
