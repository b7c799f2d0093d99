"""The house rules that no linter knows: each function takes a text and returns its faults."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PAGE_LINES = 120
MODULE_LINES = 600
PAGE_IMPORTS = {"ui", "figures", "core"}
# Keys, column names, icons and formats; whatever has a space or a capital is meant for a reader.
KEY = re.compile(r"(?:[a-z0-9_.:/|-]|%[A-Za-z])*")
SQL = re.compile(r"\bselect\s|\bduckdb\b", re.IGNORECASE)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
MACHINE_PATH = re.compile(r"(?<![\w.~:/)}-])/(?:root|work|tmp|home|Users)/[\w.]")
REGISTRY = re.compile(r"pypi\.(?:org|io)|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org")
# Spelled with a gap, or this file would be a fault of itself.
UNFINISHED = re.compile(r"\b(?:TO_DO|FIX_ME|XX_X)\b".replace("_", ""))


def page_faults(source: str) -> list[str]:
    """What a script of pages/ must not hold: length, SQL, arithmetic, texts, foreign imports."""
    faults = []
    if (lines := len(source.splitlines())) > PAGE_LINES:
        faults.append(f"{lines} lines, more than {PAGE_LINES}")
    if SQL.search(source):
        faults.append("SQL")
    tree = ast.parse(source)
    for node in ast.walk(tree):
        faults += [f"line {line}: {fault}" for line, fault in _node_faults(node)]
    return faults + [f"text for readers: {words!r}" for words in _reader_texts(tree)]


def _node_faults(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC):
        yield node.lineno, "arithmetic"
    elif isinstance(node, ast.Import):
        yield from ((node.lineno, f"imports {n.name}") for n in node.names if n.name != "streamlit")
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        package, _, module = (node.module or "").partition(".")
        names = [module.split(".")[0]] if module else [name.name for name in node.names]
        if package != "oneninex" or not set(names) <= PAGE_IMPORTS:
            yield node.lineno, f"imports {node.module}"


def _reader_texts(tree: ast.Module) -> list[str]:
    documentation = ast.get_docstring(tree, clean=False)
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    texts = (value for value in constants if isinstance(value, str) and value != documentation)
    return [value for value in texts if not KEY.fullmatch(value)]


def module_faults(source: str) -> list[str]:
    """A module that has grown too long to be read in one go."""
    lines = len(source.splitlines())
    return [f"{lines} lines, {MODULE_LINES} or more"] if lines >= MODULE_LINES else []


def code_faults(source: str) -> list[str]:
    """Marks of unfinished work."""
    return [f"{found.group()} left behind" for found in UNFINISHED.finditer(source)]


def text_faults(content: str) -> list[str]:
    """Places that exist on one machine only."""
    found = [*MACHINE_PATH.finditer(content), *REGISTRY.finditer(content)]
    return [f"names {match.group()}" for match in found]


def query_faults(sql: str) -> list[str]:
    """A query says its grain and parameters first and is one statement with named columns."""
    header = "\n".join(_header(sql))
    body = "\n".join(line.partition("--")[0] for line in sql.splitlines()).strip().rstrip(";")
    faults = [] if header.startswith("-- One row") else ["does not start with `-- One row per`"]
    unsaid = set(re.findall(r"\$(\w+)", body)) - set(re.findall(r"\$(\w+)", header))
    faults += [f"parameter ${name} is not explained" for name in sorted(unsaid)]
    if ";" in re.sub(r"'[^']*'", "", body):
        faults.append("more than one statement")
    if re.search(r"^select\s+\*", body, re.MULTILINE):
        faults.append("ends in select *")
    return faults


def _header(sql: str) -> Iterator[str]:
    for line in sql.splitlines():
        if not line.startswith("--"):
            return
        yield line


def link_faults(path: Path, markdown: str) -> list[str]:
    """Relative links of a Markdown file that lead nowhere."""
    targets = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", markdown)
    return [f"link to {target}" for target in targets if not (path.parent / target).exists()]
