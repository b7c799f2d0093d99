"""Where the store and the plan lie and which language speaks first."""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh", "en")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}  # as HTML writes them


@dataclass(frozen=True)
class Settings:
    """The choices that every command and page shares; `langs` in the order of the plan."""

    store: Path
    plan: Path
    lang: str
    langs: tuple[str, ...] = LANGS


def load(
    store: str | Path | None = None,
    plan: str | Path | None = None,
    lang: str | None = None,
) -> Settings:
    """Argument first, then ONENINEX_STORE / _PLAN / _LANG, then the default.

    The plan's first language is the default; all others follow, so that none is lost.
    Paths come back absolute; a relative one counts from the working directory.
    Raises ValueError for a language that has no catalogue.
    """
    folder = _path(plan, "ONENINEX_PLAN", "data/plan")
    langs = _languages(folder)
    chosen = lang or os.environ.get("ONENINEX_LANG") or langs[0]
    if chosen not in LANGS:
        raise ValueError(f"lang {chosen!r} is not one of {', '.join(LANGS)}")
    return Settings(
        store=_path(store, "ONENINEX_STORE", "data/store"),
        plan=folder,
        lang=chosen,
        langs=langs,
    )


def _languages(plan: Path) -> tuple[str, ...]:
    """The languages in the plan's order; what is wrong with plan.toml is said where it is read."""
    path = plan / "plan.toml"
    try:
        return _stated(path, path.stat().st_mtime_ns)
    except OSError:
        return LANGS


@lru_cache(maxsize=4)
def _stated(path: Path, _changed: int) -> tuple[str, ...]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("languages", [])
        first = [code for code in given if code in LANGS]
    except (ValueError, TypeError):
        first = []
    return tuple(dict.fromkeys([*first, *LANGS]))


def audit_folder(store: Path) -> Path:
    """Where the audit trail of a store lies: ONENINEX_AUDIT, else within the store.

    A process that may only read the store needs a folder of its own to write to.
    """
    given = os.environ.get("ONENINEX_AUDIT")
    return Path(given).expanduser().resolve() if given else store / "audit"


def _path(given: str | Path | None, variable: str, default: str) -> Path:
    value = given or os.environ.get(variable)
    return Path(value).expanduser().resolve() if value else ROOT / default
