"""Which row is the header, which kind of return it heads, which column holds which field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from oneninex.domain import contracts
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Finding, Refused, refuse
from oneninex.ingestion.tables.cleaning import clean
from oneninex.ingestion.tables.units_of_measure import (
    ABOVE,
    BELOW_HEADER,
    Stated,
    contradiction,
    header_contradiction,
    stated_in_rows,
    units_row,
)

ROWS_SEARCHED = 20
CELLS_SEARCHED = 4_001  # of a row: one more than a table may have columns
ENOUGH = 0.5  # the share of required columns below which a header is no header of that kind

_IN_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s_\-*:：.、]+|\((必填|选填|可选|required|optional)\)")


@dataclass(frozen=True)
class Match:
    """How a row would serve as the header of a kind.

    `fields` has an entry for each cell: the field that it names, or None. `missing` are required
    fields without a column, `doubled` fields that two columns claim equally. `stated` are the
    units of measure above the header and in the row below it. `index` is the last row before the
    data. `sideways` is true where the names stand in a column instead.
    """

    kind: str
    index: int
    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    share: float
    stated: tuple[Stated, ...] = ()
    sideways: bool = False

    @property
    def score(self) -> tuple[float, int]:
        """More is better: the share of required columns, then columns in all."""
        return self.share, sum(name is not None for name in self.fields)


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A header without what does not tell headers apart: width, case, spaces, marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", clean(name)).casefold())


@cache
def names(kind: str) -> dict[str, tuple[int, str]]:
    """Normalised header to (rank, field): a name or title (0) goes before an alias (1).

    A unit behind the name is understood only if it is the field's own: a column in 元 must
    never be read as one in 万元.
    """
    known: dict[str, tuple[int, str]] = {}
    for field in contracts.load(kind).fields:
        first = (field.name, field.title, field.title_en)
        ranked = [(0, name) for name in first] + [(1, name) for name in field.aliases]
        units = {unit for unit in (field.unit, field.unit_en) if unit}
        for rank, name in ranked:
            for written in (name, *(f"{name}({unit})" for unit in units)):
                known.setdefault(normal(written), (rank, field.name))
    return known


def match(kind: str, index: int, row: Sequence[str], supplied: Iterable[str]) -> Match:
    """How `row` would serve as the header of `kind`; `supplied` fields may be absent."""
    known = names(kind)
    claims = [known.get(normal(cell)) if cell else None for cell in row]
    best = {
        name: min(c[0] for c in claims if c and c[1] == name) for _, name in filter(None, claims)
    }
    fields = [claim[1] if claim and claim[0] == best[claim[1]] else None for claim in claims]
    times = Counter(name for name in fields if name)
    required = [f.name for f in contracts.load(kind).fields if f.required]
    expected = [name for name in required if name in times or name not in set(supplied)]
    missing = tuple(name for name in expected if name not in times)
    share = 1 - len(missing) / len(expected) if expected else 0.0
    return Match(
        kind,
        index,
        tuple(row),
        tuple(fields),
        missing,
        tuple(name for name, count in times.items() if count > 1),
        share if times else 0.0,
    )


def candidates(rows: Sequence[Sequence[str]], options: Options) -> list[Match]:
    """The best header row for each kind in question, the best kind first."""
    if not rows:
        return []
    kinds = [options.kind] if options.kind else contracts.sent_kinds()
    best = []
    rows = [row[:CELLS_SEARCHED] for row in rows[:ROWS_SEARCHED]]
    searched = [[normal(cell) for cell in row if cell] for row in rows]
    for kind in kinds:
        known = names(kind)
        naming = [index for index, cells in enumerate(searched) if any(c in known for c in cells)]
        matches = [match(kind, index, rows[index], options.supplied) for index in naming or [0]]
        # max() keeps the first of equals: the topmost row
        chosen = max(matches, key=lambda m: m.score)
        if chosen.missing and chosen.score[1] > 1:
            chosen = _stacked(kind, rows[:ROWS_SEARCHED], naming, options.supplied) or chosen
        best.append(chosen)
    best.sort(key=lambda m: m.score, reverse=True)
    best[0] = _with_units(best[0], rows)
    if best[0].share < 1 and _is_sideways(rows, options):
        best[0] = replace(best[0], sideways=True)
    return best


def choose(found: list[Match], options: Options) -> Match:
    """The match to read the file by; raises Refused where there is none or more than one."""
    if found and found[0].sideways:
        raise refuse("unknown_format", "unknown_format.sideways")
    if not found or found[0].score[1] == 0 or (not options.kind and found[0].share < ENOUGH):
        raise refuse(
            "unknown_format", "unknown_format.header", kinds=_titles(contracts.sent_kinds())
        )
    best = found[0]
    if len(found) > 1 and found[1].score == best.score:
        tied = [m.kind for m in found if m.score == best.score]
        raise refuse("unknown_format", "unknown_format.ambiguous", kinds=_titles(tied))
    if best.missing:
        if wrong := _other_unit(best):
            raise Refused(wrong)
        raise Refused(*(missing_column(best.kind, name) for name in best.missing))
    if best.doubled:
        field = contracts.load(best.kind).field(best.doubled[0])
        raise Refused(
            Finding(
                "not_a_table",
                "not_a_table.doubled_column",
                field=field.name,
                values={"title": (field.title, field.title_en), "name": field.name},
            )
        )
    check_units(best)
    return best


def _other_unit(found: Match) -> Finding | None:
    """The finding for a missing column that is there with another unit: 标注条数（万条）."""
    known = names(found.kind)
    contract = contracts.load(found.kind)
    for header, name in zip(found.headers, found.fields, strict=True):
        bare = _IN_BRACKETS.sub("", header)
        if name is None and bare != header and (claim := known.get(normal(bare))):
            wrong = header_contradiction(header, contract.field(claim[1]))
            if wrong and claim[1] in found.missing:
                return wrong
    return None


def check_units(found: Match, stated: Sequence[Stated] = ()) -> None:
    """Compare the units stated for a table with those of its fields; raises Refused."""
    columns = list(zip(found.headers, found.fields, strict=True))
    if wrong := contradiction(found.kind, columns, [*found.stated, *stated]):
        raise Refused(wrong)


def _with_units(found: Match, rows: Sequence[Sequence[str]]) -> Match:
    """The match with the units stated above it and in the row below, which is then no data."""
    stated = stated_in_rows(rows[: found.index], ABOVE)
    below = rows[found.index + 1] if found.index + 1 < len(rows) else ()
    of_columns = units_row(below)
    for place, unit in of_columns.items():
        if place < len(found.fields) and (name := found.fields[place]):
            stated.append(Stated(unit, BELOW_HEADER, name))
    index = found.index + bool(of_columns)
    return replace(found, index=index, stated=tuple(stated))


def _stacked(
    kind: str, rows: Sequence[Sequence[str]], naming: Sequence[int], supplied: Iterable[str]
) -> Match | None:
    """The first header of two or three rows that names all that is required, if any."""
    supplied = tuple(supplied)
    for top in naming:
        for bottom in (top + 1, top + 2):
            if bottom < len(rows):
                found = match(kind, bottom, _joined(kind, rows[top : bottom + 1]), supplied)
                if not found.missing:
                    return found
    return None


def _joined(kind: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """One header of several rows: the lowest name of a field, or a group with its part."""
    known = names(kind)
    width = max(map(len, rows))
    filled = [_filled([*row, *[""] * (width - len(row))]) for row in rows]
    joined = []
    for place in range(width):
        own = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        grouped = ["".join(row[place] for row in filled[start:]) for start in range(len(rows))]
        written = [*reversed(own), *grouped]
        chosen = next((text for text in written if normal(text) in known), None)
        joined.append(chosen or (own[-1] if own else ""))
    return joined


def _filled(row: Sequence[str]) -> list[str]:
    """The row with each empty cell as the group that stands to its left."""
    last = ""
    filled = []
    for cell in row:
        last = cell.strip() or last
        filled.append(last)
    return filled


def _is_sideways(rows: Sequence[Sequence[str]], options: Options) -> bool:
    """Whether the names of fields stand in one of the first columns instead of a row."""
    kinds = [options.kind] if options.kind else contracts.sent_kinds()
    for place in range(3):
        column = [row[place] if place < len(row) else "" for row in rows]
        found = [match(kind, 0, column, options.supplied) for kind in kinds]
        if any(m.share >= ENOUGH and m.score[1] > 2 for m in found):
            return True
    return False


def missing_column(kind: str, name: str) -> Finding:
    """The finding for a required column that a file does not have."""
    contract = contracts.load(kind)
    field = contract.field(name)
    return Finding(
        "missing_column",
        "missing_column",
        field=name,
        values={
            "title": (field.title, field.title_en),
            "name": name,
            "kind": (contract.title, contract.title_en),
            "aliases": "、".join(field.aliases[:3]),
        },
    )


def _titles(kinds: Sequence[str]) -> tuple[str, str]:
    loaded = [contracts.load(kind) for kind in kinds]
    return (
        "、".join(f"{c.title}（{c.kind}）" for c in loaded),
        ", ".join(f"{c.title_en} ({c.kind})" for c in loaded),
    )
