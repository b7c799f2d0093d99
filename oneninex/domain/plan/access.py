"""data/plan/access.csv: who belongs to which audience, where the sign-in's own roles do not say.

It names persons, so it is no part of a snapshot, its fingerprint or a download.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from oneninex.domain.plan.errors import PlanError
from oneninex.domain.plan.models import UNIT_ID, Strict, Text, Unit
from oneninex.domain.plan.reading import read_bytes, read_csv, refers, unique

FILE = "access.csv"
Key = tuple[str, str]  # column and value
ANYONE: Key = ("group", "*")


Audience = Annotated[str, Field(pattern=rf"^(planner|leadership|public|unit:{UNIT_ID})$")]


class Grant(Strict):
    """One of subject, verified address and group of the sign-in, and its audience.

    The group `*` is everybody else.
    """

    sub: Text | None = None
    address: Text | None = None
    group: Text | None = None
    audience: Audience


class OldGrant(Strict):
    """A line of the first format: an address, which has an @, else a subject, or `*`."""

    who: Text
    audience: Audience


def grants(folder: Path) -> dict[Key, str]:
    """Column and value to audience, addresses in small letters; empty without the file.

    Raises PlanError for a line that names no audience, an unknown unit or somebody twice.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return {}
    units = Path(folder) / "units.csv"
    return _grants(path, units, _age(path), _age(units))


def _age(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _grants(path: Path, units: Path, *_ages: tuple[int, int]) -> dict[Key, str]:
    rows = _rows(read_bytes(path))
    unique(FILE, "sub", [(line, ":".join(key)) for line, key, _ in rows])
    known = {unit.unit_id for _, unit in read_csv("units.csv", read_bytes(units), Unit)}
    named = [(line, word[5:]) for line, _, word in rows if word.startswith("unit:")]
    refers(FILE, "audience", named, known)
    everybody = [(line, word) for line, key, word in rows if key == ANYONE]
    # Everybody who can sign in, or nobody has to: that may only be the public.
    refers(FILE, "audience", everybody, {"public"})
    return {key: word for _, key, word in rows}


def _rows(content: bytes) -> list[tuple[int, Key, str]]:
    header = content.decode("utf-8-sig", "replace").lstrip().partition("\n")[0]
    if "who" in (cell.strip() for cell in header.split(",")):
        old = read_csv(FILE, content, OldGrant)
        return [(line, _old_key(row.who), row.audience) for line, row in old]
    return [(line, _key(line, row), row.audience) for line, row in read_csv(FILE, content, Grant)]


def _old_key(who: str) -> Key:
    if who == "*":
        return ANYONE
    return ("address", who.casefold()) if "@" in who else ("sub", who)


def _key(line: int, row: Grant) -> Key:
    given = {"sub": row.sub, "address": row.address, "group": row.group}
    keys = [(name, value) for name, value in given.items() if value is not None]
    if len(keys) != 1:
        shown = ",".join(value for _, value in keys)
        raise PlanError(FILE, line, "sub, address, group", shown, "one_of")
    name, value = keys[0]
    return name, value.casefold() if name == "address" else value
