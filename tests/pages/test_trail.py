"""What readers of the dashboard do is in the audit trail, under the name that they signed in by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from oneninex.core import audit_log
from oneninex.core.audit_log import LOCAL
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.store import NotForAudience, Store
from oneninex.ui import audit as trail
from oneninex.ui import context, upload_storage
from oneninex.ui.upload_storage import most_megabytes
from tests.pages.conftest import opener, publish, small_returns
from tests.pages.test_returns import labeling_csv, said, upload
from tests.pages.test_returns import publish as click_publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return publish(tmp_path / "store", small_returns())


@pytest.fixture
def visit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return opener(monkeypatch, folder)


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def become(reader: Any) -> None:
        monkeypatch.setattr("oneninex.ui.session.reader", lambda: reader)
        monkeypatch.setattr("oneninex.ui.session.is_signed_in", lambda: True)
        monkeypatch.setattr("oneninex.ui.session.sign_in_configured", lambda: True)
        monkeypatch.setattr("oneninex.ui.session.person", lambda: "anna")

    return become


def entries(folder: Path) -> list[dict[str, Any]]:
    return audit_log.read(folder / "audit").entries


def test_an_upload_is_a_dry_run_then_an_import_and_a_publication(folder: Path, visit) -> None:
    at = visit("returns")
    upload(at, ("march.csv", labeling_csv({"unit_id": "U4"})))
    click_publish(at)
    found = entries(folder)
    assert [entry["event"] for entry in found] == ["dry_run", "import", "publish"]
    assert {(entry["audience"], entry["name"]) for entry in found} == {("planner", LOCAL)}
    (file,) = found[1]["files"]
    assert (file["name"], file["status"], len(file["sha256"])) == ("march.csv", "accepted", 64)
    assert found[2]["snapshot"] == Store(folder).current().id


@pytest.mark.parametrize("why", ["no_role", "expired"])
def test_a_refused_sign_in_is_told_once(folder: Path, monkeypatch, signed_in, why) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(folder))
    signed_in(why)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.run()
    (entry,) = entries(folder)
    assert (entry["event"], entry["what"], entry["name"]) == ("sign_in_refused", why, "anna")


def test_a_page_of_others_and_a_query_of_others_are_told(folder: Path, monkeypatch, signed_in):
    signed_in(Audience.parse("leadership"))
    monkeypatch.setenv("ONENINEX_STORE", str(folder))
    monkeypatch.setattr(context, "snapshot", Store(folder).current)
    with pytest.raises(NotForAudience):
        context.query("quarantined")
    at = AppTest.from_string("from oneninex.ui.app_shell import _forbidden\n_forbidden()").run()
    assert not at.exception
    told = [(entry["event"], entry["what"], entry["audience"]) for entry in entries(folder)]
    assert told == [("forbidden", "quarantined", "leadership"), ("forbidden", "page", "leadership")]


@pytest.mark.parametrize(
    ("reader", "query", "told"),
    [
        ("planner", "enterprise_list", True),
        ("planner", "months", False),
        ("unit:U1", "enterprise_list", True),
        ("leadership", "enterprise_list", False),
        ("planner", "of a page's own making", True),
    ],
)
def test_taking_what_not_everybody_sees_is_told(
    folder: Path, monkeypatch, signed_in, reader: str, query: str, told: bool
) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(folder))
    signed_in(Audience.parse(reader))
    make = trail.kept(lambda: b"file", query, Store(folder).get(1), "csv")
    assert entries(folder) == [], "nothing was taken yet"
    assert make() == b"file"
    assert [entry["what"] for entry in entries(folder)] == ([query] if told else [])


def test_a_briefing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, visit) -> None:
    made = {("zh", "docx"): b"document"}
    monkeypatch.setattr("oneninex.briefing.documents", lambda *_, **__: made)
    at = visit("briefing")
    at.button(key="make_briefing").click().run()
    (entry,) = entries(folder)
    assert (entry["event"], entry["snapshot"], entry["documents"]) == ("briefing", 1, ["zh docx"])


def test_who_sends_too_often_is_told_when_to_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, visit
) -> None:
    plan = Plan.load(ROOT / "data" / "plan")
    uploads = plan.config.uploads.model_copy(update={"checks_per_reader": 1, "minutes": 7})
    config = plan.config.model_copy(update={"uploads": uploads})
    real = upload_storage.bounded
    monkeypatch.setattr("oneninex.ui.upload.bounded", lambda _: real(replace(plan, config=config)))
    at = visit("returns")
    upload(at, ("march.csv", labeling_csv({"unit_id": "U4"})))
    assert text("returns.upload_state.accepted", "zh") in said(at)
    upload(at, ("april.csv", labeling_csv({"unit_id": "U4", "project_id": "P2"})))
    (error,) = [found.value for found in at.error]
    assert "7 分钟" in error
    assert [entry["event"] for entry in entries(folder)] == ["dry_run", "upload_limited"]


def test_the_page_promises_no_more_than_the_server_takes(visit) -> None:
    limit = most_megabytes(Plan.load(ROOT / "data" / "plan"))
    assert limit == st.get_option("server.maxUploadSize") < 1_000
    assert text("returns.upload_limit", "zh", limit=limit) in said(visit("returns"))
