"""The SQL files under queries/: found by name, never built from text."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from oneninex.core.settings import ROOT
from oneninex.store.errors import UnknownQuery

QUERIES = ROOT / "queries"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_COMMENT = re.compile(r"--[^\n]*")
_STRING = re.compile(r"'(?:[^']|'')*'")
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")


def names(folder: str = "") -> list[str]:
    """Names of the queries in queries/ or in a folder below it, in file-name order."""
    return sorted(path.stem for path in (QUERIES / folder).glob("*.sql"))


@lru_cache(maxsize=256)
def text(name: str, folder: str = "") -> str:
    """The statement of one query file, without its closing semicolon."""
    path = QUERIES / folder / f"{name}.sql"
    if (not _NAME.fullmatch(name) and not folder) or path.stem not in names(folder):
        raise UnknownQuery("store.unknown_query", name=name, known=", ".join(names()))
    return path.read_text(encoding="utf-8").strip().rstrip(";")


@lru_cache(maxsize=256)
def parameters(name: str) -> frozenset[str]:
    """Names of the $parameters that a query reads."""
    statement = _STRING.sub("", _COMMENT.sub("", text(name)))
    return frozenset(_PARAMETER.findall(statement))


@lru_cache(maxsize=256)
def without_parameters(name: str) -> str:
    """The statement with NULL for each parameter, to look at what it reads."""
    return _PARAMETER.sub("null", without_comments(text(name)))


def without_comments(statement: str) -> str:
    """Return a statement without its comments."""
    return _COMMENT.sub("", statement)


@lru_cache(maxsize=1)
def build_sha256() -> str:
    """Fingerprint of the files that make a snapshot, to see when one is out of date."""
    digest = hashlib.sha256()
    folders = ("build", "disclosure", "released", "audience")
    queries = (path for folder in folders for path in (QUERIES / folder).rglob("*.*"))
    methods = (ROOT / "oneninex" / "domain" / "analytics").glob("*.py")
    rules = (
        ROOT / "oneninex" / "store" / "forecasts.py",
        ROOT / "oneninex" / "store" / "releases.py",
        ROOT / "oneninex" / "domain" / "disclosure_control.py",
        ROOT / "oneninex" / "domain" / "releases.py",
    )
    schemas = (ROOT / "data" / "contracts").glob("*.json")
    for path in sorted([*schemas, *queries, *methods, *rules]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def table_of(path: Path | str) -> str:
    """The table that a build file makes: its name without the number in front."""
    return re.sub(r"^\d+_", "", Path(path).stem)
