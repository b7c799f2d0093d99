"""A statement in the words of another engine."""

from __future__ import annotations

from functools import lru_cache

from oneninex.engine.errors import EngineError


@lru_cache(maxsize=256)
def in_spark(statement: str) -> str:
    """A statement of DuckDB in Spark's words; raises EngineError without the package sqlglot."""
    try:
        import sqlglot
    except ImportError as missing:
        raise EngineError("engine.not_installed", package="sqlglot") from missing
    (translated,) = sqlglot.transpile(
        statement, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    return translated
