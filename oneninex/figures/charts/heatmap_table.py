"""A grid of cells as HTML: rows × columns, each cell a number, an empty place or a missing one.

In a narrow place a row's name stands above its cells. Every text is
escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.theme import Palette

Kind = Literal["value", "empty", "missing"]
# One of the two has 4.5:1 on any shade; a theme's own text and ground have not.
_INKS = ("#ffffff", "#000000")
_CSS = """
.gr{color:var(--tx);font-size:.95rem;line-height:1.3;container-type:inline-size}
.gr table{width:100%;table-layout:fixed;border-collapse:separate;border-spacing:3px;margin:0}
.gr th,.gr td{border:0;padding:.35rem .3rem;text-align:center;vertical-align:middle}
.gr thead th{color:var(--qt);font-weight:400;font-size:.85rem;vertical-align:bottom;
 overflow-wrap:anywhere;hyphens:auto}
.gr tbody th{text-align:left;font-weight:600;padding-left:0}
.gr tbody th small,.gr td small{display:block;font-weight:400;font-size:.8rem}
.gr tbody th small{color:var(--qt)}
.gr col:first-child{width:var(--first)}
.gr td{border-radius:.3rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.gr td b{font-size:1.15rem;font-weight:650}
.gr td.gr-empty{border:2px dashed var(--at);color:var(--at);font-weight:600;font-size:.85rem}
.gr td.gr-missing{border:1px solid var(--ln);color:var(--qt);font-size:.85rem}
@container (max-width:560px){.gr col:first-child{display:none}.gr thead th:first-child{display:none}
.gr table{border-spacing:2px}.gr thead th{font-size:.66rem;padding:.2rem 0}
.gr tbody tr.gr-name{display:table-row}.gr tbody tr.gr-cells>th{display:none}
.gr td{padding:.3rem .05rem}.gr td small{font-size:.7rem}
.gr td.gr-empty,.gr td.gr-missing{font-size:.72rem}}
@container (min-width:560.1px){.gr tbody tr.gr-name{display:none}}
"""


@dataclass(frozen=True)
class Cell:
    """One cell: its words, a smaller line below, and how full it is (0 to 1) for its shade."""

    words: str
    note: str = ""
    kind: Kind = "value"
    level: float = 0.0


@dataclass(frozen=True)
class Line:
    """One row of the grid: name, a smaller line below it, and its cells."""

    name: str
    cells: Sequence[Cell]
    note: str = ""


def grid(
    columns: Sequence[str], lines: Sequence[Line], theme: str | None, *, first: str = "22%"
) -> str:
    """The grid; `first` is the width of the column of names on a wide screen."""
    colours = palette.of(theme)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("", *columns))
    width = "<col>" * (len(columns) + 1)
    body = "".join(_line(line, colours) for line in lines)
    return (
        f'<style>{_CSS}</style><div class="gr" style="{_variables(colours, first)}"><table>'
        f"<colgroup>{width}</colgroup><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
        "</table></div>"
    )


def _line(line: Line, colours: Palette) -> str:
    note = f"<small>{escape(line.note)}</small>" if line.note else ""
    name = f"{escape(line.name)}{note}"
    cells = "".join(_cell(cell, colours) for cell in line.cells)
    # The name twice, for a wide screen and a narrow one; a screen reader hears the first only.
    return (
        f'<tr class="gr-name" aria-hidden="true"><th colspan="{len(line.cells)}">{name}</th></tr>'
        f'<tr class="gr-cells"><th scope="row">{name}</th>{cells}</tr>'
    )


def _cell(cell: Cell, colours: Palette) -> str:
    note = f"<small>{escape(cell.note)}</small>" if cell.note else ""
    if cell.kind != "value":
        return f'<td class="gr-{cell.kind}">{escape(cell.words)}{note}</td>'
    shades = colours.sequential
    shade = shades[round(max(0.0, min(cell.level, 1.0)) * (len(shades) - 1))]
    ink = max(_INKS, key=lambda each: palette.contrast(each, shade))
    return f'<td style="background:{shade};color:{ink}"><b>{escape(cell.words)}</b>{note}</td>'


def _variables(colours: Palette, first: str) -> str:
    named = {
        "tx": colours.text, "qt": colours.quiet, "ln": colours.line, "at": colours.attention,
        "first": first,
    }  # fmt: skip
    return ";".join(f"--{name}:{value}" for name, value in named.items())
