"""docs/queries.md says what the queries return today."""

from __future__ import annotations

from oneninex.store import sql_catalog
from tests.queries import documentation
from tests.queries.given import Given


def test_the_page_is_up_to_date():
    assert documentation.PAGE.read_text(encoding="utf-8") == documentation.page(), (
        "run: python -m tests.queries.documentation"
    )


def test_every_column_has_a_meaning_in_both_languages_and_none_is_left_over():
    given = Given()
    used = {column for name in sql_catalog.names() for column in given.table(name).schema.names}
    known = documentation.meanings()

    assert set(known) == used
    assert all(row["zh"] and row["en"] for row in known.values())
    assert list(known) == sorted(known)
