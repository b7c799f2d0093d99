"""From a figure to the rows of the file behind it, and its table as files with definitions."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core.i18n import text
from oneninex.store import Store, provenance, sql_catalog
from oneninex.ui.column_descriptions import meanings
from oneninex.ui.tables import parquet_bytes
from tests.pages.conftest import ENTERPRISE, figures, folds, healthy, said

Open = Callable[..., AppTest]
MARCH = date(2026, 3, 1)


@pytest.mark.parametrize("page", ["throughput", "enterprises", "targets"])
def test_every_figure_says_how_it_was_made(open_page: Open, page: str) -> None:
    at = open_page(page)
    made = [button for button in folds(at) if button["name"] == "made"]
    assert len(made) >= len(figures(at)) > 0
    assert {button["words"] for button in made} == {text("ui.made_title", "zh")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_opened_it_names_query_parameters_snapshot_and_files(open_page: Open, lang: str) -> None:
    at = open_page("overview", lang)
    at.session_state["foot_query"] = "unit_ranking"
    at = healthy(at.button(key="provenance").click().run())

    told = "\n".join(found.value for found in at.markdown)
    assert "`unit_ranking`" in told
    assert "to_month=" in told
    assert any("python -m oneninex query unit_ranking" in found.value for found in at.code)
    names = [str(cell) for frame in at.dataframe for cell in frame.value.to_numpy().ravel()]
    assert "labeling_daily.csv" in names


def test_other_figures_of_the_same_query_keep_their_parameters(open_page: Open) -> None:
    at = open_page("throughput", unit="U2")
    before = said(at)
    for figure in ("output", "rates"):
        at.session_state[f"made_{figure}"] = True
    at = healthy(at.run())

    lines = [found.value for found in at.code if "query throughput_by_month" in found.value]
    assert len(lines) == 2
    assert all("-p unit_id=U2" in line for line in lines)
    assert {words for words in before.split("\n") if words} <= set(said(at).split("\n"))


def test_the_rows_of_a_file_come_with_their_lines(small_store: Path) -> None:
    made = Store(small_store)
    snapshot = made.current()
    assert snapshot
    (file,) = store.query("provenance", snapshot=snapshot, to_month=MARCH, unit_id="U2").to_pylist()
    rows = provenance.rows_of(
        made,
        snapshot,
        kind=file["kind"],
        upload_id=file["upload_id"],
        unit_id="U2",
        period=MARCH,
    ).to_pylist()

    assert [row["enterprise_id"] for row in rows] == [ENTERPRISE]
    assert sum(row["accepted"] for row in rows) == file["value"]
    assert [row["source_row"] for row in rows] == [file["first_row"]] == [file["last_row"]]
    assert file["name"] == "labeling_daily.csv"


def test_a_query_knows_the_returns_behind_it() -> None:
    assert provenance.kinds_of("city_by_month") == ("labeling_daily",)
    assert provenance.kinds_of("dataset_pipeline") == ("datasets",)
    assert provenance.kinds_of("units") == ()


def test_every_column_that_a_query_gives_has_its_meaning(small_store: Path) -> None:
    snapshot = Store(small_store).current()
    assert snapshot
    for name in sql_catalog.names():
        columns = store.query(name, snapshot=snapshot).column_names
        assert set(meanings(columns, "zh")) == set(columns)


def test_parquet_carries_definitions(small_store: Path) -> None:
    snapshot = Store(small_store).current()
    assert snapshot
    data = store.query("city_by_month", snapshot=snapshot)
    read = pq.read_table(io.BytesIO(parquet_bytes(data, "city_by_month", 1, "en")))

    assert read.equals(data)
    told = read.schema.field("accepted").metadata[b"description"].decode()
    assert told.startswith("items accepted on review")
    assert read.schema.metadata[b"query"] == b"city_by_month"
