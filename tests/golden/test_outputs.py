"""Queries, documents and commands against their reference files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from oneninex import briefing, store
from oneninex.cli import main
from oneninex.cli.context import app
from oneninex.core.i18n import LANGS
from oneninex.domain.plan import Plan
from oneninex.store import NotForAudience, Snapshot, Store, sql_catalog
from tests.engine import recount
from tests.golden import outputs
from tests.golden.reference import compare

AUDIENCES = ("planner", "leadership", "unit:U1", "public")
# Arguments of the commands that cannot do without; {…} stands for a place of this test.
ARGUMENTS = {
    "briefing": "--month {month} --out {out}/briefing.docx",
    "import": "{returns}/faulty --dry-run",
    "notify": "--url http://127.0.0.1:9 --dry-run",
    "register": "--format delta --out {out}/tables",
    "rollup": "{events} --out {out}/daily",
}
MONTH = "2026-10"


@pytest.fixture(scope="module")
def snapshot(golden: Path) -> Snapshot:
    found = Store(golden / "store").current()
    assert found
    return found


def test_queries_give_what_they_gave(snapshot: Snapshot) -> None:
    found = []
    for name in sql_catalog.names():
        lines = {audience: _answer(name, snapshot, audience) for audience in AUDIENCES}
        found.append(f"{name} planner · {lines['planner']}")
        found += [
            f"{name} {audience} · {line}"
            for audience, line in lines.items()
            if line != lines["planner"]
        ]
    compare("queries", found)


def _answer(name: str, snapshot: Snapshot, audience: str) -> str:
    try:
        return outputs.table_line(store.query(name, snapshot=snapshot, audience=audience))
    except NotForAudience:
        return "not for this audience"


@pytest.mark.parametrize("format", briefing.FORMATS)
def test_documents_say_what_they_said(snapshot: Snapshot, plan: Plan, format: str) -> None:
    month = store.query("months", snapshot=snapshot).column("month").to_pylist()[-1]
    made = briefing.documents(
        snapshot, month, langs=LANGS, formats=[format], audience="leadership", plan=plan
    )
    found = []
    for (lang, _), content in made.items():
        found += [f"== {lang}", *outputs.document(content, format)]
    compare(f"documents/{format}", found)


def test_commands_print_the_json_they_printed(
    golden: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(golden / "store", tmp_path / "store")
    events = recount.write_csv(recount.random_events(1, 200), tmp_path / "events.csv")
    places = {"out": tmp_path, "returns": golden / "returns", "events": events, "month": MONTH}
    found = []
    for name, needs in sorted(_commands()):
        if needs and name not in ARGUMENTS:
            found += [f"== {name}", f"no example: {needs}"]
            continue
        arguments = ARGUMENTS.get(name, "").format(**places).split()
        capsys.readouterr()
        line = ["--store", str(tmp_path / "store"), *name.split(), *arguments, "--json"]
        code = main(line)
        printed = capsys.readouterr()
        said = printed.out.replace(str(tmp_path), "…").replace(str(golden), "…")
        found += [f"== {name}: exit {code}", *_document(said or printed.err)]
    compare("commands", found)


def _document(printed: str) -> list[str]:
    try:
        return outputs.json_lines(json.loads(printed))
    except ValueError:
        return re.sub(r"\d+\.\d+ ?s\b", "… s", printed).splitlines()


def _commands() -> Iterator[tuple[str, list[str]]]:
    """Each command with --json, and the names of what it cannot do without."""
    yield from _of(typer.main.get_command(app), "")


def _of(command: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    if children := getattr(command, "commands", None):
        for word, child in children.items():
            yield from _of(child, f"{name} {word}".strip())
    elif any("--json" in parameter.opts for parameter in command.params):
        yield name, [parameter.name for parameter in command.params if parameter.required]
