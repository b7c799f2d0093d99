"""The repository keeps its own rules: pages, queries, documents, locks."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import typer
from frictionless import Schema

from oneninex.core.i18n import LANGS, keys, text
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from tests import rules
from tests.browser.screenshots import IMAGES, TOUR

BINARY = {".png", ".xlsx", ".parquet", ".woff2", ".docx", ".pdf", ".pptx", ".gz", ".xz"}
CODE = {".py", ".sql", ".sh", ".toml"}

PAGES = sorted((ROOT / "pages").glob("*.py"))
MODULES = sorted((ROOT / "oneninex").rglob("*.py"))
QUERIES = sorted((ROOT / "queries").glob("*.sql"))
ALL_SQL = sorted((ROOT / "queries").rglob("*.sql"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def each(paths: list[Path]) -> pytest.MarkDecorator:
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return pytest.mark.parametrize("path", paths, ids=names)


@cache
def own_files() -> list[Path]:
    """What belongs to the repository: tracked, or new and not ignored."""
    line = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(line, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for name in listed.split("\0") if (path := ROOT / name).is_file()]


def read(path: Path) -> str:
    # files that once broke a reader are kept as they came, in whatever encoding
    kept_as_came = "fixtures/fuzz" in path.as_posix()
    return path.read_text(encoding="utf-8", errors="replace" if kept_as_came else None)


def faults_of(paths: list[Path], rule) -> dict[str, list[str]]:
    found = {path.relative_to(ROOT).as_posix(): rule(read(path)) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


@each(PAGES)
def test_a_page_only_filters_queries_and_draws(path: Path) -> None:
    assert rules.page_faults(read(path)) == []


@each(PAGES)
@pytest.mark.parametrize("lang", LANGS)
def test_a_page_has_a_title_in_both_languages(path: Path, lang: str) -> None:
    assert {f"common.page.{path.stem}.{word}" for word in ("title", "question")} <= keys(lang)


@each(MODULES)
def test_a_module_is_short(path: Path) -> None:
    assert rules.module_faults(read(path)) == []


@each(ALL_SQL)
def test_a_query_says_its_grain_and_parameters(path: Path) -> None:
    assert rules.query_faults(read(path)) == []


@each(QUERIES)
def test_a_query_is_used_or_documented(path: Path) -> None:
    users = [*PAGES, *MODULES, ROOT / "data/plan/indicators.toml", *DOCUMENTS]
    word = re.compile(rf"\b{path.stem}\b")
    assert [user for user in users if user.exists() and word.search(read(user))]


@each(DOCUMENTS)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    assert rules.link_faults(path, read(path)) == []


def test_nothing_is_left_unfinished() -> None:
    code = [path for path in own_files() if path.suffix in CODE or path.name == "Makefile"]
    assert len(code) > 50
    assert faults_of(code, rules.code_faults) == {}


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = [path for path in own_files() if path.suffix not in BINARY]
    assert len(texts) > 50
    assert faults_of(texts, rules.text_faults) == {}


def test_frictionless_reads_every_contract() -> None:
    for kind in contracts.kinds():
        schema = Schema.from_descriptor(str(contracts.FOLDER / f"{kind}.json"))
        assert schema.field_names == [field.name for field in contracts.load(kind).fields]
        assert schema.primary_key == list(contracts.load(kind).primary_key)


def test_every_property_of_a_contract_is_explained() -> None:
    standard = {"$schema", "fields", "name", "type", "title", "description", "example"}
    standard |= {"constraints", "primaryKey", "missingValues"}
    record = read(ROOT / "docs/decisions/0005-contracts-as-table-schema.md")
    explained = set(re.findall(r"`(\w+)`", record))
    for path in sorted(contracts.FOLDER.glob("*.json")):
        schema = json.loads(read(path))
        parts = [schema, *schema["fields"], *schema.get("rules", [])]
        assert {name for part in parts for name in part} - standard <= explained, path.name


def test_the_changelog_takes_the_next_line() -> None:
    assert "\n## [Unreleased]\n" in read(ROOT / "CHANGELOG.md")


def test_the_changelog_says_each_thing_once() -> None:
    for version in re.split(r"^## ", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        lines = [line for line in version.splitlines() if line.startswith(("### ", "- "))]
        assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_the_tour_names_each_page_and_shows_each_picture() -> None:
    tour = read(ROOT / "README.md").split("## Three minutes", 1)[1].split("\n## ", 1)[0]
    stops = re.findall(r"^\d+\. \*\*(.+?)\.\*\*", tour, re.MULTILINE)
    addresses = [address for _, address, _, size in TOUR if size == "wide"]
    pages = [address.partition("?")[0] for address in addresses]
    assert stops == [text(f"common.page.{page}.title", "en") for page in pages]
    shown = set(re.findall(r"docs/images/(\w+)\.png", read(ROOT / "README.md")))
    assert shown == {name for name, *_ in TOUR} == {path.stem for path in IMAGES.glob("*.png")}


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_has_the_two_commands(command: str) -> None:
    assert command in read(ROOT / "README.md")


def test_each_command_is_documented_and_has_help() -> None:
    from oneninex import cli

    commands = typer.main.get_group(cli.app).commands
    documents = "\n".join(read(path) for path in DOCUMENTS)
    assert {name for name in commands if f"python -m oneninex {name}" not in documents} == set()
    assert {name for name, command in commands.items() if not command.help} == set()


@pytest.mark.parametrize("target", ["help", "run", "test"])
def test_the_makefile_has_the_promised_targets(target: str) -> None:
    assert re.search(rf"^{target}:.* ## .+", read(ROOT / "Makefile"), re.MULTILINE)


def planned(*variables: str) -> str:
    """Commands that `make test` with these variables would run."""
    line = ["make", "--dry-run", "test", *variables]
    return subprocess.run(line, cwd=ROOT, capture_output=True, check=True, text=True).stdout


def test_an_area_skips_lint_and_the_rest_of_the_tests() -> None:
    assert "tests.sh .venv/bin/python queries" in planned("AREA=queries")
    assert "ruff" not in planned("AREA=queries")
    assert "ruff" in planned()


def test_an_area_runs_the_tests_of_its_folder_alone() -> None:
    line = ["sh", "scripts/tests.sh", "echo", "queries"]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, check=True, text=True)
    assert [word for word in run.stdout.split() if word.startswith("tests")] == ["tests/queries"]


@pytest.mark.parametrize("area", ["nothing", "../docs", ".", "fixtures"])
def test_an_unknown_area_lists_the_known_ones(area: str) -> None:
    line = ["sh", "scripts/tests.sh", "echo", area]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, check=False, text=True)
    areas = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert (run.returncode, run.stdout) == (64, "")
    assert set(run.stderr.splitlines()[-1].split()) == areas


@cache
def locked(name: str) -> dict[str, str]:
    """Package to version and hashes of a lock file."""
    entries = re.split(r"\n(?=\S)", read(ROOT / name))
    pins = (re.match(r"([\w.-]+)==(\S+)(.*)", entry, re.DOTALL) for entry in entries)
    return {
        pin[1]: f"{pin[2]} {sorted(re.findall('sha256:.*[0-9a-f]', pin[3]))}" for pin in pins if pin
    }


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    assert len(locked(name)) > 40
    assert all("sha256:" in pin for pin in locked(name).values())
    assert not re.search(
        r"^\s*--?(?:i|index|extra-index|find-links)|https?:", read(ROOT / name), re.M
    )


@pytest.mark.parametrize("name", ["requirements", "requirements-scale", "requirements-dev"])
def test_a_lock_holds_all_that_is_asked_for(name: str) -> None:
    lines = read(ROOT / f"{name}.in").splitlines()
    wanted = [match for line in lines if (match := re.match(r"([a-z][\w.-]*)(\[|==|$)(.*)", line))]
    assert wanted
    for package in wanted:
        assert package[1] in locked(f"{name}.txt")
        if package[2] == "==":
            assert locked(f"{name}.txt")[package[1]].startswith(f"{package[3]} ")


def test_the_tests_run_on_the_versions_that_run_the_dashboard() -> None:
    both = locked("requirements.txt").keys() & locked("requirements-dev.txt").keys()
    assert both == locked("requirements.txt").keys()
    assert {n: locked("requirements.txt")[n] for n in both} == {
        n: locked("requirements-dev.txt")[n] for n in both
    }
