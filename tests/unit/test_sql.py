"""What a reader or sender supplies reaches SQL as a value, never as a part of its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from oneninex import ingestion
from oneninex.core.settings import ROOT
from oneninex.ingestion import Options
from oneninex.store import Store, StoreError, WrongParameter, query, sql_catalog
from oneninex.store.publication import Publication, Receipt
from tests.ingestion.helpers import daily, plan, write_csv
from tests.store.conftest import DAY

MODULES = sorted((ROOT / "oneninex").rglob("*.py"))
SQL = re.compile(r"\b(?:select|from|insert|create|copy|attach|delete|drop|join|where|set)\b")
# Names by which the code calls what comes from a person, a browser or a file.
SUPPLIED = {
    *("options", "stated", "reason", "claims", "bound", "given", "asked", "who", "sender"),
    *("imported_by", "parameters", "parameter", "address", "header", "headers", "shown", "title"),
    *("cell", "cells", "content", "session", "st", "request", "as_of", "word", "sha256"),
}
# (module, expression) that was looked at: why it may stand in the text.
LOOKED_AT = {
    ("intake/tables/cells.py", "value"): "literal() doubles its quotes",
}
PATHS = re.compile(r"\b(?:path|folder|temporary|root)\b")
HOSTILE = "x'; drop table months; select \"'\" -- /* $1 {0} %s"


def interpolated() -> Iterator[tuple[str, int, str]]:
    """Module, line and expression of everything put into a text that looks like SQL."""
    for path in MODULES:
        module = path.relative_to(ROOT / "oneninex").as_posix()
        if not module.startswith(("store", "intake", "importer", "engine", "metrics", "template")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and SQL.search(_text(node)):
                parts = (v for v in node.values if isinstance(v, ast.FormattedValue))
                yield from ((module, node.lineno, ast.unparse(part.value)) for part in parts)


def _text(node: ast.JoinedStr) -> str:
    return "".join(str(v.value) if isinstance(v, ast.Constant) else " " for v in node.values)


def test_no_text_of_sql_holds_what_somebody_supplied() -> None:
    found = list(interpolated())
    assert len(found) > 150
    wrong = [
        (module, line, expression)
        for module, line, expression in found
        if SUPPLIED & _names(expression) and (module, expression) not in LOOKED_AT
    ]
    assert wrong == []


def test_a_path_in_sql_has_its_quotes_doubled() -> None:
    bare = [
        (module, line, expression)
        for module, line, expression in interpolated()
        if expression in ("str(path)", "path.as_posix()") or re.fullmatch(r"\w+_path", expression)
    ]
    assert bare == []


def _names(expression: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(expression)))
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    return named | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_nothing_above_the_store_writes_sql() -> None:
    above = [path for path in MODULES if path.parent.name in ("ui", "cli", "charts", "briefing")]
    assert len(above) > 50
    calls = re.compile(r"\.(?:execute|sql|executemany)\(")
    assert [path.name for path in above if calls.search(path.read_text(encoding="utf-8"))] == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store in a folder with quotes in its name, of a file with SQL in every place for text."""
    folder = tmp_path_factory.mktemp("it's") / 'sto\'re "quoted"'
    folder.mkdir()
    rows = [{**row, "project_id": HOSTILE, "task_type": HOSTILE, HOSTILE: "1"} for row in daily()]
    path = write_csv(folder / f"{HOSTILE.replace('/', '')}.csv", rows)
    with duckdb.connect() as connection:
        options = Options(enterprise_id=HOSTILE, project_id=HOSTILE)
        batch = ingestion.read(path, connection, options, plan())
        assert batch.rows_accepted == 1, batch.findings.to_pylist()
        publication = Publication(Store(folder), plan(), connection, imported_by=HOSTILE)
        publication.add(batch, Receipt(DAY, HOSTILE, {"project_id": HOSTILE}))
        publication.commit(HOSTILE)
    return Store(folder)


def test_what_a_file_holds_stays_a_value(hostile: Store) -> None:
    current = hostile.current()
    assert current.reason == HOSTILE
    (file,) = current.manifest.of("labeling_daily")
    with duckdb.connect() as connection:
        rows = connection.execute("from read_parquet(?)", [str(hostile.root / file.path)])
        (row,) = rows.to_arrow_table().to_pylist()
    assert row["project_id"] == row["task_type"] == HOSTILE


@pytest.mark.parametrize("name", sql_catalog.names())
def test_a_parameter_is_a_value_in_every_query(hostile: Store, name: str) -> None:
    current = hostile.get(1)
    for parameter in sql_catalog.parameters(name):
        with suppress(WrongParameter):
            query(name, snapshot=current, **{parameter: HOSTILE})
    assert query("months", snapshot=current).num_rows


@pytest.mark.parametrize("word", ["unit:U1'; drop table x", "planner'", "unit:", HOSTILE])
def test_an_audience_is_one_of_four_words(hostile: Store, word: str) -> None:
    with pytest.raises(StoreError) as refused:
        query("months", snapshot=hostile.get(1), audience=word)
    assert refused.value.key == "store.unknown_audience"


@pytest.mark.parametrize("name", ["../checks/a", "months; drop", "MONTHS", "", "build/months"])
def test_a_query_is_a_file_of_queries(hostile: Store, name: str) -> None:
    with pytest.raises(StoreError):
        query(name, snapshot=hostile.get(1))


def test_a_reader_cannot_reach_files_or_change_settings(hostile: Store, tmp_path: Path) -> None:
    from oneninex.store import database

    with database.connection(hostile.get(1)).cursor() as cursor:
        for statement in (
            f"copy (select 1) to '{tmp_path}/x.csv'",
            "from read_csv('/etc/hostname')",
            "create table x as select 1",
            "set enable_external_access = true",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)
