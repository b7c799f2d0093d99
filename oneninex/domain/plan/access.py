"""data/plan/access.csv: who belongs to which audience, where the sign-in's own roles do not say.

It names persons, so it is no part of a snapshot, its fingerprint or a download.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from oneninex.domain.plan.models import UNIT_ID, Strict, Text, Unit
from oneninex.domain.plan.reading import read_bytes, read_csv, refers, unique

FILE = "access.csv"
ANYONE = "*"


class Grant(Strict):
    """An address or subject of the sign-in, or `*` for everybody else, and its audience."""

    who: Text
    audience: Annotated[str, Field(pattern=rf"^(planner|leadership|public|unit:{UNIT_ID})$")]


def grants(folder: Path) -> dict[str, str]:
    """Who to audience, addresses in small letters; empty without the file.

    Raises PlanError for a line that names no audience, an unknown unit or somebody twice.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return {}
    units = Path(folder) / "units.csv"
    return _grants(path, units, _age(path), _age(units))


def _key(who: str) -> str:
    return who.casefold() if "@" in who else who


def _age(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _grants(path: Path, units: Path, *_ages: tuple[int, int]) -> dict[str, str]:
    lines = read_csv(FILE, read_bytes(path), Grant)
    rows = [(line, _key(row.who), row.audience) for line, row in lines]
    unique(FILE, "who", [(line, who) for line, who, _ in rows])
    known = {unit.unit_id for _, unit in read_csv("units.csv", read_bytes(units), Unit)}
    named = [(line, word[5:]) for line, _, word in rows if word.startswith("unit:")]
    refers(FILE, "audience", named, known)
    everybody = [(line, word) for line, who, word in rows if who == ANYONE]
    # Everybody who can sign in, or nobody has to: that may only be the public.
    refers(FILE, "audience", everybody, {"public"})
    return {who: word for _, who, word in rows}
