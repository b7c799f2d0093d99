"""A page goes to its browser in few bundles, and its end never waits."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

import serve
from oneninex.core.settings import ROOT
from serve import Bundles


def delta(path: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = str(path)
    message.metadata.delta_path[:] = [0, path]
    return message


def begun() -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.main_script_path = "app.py"
    return message


def ended() -> ForwardMsg:
    return ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


def kinds(messages: list[ForwardMsg]) -> list[str | None]:
    return [message.WhichOneof("type") for message in messages]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows when Streamlit is told to look at the queue once more."""
    found: list[bool] = []

    class Runtime:
        def _enqueued_some_message(self) -> None:
            found.append(True)

    monkeypatch.setattr(serve.runtime, "get_instance", Runtime)
    return found


def looped(work: Callable[[], Any]) -> Any:
    """What `work` gives on an event loop."""

    async def run() -> Any:
        return work()

    return asyncio.run(run())


@pytest.mark.parametrize("message", [begun(), ended()])
def test_the_beginning_and_the_end_of_a_run_take_all_with_them(message: ForwardMsg):
    queue = Bundles()
    queue.enqueue(delta(1))
    assert looped(queue.flush) == []
    assert not queue.is_empty()

    queue.enqueue(message)

    assert kinds(looped(queue.flush)) == ["delta", message.WhichOneof("type")]
    assert queue.is_empty()


def test_what_waits_is_asked_for_when_its_time_has_come(
    woken: list[bool], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(serve, "HOLD", 0.02)

    async def run() -> None:
        queue = Bundles()
        queue.enqueue(delta(1))
        queue.enqueue(delta(2))
        for _ in range(3):
            assert queue.flush() == []
        await asyncio.sleep(0.05)
        assert woken == [True]
        assert kinds(queue.flush()) == ["delta", "delta"]
        queue.enqueue(delta(3))
        assert queue.flush() == []
        await asyncio.sleep(0.05)
        assert woken == [True, True]
        assert kinds(queue.flush()) == ["delta"]

    asyncio.run(run())


def test_a_run_that_was_cut_off_leaves_nothing_behind(woken: list[bool]):
    async def run() -> None:
        queue = Bundles()
        queue.enqueue(delta(1))
        assert queue.flush() == []
        queue.clear(retain_lifecycle_msgs=True)
        assert queue.flush() == []
        queue.enqueue(delta(2))
        assert queue.flush() == []
        queue.enqueue(ended())
        assert kinds(queue.flush()) == ["delta", "script_finished"]

    asyncio.run(run())


def test_sessions_of_the_server_have_such_a_queue() -> None:
    # The name is not public: where a new version calls it otherwise, this says so.
    assert "= ForwardMsgQueue()" in inspect.getsource(AppSession.__init__)
    told = (
        "import serve; from streamlit.runtime import app_session; serve.send_in_few_bundles(); "
        "print(app_session.ForwardMsgQueue is serve.Bundles)"
    )
    line = [sys.executable, "-c", told]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "True"
