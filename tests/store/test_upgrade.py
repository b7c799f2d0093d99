"""A store of an earlier version is read, brought up to date, and one of a newer version refused.

tests/fixtures/stores/format-1.tar.xz was written by the first version that had returns of every
kind: two snapshots of two units, manifests without a format and without database fingerprints.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import duckdb
import pytest

from oneninex.cli import main
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.store import Store, StoreError, database, maintenance, query
from oneninex.store.manifest import FORMAT
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import DAY, batch_of, labeling

PACKED = ROOT / "tests" / "fixtures" / "stores" / "format-1.tar.xz"


@pytest.fixture
def old(tmp_path: Path) -> Store:
    with tarfile.open(PACKED) as package:
        package.extractall(tmp_path / "store", filter="data")
    database.clear()
    return Store(tmp_path / "store")


def items(store: Store, **asked: str) -> list[float]:
    current = store.resolve(asked.get("as_of"), "Asia/Shanghai")
    return [row["items"] for row in query("output_by_unit_month", snapshot=current).to_pylist()]


def test_the_old_store_answers_what_it_can(old: Store) -> None:
    assert [one.id for one in old.snapshots()] == [1, 2]
    assert old.current().manifest.format == 1
    assert items(old, as_of="1")[0] == 240
    assert items(old)[0] == 260
    assert maintenance.damage(old) == []


def test_what_it_lacks_is_said_with_what_to_do(old: Store, capsys) -> None:
    for line in (["query", "enterprise_list"], ["check"]):
        assert main(["--store", str(old.root), "--lang", "en", *line]) == 3
        assert "rebuild" in capsys.readouterr().err
    assert main(["--store", str(old.root), "--lang", "en", "doctor"]) == 1
    assert text("store.snapshot_older", "en", snapshot=2) in capsys.readouterr().out


def test_rebuild_brings_it_up_to_date_and_keeps_the_old_snapshots(old: Store, plan: Plan) -> None:
    before = items(old)
    made = maintenance.rebuild(old, plan, imported_by="tester")
    assert made
    assert (made.id, made.manifest.format) == (3, FORMAT)
    assert items(old) == before
    assert items(old, as_of="1")[0] == 240
    assert maintenance.failed_checks(old) == []
    assert maintenance.damage(old) == []
    for name in ("enterprise_list", "questions", "targets_progress", "revisions"):
        query(name, snapshot=made)
        query(name, snapshot=made, audience="planner")
    query("targets_progress", snapshot=made, audience="public")
    assert maintenance.rebuild(old, plan, imported_by="tester") is None


def test_importing_into_an_old_store_brings_it_up_to_date_too(old: Store, plan: Plan) -> None:
    before = items(old)
    with duckdb.connect() as connection:
        publication = Publication(old, plan, connection, imported_by="tester")
        batch = batch_of(connection, [labeling(items=77)], "a.csv")
        publication.add(batch, Receipt(DAY, "", {}))
        made = publication.commit("")
    assert made.is_of_this_version
    assert [b - a for a, b in zip(before, items(old), strict=True) if a != b] == [77]
    assert maintenance.failed_checks(old) == []


def test_a_newer_store_is_refused_in_words_and_left_alone(old: Store, plan: Plan, capsys) -> None:
    path = old.manifest_path(2)
    newer = {**json.loads(path.read_bytes()), "format": FORMAT + 1, "of_tomorrow": {}}
    path.write_text(json.dumps(newer))
    with pytest.raises(StoreError) as refused:
        old.current()
    assert refused.value.key == "store.format_newer"
    for line in (["snapshots"], ["rebuild"], ["check"]):
        assert main(["--store", str(old.root), "--lang", "en", *line]) == 3
        assert "newer OneNineX" in capsys.readouterr().err
    assert main(["--store", str(old.root), "--lang", "en", "doctor"]) == 1
    assert json.loads(path.read_bytes()) == newer
