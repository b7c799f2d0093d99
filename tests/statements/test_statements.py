"""Every sentence of every surface of generated stores holds, by arithmetic of its own.

STATEMENT_SEEDS=20 tries that many seeds of each trait; the default is one.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from tests.statements import stores, surfaces
from tests.statements.checker import Facts, faults

SEEDS = range(1, 1 + int(os.environ.get("STATEMENT_SEEDS", "1")))
TRAITS = (*stores.traits(1), stores.REVISED, stores.LATE)
# What each trait has to bring up, so that no check passes because nothing was said.
EXPECTED = {
    "plain": {"month", "year", "amount", "coverage", "complete", "largest", "extremes", "mover",
              "share", "mix", "split", "states"},
    "running": {"amount", "coverage", "cut-off"},
    "tied": {"equal", "day"},
    "two_tied": {"largest", "extremes"},
    "both_ways": {"mover"},
    "festival": {"year", "december"},
}  # fmt: skip


def names() -> dict[str, dict[str, str]]:
    with (ROOT / "data" / "plan" / "units.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {lang: {r["unit_id"]: r[f"name_{lang}"] for r in rows} for lang in ("zh", "en")}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("trait", TRAITS)
def test_every_sentence_holds(tmp_path: Path, trait: str, seed: int):
    sent = stores.make(tmp_path, trait, seed)
    assert sent.store
    facts = Facts(sent, names())

    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for lang in ("zh", "en"):
        # Pages say the same patterns in English: half of the traits are enough for these.
        few = lang == "en" and TRAITS.index(trait) % 2
        ask = surfaces.documents if few else surfaces.everything
        for surface, lines in dict(ask(sent.store, sent.month, lang)).items():
            faulty, found = faults(facts, lines)
            wrong += [f"{lang} {surface} {each}" for each in faulty]
            seen += found
    assert not wrong, "\n".join(wrong)
    assert EXPECTED.get(trait, set()) <= seen.keys()


@pytest.mark.parametrize("trait", ["plain", "partial", "festival"])
def test_every_sentence_holds_under_filters(tmp_path: Path, trait: str):
    sent = stores.make(tmp_path, trait, 2)
    assert sent.store

    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for unit, modality in (("U2", None), (None, "image"), ("U3", "audio")):
        rows = [r for r in sent.rows if unit in (None, r.unit) and modality in (None, r.modality)]
        filters = {"unit": unit, "modality": modality}
        address = {name: value for name, value in filters.items() if value}
        lines = surfaces.on_page(sent.store, "throughput", sent.month, "zh", **address)
        faulty, found = faults(Facts(replace(sent, rows=rows), names()), lines)
        # The mix of modalities does not follow the filter of modality, and says so.
        wrong += [f"{address} {each}" for each in faulty if not each.startswith("[mix]")]
        seen += found
    assert not wrong, "\n".join(wrong)
    assert {"amount", "year" if trait == "festival" else "month"} <= seen.keys()


def test_a_sentence_that_is_changed_is_noticed(tmp_path: Path):
    sent = stores.make(tmp_path, "plain", 1)
    assert sent.store
    facts = Facts(sent, names())

    unnoticed = []
    for lang in ("zh", "en"):
        for lines in dict(surfaces.documents(sent.store, sent.month, lang)).values():
            for line in lines:
                kinds = faults(facts, [line])[1]
                claims = {"month", "year", "largest", "mover", "share", "amount"} & kinds.keys()
                if claims and not noticed(facts, line):
                    unnoticed.append(line)
    assert not unnoticed


def noticed(facts: Facts, line: str) -> bool:
    """Whether another figure in the place of one of a sentence's is found."""
    spots = list(re.finditer(r"\d+\.\d(?=%|万|亿| [kM])", line))
    if not spots:
        return True
    changed = [line[: s.start()] + f"{float(s[0]) * 1.5 + 1:.1f}" + line[s.end() :] for s in spots]
    return any(faults(facts, [each])[0] for each in changed)
