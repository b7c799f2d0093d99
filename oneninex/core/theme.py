"""The colours of every screen, chart, map and page on paper, for light and dark.

`TOKENS` is the one source. static/style.css repeats them as `light-dark()` variables and
`.streamlit/config.toml` those that Streamlit draws with; a test compares all three.
Colours never carry meaning alone: a shape, a word or a position always says the same.
"""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

# Token to its colour in light and in dark: docs/figures.md says what each one means.
TOKENS: dict[str, tuple[str, str]] = {
    "paper": ("#eff3f4", "#0a161c"),
    "card": ("#ffffff", "#11222b"),
    "ink": ("#10222b", "#e9f1f4"),
    "ink2": ("#425a66", "#aec1ca"),
    "ink3": ("#546a75", "#8da3ae"),
    "brand": ("#0b5f78", "#5cc0dc"),
    "fill": ("#1c7c97", "#3ba5c2"),
    "fc": ("#6a4ba3", "#bca0ee"),
    "red": ("#bf2f1b", "#ff8271"),
    "amber": ("#b87700", "#f0b23f"),
    "ambertext": ("#875600", "#f0b23f"),
    "green": ("#00785a", "#4ccb9f"),
    "none": ("#6f828c", "#8da3ae"),
    "soft": ("#dcebf0", "#173845"),
    "fcsoft": ("#e4dcf1", "#352c4c"),
    "track": ("#e3eaed", "#1f343e"),
    "redsoft": ("#fbe9e5", "#3a211f"),
    "ambersoft": ("#fbf1dc", "#352a14"),
    "greensoft": ("#dff2eb", "#14342b"),
    "line": ("#d5dfe3", "#294049"),
    "grid": ("#e6ecef", "#1e323b"),
    "bar": ("#0a2631", "#06121a"),
    "bartext": ("#ffffff", "#ffffff"),
    "barquiet": ("#a9c3ce", "#a9c3ce"),
    "baredge": ("#3b5560", "#3b5560"),
    "demo": ("#f0b23f", "#f0b23f"),
    "demotext": ("#2b1d00", "#2b1d00"),
    "land": ("#e4ebed", "#1b313b"),
    "landedge": ("#a9b8c0", "#5a6f7b"),
    "water": ("#c9e0ea", "#16465a"),
}


@dataclass(frozen=True)
class Palette:
    """One theme's colours as #rrggbb; text colours have 4.5:1 and marks 3:1 on `background`."""

    background: str
    panel: str
    text: str
    quiet: str  # secondary text
    line: str  # axes, borders
    grid: str
    primary: str  # the one thing to look at
    other: str  # what it is compared with
    attention: str  # asks for a decision
    good: str
    warning: str
    bad: str
    land: str
    land_edge: str
    water: str
    categorical: tuple[str, ...]  # unordered groups, after Okabe and Ito
    sequential: tuple[str, ...]  # little to much, ten steps
    diverging: tuple[str, ...]  # below, near, above, ten steps


_LIGHT, _DARK = ({name: pair[side] for name, pair in TOKENS.items()} for side in (0, 1))

LIGHT = Palette(
    background=_LIGHT["card"],
    panel=_LIGHT["paper"],
    text=_LIGHT["ink"],
    quiet=_LIGHT["ink3"],
    line=_LIGHT["line"],
    grid=_LIGHT["grid"],
    primary=_LIGHT["brand"],
    other=_LIGHT["none"],
    attention=_LIGHT["ambertext"],
    good=_LIGHT["green"],
    warning=_LIGHT["ambertext"],
    bad=_LIGHT["red"],
    land=_LIGHT["land"],
    land_edge=_LIGHT["landedge"],
    water=_LIGHT["water"],
    categorical=(
        "#0072b2",
        "#d55e00",
        "#0fa287",
        "#8a3f86",
        "#a08a3a",
        "#22303c",
        "#6a7ff0",
    ),
    sequential=(
        "#e4f1f5",
        "#cbe4ec",
        "#aed4e0",
        "#8fc2d3",
        "#6fafc4",
        "#4f9ab4",
        "#33849f",
        "#1b6e8a",
        "#0b5872",
        "#063f54",
    ),
    diverging=(
        "#8f3706",
        "#b8581f",
        "#d6834c",
        "#e9b48c",
        "#f4dfcf",
        "#d4e7ee",
        "#9cc8d7",
        "#5fa4bb",
        "#2b7f9b",
        "#0b5872",
    ),
)

DARK = Palette(
    background=_DARK["card"],
    panel=_DARK["paper"],
    text=_DARK["ink"],
    quiet=_DARK["ink3"],
    line=_DARK["line"],
    grid=_DARK["grid"],
    primary=_DARK["brand"],
    other=_DARK["none"],
    attention=_DARK["ambertext"],
    good=_DARK["green"],
    warning=_DARK["ambertext"],
    bad=_DARK["red"],
    land=_DARK["land"],
    land_edge=_DARK["landedge"],
    water=_DARK["water"],
    categorical=(
        "#4ea7e0",
        "#f0954a",
        "#2fd0a8",
        "#ffb8e4",
        "#e8d64a",
        "#7d6bd6",
        "#a0765a",
    ),
    sequential=(
        "#12394a",
        "#15495e",
        "#195a73",
        "#1f6c88",
        "#297f9d",
        "#3993b1",
        "#50a8c4",
        "#70bdd6",
        "#98d2e6",
        "#c8e8f3",
    ),
    diverging=(
        "#ffb487",
        "#ea8f58",
        "#c56c37",
        "#8f4f2c",
        "#553a2c",
        "#21414e",
        "#22647b",
        "#3089a6",
        "#50a8c4",
        "#8bd0e6",
    ),
)


def of(theme: str | None) -> Palette:
    """The palette of a theme; anything but "dark" is light."""
    return DARK if theme == "dark" else LIGHT


def tokens(theme: str | None) -> dict[str, str]:
    """The colour of each token in a theme; anything but "dark" is light."""
    return _DARK if theme == "dark" else _LIGHT


def rgb(colour: str, alpha: int = 255) -> list[int]:
    """#rrggbb as the [red, green, blue, alpha] that maps want."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [value / 255 for value in rgb(colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
