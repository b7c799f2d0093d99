"""PDF and PNG by typst, with a Chinese font of this machine embedded."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from oneninex.briefing import outline
from oneninex.briefing import svg as pictures
from oneninex.briefing.model import Briefing, Table
from oneninex.store import StoreError

TEMPLATE = Path(__file__).with_name("briefing.typ")
# The office's own fonts first, then free ones: 仿宋 for the text, 黑体 for headings, 楷体, 小标宋.
FAMILIES = {
    "song": ("FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC"),
    "fang": ("FangSong_GB2312", "FangSong", "Noto Serif CJK SC", "Songti SC"),
    "hei": ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "Heiti SC", "PingFang SC"),
    "kai": ("KaiTi_GB2312", "KaiTi", "LXGW WenKai", "Kaiti SC", "Noto Serif CJK SC", "Songti SC"),
}  # fmt: skip
_ANY = ("CJK", "Han", "Song", "Hei", "Fang", "Kai", "Ming")
_PPI = 200.0


@lru_cache(maxsize=4)
def _families(folder: str) -> frozenset[str]:
    return frozenset(typst.Fonts(font_paths=[Path(folder)] if folder else []).families())


def fonts() -> dict[str, str]:
    """Role to the family that is used for it.

    ONENINEX_FONTS names a folder of fonts beside those of the system. Raises StoreError with
    what to do where no Chinese font is found.
    """
    there = _families(_folder())
    found = {
        role: next((family for family in families if family in there), "")
        for role, families in FAMILIES.items()
    }
    some = next((family for family in found.values() if family), "") or next(
        (family for family in sorted(there) if any(word in family for word in _ANY)), ""
    )
    if not some:
        raise StoreError("briefing.no_font")
    return {role: family or some for role, family in found.items()}


def substituted() -> bool:
    """Whether other fonts stand in for the office's."""
    return any(family != FAMILIES[role][0] for role, family in fonts().items())


def write(briefing: Briefing) -> bytes:
    """The briefing as a tagged PDF with its fonts embedded."""
    used = fonts()
    drawn = pictures.of(briefing, used["hei"])
    files = {f"{name}.svg": svg.encode() for name, svg in drawn.items()}
    files["main.typ"] = TEMPLATE.read_bytes()
    files["data.json"] = json.dumps(_data(briefing, used), ensure_ascii=False).encode()
    return _compile(files, format="pdf", timestamp=_moment(briefing), pdf_standards=["ua-1"])


def png(svg: str, width_mm: float = 156.0) -> bytes:
    """A picture for formats that do not take SVG, drawn at 200 pixels an inch."""
    page = (
        f"#set page(width: {width_mm}mm, height: auto, margin: 0pt)\n"
        '#image("picture.svg", width: 100%)'
    )
    files = {"main.typ": page.encode(), "picture.svg": svg.encode()}
    return _compile(files, format="png", ppi=_PPI)


def _compile(files: dict[str, bytes], **how: Any) -> bytes:
    folder = _folder()
    # Its types know no files by name, which it takes.
    compile_: Any = typst.compile
    return compile_(files, font_paths=[Path(folder)] if folder else [], **how)


def _folder() -> str:
    return os.environ.get("ONENINEX_FONTS", "")


def _moment(briefing: Briefing) -> datetime:
    """The moment of the snapshot, so that the same snapshot gives the same bytes."""
    return briefing.vintage.created_at.astimezone(UTC).replace(microsecond=0)


def _data(briefing: Briefing, used: dict[str, str]) -> dict[str, Any]:
    """What the template prints; lights by colour."""
    pages, notes = outline.following(briefing)
    lang, words = briefing.lang, briefing.words
    return {
        "lang": lang,
        "fonts": used,
        "words": {key: word for key, word in words.items() if key != "fonts"},
        "pictures_title": outline.heading(pages, 1, words["annex_title"], lang),
        "notes_title": outline.heading(notes, 1, words["notes_title"], lang),
        "blocks": [vars(block) for block in outline.blocks(briefing)],
        "colours": {light: look["colour"] for light, look in briefing.looks.items()},
        "tables": {key: _table(table) for key, table in briefing.tables.items()},
        "charts": {
            key: {"title": chart.title, "note": chart.note, "alt": alt(briefing, key)}
            for key, chart in briefing.charts.items()
        },
        "map_alt": map_alt(briefing),
        "notes": list(briefing.notes),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "shares": list(table.shares),
        "lights": list(table.lights) or [""] * len(table.rows),
    }


def alt(briefing: Briefing, key: str) -> str:
    """A chart in words: its title and every value, for who cannot see it."""
    chart = briefing.charts[key]
    missing = briefing.words["missing_mark"]
    told = []
    for series in chart.series:
        pairs = zip(chart.categories, series.values, strict=True)
        told.append(
            f"{series.name}: "
            + "; ".join(
                f"{name} {missing if value is None else pictures.written(value, chart)}"
                for name, value in pairs
            )
        )
    return f"{chart.title}. " + ". ".join(told)


def map_alt(briefing: Briefing) -> str:
    """The map in words: each unit with its value."""
    listed = "; ".join(f"{place.name} {place.written}" for place in briefing.places)
    return f"{briefing.words['map_title']}. {listed}"
