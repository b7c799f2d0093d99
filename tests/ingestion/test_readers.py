"""Each reader of ingestion.READERS keeps the agreement; a new one is tried without a line here."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oneninex import ingestion
from oneninex.core.i18n import LANGS, keys, text
from oneninex.domain import contracts
from oneninex.figures.charts.export_words import told
from tests.fuzz import seeds

READERS: tuple[Any, ...] = ingestion.READERS
EACH = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.PLATFORM)
WITH_PLATFORM = [
    kind for kind in contracts.kinds()
    if any(field.name == "platform" for field in contracts.load(kind).fields)
]  # fmt: skip
HEADS = [
    b"", b"\x00" * 70_000, b"{" * 70_000, b"[" * 70_000, b"\xff\xfe\x00", b"{}", b"[]", b"null",
    b'{"a": 1e999}', b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    b"a,b\n1,2\n", "日期,单元\n".encode("gb18030"), b"PK\x03\x04", b"PAR1", b"\n" * 70_000,
]  # fmt: skip


def test_platforms_are_unique():
    names = [reader.PLATFORM for reader in READERS]
    assert len(names) == len(set(names))


@EACH
def test_every_schema_knows_the_platform(reader: ModuleType):
    assert WITH_PLATFORM
    for kind in WITH_PLATFORM:
        field = contracts.load(kind).field("platform")
        if field.labels:
            assert reader.PLATFORM in field.labels, kind


@EACH
@pytest.mark.parametrize("lang", LANGS)
def test_the_platform_has_a_title(reader: ModuleType, lang: str):
    key = f"returns.platform.{reader.PLATFORM}"
    assert key in keys(lang)
    assert text(key, lang).strip()


@EACH
def test_nothing_else_is_recognised_or_fatal(reader: Any, tmp_path: Path):
    for number, head in enumerate(HEADS):
        path = tmp_path / str(number)
        path.write_bytes(head)
        assert reader.recognises(head[:65_536], path) is False, head[:20]


@EACH
def test_the_fuzzer_spoils_an_export_of_it(reader: Any, tmp_path: Path):
    claimed = []
    for number, seed in enumerate(seeds.seeds()):
        path = tmp_path / f"{number}-{Path(seed.name).name}"
        path.write_bytes(seed.content)
        by = [r.PLATFORM for r in READERS if r.recognises(seed.content[:65_536], path)]
        assert len(by) <= 1, (seed.name, by)
        claimed += by
    assert reader.PLATFORM in claimed


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_does_not_fail_for_a_platform_without_a_title(lang: str):
    lines = told("newcomer", (), {"tasks": 1, "submitted": 1}, lang)
    assert "newcomer" in lines[0]
