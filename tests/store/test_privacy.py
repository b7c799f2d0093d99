"""Every real export goes into one store; nobody's name and nothing of theirs is found in it."""

from __future__ import annotations

import csv
import gzip
import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pytest

from oneninex.cli.render import import_document
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services.import_service import ImportResult, Incoming, import_files
from oneninex.store import Store

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
URL = re.compile(r"https?://[^\s\"'<>\\]{8,}")
# Keys whose values name a person or are a secret.
PERSONAL = re.compile(
    r"e-?mail|username|first_name|last_name|worker_?id|created_?by|created by|annotator_id"
    r"|session_id|token|display_name|full_name",
    re.IGNORECASE,
)
CONTENT = {
    "text",
    "html",
    "data",
    "Answer",
    "answer",
    "Labeled Data",
    "row_data",
    "RequesterFeedback",
}
WORD = re.compile(r"[\w@.+:/-]+")
WORD_BYTES = re.compile(rb"[\w@.+:/-]{5,}")
HASH = re.compile(r"\b[0-9a-f]{32}\b")
# Names of data sets, roles and states, which stand where a person may.
NOBODY = {"", "all", "none", "null", "admin", "user", "owner", "original_annotations"}


@pytest.fixture(scope="module")
def everything(
    shared: Path, plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, ImportResult, list[Path], str]:
    """A store with all exports in it, what the command line would print, and what was logged."""
    store = Store(tmp_path_factory.mktemp("private") / "store")
    paths = sorted(p for p in (shared / "exports").rglob("*.*") if p.suffix != ".md")
    incoming = [
        Incoming(
            path,
            Options(
                unit_id="U1",
                enterprise_id="91320800DEM000101L",
                project_id=f"P-{number}",
                modality="text",
            ),
            date(2026, 11, 1),
        )
        for number, path in enumerate(paths)
    ]
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    try:
        result = import_files(store, plan, incoming)
    finally:
        logging.getLogger().removeHandler(handler)
    return store, result, paths, "\n".join(said)


def test_no_name_address_or_content_is_in_the_store(everything: Any) -> None:
    store, _, paths, logged = everything
    text = "\n".join([*_everything_in(store.root), logged])
    hashes = set(HASH.findall(text))
    words = set(WORD.findall(rest := HASH.sub(" ", text)))
    secrets = {secret for path in paths for secret in _secrets(path)}
    assert len(secrets) > 1500, "the exports do name people"
    assert sorted(secrets & hashes) == []
    assert sorted(secrets & words) == []
    assert sorted(s for s in secrets if len(s) > 8 and s in rest) == []


def test_no_name_or_address_is_in_its_bytes(everything: Any) -> None:
    store, _, paths, _ = everything
    secrets = {secret.encode() for path in paths for secret in _secrets(path)}
    for path in (p for p in store.root.rglob("*") if p.is_file()):
        words = set(WORD_BYTES.findall(path.read_bytes()))
        assert sorted(secrets & words) == [], path.name


def test_no_name_or_address_is_shown(everything: Any) -> None:
    _, result, paths, _ = everything
    document = import_document(result, ([], []))
    for file in document["files"]:
        file.pop("path")
    shown = json.dumps(document, ensure_ascii=False)
    words = set(WORD.findall(shown))
    assert sorted({s for path in paths for s in _secrets(path)} & words) == []


def test_the_exports_did_go_in(everything: Any) -> None:
    store, result, _, _ = everything
    read = [batch for _, batch in result.files if batch.platform]
    assert {batch.platform for batch in read} == {
        *("label_studio", "cvat", "labelbox", "mturk", "toloka", "prodigy", "doccano"),
    }
    works = sum(file.rows for file in store.current().manifest.of("work_items"))
    assert works > 12_000


def _everything_in(root: Path) -> Iterator[str]:
    """All text of all files; Parquet, DuckDB and gzip are opened."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            yield from _columns(f"read_parquet('{path}')", duckdb.connect())
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as con:
                for (name,) in con.execute("select table_name from duckdb_tables()").fetchall():
                    yield from _columns(f'"{name}"', con)
        elif content.startswith(b"\x1f\x8b"):
            yield gzip.decompress(content).decode()
        else:
            yield content.decode("utf-8", "ignore")


def _columns(relation: str, con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    table = con.sql(f"select columns(*)::varchar from {relation}").to_arrow_table()
    for column in table.columns:
        yield "\n".join(value for value in set(column.to_pylist()) if value)


def _secrets(path: Path) -> set[str]:
    """What names a person, leads to one, or was labelled; short words would be found by chance."""
    text = path.read_text("utf-8")
    found = set(EMAIL.findall(text)) | set(URL.findall(text))
    if path.suffix in (".json", ".jsonl", ".ndjson"):
        found |= set(_named(_values(path, text), ""))
    elif path.suffix == ".xml":
        root = ElementTree.fromstring(text)
        found |= {e.text for e in root.iter() if e.tag in ("username", "email") and e.text}
    else:
        rows = list(csv.reader(text.splitlines(), delimiter="\t" if path.suffix == ".tsv" else ","))
        places = [i for i, name in enumerate(rows[0]) if re.search("worker_?id", name, re.I)]
        found |= {row[i] for row in rows[1:] for i in places if i < len(row)}
    return {s.strip() for s in found if s.strip().lower() not in NOBODY and len(s.strip()) > 4}


def _values(path: Path, text: str) -> Any:
    if path.suffix == ".json":
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _named(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _named(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, key)
    elif isinstance(value, str) and (PERSONAL.search(key) or (key in CONTENT and len(value) > 20)):
        yield value
