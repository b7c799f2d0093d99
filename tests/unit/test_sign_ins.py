"""A sign-in ends when its reader does nothing, in every tab, and the trail says who was here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oneninex.core import audit_log, sign_ins
from oneninex.core.sign_ins import SignIns
from oneninex.domain.plan import Plan
from oneninex.ui import session


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(session, "sign_ins", SignIns(made))
    return made


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Somebody who has signed in, as the server's cookie says."""
    given: dict[str, Any] = {"sub": "7", "roles": ["leadership"], "iat": 1, "exp": 9_999_999_999}

    class User:
        is_logged_in = True

        def to_dict(self) -> dict[str, Any]:
            return given

    monkeypatch.setattr(session, "sign_in_configured", lambda: True)
    monkeypatch.setattr(session.st, "user", User())
    return given


def test_who_does_nothing_for_half_an_hour_is_signed_out_for_good(clock, claims, plan) -> None:
    minutes = plan.config.sign_in.idle_minutes
    assert str(session.reader()) == "leadership"
    clock.now += minutes * 60
    assert str(session.reader()) == "leadership"
    clock.now += minutes * 60 + 1
    assert session.reader() == "idle"
    clock.now += 1
    assert session.reader() == "idle", "asking again is no way back"
    claims["iat"] = 2
    assert str(session.reader()) == "leadership", "signing in again is"


def test_another_tab_is_the_same_sign_in(clock, claims) -> None:
    assert [session.reader() and session.is_new() for _ in range(3)] == [True, False, False]
    claims["iat"] = 2
    assert session.reader()
    assert session.is_new()


def test_the_plan_says_how_long(plan: Plan) -> None:
    assert plan.config.sign_in.idle_minutes == 30


def test_memory_does_not_grow_with_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_ins, "_MOST", 3)
    seen = SignIns(Clock())
    assert [seen.note(str(number), 60) for number in range(5)] == ["new"] * 5
    assert seen.note("4", 60) == "known"
    assert seen.note("0", 60) == "new"


def test_signing_in_and_out_are_events_of_the_trail() -> None:
    assert {"sign_in", "sign_out"} <= set(audit_log.EVENTS)


def test_a_trail_that_was_cut_off_no_longer_holds_its_head(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    assert audit_log.head(folder) == ""
    heads = []
    for number in range(3):
        assert audit_log.record(folder, "publish", audit_log.Actor(), snapshot=number)
        heads.append(audit_log.head(folder))
    assert len(set(heads)) == 3
    assert all(audit_log.holds(folder, head) for head in heads)
    (path,) = audit_log.files(folder)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    assert audit_log.read(folder).broken == [], "the chain alone does not tell"
    assert [audit_log.holds(folder, head) for head in heads] == [True, True, False]
