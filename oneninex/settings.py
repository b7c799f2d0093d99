"""Where the store and the plan lie and which language speaks first."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGS = ("zh", "en")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}  # as HTML writes them


@dataclass(frozen=True)
class Settings:
    """Three choices that every command and page shares."""

    store: Path
    plan: Path
    lang: str


def load(
    store: str | Path | None = None,
    plan: str | Path | None = None,
    lang: str | None = None,
) -> Settings:
    """Argument first, then ONENINEX_STORE / _PLAN / _LANG, then the default.

    Paths come back absolute; a relative one counts from the working directory.
    Raises ValueError for a language that has no catalogue.
    """
    chosen = lang or os.environ.get("ONENINEX_LANG") or LANGS[0]
    if chosen not in LANGS:
        raise ValueError(f"lang {chosen!r} is not one of {', '.join(LANGS)}")
    return Settings(
        store=_path(store, "ONENINEX_STORE", "data/store"),
        plan=_path(plan, "ONENINEX_PLAN", "data/plan"),
        lang=chosen,
    )


def _path(given: str | Path | None, variable: str, default: str) -> Path:
    value = given or os.environ.get(variable)
    return Path(value).expanduser().resolve() if value else ROOT / default
