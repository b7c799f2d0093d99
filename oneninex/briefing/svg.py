"""Map and charts as SVG, for formats that have no charts of their own; the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from oneninex.briefing.model import Briefing, Chart
from oneninex.core import formats
from oneninex.core.theme import LIGHT
from oneninex.figures.maps import Drawn

_ANCHORS = {"start": "start", "middle": "middle", "end": "end"}
_WIDTH, _HEIGHT = 760.0, 300.0
_BAR = 34.0
_TEXT = f'fill="{LIGHT.text}"'
_COLOURS = (LIGHT.primary, LIGHT.categorical[1], LIGHT.categorical[2])


def unit_map(drawn: Drawn, font: str, ids: bool = False) -> str:
    """The units on the divisions: discs by value, hollow rings for missing returns.

    `ids` writes only each unit's id, large, on its mark: for a map beside a list.
    """
    parts = [_area(ring, LIGHT.land, LIGHT.land_edge, 1.2) for ring in drawn.land]
    parts += [_area(ring, LIGHT.water, LIGHT.water, 0) for ring in drawn.water]
    parts += [_area(ring, "none", LIGHT.land_edge, 1.2) for ring in drawn.land]
    if not ids:
        parts += [
            _words(n["xy"], n["label"], "middle", "center", LIGHT.quiet, 11) for n in drawn.names
        ]
    for mark in drawn.marks:
        x, y = mark["xy"]
        missing = mark["sort"] in ("missing", "suppressed")
        fill = "#ffffff" if missing else LIGHT.primary
        edge = LIGHT.other if missing else LIGHT.primary
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="{mark["radius"]:.2f}" fill="{fill}" '
            f'stroke="{edge}" stroke-width="2"/>'
        )
    for mark in drawn.marks:
        x, y = mark["xy"]
        if ids:
            dark = mark["sort"] != "value" or mark["radius"] < 13
            tone = LIGHT.text if dark else "#ffffff"
            parts.append(_words((x, y), mark["unit_id"], "middle", "center", tone, 15))
            continue
        dx, dy = mark["offset"]
        spot = (x + dx, y + dy)
        parts.append(_words(spot, mark["label"], mark["anchor"], mark["baseline"], LIGHT.text, 11))
    return _svg(drawn.width, drawn.height, parts, font)


def chart(given: Chart, font: str) -> str:
    """A chart of the briefing; NULL stays a gap."""
    draw = {"column": _columns, "line": _line, "bar": _bars}[given.kind]
    return draw(given, font)


def of(briefing: Briefing, font: str) -> dict[str, str]:
    """Every picture of a briefing by name."""
    drawn = {key: chart(each, font) for key, each in briefing.charts.items()}
    return {"map": unit_map(briefing.map, font), **drawn}


def written(value: float, given: Chart) -> str:
    """A value as the text prints it: per cent, or 262.5万 / 2.63 M."""
    if given.number_format.endswith("%"):
        return formats.percent(value, given.lang)
    return formats.number(value, given.lang)


def _columns(given: Chart, font: str) -> str:
    """Columns from 0, values on top where they fit, a gap for what is missing."""
    top = max((value or 0 for each in given.series for value in each.values), default=0) or 1
    step = (_WIDTH - 20) / len(given.categories)
    wide = step * 0.8 / len(given.series)
    parts = _legend(given)
    for index, category in enumerate(given.categories):
        left = 10 + index * step
        parts.append(_under(left + step / 2, category, step))
        for number, each in enumerate(given.series):
            value = each.values[index]
            if value is None:
                continue
            tall = (_HEIGHT - 100) * value / top
            x, y = left + step * 0.1 + number * wide, _HEIGHT - 40 - tall
            parts.append(_box(x, y, wide * 0.92, tall, _COLOURS[number]))
            parts.append(_label(x + wide * 0.46, y - 5, written(value, given), "middle", 10.5))
    return _svg(_WIDTH, _HEIGHT, parts, font)


def _line(given: Chart, font: str) -> str:
    """Lines on an axis that does not start at 0, which the note says."""
    known = [value for each in given.series for value in each.values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    span = (high - low) or 1.0
    step = (_WIDTH - 130) / max(len(given.categories) - 1, 1)
    parts = _legend(given)

    def spot(index: int, value: float) -> tuple[float, float]:
        return 55 + index * step, _HEIGHT - 50 - (_HEIGHT - 110) * (value - low) / span

    for index, category in enumerate(given.categories):
        parts.append(_label(55 + index * step, _HEIGHT - 8, category, "middle", 11))
    for number, each in enumerate(given.series):
        runs: list[list[tuple[float, float]]] = [[]]
        for index, value in enumerate(each.values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(spot(index, value))
        parts += [_path(run, _COLOURS[number], dashed=number > 0) for run in runs if run]
        parts += _ends(each.values, spot, given)
    return _svg(_WIDTH, _HEIGHT, parts, font)


def _ends(
    values: Sequence[float | None], spot: Callable[[int, float], tuple[float, float]], given: Chart
) -> list[str]:
    """First and last value of a line in figures."""
    shown = [(index, value) for index, value in enumerate(values) if value is not None]
    if not shown:
        return []
    parts = []
    for (index, value), anchor in ((shown[0], "end"), (shown[-1], "start")):
        x, y = spot(index, value)
        away = -6 if anchor == "end" else 6
        parts.append(_label(x + away, y - 4, written(value, given), anchor, 12))
    return parts


def _bars(given: Chart, font: str) -> str:
    """Lying bars, for long names; a second series is a mark, the schedule."""
    top = max((value or 0 for each in given.series for value in each.values), default=0) or 1
    name_width, height = 300.0, 40 + _BAR * len(given.categories)
    room = _WIDTH - name_width - 90
    parts = _legend(given)
    for index, category in enumerate(given.categories):
        y = 34 + index * _BAR
        parts.append(_label(name_width - 8, y + 17, _shortened(category), "end", 12))
        value = given.series[0].values[index]
        end = name_width
        if value is not None:
            parts.append(_box(name_width, y + 4, room * value / top, _BAR - 14, _COLOURS[0]))
            end += room * value / top
            shown = written(value, given)
            parts.append(_label(end + 6, y + 17, shown, "start", 12))
        for each in given.series[1:]:
            if (mark := each.values[index]) is not None:
                x = name_width + room * mark / top
                parts.append(_box(x - 1.5, y, 3, _BAR - 6, _COLOURS[1]))
    return _svg(_WIDTH, height, parts, font)


def _under(x: float, name: str, room: float) -> str:
    """A category below its columns, in two lines where one is too narrow for it."""
    most = max(int(room / (12 if any(ord(sign) > 0x2E80 for sign in name) else 6.5)), 4)
    lines = [name]
    if len(name) > most and " " in name:
        cut = name.rfind(" ", 0, most + 1)
        cut = cut if cut > 0 else name.find(" ")
        lines = [name[:cut], name[cut + 1 :]]
    shown = "\n".join(line if len(line) <= most else line[: most - 1] + "…" for line in lines)
    return _words((x, _HEIGHT - 34), shown, "middle", "top", LIGHT.text, 12)


def _shortened(name: str) -> str:
    most = 22 if any(ord(sign) > 0x2E80 for sign in name) else 44
    return name if len(name) <= most else name[: most - 1] + "…"


def _legend(given: Chart) -> list[str]:
    if len(given.series) < 2:
        return []
    parts, x = [], 12.0
    for number, each in enumerate(given.series):
        parts.append(_box(x, 8, 12, 12, _COLOURS[number]))
        parts.append(_label(x + 17, 19, each.name, "start", 12))
        x += 40 + 13.0 * sum(1 if ord(sign) > 0x2E80 else 0.55 for sign in each.name)
    return parts


def _svg(width: float, height: float, parts: list[str], font: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{font}">' + "".join(parts) + "</svg>"
    )


def _area(ring: list[tuple[float, float]], fill: str, edge: str, width: float) -> str:
    points = " ".join(f"{x},{y}" for x, y in ring)
    return f'<polygon points="{points}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'


def _words(
    spot: tuple[float, float], label: str, anchor: str, baseline: str, colour: str, size: float
) -> str:
    """A label of one or more lines, whose block stands above, at or below the spot."""
    lines = label.split("\n")
    tall = size * 1.2
    up = {"top": 0.0, "center": len(lines) * tall / 2, "bottom": len(lines) * tall}[baseline]
    x, y = spot
    return "".join(
        f'<text x="{x:.2f}" y="{y - up + (n + 0.85) * tall:.2f}" font-size="{size}" '
        f'fill="{colour}" text-anchor="{_ANCHORS[anchor]}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def _label(x: float, y: float, words: str, anchor: str, size: float) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{anchor}" {_TEXT}>'
        f"{escape(words)}</text>"
    )


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0):.2f}" '
        f'height="{max(height, 0):.2f}" fill="{colour}"/>'
    )


def _path(run: list[tuple[float, float]], colour: str, dashed: bool) -> str:
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in run)
    dash = ' stroke-dasharray="7 4"' if dashed else ""
    dots = "".join(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3" fill="{colour}"/>' for x, y in run)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>'
        + dots
    )
