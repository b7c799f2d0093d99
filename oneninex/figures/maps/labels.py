"""Where names stand on the map so that they cover neither marks nor each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from oneninex.figures.maps.geometry import Features, View, inside, project, unproject

SIZE, QUIET_SIZE = 13, 13

# Signs in a line, the widest first: where a name in long lines finds no room, shorter ones may.
_SIGNS = {"zh": (8, 6, 5), "en": (17, 12)}
_LINES = {"zh": 3, "en": 4}
_ROUNDS = 4
# Sides in order of liking: where the label stands, as pydeck's anchor and baseline.
_SIDES = (
    (1, 0, "start", "center"),
    (-1, 0, "end", "center"),
    (0, 1, "middle", "top"),
    (0, -1, "middle", "bottom"),
    (0.7, 0.7, "start", "top"),
    (-0.7, 0.7, "end", "top"),
    (0.7, -0.7, "start", "bottom"),
    (-0.7, -0.7, "end", "bottom"),
)
_GAP = 5
# Pixels from the mark of another unit within which a label would seem to belong to it.
_NEAR = 5
# Pixels further away from its own mark, tried as well.
_AWAY = (0, 8)
# What a label would rather cover, in square pixels, than be narrower, stand off or be the bare
# id, or than each pixel beyond the edge.
_NARROW, _STAND_OFF, _BARE_ID, _BEYOND = 12, 15, 500, 30
# Of the map on a telephone 390 pixels wide, less what fonts differ in.
_HALF_WIDTH = 158.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        # Asked ten thousand times for a map, mostly of boxes far apart: hence the early answer.
        if (
            self.right <= other.left
            or other.right <= self.left
            or self.bottom <= other.top
            or other.bottom <= self.top
        ):
            return 0.0
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height


def wrap(name: str, lang: str, most: int | None = None) -> list[str]:
    """The name in lines of at most `most` signs; what is too long for them ends in …"""
    most = most or _SIGNS[lang][0]
    if lang == "zh":
        pieces = max(1, -(-len(name) // most))
        even = -(-len(name) // pieces)
        lines = [name[i : i + even] for i in range(0, len(name), even)]
    else:
        lines = [""]
        for word in name.split():
            if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
    last = _LINES[lang] - 1
    if len(lines) > last + 1:
        lines = [*lines[:last], f"{lines[last][: most - 1]}…"]
    return lines


def box(
    middle: tuple[float, float], lines: Sequence[str], size: int, side: tuple[float, float] = (0, 0)
) -> Box:
    """The rectangle of a text whose edge (side −1, 0 or 1 each way) touches `middle`."""
    width = max(_width(line, size) for line in lines)
    height = len(lines) * size * 1.2
    x = middle[0] + _sign(side[0]) * width / 2
    y = middle[1] + _sign(side[1]) * height / 2
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def place(rows: list[dict[str, Any]], lang: str, taken: list[Box]) -> None:
    """Give each row label, anchor, baseline and offset; adds the labels' boxes to `taken`.

    A row has name, unit_id, value_text, xy and radius. Each label takes the side of its mark
    with the least cover, given where the others stand; where a name finds no room, the unit's
    id stands for it. Who comes first takes the room, so that several orders are tried.
    `taken` begins with the rows' marks, in their order.
    """
    options = [
        [option.over(_marks_for(index, taken)) for option in _options(row, lang)]
        for index, row in enumerate(rows)
    ]
    crowded = sorted(range(len(rows)), key=lambda n: -min(each.dislike for each in options[n]))
    orders = (list(range(len(rows))), list(range(len(rows)))[::-1], crowded, crowded[::-1])
    found = min((_settled(options, order) for order in orders), key=_total)
    for row, option in zip(rows, found, strict=True):
        row |= option.look
        taken.append(option.box)


def _marks_for(index: int, marks: Sequence[Box]) -> list[Box]:
    """The marks as one row's label sees them: near another's mark it would seem to be its label."""
    return [
        mark
        if n == index
        else Box(mark.left - _NEAR, mark.top - _NEAR, mark.right + _NEAR, mark.bottom + _NEAR)
        for n, mark in enumerate(marks)
    ]


def _settled(options: "list[list[_Option]]", order: Sequence[int]) -> "list[_Option]":
    """Labels set one by one in this order, then again given all others until none moves."""
    chosen: dict[int, _Option] = {}
    for _ in range(_ROUNDS):
        before = dict(chosen)
        for index in order:
            others = [option.box for n, option in chosen.items() if n != index]
            chosen[index] = min(options[index], key=lambda option: option.cost(others))
        if chosen == before:
            break
    return [chosen[index] for index in range(len(options))]


def _total(chosen: "Sequence[_Option]") -> float:
    boxes = [option.box for option in chosen]
    # Each pair counts twice: a label on a label costs both.
    return sum(
        option.cost([other for other in boxes if other is not option.box]) for option in chosen
    )


@dataclass(frozen=True)
class _Option:
    """One way to write a label: its rectangle, its look, and how little it is liked as such."""

    box: Box
    look: dict[str, Any]
    dislike: float

    def over(self, marks: Sequence[Box]) -> "_Option":
        """The same with what it covers of the marks, which stand still, in its dislike."""
        return replace(self, dislike=self.cost(marks))

    def cost(self, others: Sequence[Box]) -> float:
        """Square pixels covered, and dislike in the same coin."""
        return self.dislike + sum(self.box.overlap(other) for other in others)


def _options(row: dict[str, Any], lang: str) -> list[_Option]:
    """The full name on each side, in ever shorter lines, then the id on each side."""
    names = [wrap(row["name"], lang, most) for most in _SIGNS[lang]]
    forms = [(name, _NARROW * n) for n, name in enumerate(names) if name not in names[:n]]
    return [
        _option(row, [*lines, row["value_text"]], side, away, order + dislike)
        for lines, dislike in [*forms, ([row["unit_id"]], _BARE_ID)]
        for order, side in enumerate(_SIDES)
        for away in _AWAY
    ]


def _option(
    row: dict[str, Any],
    lines: list[str],
    side: tuple[float, float, str, str],
    away: int,
    dislike: float,
) -> _Option:
    dx, dy, anchor, baseline = side
    reach = row["radius"] + _GAP + away
    x, y = dx * reach, dy * reach
    found = box((row["xy"][0] + x, row["xy"][1] + y), lines, SIZE, (dx, dy))
    outside = max(0.0, found.right - _HALF_WIDTH) + max(0.0, -_HALF_WIDTH - found.left)
    look = {
        "label": "\n".join(lines),
        "offset": [round(x), round(y)],
        "anchor": anchor,
        "baseline": baseline,
    }
    return _Option(found, look, dislike + _BEYOND * outside + (_STAND_OFF if away else 0))


def area_names(
    land: Features,
    lakes: Features,
    lang: str,
    taken: list[Box],
    view: View,
) -> list[dict[str, Any]]:
    """Names of divisions and lakes where they cover no unit; one without room is left out."""
    named = []
    for area in [*land, *lakes]:
        name = area["properties"].get(f"name_{lang}")
        if not name:
            continue
        lines = [name] if lang == "zh" else name.split(" ", 1)
        spot = _free_spot(area, lines, taken, view)
        if spot:
            taken.append(box(spot, lines, QUIET_SIZE))
            named.append(
                {
                    "position": unproject(*spot, view),
                    "label": "\n".join(lines),
                    "anchor": "middle",
                    "baseline": "center",
                    "offset": [0, 0],
                }
            )
    return named


def _free_spot(
    area: dict[str, Any], lines: Sequence[str], taken: list[Box], view: View
) -> tuple[float, float] | None:
    """The place inside the area, far from its border, where the name covers nothing."""
    outline = tuple((lon, lat) for lon, lat in area["geometry"]["coordinates"][0])
    for spot in _spots(outline, tuple(sorted(view.items()))):
        mine = box(spot, lines, QUIET_SIZE)
        if not any(mine.overlap(other) for other in taken):
            return spot
    return None


# The land stays as it is from month to month: only what covers it is another.
@lru_cache(maxsize=128)
def _spots(
    border: tuple[tuple[float, float], ...], seen: tuple[tuple[str, float], ...]
) -> list[tuple[float, float]]:
    """Places inside an area, those farthest from its border first."""
    view: View = dict(seen)
    outline = [project(lon, lat, view) for lon, lat in border]
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    found = []
    for column in range(1, 12):
        for row in range(1, 12):
            spot = (
                min(xs) + (max(xs) - min(xs)) * column / 12,
                min(ys) + (max(ys) - min(ys)) * row / 12,
            )
            if abs(spot[0]) <= _HALF_WIDTH - 24 and inside(spot, outline):
                found.append((min(math.dist(spot, corner) for corner in outline), spot))
    # Sorting keeps equals in their order, as the search from left to right had them.
    return [spot for room, spot in sorted(found, key=lambda each: -each[0]) if room > 0]


def _width(line: str, size: int) -> float:
    return sum(size if ord(sign) > 0x2E80 else 0.58 * size for sign in line)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
