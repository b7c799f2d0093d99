"""Draw specs as SVG. Widths are per cent of the place, heights are pixels.

On a page colours are the variables of static/style.css, so that light and dark need no second
drawing; on paper and in pictures they are a theme's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import singledispatch
from itertools import groupby, pairwise

from markupsafe import Markup, escape

from oneninex.core import theme as palette
from oneninex.figures.specs import (
    Bar,
    Bullet,
    Interval,
    Line,
    LocatorMap,
    Place,
    Point,
    Ring,
    Row,
    Spec,
    State,
    Step,
    Strip,
    Waterfall,
)

Paint = Callable[[str], str]
Drawn = tuple[str, Iterator[str]]
_AXIS = 1.22  # share of the goal at which the axis of a bullet ends
_CLIP = 1.18  # a longer bar is cut with a break
_TONES = ("fill", "red", "amber", "green", "none")
_TEXT = {"none": "ink3", "fill": "ink", "red": "red", "amber": "ambertext", "green": "green"}
# How a stretch of a line is drawn that leads to a value of this state.
_STROKES: dict[State, tuple[str, str]] = {
    "provisional": ("brand", "2.5 2"),
    "forecast": ("fc", "4 3"),
    "wide": ("fc", "1 3"),
}


def on_page(token: str) -> str:
    """The colour of a token as a variable of the style sheet."""
    return f"var(--{token})"


def in_theme(name: str) -> Paint:
    """The colour of a token in a theme, for a drawing that leaves the page."""
    return palette.tokens(name).__getitem__


def definitions(paint: Paint = on_page) -> str:
    """Hatches of every tone; a page holds them once, a file once for each drawing."""
    hatches = [_hatch(tone, 5, 2.6, 45, paint("card"), paint(tone)) for tone in _TONES]
    hidden = _hatch("hidden", 4, 1.4, -45, paint("track"), paint("none"))
    return f"<defs>{''.join(hatches)}{hidden}</defs>"


def page_definitions() -> Markup:
    """The hatches as an element that takes no room on a page."""
    return Markup('<svg class="defs" aria-hidden="true">' + definitions() + "</svg>")


def draw(spec: Spec, label: str = "") -> Markup:
    """Return the spec as one `<svg>` of a page; `label` is what a screen reader says."""
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size, parts = _drawn(spec, on_page)
    return Markup("<svg " + size + f" {said}>" + "".join(parts) + "</svg>")


def document(spec: Spec, width: int, theme: str = "light") -> str:
    """Return the spec as a file of its own, in a theme's colours."""
    paint = in_theme(theme)
    size, parts = _drawn(spec, paint)
    size = size.replace('width="100%"', f'width="{width}"')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return f"{head}{definitions(paint)}{''.join(parts)}</svg>"


@singledispatch
def _drawn(spec: Spec, paint: Paint) -> Drawn:
    raise TypeError(type(spec).__name__)


@_drawn.register
def _(spec: Line, paint: Paint) -> Drawn:
    return f'class="mark line" width="100%" height="{spec.height}"', _line(spec, paint)


@_drawn.register
def _(spec: Bullet, paint: Paint) -> Drawn:
    return 'class="mark bullet" width="100%" height="30"', _bullet(spec, paint)


@_drawn.register
def _(spec: Row, paint: Paint) -> Drawn:
    return 'class="mark row" width="100%" height="24"', _row(spec, paint)


@_drawn.register
def _(spec: Strip, paint: Paint) -> Drawn:
    return 'class="mark strip" width="100%" height="24"', _strip(spec, paint)


@_drawn.register
def _(spec: Bar, paint: Paint) -> Drawn:
    return 'class="mark bar" width="100%" height="16"', _bar(spec, paint)


@_drawn.register
def _(spec: Waterfall, paint: Paint) -> Drawn:
    return f'class="mark steps" width="100%" height="{spec.height}"', _waterfall(spec, paint)


@_drawn.register
def _(spec: LocatorMap, paint: Paint) -> Drawn:
    box = f'class="mark map" viewBox="0 0 {spec.width} {spec.height}" width="100%"'
    return box, _map(spec, paint)


# ---- Lines ----


def _line(spec: Line, paint: Paint) -> Iterator[str]:
    """Values over time; a missing month is a dashed box, a withheld one is hatched."""
    axis = _Axis(spec)
    for n, band in enumerate(spec.peers[:-1]):
        if band and (after := spec.peers[n + 1]):
            corners = [(n, band.high), (n + 1, after.high), (n + 1, after.low), (n, band.low)]
            path = "L".join(f"{axis.x(at):.2f} {axis.y(value)}" for at, value in corners)
            yield axis.stretched(f'<path d="M{path}Z" fill="{paint("soft")}"/>')
    for n, point in enumerate(spec.points):
        if point.value is None:
            yield _gap(axis, n, point, paint)
    if spec.goal is not None:
        yield _rule("1.5%", "96%", axis.y(spec.goal), paint("ink"), "2 2")
    yield axis.stretched("".join(_strokes(spec, axis, paint)))
    for n, point in enumerate(spec.points):
        if point.value is not None and _is_marked(spec.points, n):
            yield _dot(f"{axis.x(n):.2f}%", axis.y(point.value), point.state, paint)
    if spec.labels:
        yield _words("1.5%", axis.y(axis.high) - 4, spec.labels[1], paint("ink3"))
    if spec.ends:
        yield _words("1.5%", spec.height - 3, spec.ends[0], paint("ink3"))
        yield _words("98.5%", spec.height - 3, spec.ends[1], paint("ink3"), "end")


class _Axis:
    """Places of a line's values: per cent across, pixels down."""

    def __init__(self, spec: Line) -> None:
        known = [p.value for p in spec.points if p.value is not None]
        known += [end for band in spec.peers if band for end in (band.low, band.high)]
        known += [spec.goal] if spec.goal is not None else []
        self.low, self.high = (min(known), max(known)) if known else (0.0, 1.0)
        self.low = min(self.low, 0.0) if spec.zero else self.low
        self.height = spec.height
        self.top = 18 if spec.labels else 5
        self.floor = spec.height - (18 if spec.ends else 4)
        self._last = max(len(spec.points) - 1, 1)

    def x(self, place: float) -> float:
        return 1.5 + 94.5 * place / self._last

    def y(self, value: float) -> float:
        span = self.high - self.low
        rise = (value - self.low) / span if span > 0 else 0.5
        return round(self.floor - rise * (self.floor - self.top), 2)

    def stretched(self, inner: str) -> str:
        """Paths in per cent: drawn on a width of 100 that fills the place."""
        return _stretched(inner, self.height)


def _strokes(spec: Line, axis: _Axis, paint: Paint) -> Iterator[str]:
    """Area and strokes of each stretch between gaps; the state of its end gives the dash."""
    runs: list[list[tuple[float, float, State]]] = [[]]
    for n, point in enumerate(spec.points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((round(axis.x(n), 2), axis.y(point.value), point.state))
    runs = [run for run in runs if len(run) > 1]
    if spec.area:
        for run in runs:
            top = "L".join(f"{x} {y}" for x, y, _ in run)
            path = f"M{top}L{run[-1][0]} {axis.floor}L{run[0][0]} {axis.floor}Z"
            yield f'<path d="{path}" fill="{paint("soft")}"/>'
    for run in runs:
        for look, ends in groupby(pairwise(run), lambda pair: _STROKES.get(pair[1][2])):
            segment = list(ends)
            start = segment[0][0]
            path = f"M{start[0]} {start[1]}" + "".join(f"L{x} {y}" for _, (x, y, _) in segment)
            token, dash = look or ("brand", "")
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            yield (
                f'<path d="{path}" fill="none" stroke="{paint(token)}" stroke-width="2"{dashed} '
                'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
            )


def _is_marked(points: Sequence[Point], n: int) -> bool:
    """The last value, one that stands alone, and one that is not the plain observed kind."""
    alone = all(
        not 0 <= place < len(points) or points[place].value is None for place in (n - 1, n + 1)
    )
    return n == len(points) - 1 or alone or points[n].state in ("assumed", "unranked")


def _gap(axis: _Axis, n: int, point: Point, paint: Paint) -> str:
    half = max(94.5 / (axis._last * 2), 1.2)
    fill = "url(#hatch-hidden)" if point.state == "suppressed" else "none"
    edge = "" if point.state == "suppressed" else _dashes(paint("red"))
    left = max(axis.x(n) - half, 0)
    return (
        f'<rect class="{point.state}" x="{left:.2f}%" y="{axis.top}" width="{2 * half:.2f}%" '
        f'height="{axis.floor - axis.top}" fill="{fill}"{edge}/>'
    )


# ---- Rows of a table ----


def _bullet(spec: Bullet, paint: Paint) -> Iterator[str]:
    """A bar on its track, the goal, where it should be today, and a lane with the forecast."""
    yield _box(0, 100, 4, 11, paint("track"))
    share = spec.value.value
    if share is None:
        yield _empty(spec.value.state, 100, 4, 11, paint)
    else:
        end = _at(min(max(share, 0.0), _CLIP))
        yield _box(0, end, 4, 11, _filling(spec.tone, spec.value.state, paint), _rim(spec, paint))
        if share > _CLIP:
            yield _break(end - 5, paint)
    if spec.schedule is not None:
        at = _at(min(spec.schedule, _CLIP))
        yield _upright(at, 1, 18, paint("card"), 4.5)
        yield _upright(at, 1, 18, paint("ink"), 2, "1.5 1.5")
    if spec.goal:
        yield _upright(_at(1.0), 0, 19, paint("ink"), 2.2)
    if spec.forecast:
        yield from _lane(spec.forecast, paint)


def _rim(spec: Bullet, paint: Paint) -> str:
    hatched = spec.value.state in ("provisional",)
    return f' stroke="{paint(spec.tone)}" stroke-width="1"' if hatched else ""


def _lane(given: Interval, paint: Paint) -> Iterator[str]:
    """The forecast below a bar: caps and a ring, dotted where it is too wide to be used."""
    ends = (given.low, given.middle, given.high)
    low, middle, high = (_at(min(max(value, 0.0), _AXIS)) for value in ends)
    colour, y = paint("fc"), 24
    if given.wide:
        yield _rule(f"{low:.2f}%", f"{high:.2f}%", y, colour, "1 3")
    elif high - low > 0.5:
        yield _rule(f"{low:.2f}%", f"{high:.2f}%", y, colour, "", 1.6)
        yield _upright(low, y - 3.5, y + 3.5, colour, 1.6)
        if given.high > _AXIS:
            yield _nested(high, f'<path d="M-5 {y - 4}L0 {y}L-5 {y + 4}" {_outline(colour)}/>')
        else:
            yield _upright(high, y - 3.5, y + 3.5, colour, 1.6)
    if given.middle <= _AXIS:
        yield _circle(f"{middle:.2f}%", y, 3.4, paint("card"), colour)


def _row(spec: Row, paint: Paint) -> Iterator[str]:
    """A value with its interval against what is usual among like units."""

    def at(value: float) -> float:
        span = spec.high - spec.low or 1.0
        return round(2 + 96 * min(max((value - spec.low) / span, 0.0), 1.0), 2)

    if spec.band:
        left, right = at(spec.band[0]), at(spec.band[1])
        yield _box(left, right - left, 0, 24, paint("soft"))
    if spec.value.value is None:
        yield _empty(spec.value.state, 96, 6, 12, paint)
        return
    token = "ambertext" if spec.mine else "brand"
    if spec.interval:
        dash = "1 3" if spec.interval.wide else ""
        left, right = f"{at(spec.interval.low)}%", f"{at(spec.interval.high)}%"
        yield _rule(left, right, 12, paint("fc" if spec.interval.wide else token), dash, 1.8)
    yield _dot(f"{at(spec.value.value)}%", 12, spec.value.state, paint, token, 4.5)


def _strip(spec: Strip, paint: Paint) -> Iterator[str]:
    """Peers as quiet dots, their median as a tick, the own value in full colour."""

    def at(value: float) -> float:
        span = spec.high - spec.low or 1.0
        return round(2 + 96 * min(max((value - spec.low) / span, 0.0), 1.0), 2)

    yield _rule("2%", "98%", 12, paint("line"))
    for peer in spec.peers:
        if peer.value is not None:
            yield _dot(f"{at(peer.value)}%", 12, peer.state, paint, "none", 3.5)
    if spec.middle is not None:
        yield _upright(at(spec.middle), 5, 19, paint("ink"), 1.6)
    if spec.own is None or spec.own.value is None:
        yield _empty(spec.own.state if spec.own else "missing", 96, 6, 12, paint)
    else:
        yield _dot(f"{at(spec.own.value)}%", 12, spec.own.state, paint, "brand", 5.5)


def _bar(spec: Bar, paint: Paint) -> Iterator[str]:
    share = spec.value.value
    if share is None:
        yield _empty(spec.value.state, 30, 2, 12, paint)
        yield _words("33%", 12, spec.words, paint("ink3"))
        return
    width = max(76 * share, 0.6)
    rim = f' stroke="{paint(spec.tone)}"' if spec.value.state == "provisional" else ""
    yield _box(0, width, 2, 12, _filling(spec.tone, spec.value.state, paint), rim)
    yield _words(f"{width + 2:.2f}%", 12, spec.words, paint("ink"), weight=700)


# ---- Waterfall ----


def _waterfall(spec: Waterfall, paint: Paint) -> Iterator[str]:
    """Columns from total to total; what was not reported is a dashed outline."""
    values = [v for step in spec.steps for v in (step.start, step.end)]
    top = max(values, default=1.0) or 1.0
    floor, head = spec.height - 18, 20
    wide = 100 / max(len(spec.steps), 1)

    def y(value: float) -> float:
        return round(floor - max(value, 0.0) / top * (floor - head), 2)

    for n, step in enumerate(spec.steps):
        left = n * wide + wide * 0.13
        high, low = y(max(step.start, step.end)), y(min(step.start, step.end))
        yield _column(step, left, wide * 0.74, high, max(low - high, 1.5), paint)
        if n + 1 < len(spec.steps):
            reach = f"{(n + 1) * wide + wide * 0.13:.2f}%"
            yield _rule(f"{left + wide * 0.74:.2f}%", reach, y(step.end), paint("none"))
        middle = f"{(n + 0.5) * wide:.2f}%"
        above = step.total or step.end > step.start
        label = high - 5 if above else low + 13
        yield _words(middle, min(label, floor - 2), step.words, paint("ink"), "middle", 700)
        yield _words(middle, spec.height - 4, step.name, paint("ink3"), "middle")


def _column(step: Step, left: float, width: float, y: float, height: float, paint: Paint) -> str:
    if step.state in ("missing", "suppressed"):
        fill = "url(#hatch-hidden)" if step.state == "suppressed" else "none"
        look = f'fill="{fill}"{_dashes(paint("none"))}'
    elif step.state == "provisional":
        look = f'fill="url(#hatch-{step.tone})" stroke="{paint(step.tone)}"'
    else:
        look = f'fill="{paint(step.tone)}"'
    return f'<rect x="{left:.2f}%" y="{y}" width="{width:.2f}%" height="{height:.2f}" {look}/>'


# ---- Map ----


def _map(spec: LocatorMap, paint: Paint) -> Iterator[str]:
    for area in spec.land:
        shade = f"color-mix(in srgb, {paint('fill')} {area.level * 9}%, {paint('land')})"
        title = f"<title>{escape(area.name)}</title>" if area.name else ""
        look = f'fill="{shade}" stroke="{paint("card")}" stroke-width="1.2"'
        yield f'<path d="{_path(area.rings)}" {look}>{title}</path>'
    for lake in spec.water:
        yield f'<path d="{_path(lake.rings)}" fill="{paint("water")}"/>'
    for start, end in spec.leaders:
        ends = f'x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"'
        yield f'<line {ends} stroke="{paint("ink3")}" stroke-width="0.8"/>'
    if spec.centre:
        (x, y), name, anchor = spec.centre
        look = f'stroke="{paint("land")}" stroke-width="2.5" paint-order="stroke"'
        yield _words(str(x), y, name, paint("ink2"), anchor, extra=look)
    for place in spec.places:
        yield _place(place, paint)


def _place(place: Place, paint: Paint) -> str:
    """A numbered disc: filled where the plan names it, a ring where it is assumed."""
    x, y = place.at
    filled = place.state in ("observed", "provisional", "forecast")
    fill = paint("brand") if filled else paint("track" if place.state == "suppressed" else "card")
    edge = "none" if place.state in ("missing", "suppressed") else "brand"
    dashed = ' stroke-dasharray="2 2"' if place.state == "missing" else ""
    halo = _circle(str(x), y, 11.2, "none", paint("brand"), 1.4) if place.first else ""
    ink = paint("card") if filled else paint("ink2" if edge == "none" else "brand")
    number = _words(str(x), y + 3.8, place.number, ink, "middle", 700)
    disc = _circle(str(x), y, 8.4, fill, paint(edge), 1.5, dashed)
    unit = f'data-row="{escape(place.unit_id)}" data-tip="{escape(place.tip)}"'
    return f'<g class="place {place.state}" {unit}>{halo}{disc}{number}</g>'


def _path(rings: Sequence[Ring]) -> str:
    return "".join(f"M{' '.join(f'{x:.1f},{y:.1f}' for x, y in ring)}Z" for ring in rings)


# ---- Parts ----


def _filling(tone: str, state: State, paint: Paint) -> str:
    if state == "provisional":
        return f"url(#hatch-{tone})"
    return paint("soft") if state == "forecast" else paint(tone)


def _empty(state: State, width: float, y: float, height: float, paint: Paint) -> str:
    """An empty bar: hatched where the value is withheld, outlined where it is not there."""
    if state == "suppressed":
        return _box(0, width, y, height, "url(#hatch-hidden)", ' class="suppressed"')
    return _box(0, width, y, height, "none", f' class="missing"{_dashes(paint("none"))}')


def _dot(x: str, y: float, state: State, paint: Paint, token: str = "brand", r: float = 3.2) -> str:
    """The end of a line or a value of a row: hollow where it is not final."""
    if state == "suppressed":
        return _circle(x, y, r, paint("track"), paint("none"))
    if state == "wide":
        return _circle(x, y, r, paint("card"), paint("fc"), 1.4, ' stroke-dasharray="1 1.5"')
    if state == "forecast":
        return _circle(x, y, r, paint("fcsoft"), paint("fc"))
    if state == "missing":
        return _circle(x, y, r, paint("card"), paint("none"), 1.4, ' stroke-dasharray="2 1.5"')
    if state == "assumed":
        return _circle(x, y, r, "none", paint(token), 2.2)
    if state == "unranked":
        return _circle(x, y, r, paint("card"), paint("none"), 1.4)
    fill = paint("card") if state == "provisional" else paint(token)
    return _circle(x, y, r, fill, paint(token), 1.6)


def _circle(
    x: str, y: float, r: float, fill: str, edge: str, width: float = 1.6, extra: str = ""
) -> str:
    look = f'fill="{fill}" stroke="{edge}" stroke-width="{width}"{extra}'
    return f'<circle cx="{x}" cy="{y}" r="{r}" {look}/>'


def _box(x: float, width: float, y: float, height: float, fill: str, extra: str = "") -> str:
    size = f'x="{x:.2f}%" y="{y}" width="{max(width, 0):.2f}%" height="{height}"'
    return f'<rect {size} rx="1.5" fill="{fill}"{extra}/>'


def _upright(x: float, top: float, bottom: float, colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _rule(left: str, right: str, y: float, colour: str, dash: str = "", width: float = 1.0) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{left}" x2="{right}" y1="{y}" y2="{y}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _break(x: float, paint: Paint) -> str:
    colour = paint("card")
    return _nested(x, f'<path d="M0 17L5 2M5 17L10 2" {_outline(colour, 1.8)}/>')


def _nested(x: float, inner: str) -> str:
    return f'<svg x="{x:.2f}%" overflow="visible">{inner}</svg>'


def _stretched(inner: str, height: float) -> str:
    box = f'viewBox="0 0 100 {height}" preserveAspectRatio="none" width="100%" height="{height}"'
    return f"<svg {box}>{inner}</svg>"


def _outline(colour: str, width: float = 1.6) -> str:
    return f'fill="none" stroke="{colour}" stroke-width="{width}"'


def _dashes(colour: str) -> str:
    return f' stroke="{colour}" stroke-dasharray="3 2"'


def _words(
    x: str, y: float, words: str, colour: str, anchor: str = "start", weight: int = 400,
    extra: str = "",
) -> str:  # fmt: skip
    look = f'font-size="11" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" {look} {extra}>{escape(words)}</text>'


def _hatch(name: str, size: int, width: float, turn: int, ground: str, colour: str) -> str:
    return (
        f'<pattern id="hatch-{name}" width="{size}" height="{size}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">'
        f'<rect width="{size}" height="{size}" fill="{ground}"/>'
        f'<rect width="{width}" height="{size}" fill="{colour}"/></pattern>'
    )


def _at(share: float) -> float:
    """Per cent across a bullet's axis of a share of the goal."""
    return share / _AXIS * 100
