"""A store with two springs of eight units, so that every rule of the sentences has its case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex import briefing
from oneninex.briefing import Briefing
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.store import Snapshot, Store
from oneninex.store.publication import Publication, Receipt
from tests.pages.conftest import ENTERPRISE, _batch

MARCH = date(2026, 3, 1)
LANGS = ("zh", "en")
_UNITS = [f"U{number}" for number in range(1, 10)]


def labeling(units: list[str], months: list[date], more: int = 0) -> Iterator[dict[str, Any]]:
    """One row a month and unit; U9 is silent in March 2026, U8 reports that nothing was done."""
    for month in months:
        for number, unit in enumerate(units, 1):
            grown = 2 if month.year == 2026 else 1
            items = 0 if unit == "U8" else 1234 * number * grown + 17 * month.month + more
            yield {
                "date": month.replace(day=15),
                "unit_id": unit,
                "enterprise_id": ENTERPRISE,
                "project_id": "P1",
                "modality": "text",
                "items": items,
                "reviewed": items,
                "accepted": items * (90 + grown) // 100,
                "accepted_first_pass": items * (80 + grown) // 100,
                "rejected": items - items * (90 + grown) // 100,
                "gold_items": items // 10,
                "gold_correct": items // 11,
                "annotators": 5,
                "volume_gb": items * 1.5,
            }


def publish(store: Store, rows: dict[str, list[dict[str, Any]]], received: date) -> None:
    """One publication of these rows."""
    with duckdb.connect() as connection:
        plan = Plan.load(ROOT / "data" / "plan")
        publication = Publication(store, plan, connection, imported_by="tester")
        for kind, given in rows.items():
            batch = _batch(connection, kind, given)
            publication.add(batch, Receipt(received, "test", {}))
        publication.commit("test")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store as it was when the briefing of March 2026 was made."""
    made = Store(tmp_path_factory.mktemp("briefing") / "store")
    springs = [date(year, month, 1) for year in (2025, 2026) for month in (1, 2, 3)]
    rows = [
        row
        for row in labeling(_UNITS, springs)
        if (row["unit_id"], row["date"].replace(day=1)) != ("U9", MARCH)
    ]
    publish(made, {"labeling_daily": rows, **_registries()}, date(2026, 4, 2))
    return made


@pytest.fixture(scope="session")
def snapshot(store: Store) -> Snapshot:
    """The first snapshot, whatever is published later."""
    return store.get(1)


@pytest.fixture(scope="session")
def content(snapshot: Snapshot, plan: Plan) -> dict[str, Briefing]:
    """The briefing of March 2026 by language."""
    return {
        lang: briefing.compose(
            snapshot, MARCH, lang, looks=briefing.looks_of(plan, lang), plan=plan
        )
        for lang in LANGS
    }


@pytest.fixture(scope="session")
def documents(content: dict[str, Briefing]) -> dict[tuple[str, str], bytes]:
    """Every document by language and format."""
    return {
        (lang, format): briefing.render(content[lang], format)
        for lang in LANGS
        for format in briefing.FORMATS
    }


@pytest.fixture
def copied(store: Store, tmp_path: Path) -> Store:
    """A copy of the store that a test may publish to."""
    import shutil

    shutil.copytree(store.root, tmp_path / "store")
    return Store(tmp_path / "store")


def _registries() -> dict[str, list[dict[str, Any]]]:
    firm = {
        "enterprise_id": ENTERPRISE, "name_zh": "=1+1", "name_en": "Demo enterprise",
        "unit_id": "U1", "founded_on": date(2020, 1, 1), "joined_on": date(2024, 1, 1),
        "origin": "grown", "links": "labeling|governance",
    }  # fmt: skip
    quarters = [
        {
            "quarter": quarter, "enterprise_id": ENTERPRISE, "unit_id": "U1",
            "revenue_10k_cny": value * 1.5, "labeling_revenue_10k_cny": value, "employees": 60,
            "annotators": 40,
        }
        for quarter, value in (("2025Q1", 8000.0), ("2025Q4", 12000.0), ("2026Q1", 13540.3))
    ]  # fmt: skip
    people = [
        {"month": date(year, 3, 1), "unit_id": unit, "workstations": 100 * year % 97 + 90,
         "workstations_used": 60, "full_time": 40 + year % 7 + n, "part_time": n,
         "certified_1": 1, "certified_2": 0, "certified_3": 2, "certified_4": 0, "certified_5": 1}
        for year in (2025, 2026)
        for n, unit in enumerate(_UNITS[:8])
    ]  # fmt: skip
    sets = [
        {"dataset_id": f"D{n}", "title_zh": f"数据集{n}", "sector": "manufacturing",
         "unit_id": "U1", "size_gb": 500.0, "planned_on": date(2025, 1, 5),
         "built_on": date(2025, 6, n), "evaluated_on": date(2025, 8, n),
         "registered_on": date(2026, 1, n), "traded_on": date(2026, 2, 3),
         "trade_value_10k_cny": 90.0}
        for n in (1, 2, 3)
    ]  # fmt: skip
    return {
        "enterprises": [firm],
        "enterprise_quarterly": quarters,
        "workforce_monthly": people,
        "datasets": sets,
    }
