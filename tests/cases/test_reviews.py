"""Answers to questions stand with their value; unreviewed returns are in no figure."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex.briefing import phrases
from oneninex.briefing.query_session import Asked
from oneninex.cli import main
from oneninex.core.audit_log import Actor
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion import Options
from oneninex.services import import_request, reviews
from oneninex.services.audited_import import import_recorded
from oneninex.store import (
    NotForAudience,
    Snapshot,
    Store,
    StoreDamaged,
    StoreError,
    case_log,
    held_returns,
    maintenance,
    query,
)
from oneninex.store.publication import Publication, Receipt
from tests.cases.conftest import PLANNER, current
from tests.store import killing
from tests.store.conftest import DAY, ENTERPRISE, batch_of, labeling

U1, U4 = Actor("unit:U1", "u1"), Actor("unit:U4", "u4")
QUESTION = "labeling_daily.U1.2026-06.jump.all.items"
REASON = "承接省级项目，当月集中交付"


def months(june: int) -> list[dict]:
    return [
        labeling(date=date(2026, month, 2), items=items, reviewed=0, accepted=0,
                 accepted_first_pass=0, rejected=0)
        for month, items in ((3, 10), (4, 10), (5, 10), (6, june))
    ]  # fmt: skip


@pytest.fixture(scope="module")
def jumped(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    """A store in which U1 made ten times its usual items in June."""
    root = tmp_path_factory.mktemp("jumped") / "store"
    with duckdb.connect() as connection:
        publication = Publication(Store(root), plan, connection, imported_by="tester")
        publication.add(batch_of(connection, months(100), "a.csv"), Receipt(DAY, "", {}))
        publication.commit("")
    return root


@pytest.fixture
def asked(store: Store, jumped: Path) -> Snapshot:
    shutil.copytree(jumped, store.root)
    return current(store)


def question(store: Store, audience: str = "planner") -> dict:
    (row,) = query("questions", snapshot=current(store), audience=audience).to_pylist()
    return row


def footnotes(store: Store, audience: str = "planner") -> list[dict]:
    return query("footnotes", snapshot=current(store), audience=audience).to_pylist()


def test_an_explanation_stands_until_the_value_changes(
    store: Store, plan: Plan, asked: Snapshot, publish
):
    assert question(store)["answer"] is None
    assert footnotes(store) == []

    reviews.explain(store, plan, U1, QUESTION, "stands", REASON)

    row = question(store)
    assert (row["answer"], row["explanation"], row["value"]) == ("stands", REASON, 100)
    assert [note["value"] for note in footnotes(store)] == [100]
    shown = query("output_by_unit_month", snapshot=asked, unit_id="U1").to_pylist()
    assert [row["month"].month for row in shown if row["explained"]] == [6]

    publish(months(90), name="corrected.csv")

    row = question(store)
    assert (row["answer"], row["explanation"]) == ("changed", None)
    assert footnotes(store) == []
    assert not any(
        row["explained"]
        for row in query("output_by_unit_month", snapshot=current(store)).to_pylist()
    )


def test_an_announced_correction_is_no_footnote(store: Store, plan: Plan, asked: Snapshot):
    reviews.explain(store, plan, U1, QUESTION, "correct", "单位填错")
    assert question(store)["answer"] == "correct"
    assert footnotes(store) == []


@pytest.mark.parametrize(
    ("actor", "question_id", "answer", "reason"),
    [
        (U4, QUESTION, "stands", "x"),
        (U1, QUESTION, "stands", " "),
        (U1, QUESTION, "maybe", "x"),
        (U1, "labeling_daily.U1.2026-05.jump.all.items", "stands", "x"),
        (Actor("leadership", "x"), QUESTION, "stands", "x"),
        (Actor("public", "x"), QUESTION, "stands", "x"),
        (Actor("auditor", "x"), QUESTION, "stands", "x"),
        (U1, QUESTION, "stands", "字" * 2001),
    ],
)
def test_what_is_no_answer_is_refused(
    store: Store, plan: Plan, asked: Snapshot, actor: Actor, question_id: str, answer: str, reason
):
    with pytest.raises(StoreError):
        reviews.explain(store, plan, actor, question_id, answer, reason)
    assert case_log.position(store.root) == 0


def test_the_words_of_an_answer_are_for_planner_and_sender(
    store: Store, plan: Plan, asked: Snapshot
):
    reviews.explain(store, plan, U1, QUESTION, "stands", REASON)
    for audience in ("leadership", "public", "unit:U4"):
        (note,) = footnotes(store, audience)
        assert (note["value"], note["reason"]) == (100, None)
        events = query("task_events", snapshot=current(store), audience=audience).to_pylist()
        assert REASON not in json.dumps(events, ensure_ascii=False, default=str)
    (note,) = footnotes(store, "unit:U1")
    assert note["reason"] == REASON
    with pytest.raises(NotForAudience):
        footnotes(store, "auditor")


@pytest.fixture
def reviewing(tmp_path: Path) -> Plan:
    """The plan with after_review."""
    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "data" / "plan", folder)
    text = (folder / "plan.toml").read_text(encoding="utf-8").replace('demo = "../demo"', "")
    rule = '[review]\nrule = "after_review"\n\n[questions]'
    (folder / "plan.toml").write_text(text.replace("[questions]", rule), encoding="utf-8")
    return Plan.load(folder)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A return of U4 for March 2026."""
    names = [name for name in labeling() if name != "accepted_first_pass"]
    row = labeling(unit_id="U4", enterprise_id=ENTERPRISE)
    path = tmp_path / "u4.csv"
    header = [*names, "accepted_first_pass"]
    path.write_text(",".join(header) + "\n" + ",".join(str(row[name]) for name in header) + "\n")
    return path


def send(store: Store, plan: Plan, path: Path):
    incoming = import_request.expand([path], Options(None, None, None, None, None), plan)
    return import_recorded(store, plan, incoming, actor=PLANNER, imported_by="tester")


def ledger(store: Store) -> dict:
    given = {"unit_id": "U4", "kind": "labeling_daily", "to_month": date(2026, 3, 1),
             "from_month": date(2026, 3, 1)}  # fmt: skip
    (row,) = query("returns_ledger", snapshot=current(store), **given).to_pylist()
    return row


def items(store: Store) -> int | None:
    march = date(2026, 3, 1)
    (row,) = query("output_by_unit_month", snapshot=current(store), unit_id="U4",
                   from_month=march, to_month=march).to_pylist()  # fmt: skip
    return row["items"]


def test_an_unreviewed_return_is_in_no_figure(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path
):
    result = send(store, reviewing, sent)

    assert (result.snapshot, result.held) == (None, 1)
    assert current(store) == published
    assert items(store) is None
    assert ledger(store)["status"] == "awaiting_review"
    (row,) = query("return_reviews", snapshot=published).to_pylist()
    assert (row["state"], row["unit_id"], row["carried_months"], row["rows"]) == (
        "awaiting", "U4", "2026-03", 1)  # fmt: skip
    assert send(store, reviewing, sent).held == 0  # the same file waits once

    reviews.accept(store, reviewing, PLANNER, row["id"])

    assert items(store) == 10
    assert ledger(store)["status"] == "late"
    (row,) = query("return_reviews", snapshot=current(store)).to_pylist()
    assert row["state"] == "accepted"
    with pytest.raises(StoreError) as again:
        reviews.accept(store, reviewing, PLANNER, row["id"])
    assert again.value.key == "review.refused.decided"


def test_a_returned_one_stays_out_and_may_be_sent_again(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path
):
    send(store, reviewing, sent)
    (row,) = query("return_reviews", snapshot=published).to_pylist()

    reviews.send_back(store, reviewing, PLANNER, row["id"], "企业代码有误")

    assert ledger(store)["status"] == "missing"
    (row,) = query("return_reviews", snapshot=published, state="returned").to_pylist()
    assert row["reason"] == "企业代码有误"
    assert send(store, reviewing, sent).held == 1
    assert ledger(store)["status"] == "awaiting_review"


def test_of_two_who_decide_one_wins_and_the_figures_follow(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path, monkeypatch
):
    send(store, reviewing, sent)
    (row,) = query("return_reviews", snapshot=published).to_pylist()
    read, told = held_returns.read, []

    def decide(do: Callable[[], object]) -> None:
        try:
            do()
            told.append("done")
        except StoreError as refused:
            told.append(refused.key)

    back = threading.Thread(
        target=decide,
        args=[lambda: reviews.send_back(store, reviewing, PLANNER, row["id"], "企业代码有误")],
    )

    def read_while_another_decides(*given: Any) -> Any:
        back.start()
        back.join(timeout=1)
        return read(*given)

    monkeypatch.setattr(held_returns, "read", read_while_another_decides)
    decide(lambda: reviews.accept(store, reviewing, PLANNER, row["id"]))
    back.join()

    assert sorted(told) == ["done", "review.refused.decided"]
    (row,) = query("return_reviews", snapshot=current(store)).to_pylist()
    assert (row["state"], items(store)) == ("accepted", 10)


def test_only_the_planner_reviews_and_others_do_not_see_the_file(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path
):
    send(store, reviewing, sent)
    (row,) = query("return_reviews", snapshot=published).to_pylist()
    for actor in (U4, U1, Actor("leadership", "x")):
        with pytest.raises(NotForAudience):
            reviews.accept(store, reviewing, actor, row["id"])
        with pytest.raises(NotForAudience):
            reviews.send_back(store, reviewing, actor, row["id"], "x")
    for audience in ("unit:U1", "leadership", "public"):
        (seen,) = query("return_reviews", snapshot=published, audience=audience).to_pylist()
        assert (seen["id"], seen["file"], seen["rows"]) == (None, None, None)
    (seen,) = query("return_reviews", snapshot=published, audience="unit:U4").to_pylist()
    assert seen["file"] == "u4.csv"


def test_a_damaged_held_return_is_named_and_not_published(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path
):
    send(store, reviewing, sent)
    (row,) = query("return_reviews", snapshot=published).to_pylist()
    (file,) = (store.root / "held").glob("*/labeling_daily.parquet")
    file.write_bytes(file.read_bytes()[:-1])

    assert f"held/{row['id']}/labeling_daily.parquet" in maintenance.damage(store)
    with pytest.raises(StoreDamaged):
        reviews.accept(store, reviewing, PLANNER, row["id"])
    assert items(store) is None


def hold_or_die(root: Path, plan: Path, sent: Path, step: int) -> None:
    killing.die_at(step)
    send(Store(root), Plan.load(plan), sent)


def test_a_kill_while_a_return_is_held_loses_nothing_that_was_said_to_be_there(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path, tmp_path: Path
):
    for step in range(1, 40):
        root = tmp_path / f"kill{step}"
        shutil.copytree(store.root, root)
        process = killing.start(hold_or_die, root, reviewing.folder, sent, step)
        code = killing.ended(process)
        left = Store(root)
        named = [path for path in maintenance.damage(left) if not path.startswith("raw/")]
        assert named == []
        if code == 0:
            assert case_log.position(root) == 1
            break
        send(left, reviewing, sent)
        assert ledger(left)["status"] == "awaiting_review"
    else:
        pytest.fail("never done")


def test_scores_are_fractions_with_their_counts(store: Store, asked: Snapshot):
    rows = query("sender_scores", snapshot=asked, unit_id="U1").to_pylist()

    found = {row["dimension"]: (row["met"], row["total"]) for row in rows}
    assert list(found) == ["normative", "complete", "accurate", "consistent", "timely",
                           "accessible"]  # fmt: skip
    assert found["normative"] == (4, 4)
    assert found["accessible"] == (None, None)  # a file that cannot be read names no unit
    due, received = found["complete"][1], found["complete"][0]
    ledger = query("returns_ledger", snapshot=asked, unit_id="U1").to_pylist()
    assert due == len(ledger)
    assert received == sum(row["status"] != "missing" for row in ledger) == 4
    with pytest.raises(NotForAudience):
        query("sender_scores", snapshot=asked, audience="leadership")


def test_commands(store: Store, asked: Snapshot, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["--store", str(store.root), "review", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, _ = run("list", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"returns", "questions", "scores"}
    assert found["questions"][0]["question_id"] == QUESTION
    assert run("explain", QUESTION, "--reason", REASON, "--audience", "unit:U4")[0] == 64
    assert run("explain", QUESTION, "--reason", REASON, "--audience", "unit:U1")[0] == 0
    assert REASON in run("list")[1]
    assert run("accept", "nothing")[0] == 64
    assert run("return", "nothing", "--reason", "x")[0] == 64


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, True),
        ({"indicator_id": "items_accepted"}, True),
        ({"indicator_id": "workers"}, False),  # of another return, which is missing
        ({"month": date(2026, 2, 1)}, False),
    ],
)
def test_coverage_says_that_a_return_awaits_review(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path, row: dict, said: bool
):
    def named() -> list[str]:
        asked = Asked(published, "planner", "zh", date(2026, 3, 1))
        return [
            each.text for each in phrases.missing_units(asked, {"missing_units": "U4|U5", **row})
        ]

    assert not any("已报待审" in name for name in named())
    send(store, reviewing, sent)
    assert ["已报待审" in name for name in named()] == [said, False]


def test_a_return_under_review_is_not_asked_for(
    store: Store, published: Snapshot, reviewing: Plan, sent: Path
):
    def asked() -> bool:
        rows = query("needs_decision", snapshot=published).to_pylist()
        keys = [(row["return_kind"], row["unit_id"], row["month"]) for row in rows]
        return ("labeling_daily", "U4", date(2026, 3, 1)) in keys

    assert asked()
    send(store, reviewing, sent)
    assert not asked()
    (row,) = query("return_reviews", snapshot=published).to_pylist()
    reviews.send_back(store, reviewing, PLANNER, row["id"], "企业代码有误")
    assert asked()
