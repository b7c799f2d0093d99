"""The ledger of releases in a store: it only grows, is checked, and outlives the snapshots."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex.cli import main
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.store import (
    Store,
    StoreError,
    database,
    maintenance,
    query,
    release_ledger,
    retention,
)
from oneninex.store import publication as publications
from oneninex.store.atomic_io import sha256_of
from oneninex.store.errors import NotForAudience, StoreDamaged

Row = dict[str, Any]
HEADER = ["quarter", "enterprise_id", "unit_id", "revenue_10k_cny", "labeling_revenue_10k_cny",
          "employees", "annotators"]  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
UNITS = [f"U{n}" for n in range(1, 10)]


def code(number: int) -> str:
    """A unified social credit code with its check character."""
    body = f"91320800TRU00{number:04d}"
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def quarter(name: str, sizes: dict[str, int] | None = None) -> list[Row]:
    """Six enterprises of about 500 in each unit, or as many as `sizes` says."""
    rows = []
    for place, unit in enumerate(UNITS):
        for n in range((sizes or {}).get(unit, 6)):
            revenue = 420 + 13 * n + 7 * place + len(name)
            figures = [revenue, round(revenue * 0.8, 1), revenue // 6, revenue // 7]
            rows.append(dict(zip(HEADER, [name, code(100 * place + n), unit, *figures],
                                 strict=True)))  # fmt: skip
    return rows


@pytest.fixture
def store(tmp_path: Path) -> Store:
    database.clear()
    return Store(tmp_path / "store")


@pytest.fixture
def send(store: Store, tmp_path: Path) -> Callable[[Iterable[Row]], None]:
    """Import rows of quarterly returns as a file."""

    def run(rows: Iterable[Row]) -> None:
        path = tmp_path / f"returns-{len(list(tmp_path.glob('returns-*')))}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        assert main(["--store", str(store.root), "import", str(path)]) in (0, 1)

    return run


def totals(store: Store, unit: str | None = None, audience: str = "leadership") -> list[Row]:
    current = store.current()
    assert current
    found = query("enterprise_totals", snapshot=current, audience=audience, unit_id=unit)
    return found.to_pylist()


def everything(store: Store, audience: str) -> dict[str, Any]:
    return {unit or "city": totals(store, unit, audience) for unit in (None, *UNITS)}


def money(rows: dict[str, list[Row]]) -> dict[str, list[Any]]:
    return {scope: [(r["revenue_10k_cny"], r["labeling_revenue_10k_cny"], r["employees"])
                    for r in found] for scope, found in rows.items()}  # fmt: skip


def test_one_late_enterprise_changes_no_figure(store: Store, send) -> None:
    """D1: everybody but one of U1 is in; then that one."""
    rows = quarter("2026Q2", {"U1": 4})
    late = rows.pop(0)
    send(rows)
    before = {who: money(everything(store, who)) for who in ("leadership", "public", "unit:U5")}
    assert before["leadership"]["city"][0][0] is not None
    send([late])
    for who, figures in before.items():
        assert money(everything(store, who)) == figures
    own = totals(store, "U1", "unit:U1")[0]["revenue_10k_cny"]
    planners = totals(store, "U1", "planner")[0]["revenue_10k_cny"]
    assert own == planners


def test_late_units_do_not_give_the_only_enterprise_of_another_away(store: Store, send) -> None:
    """D2: U1 has one enterprise; two units come after the release of the others."""
    first = quarter("2026Q1", {"U1": 1, "U2": 5, "U3": 5})
    send(first)
    rows = quarter("2026Q2", {"U1": 1, "U2": 5, "U3": 5})
    send([row for row in rows if row["unit_id"] not in ("U2", "U3")])
    assert money(everything(store, "leadership"))["city"][1] == (None, None, None)
    send([row for row in rows if row["unit_id"] in ("U2", "U3")])
    city, *units = (totals(store, unit) for unit in (None, *UNITS))
    shown = [found[1]["revenue_10k_cny"] for found in units]
    hidden = [unit for unit, value in zip(UNITS, shown, strict=True) if value is None]
    assert len(hidden) >= 4
    assert "U1" in hidden
    assert city[1]["revenue_10k_cny"] == pytest.approx(sum(r["revenue_10k_cny"] for r in rows))


def test_a_zero_that_is_corrected_changes_no_figure(store: Store, send) -> None:
    """D3: the only enterprise of U1 sends zeros, then its amounts."""
    rows = quarter("2026Q2", {"U1": 1})
    true = dict(rows[0])
    rows[0] |= dict.fromkeys(HEADER[3:], 0)
    send(rows)
    before = money(everything(store, "leadership"))
    assert before["U1"] == [(None, None, None)]
    assert before["city"][0][0] is not None
    send([true])
    assert money(everything(store, "leadership")) == before


def test_a_case_of_each_kind_changes_nothing_that_was_out(shared: Path, tmp_path: Path) -> None:
    for folder in sorted((shared / "cases" / "releases").iterdir()):
        database.clear()
        store = Store(tmp_path / folder.name)
        figures = []
        for part in ("a", "b"):
            assert main(["--store", str(store.root), "import", str(folder / part)]) in (0, 1)
            figures.append(money(everything(store, "leadership")))
        for scope, before in figures[0].items():
            for now, then in zip(figures[1][scope], before, strict=True):
                assert now == then or then == (None, None, None), (folder.name, scope)
        assert any(now[0] is not None for now in figures[1]["city"]), folder.name


def test_an_old_view_and_a_new_one_agree(store: Store, send) -> None:
    rows = quarter("2026Q2")
    send(rows[1:])
    send(rows[:1])
    answers = [
        query("enterprise_totals", snapshot=store.get(n), audience="public").to_pylist()
        for n in (1, 2)
    ]
    assert answers[0][0]["revenue_10k_cny"] == answers[1][0]["revenue_10k_cny"]


def test_the_ledger_only_grows_and_names_the_file_before(store: Store, send) -> None:
    send(quarter("2026Q1"))
    first = release_ledger.files(store, 1)
    content = [path.read_bytes() for path in first]
    send(quarter("2026Q2"))
    files = release_ledger.files(store, 2)
    assert [path.read_bytes() for path in files[:1]] == content
    assert len(files) == 2
    document = json.loads(files[1].read_bytes())
    assert document["previous"] == store.get(1).manifest.ledger_sha256
    assert maintenance.damage(store) == []


@pytest.mark.parametrize("fault", ["changed", "absent", "earlier absent", "end cut off"])
def test_a_ledger_that_is_not_whole_stops_publication(store: Store, send, fault: str) -> None:
    send(quarter("2026Q1"))
    send(quarter("2026Q2"))
    first, last = release_ledger.files(store, 2)
    if fault == "changed":
        last.write_bytes(last.read_bytes().replace(b'"first"', b'"fir5t"'))
    elif fault == "end cut off":
        last.write_bytes(last.read_bytes()[:-20])
    else:
        (last if fault == "absent" else first).unlink()
    current = store.current()
    assert current
    assert release_ledger.damage(store, current.manifest)
    assert any("releases" in path for path in maintenance.damage(store))
    with pytest.raises(StoreDamaged):
        release_ledger.read(store, current.manifest)
    before = store.current()
    path = store.root.parent / "more.csv"
    path.write_text((store.root.parent / "returns-1.csv").read_text().replace("2026Q2", "2026Q3"))
    assert main(["--store", str(store.root), "import", str(path)]) == 3
    assert store.current() == before


def test_a_publication_killed_after_the_ledger_is_done_again(
    store: Store, send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(quarter("2026Q1"))
    write = publications.write_bytes

    def fail(path: Path, content: bytes) -> None:
        if path.name == "CURRENT":
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(publications, "write_bytes", fail)
    with pytest.raises(AssertionError):  # the command ends as if it was interrupted
        send(quarter("2026Q2"))
    monkeypatch.undo()
    assert len(release_ledger.files(store, 9)) == 2
    current = store.current()
    assert current
    assert release_ledger.damage(store, current.manifest) == []
    assert len(totals(store)) == 1
    send(quarter("2026Q2", {"U5": 5}))
    assert len(totals(store)) == 2
    assert maintenance.damage(store) == []


def test_removing_old_snapshots_leaves_the_ledger(
    store: Store, send, plan: Plan, tmp_path: Path
) -> None:
    rows = quarter("2026Q2")
    send(rows[1:])
    before = money(everything(store, "leadership"))
    send(quarter("2026Q1"))
    store.database_path(1).unlink()
    store.manifest_path(1).unlink()
    send(rows[:1])
    after = money(everything(store, "leadership"))
    assert {scope: found[1] for scope, found in after.items()} == {
        scope: found[0] for scope, found in before.items()
    }
    assert retention.retain(store, plan, tmp_path / "trail", dry_run=True).files is not None


def test_the_planner_reads_what_waits_and_why(store: Store, send) -> None:
    first = quarter("2026Q1", {"U1": 1})
    send(first)
    send([row for row in quarter("2026Q2", {"U1": 1}) if row["unit_id"] != "U1"])
    current = store.current()
    assert current
    asked = {"family": "enterprise_quarterly", "from_month": date(2026, 6, 1)}
    rows = query("releases", snapshot=current, **asked).to_pylist()
    states = {row["scope"]: (row["release_state"], row["waits_for"]) for row in rows}
    assert states["city"] == ("waiting", "U1")
    assert states["rest"] == ("waiting", "U1")
    assert states["U1"] == ("primary", None)
    assert states["U9"][0] == "first"
    assert {row["measure"] for row in rows if row["scope"] == "U9"} == {
        "revenue", "labeling_revenue", "employees",
    }  # fmt: skip


def test_a_snapshot_from_before_the_ledger_is_closed_to_others(
    store: Store, send, plan: Plan
) -> None:
    """What it had shown is entered: a later figure is held against it."""
    send(quarter("2026Q2", {"U1": 1}))
    as_published_before(store)
    current = store.current()
    assert current
    assert query("enterprise_totals", snapshot=current).num_rows == 1
    with pytest.raises(NotForAudience, match="snapshot_without_audiences"):
        query("enterprise_totals", snapshot=current, audience="leadership")

    late = quarter("2026Q2", {"U1": 2})[1]
    send([late])
    ledger = release_ledger.read(store, store.get(2).manifest)
    cell = ("enterprise_quarterly", date(2026, 6, 1))
    kinds = {part: [one.kind for one in found] for part, found in ledger.of(cell).items()}
    assert kinds == {part: ["seed"] for part in ("U4", "U5", "U6", "U7", "U8", "U9", "rest")}
    assert ledger.city(cell) is not None
    city = totals(store)[0]["revenue_10k_cny"]
    planners = totals(store, audience="planner")[0]["revenue_10k_cny"]
    assert planners - city == pytest.approx(late["revenue_10k_cny"])
    with pytest.raises(StoreError):
        query("enterprise_totals", snapshot=store.get(1), audience="public")


def as_published_before(store: Store) -> None:
    """Give the newest snapshot the tables of one from before the ledger: U1 to U3 hidden."""
    current = store.current()
    assert current
    database.clear()
    with duckdb.connect(str(current.path)) as connection:
        connection.execute("drop schema audience cascade")
        connection.execute("drop schema own cascade")
        connection.execute("drop schema released cascade")
        connection.execute("create schema audience")
        connection.execute(
            "create table hidden_units as from (values ('U1', 'primary'), ('U2', 'secondary'), "
            "('U3', 'secondary')) as hidden (unit_id, reason)"
        )
        connection.execute("create table hidden_city (family varchar, month date, reason varchar)")
    document = json.loads(current.manifest_path.read_bytes())
    del document["ledger_sha256"]
    document["database_sha256"] = sha256_of(current.path)
    current.manifest_path.write_text(json.dumps(document))
    for path in release_ledger.files(store, 99):
        path.unlink()


def test_the_folder_of_the_ledger_is_named_where_backups_are_described() -> None:
    assert "releases/" in (ROOT / "docs" / "backup-and-restore.md").read_text(encoding="utf-8")
