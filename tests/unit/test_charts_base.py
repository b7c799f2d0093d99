"""The shared look: readable colours, honest gaps, numbers in the reader's language."""

import re
import tomllib
from datetime import date
from itertools import combinations

import pytest

from oneninex.core import theme as palette
from oneninex.core.settings import ROOT
from oneninex.core.theme import DARK, LIGHT, Palette, contrast
from oneninex.figures.charts import style

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
# How the two commonest colour-blindnesses see linear light (Machado and others, 2009).
BLIND = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """L*a*b* of a colour as a colour-blind person sees it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in palette.rgb(colour)[:3])
    ]
    red, green, blue = (
        max(0.0, sum(part * value for part, value in zip(row, linear, strict=True)))
        for row in matrix
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@BOTH
@pytest.mark.parametrize(
    "name", ["text", "quiet", "primary", "attention", "good", "warning", "bad"]
)
def test_text_colours_can_be_read(colours: Palette, name: str) -> None:
    for ground in (colours.background, colours.panel):
        assert contrast(getattr(colours, name), ground) >= 4.5


@BOTH
def test_marks_stand_out_from_the_ground(colours: Palette) -> None:
    for colour in (*colours.categorical, colours.other):
        assert contrast(colour, colours.background) >= 3


@BOTH
@pytest.mark.parametrize("blindness", BLIND)
def test_groups_are_told_apart_by_the_colour_blind(colours: Palette, blindness: str) -> None:
    views = [seen(colour, BLIND[blindness]) for colour in colours.categorical]
    for one, other in combinations(views, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 10


@BOTH
def test_sequence_goes_one_way_from_the_ground(colours: Palette) -> None:
    steps = [contrast(colour, colours.background) for colour in colours.sequential]

    assert steps == sorted(steps)
    assert len(steps) == len(colours.diverging) == 10


@pytest.mark.parametrize(("section", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_streamlits_theme_is_the_palette(section: str, colours: Palette) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme, token = config["theme"][section], palette.tokens(section)

    assert theme["primaryColor"] == theme["linkColor"] == token["brand"]
    assert theme["backgroundColor"] == token["paper"]
    assert theme["secondaryBackgroundColor"] == token["card"]
    assert theme["textColor"] == token["ink"]
    assert theme["borderColor"] == token["line"]
    assert tuple(theme["chartCategoricalColors"]) == colours.categorical
    assert tuple(theme["chartSequentialColors"]) == colours.sequential
    assert tuple(theme["chartDivergingColors"]) == colours.diverging


def test_the_style_sheet_has_the_tokens() -> None:
    sheet = (ROOT / "static" / "style.css").read_text(encoding="utf-8")
    found = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", sheet)

    assert {name: (light, dark) for name, light, dark in found} == palette.TOKENS
    used = set(re.findall(r"var\(--(\w+)\)", sheet))
    assert used <= {*palette.TOKENS, "font", "shade"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tokens_can_be_read_on_their_grounds(theme: str) -> None:
    token = palette.tokens(theme)
    for name in ("ink", "ink2", "ink3", "brand", "fc", "red", "ambertext", "green"):
        assert min(contrast(token[name], token[ground]) for ground in ("card", "paper")) >= 4.5
    for name in ("fill", "amber", "none"):
        assert contrast(token[name], token["card"]) >= 3
    for name in ("bartext", "barquiet"):
        assert contrast(token[name], token["bar"]) >= 4.5
    assert contrast(token["demotext"], token["demo"]) >= 4.5


def test_missing_value_leaves_a_gap_and_provisional_points_are_hollow() -> None:
    fig = style.figure("zh", "light")
    months = [date(2026, month, 1) for month in (1, 2, 3)]

    style.line(fig, months, [1, None, 3], "产出", "#0b5f78", hover=["a", "b", "c"], open_from=2)

    (trace,) = fig.to_dict()["data"]
    assert trace["y"] == [1, None, 3]
    assert trace["connectgaps"] is False
    assert trace["marker"]["symbol"] == ["circle", "circle", "circle-open"]


@pytest.mark.parametrize(
    ("lang", "first", "ticks"),
    [
        ("zh", "2026年<br>1月", ["0", "2万", "4万", "6万", "8万", "10万"]),
        ("en", "Jan<br>2026", ["0", "20 k", "40 k", "60 k", "80 k", "100 k"]),
    ],
)
def test_axes_speak_the_readers_language(lang: str, first: str, ticks: list[str]) -> None:
    fig = style.figure(lang, "light")

    style.month_axis(fig, [date(2026, month, 1) for month in (1, 2, 3)], lang)
    style.value_axis(fig, [None, 12_000.0, 98_000.0], lang)

    assert fig.layout["xaxis"]["ticktext"][0] == first
    assert list(fig.layout["yaxis"]["ticktext"]) == ticks


def test_long_runs_of_months_keep_the_newest_label() -> None:
    months = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(24)]
    fig = style.figure("zh", "light")

    style.month_axis(fig, months, "zh", most=6)

    ticks = fig.to_dict()["layout"]["xaxis"]["tickvals"]
    assert len(ticks) == 6
    assert ticks[-1] == months[-1]


def test_rates_are_labelled_in_per_cent() -> None:
    fig = style.figure("en", "dark")

    style.value_axis(fig, [0.91, 0.97], "en", unit="%", zero=False)

    assert fig.layout["yaxis"]["ticktext"][0] == "90%"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (-3, 7, [-4, -2, 0, 2, 4, 6, 8]),
        (0, 0.0031, [0, 0.001, 0.002, 0.003, 0.004]),
        (5, 5, [5, 6]),
    ],
)
def test_ticks_are_round_and_span_the_values(
    low: float, high: float, expected: list[float]
) -> None:
    assert style.ticks(low, high) == expected


def test_one_series_stands_out_and_the_rest_is_grey() -> None:
    colours = style.highlight(["U1", "U2"], "U2", "light")

    assert colours == {"U1": LIGHT.other, "U2": LIGHT.primary}
    assert set(style.highlight(["U1", "U2"], None, "light").values()) == {LIGHT.primary}


def test_figure_draws_no_ground_of_its_own() -> None:
    layout = style.figure("zh", "dark").to_dict()["layout"]["template"]["layout"]

    assert layout["paper_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["font"]["color"] == DARK.text
