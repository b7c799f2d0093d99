"""Tasks: allowed transitions only, working days, conditions, two writers, audiences."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneninex.cli import main
from oneninex.core.audit_log import Actor
from oneninex.domain import tasks as domain
from oneninex.domain.analytics import workdays
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.services import tasks
from oneninex.store import NotForAudience, Store, StoreError, case_log, query
from tests.cases.conftest import OPENED, PLANNER, current
from tests.store.conftest import labeling

U3, U4 = Actor("unit:U3", "u3"), Actor("unit:U4", "u4")
BODIES = {"reply": {"text": "已办"}, "return": {"reason": "缺附件"}, "close": {"reason": "撤销"},
          "refuse": {"reason": "不同意"}}  # fmt: skip


def state_of(store: Store, name: str, audience: str = "planner", today: date = OPENED) -> dict:
    rows = query("tasks", snapshot=current(store), audience=audience, task_id=name, today=today)
    return rows.to_pylist()[0]


def do(store: Store, plan: Plan, name: str, *events: str, today: date = OPENED) -> None:
    for event in events:
        more: dict[str, Any] = BODIES.get(event, {})
        if event == "extend":
            more = {"until": (today + timedelta(days=60)).isoformat(), "reason": "等数据"}
        tasks.act(store, plan, PLANNER, name, event, today=today, **more)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(domain.EVENTS), st.integers(0, 6)), max_size=25))
def test_in_any_order_only_allowed_transitions_happen(steps: list[tuple[str, int]]):
    day, task = OPENED, None
    for event, later in steps:
        day += timedelta(days=later)
        body = {"id": "D1", "subject": "s", "matter": "free", "ref": "", "owner": "U3",
                "due_on": (day + timedelta(days=9)).isoformat(), "text": "t", "reason": "r",
                "until": (day + timedelta(days=30)).isoformat()}  # fmt: skip
        stage = task.stage if task else ""
        try:
            after = domain.follow(task, event, day, body)
        except domain.NotAllowed:
            continue
        assert domain.TRANSITIONS[stage, event] == after.stage
        assert after.events == (task.events + 1 if task else 1)
        if task:
            assert after.due_on >= task.due_on
            assert (after.due_on > task.due_on) == (event == "grant")
        assert (after.closed_on is not None) == (after.stage == "closed")
        assert after.signed_on is not None or after.stage in ("unsigned", "closed")
        task = after


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from([e for e in domain.EVENTS if e != "open"]), max_size=12))
def test_a_refused_event_leaves_no_entry(store: Store, plan: Plan, open_task, events: list[str]):
    name, accepted = open_task(), 1
    for event in events:
        before = case_log.position(store.root)
        try:
            do(store, plan, name, event)
        except StoreError:
            assert case_log.position(store.root) == before
        else:
            accepted += 1
            assert case_log.position(store.root) == before + 1

    found = query("task_events", snapshot=current(store), task_id=name).to_pylist()
    assert len(found) == accepted == state_of(store, name)["events"]


@pytest.mark.parametrize(
    ("day", "working_days", "expected"),
    [
        (date(2026, 9, 29), 1, date(2026, 9, 30)),
        (date(2026, 9, 29), 2, date(2026, 10, 8)),  # 国庆 1 to 7 October
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 10, 12), -3, date(2026, 10, 8)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # 春节 15 to 23 February
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),  # a Saturday that is worked
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 6), 0, date(2026, 11, 6)),
    ],
)
def test_working_days_over_holidays(plan: Plan, day: date, working_days: int, expected: date):
    assert workdays.shift(day, working_days, plan.holidays) == expected


@pytest.mark.parametrize(
    ("due", "today", "state", "light"),
    [
        (date(2026, 10, 12), date(2026, 9, 30), "unsigned", "green"),
        (date(2026, 10, 12), date(2026, 10, 7), "unsigned", "green"),
        (date(2026, 10, 12), date(2026, 10, 8), "due_soon", "yellow"),
        (date(2026, 10, 12), date(2026, 10, 12), "due_soon", "yellow"),
        (date(2026, 10, 12), date(2026, 10, 13), "overdue", "red"),
        (date(2026, 2, 26), date(2026, 2, 13), "unsigned", "green"),
        (date(2026, 2, 26), date(2026, 2, 14), "due_soon", "yellow"),
    ],
)
def test_states_by_working_days(
    store: Store, open_task, due: date, today: date, state: str, light: str
):
    name = open_task(due_on=due, today=date(2026, 2, 2))

    row = state_of(store, name, today=today)

    assert (row["state"], row["light"]) == (state, light)
    assert row["overdue_days"] == max((today - due).days, 0)


def test_an_answer_after_the_due_day_turns_red_to_yellow(store: Store, plan: Plan, open_task):
    name, late = open_task(due_on=date(2026, 11, 5)), date(2026, 11, 9)
    do(store, plan, name, "sign")
    assert state_of(store, name, today=late)["light"] == "red"

    do(store, plan, name, "reply", today=late)
    assert state_of(store, name, today=late)["light"] == "yellow"

    do(store, plan, name, "accept", today=late)
    row = state_of(store, name, today=late)
    assert (row["state"], row["light"], row["is_late"]) == ("closed", "yellow", True)


def test_an_extension_is_asked_before_the_due_day(store: Store, plan: Plan, open_task):
    name, due = open_task(due_on=date(2026, 11, 5)), date(2026, 11, 5)
    do(store, plan, name, "sign")

    with pytest.raises(StoreError) as late:
        do(store, plan, name, "extend", today=due)
    assert late.value.key == "tasks.refused.asked_late"
    do(store, plan, name, "extend", today=date(2026, 11, 4))
    with pytest.raises(StoreError) as twice:
        do(store, plan, name, "extend", today=date(2026, 11, 4))
    assert twice.value.key == "tasks.refused.asked_already"

    do(store, plan, name, "refuse")
    assert state_of(store, name)["due_on"] == due
    do(store, plan, name, "extend", "grant", today=date(2026, 11, 4))
    assert state_of(store, name)["due_on"] == date(2027, 1, 3)


def test_a_task_is_never_closed_against_its_condition(store: Store, plan: Plan, open_task, publish):
    name = open_task(
        matter="return",
        ref="labeling_daily",
        condition={"kind": "return", "ref": "labeling_daily", "unit_id": "U3",
                   "month": date(2026, 3, 1)},
    )  # fmt: skip
    do(store, plan, name, "sign", "reply")
    assert state_of(store, name)["condition_met"] is False
    for event in ("accept", "close"):
        with pytest.raises(StoreError) as refused:
            do(store, plan, name, event)
        assert refused.value.key == "tasks.refused.condition"

    publish([labeling(unit_id="U3")], name="u3.csv")

    assert state_of(store, name)["condition_met"] is True
    do(store, plan, name, "accept")
    assert state_of(store, name)["state"] == "closed"


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [("reach", 9.0, True), ("exceed", 9.0, False), ("at_most", 9.0, True), ("reach", 9.1, False),
     ("at_most", 8.9, False), ("exceed", 8.9, True)],
)  # fmt: skip
def test_a_condition_is_computed_from_the_newest_figures(
    store: Store, open_task, operator: str, value: float, met: bool
):
    given = {"kind": "indicator", "ref": "items_accepted", "operator": operator, "value": value}

    assert state_of(store, open_task(condition=given))["condition_met"] is met


def test_a_condition_without_figures_is_neither_met_nor_accepted(
    store: Store, plan: Plan, open_task
):
    given = {"kind": "indicator", "ref": "workers", "operator": "reach", "value": 1}
    name = open_task(condition=given)
    do(store, plan, name, "sign", "reply")

    assert state_of(store, name)["condition_met"] is None
    with pytest.raises(StoreError):
        do(store, plan, name, "accept")


def test_of_two_writers_one_wins_and_the_other_is_told(store: Store, plan: Plan, open_task):
    name = open_task()
    told: list[str] = []
    together = threading.Barrier(2)

    def sign(actor: Actor) -> None:
        together.wait()
        try:
            tasks.act(store, plan, actor, name, "sign", today=OPENED)
            told.append("done")
        except StoreError as refused:
            told.append(refused.key)

    writers = [threading.Thread(target=sign, args=[actor]) for actor in (PLANNER, U3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(told) == ["done", "tasks.refused.stage_sign"]
    assert state_of(store, name)["events"] == 2


def test_who_saw_an_older_state_is_told(store: Store, plan: Plan, open_task):
    name = open_task()
    do(store, plan, name, "sign")
    with pytest.raises(StoreError) as refused:
        tasks.act(store, plan, U3, name, "reply", seen=1, today=OPENED, text="x")
    assert refused.value.key == "tasks.refused.changed"


@pytest.mark.parametrize("event", [e for e in domain.EVENTS if e not in domain.OF_OWNER])
def test_a_unit_only_does_what_an_owner_does(store: Store, plan: Plan, open_task, event: str):
    name = open_task()
    with pytest.raises(StoreError):
        tasks.act(store, plan, U3, name, event, today=OPENED, reason="x")
    assert case_log.position(store.root) == 1


@pytest.mark.parametrize("audience", ["leadership", "public", "auditor", "unit:U4"])
def test_others_change_nothing(store: Store, plan: Plan, open_task, audience: str):
    name = open_task()
    with pytest.raises(StoreError):
        tasks.act(store, plan, Actor(audience, "x"), name, "sign", today=OPENED)
    with pytest.raises(NotForAudience):
        tasks.open_task(store, plan, Actor(audience, "x"), subject="s", owner="U3", today=OPENED)
    assert case_log.position(store.root) == 1


SECRET = "产量为三千二百一十条"


def everything(store: Store, audience: str) -> str:
    found = []
    for name in ("tasks", "task_events"):
        try:
            found += query(name, snapshot=current(store), audience=audience).to_pylist()
        except NotForAudience:
            assert (audience, name) == ("auditor", "tasks")
    return json.dumps(found, ensure_ascii=False, default=str)


def test_each_audience_reads_what_it_may(store: Store, plan: Plan, open_task):
    name = open_task(subject="甲", requirement=SECRET, figure=SECRET)
    open_task(subject="乙事", owner="data_bureau", supporting=("U4",))
    do(store, plan, name, "sign")
    tasks.act(store, plan, U3, name, "reply", today=OPENED, text=SECRET, value=3210)

    assert everything(store, "planner").count(SECRET) == 4
    assert everything(store, "unit:U3").count(SECRET) == 4
    assert "乙事" not in everything(store, "unit:U3")
    assert name not in everything(store, "unit:U4")
    assert "乙事" in everything(store, "unit:U4")
    for audience in ("leadership", "public", "auditor", "unit:U4", "unit:U5"):
        assert SECRET not in everything(store, audience)
        assert "3210" not in everything(store, audience)
    assert "甲" in everything(store, "leadership")
    assert everything(store, "public") == "[]"
    headers = query("task_events", snapshot=current(store), audience="auditor").to_pylist()
    assert [row["event"] for row in headers] == ["open", "open", "sign", "reply"]
    assert all(row["text"] is None and row["actor"] for row in headers)


def test_an_owner_that_the_plan_does_not_list_is_refused(open_task):
    with pytest.raises(StoreError) as refused:
        open_task(owner="U99")
    assert "data_bureau" in str(refused.value.values["known"])


def test_offices_of_a_target_are_an_entry_and_no_edit_of_the_plan(
    store: Store, plan: Plan, open_task
):
    tasks.set_offices(store, plan, PLANNER, "ai_hq_datasets", "data_bureau", ("industry",))

    assert Plan.load(plan.folder).sha256 == plan.sha256
    (row,) = query("targets_progress", snapshot=current(store), target_id="ai_hq_datasets"
                   ).to_pylist()  # fmt: skip
    assert row["lead_office_zh"].startswith("市数据局")
    assert row["supporting_offices_en"].startswith("Municipal Bureau of Industry")
    with pytest.raises(NotForAudience):
        tasks.set_offices(store, plan, U3, "ai_hq_datasets", "data_bureau", ())


def test_the_audit_trail_has_each_entry(store: Store, plan: Plan, open_task):
    from oneninex.core import audit_log, settings

    do(store, plan, open_task(), "sign")
    found = audit_log.read(settings.audit_folder(store.root)).entries
    assert [(e["what"], e["entry"]) for e in found if e["event"] == "case"] == [
        ("open", 1),
        ("sign", 2),
    ]


def test_commands(store: Store, open_task, capsys):
    open_task(subject="先前")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["--store", str(store.root), "task", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, _ = run("open", "加快建设", "--owner", "data_bureau", "--days", "3", "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert set(row) == {"id", "subject", "ref", "owner", "opened_on", "due_on", "state",
                        "overdue_days", "condition_met", "events"}  # fmt: skip
    name = row["id"]
    assert run("sign", name)[0] == 0
    assert run("sign", name)[0] == 64
    assert run("extend", name)[0] == 64
    assert run("reply", name, "--text", "办结")[0] == 0
    assert run("return", name, "--reason", "请补材料")[0] == 0
    assert run("reply", name, "--text", "已补")[0] == 0
    assert run("accept", name)[0] == 0
    assert run("close", name, "--reason", "x")[0] == 64
    assert run("accept", "D1999-001")[0] == 64
    assert json.loads(run("list", "--state", "closed", "--json")[1])[0]["id"] == name
    assert run("list", "--state", "nonsense")[0] == 64
    assert json.loads(run("list", "--audience", "unit:U4", "--json")[1]) == []
    code, _, err = run("accept", name, "--audience", "unit:U4")
    assert code == 64
    assert name in err


def test_only_the_planner_sees_everything():
    assert domain.may(Audience.parse("planner"), "open", None)
    assert not domain.may(Audience.parse("unit:U3"), "open", None)
