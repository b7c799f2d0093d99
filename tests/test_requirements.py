"""What requirements.in asks for is imported by the product."""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT

# Package to the module that it brings, where the names differ.
MODULES = {
    "markdown-it-py": "markdown_it",
    "python-calamine": "python_calamine",
    "python-docx": "docx",
    "python-pptx": "pptx",
    "python-stdnum": "stdnum",
}
# Imported by Streamlit if there: its event loop, and st.login.
FOR_STREAMLIT = {"uvloop", "authlib"}


def required() -> list[str]:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    return [found[0].lower() for line in lines if (found := re.match(r"[A-Za-z][\w-]*", line))]


def imported() -> set[str]:
    """The top module of each import in the product, those inside functions too."""
    folders = ((ROOT / name).rglob("*.py") for name in ("oneninex", "pages"))
    found = set()
    for path in chain(*folders, [ROOT / "app.py", ROOT / "serve.py"]):
        found |= set(_modules(path))
    return found


def _modules(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return [name.partition(".")[0] for name in names]


def test_the_lists_here_name_what_is_required() -> None:
    assert {*MODULES, *FOR_STREAMLIT} <= set(required())


@pytest.mark.parametrize("package", sorted(set(required()) - FOR_STREAMLIT))
def test_each_required_package_is_imported(package: str) -> None:
    assert MODULES.get(package, package) in imported()
