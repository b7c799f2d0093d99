"""Each parameter has a domain; a value outside it is an error that lists what is allowed."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from oneninex.cli import main
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.store import Store, WrongParameter, parameter_domains, query, sql_catalog
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import DAY, batch_of, labeling

PLAN = Plan.load(ROOT / "data" / "plan")
PARAMETERS = [(n, p) for n in sql_catalog.names() for p in sorted(sql_catalog.parameters(n))]
NOT = {"month": "2026-09-15", "quarter": "2026-Q3", "number": "many"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    with duckdb.connect() as connection:
        publication = Publication(made, PLAN, connection, imported_by="tester")
        publication.add(batch_of(connection, [labeling(items=3)], "a.csv"), Receipt(DAY, "", {}))
        publication.commit("")
    return made


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_each_parameter_declares_its_domain(name: str, parameter: str):
    assert parameter_domains.domain(name, parameter)


def test_no_declaration_is_left_over():
    with parameter_domains.FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of = [row["query"]] if row["query"] else sql_catalog.names()
            assert any(row["parameter"] in sql_catalog.parameters(name) for name in of), row


def test_modalities_and_kinds_are_those_of_the_contracts():
    fields = {field.name: field for field in contracts.load("labeling_daily").fields}
    assert str(parameter_domains.domain("city_by_month", "modality")).split("|") == list(
        fields["modality"].enum
    )
    assert set(str(parameter_domains.domain("questions", "kind")).split("|")) == set(
        contracts.kinds()
    )


def test_every_wrong_value_is_refused_with_what_is_allowed(store: Store):
    snapshot = store.resolve(None, "Asia/Shanghai")
    for name, parameter in PARAMETERS:
        domain = parameter_domains.domain(name, parameter)
        if domain == "text":
            continue
        with pytest.raises(WrongParameter) as refused:
            query(name, snapshot=snapshot, **{parameter: NOT.get(str(domain), "imge")})
        assert refused.value.values["parameter"] == parameter
        if refused.value.key == "store.outside_domain":
            assert refused.value.values["allowed"]


@pytest.mark.parametrize("value", ["imge", "Image", "图像", "image "])
def test_a_modality_that_matches_nothing_is_no_zero(store: Store, capsys, value: str):
    for lang in ("zh", "en"):
        line = ["--store", str(store.root), "--lang", lang, "query", "city_by_month"]
        assert main([*line, "-p", f"modality={value}"]) == 64
        said = capsys.readouterr()
        assert said.out == ""
        assert all(code in said.err for code in ("image", "point_cloud", "preference"))


@pytest.mark.parametrize("value", ["2026-09-15", "2026-09-30", "2026-9", "202609", "今年", "0"])
def test_a_month_is_its_first_day(store: Store, capsys, value: str):
    line = ["--store", str(store.root), "query", "city_by_month", "-p", f"from_month={value}"]
    assert main(line) == 64
    assert "2026-10-01" in capsys.readouterr().err


def test_months_in_the_wrong_order_are_an_error(store: Store, capsys):
    months = ["-p", "from_month=2026-10-01", "-p", "to_month=2026-09-01"]
    assert main(["--store", str(store.root), "query", "city_by_month", *months]) == 64
    assert "from_month" in capsys.readouterr().err


def test_the_public_is_not_told_the_working_targets(store: Store):
    with pytest.raises(WrongParameter) as refused:
        query(
            "targets_progress",
            snapshot=store.resolve(None, "Asia/Shanghai"),
            audience="public",
            target_id="none",
        )
    planner = {
        row["target_id"]
        for row in query(
            "targets_progress", snapshot=store.resolve(None, "Asia/Shanghai")
        ).to_pylist()
    }
    public = query(
        "targets_progress", snapshot=store.resolve(None, "Asia/Shanghai"), audience="public"
    ).to_pylist()
    hidden = planner - {row["target_id"] for row in public}
    assert hidden
    assert not hidden & set(str(refused.value.values["allowed"]).split(", "))


def test_days_are_those_of_the_plans_time_zone(store: Store, capsys):
    assert main(["--store", str(store.root), "snapshots", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    moment = datetime.fromisoformat(row["created_at"])
    assert moment.utcoffset() == datetime.now(UTC).astimezone(PLAN.config.zone).utcoffset()
    asked = ["query", "snapshot_info", "--as-of", row["created_at"][:10], "--format", "json"]
    assert main(["--store", str(store.root), *asked]) == 0
    (info,) = json.loads(capsys.readouterr().out)
    assert info["today"] == row["created_at"][:10]
