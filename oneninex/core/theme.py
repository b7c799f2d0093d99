"""The colours of every screen, chart and map, for light and dark.

`.streamlit/config.toml` repeats the few that Streamlit itself draws with (a test compares them).
Colours never carry meaning alone: a shape, a word or a position always says the same.
"""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]


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


LIGHT = Palette(
    background="#ffffff",
    panel="#f2f6f8",
    text="#16252e",
    quiet="#51636e",
    line="#c9d5dc",
    grid="#e6ecef",
    primary="#0b5f78",
    other="#7f919c",
    attention="#b8470b",
    good="#00785a",
    warning="#9a6300",
    bad="#b3261e",
    land="#eef2f3",
    land_edge="#a9b8c0",
    water="#d3e5ee",
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
    background="#0f1a20",
    panel="#18262e",
    text="#e8eff2",
    quiet="#a3b4bd",
    line="#3a4d58",
    grid="#24343d",
    primary="#5cc0dc",
    other="#8497a2",
    attention="#ff9a5c",
    good="#3cc79a",
    warning="#e5b14a",
    bad="#ff8a80",
    land="#1c2b33",
    land_edge="#5a6f7b",
    water="#173847",
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
