"""Which row is the header, which kind of return it heads, which column holds which field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from oneninex.domain import contracts
from oneninex.domain.contracts import Field
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Finding, Refused, refuse
from oneninex.ingestion.tables.cleaning import clean

ROWS_SEARCHED = 20
CELLS_SEARCHED = 4_001  # of a row: one more than a table may have columns
ENOUGH = 0.5  # the share of required columns below which a header is no header of that kind

# A title that says in which unit the amounts are: 单位：元, but not 单位：万元.
_YUAN = re.compile(
    r"(?:单位\s*[:：为是]?\s*(?:人民币)?((?:千|百万|千万|亿)?元)|units?\s*[:：]\s*(cny|rmb|yuan))"
    r"(?![\u4e00-\u9fffa-z])"
)
_MONEY = "万元"

_NOISE = re.compile(r"[\s_\-*:：.、]+|\((必填|选填|可选|required|optional)\)")


@dataclass(frozen=True)
class Match:
    """How a row would serve as the header of a kind.

    `fields` has an entry for each cell: the field that it names, or None. `missing` are required
    fields without a column, `doubled` fields that two columns claim equally. `above` is what
    stands above the header, of the cells that name a unit of money.
    """

    kind: str
    index: int
    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    share: float
    above: str = ""

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
        best.append(replace(chosen, above=_amounts_in(rows[: chosen.index])))
    return sorted(best, key=lambda m: m.score, reverse=True)


def choose(found: list[Match], options: Options) -> Match:
    """The match to read the file by; raises Refused where there is none or more than one."""
    if not found or found[0].score[1] == 0 or (not options.kind and found[0].share < ENOUGH):
        raise refuse(
            "unknown_format", "unknown_format.header", kinds=_titles(contracts.sent_kinds())
        )
    best = found[0]
    if len(found) > 1 and found[1].score == best.score:
        tied = [m.kind for m in found if m.score == best.score]
        raise refuse("unknown_format", "unknown_format.ambiguous", kinds=_titles(tied))
    if best.missing:
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
    if best.above and (money := _unsaid(best)):
        values: dict[str, object] = {"unit": best.above, "title": (money.title, money.title_en)}
        raise Refused(Finding("range", "range.title_in_yuan", field=money.name, values=values))
    return best


def _amounts_in(rows: Sequence[Sequence[str]]) -> str:
    """What the rows above the header say of the unit of the amounts, if it is not 万元."""
    for cell in (cell for row in rows for cell in row if cell):
        if found := _YUAN.search(unicodedata.normalize("NFKC", cell).casefold()):
            return found.group().strip()
    return ""


def _unsaid(found: Match) -> Field | None:
    """The first field of money whose header does not say itself that it is in 万元."""
    contract = contracts.load(found.kind)
    for written, name in zip(found.headers, found.fields, strict=True):
        field = contract.field(name) if name else None
        if field and field.unit == _MONEY and "万" not in written and "10k" not in written.lower():
            return field
    return None


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
