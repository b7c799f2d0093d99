"""The threat model names tests; each of them exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from oneninex.core.settings import ROOT

MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)::(\w+)`", MODEL)))
ACTORS = (
    *(
        "hostile sender",
        "curious reader",
        "put their knowledge together",
        "outsider on the network",
    ),
    *("stolen laptop or backup", "supply chain", "careless operator"),
)


@cache
def defined_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_threat_model_names_exists(path: str, name: str) -> None:
    assert name in defined_in(path)


def test_every_attacker_has_a_chapter_and_every_way_a_proof() -> None:
    headings = " ".join(re.findall(r"^## (.+)$", MODEL, re.MULTILINE))
    assert [actor for actor in ACTORS if actor not in headings] == []
    rows = [line for line in MODEL.splitlines() if line.count("|") == 5 and "---" not in line]
    proofs = [row for row in rows if not row.startswith(("| way", "| what"))]
    assert len(proofs) > 25
    assert [row for row in proofs if "`tests/" not in row] == []


def test_the_security_policy_says_how_to_report() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "private vulnerability report" in policy
    assert "@" not in policy
