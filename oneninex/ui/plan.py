"""The plan's own words and map, as the office set them: not figures, which come by queries."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from oneninex.core import settings
from oneninex.domain.plan import FILES, Plan, PlanError
from oneninex.figures.maps import geometry
from oneninex.store import StoreError
from oneninex.ui.context import lang, query, t


def plan() -> Plan:
    """The plan as it stands in its folder; raises PlanError."""
    folder = settings.load().plan
    return _read(folder, tuple(_age(folder / name) for name in FILES))


def plan_if_sound() -> Plan | None:
    """The plan, or None while it is being edited and cannot be read: a page must stay."""
    try:
        return plan()
    except PlanError:
        return None


def city() -> str:
    """What readers call the city."""
    found = plan_if_sound()
    return getattr(found.config.city, lang()) if found else t("common.city")


def remark(name: str) -> str | None:
    """What a reader has to know of the plan in this respect; None where it says nothing."""
    found = plan_if_sound()
    said = getattr(found.config.remarks, name) if found else None
    return getattr(said, lang()) if said else None


def with_remark(words: str, name: str) -> str:
    """The words and, after them, what the plan has to say in this respect."""
    return " ".join(filter(None, (words, remark(name))))


def slogan() -> dict[str, str]:
    """Part of the plan (factory, units, datasets) to what its slogan calls it."""
    found = plan_if_sound()
    words = found.config.slogan if found else ()
    return {part: getattr(said, lang()) for part, said in words if said}


def land() -> dict[str, Any]:
    """What maps.units_map draws on, as its arguments; the units stand alone without a plan."""
    found = plan_if_sound()
    if found is None:
        return {"divisions": None, "water": None}
    return found.land if found.land["divisions"] else {**found.land, "divisions": _published()}


def _published() -> str | None:
    """The divisions of the snapshot, None where it was published before it had any."""
    try:
        return geometry.collection(query("division_areas").to_pylist())
    except StoreError:
        return None


def languages() -> tuple[str, ...]:
    """The languages in the plan's order."""
    return settings.load().langs


def _age(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read(folder: Path, _ages: tuple[tuple[int, int], ...]) -> Plan:
    return Plan.load(folder)
