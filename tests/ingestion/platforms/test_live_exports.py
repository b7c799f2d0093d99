"""Exports of real servers equal what the servers count, in any order and form, and twice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services.import_service import ImportResult, expand, import_files
from oneninex.store import Store

OPTIONS = Options(
    unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
)
FORMS = ("p1_JSON.json", "p1_CSV.csv", "p1_JSON_MIN_all.json", "api_tasks_fields_all.json")
Send = Callable[..., ImportResult]


@pytest.fixture
def live(shared: Path) -> Path:
    return shared / "live"


@pytest.fixture
def send(store: Store, plan: Plan) -> Send:
    return lambda *paths: import_files(store, plan, expand(paths, OPTIONS, plan))


def items(store: Store) -> int:
    files = store.current().manifest.of("labeling_daily")
    paths = [str(store.root / file.path) for file in files]
    return duckdb.sql(f"select sum(items)::bigint from read_parquet({paths})").fetchone()[0]


@pytest.mark.parametrize("order", list(permutations(FORMS, 2)), ids="-".join)
def test_two_forms_of_a_label_studio_project_are_one(
    store: Store, send: Send, live: Path, order: tuple[str, ...]
) -> None:
    for name in (*order, order[0]):
        assert send(live / "label-studio-1.23.2" / name).exit_code == 0
    assert items(store) == 61


def test_target_storage_and_another_installation_add_up_rightly(
    store: Store, send: Send, live: Path
) -> None:
    folder = live / "label-studio-1.23.2"
    send(*sorted((folder / "target").iterdir()))
    send(folder / "p1_JSON.json")
    assert items(store) == 61
    send(folder / "other_server.json")
    assert items(store) == 122


@pytest.mark.parametrize("form", ["JSONL", "JSON", "CSV"])
def test_doccano_confirmed_texts(store: Store, send: Send, live: Path, form: str) -> None:
    confirmed = send(live / "doccano-1.8.4" / f"p1_{form}_approved.zip")
    assert [batch.counts["submitted"] for _, batch in confirmed.files] == [14, 11]


def test_labelu_samples(send: Send, live: Path) -> None:
    ((_, batch),) = send(live / "labelu-1.5.6" / "api_samples.json").files
    counts = batch.counts
    assert (counts["submitted"], counts["skipped"], counts["not_begun"]) == (15, 1, 4)


@pytest.mark.parametrize(
    "name",
    ["labelu-1.5.6/JSON.json", "labelu-1.5.6/COCO.json", "labelu-1.5.6/CSV.zip",
     "label-studio-1.23.2/p2_COCO.zip", "label-studio-1.23.2/p2_VOC.zip",
     "label-studio-1.23.2/p2_YOLO.zip"],
)  # fmt: skip
def test_what_cannot_tell_is_one_refusal(send: Send, live: Path, name: str) -> None:
    ((_, batch),) = send(live / name).files
    assert batch.findings["code"].to_pylist() == ["missing_capability"]
