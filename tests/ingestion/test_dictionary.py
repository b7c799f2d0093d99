"""docs/data-dictionary.md says what the contracts say today."""

from __future__ import annotations

import re

from oneninex.domain import contracts
from tests.ingestion import dictionary


def test_the_page_is_up_to_date():
    assert dictionary.PAGE.read_text(encoding="utf-8") == dictionary.page(), (
        "run: python -m tests.ingestion.dictionary"
    )


def test_every_field_and_rule_is_in_it_with_both_languages():
    text = dictionary.page()
    for kind in contracts.kinds():
        contract = contracts.load(kind)
        for field in contract.fields:
            assert f"| `{field.name}` | {field.title}<br>{field.title_en} |" in text
        for rule in contract.rules:
            assert f"| `{rule.name}` |" in text


def test_every_line_of_a_table_has_as_many_cells_as_its_head():
    for block in re.findall(r"(?m)(?:^\|.*\n)+", dictionary.page()):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block[:200]
