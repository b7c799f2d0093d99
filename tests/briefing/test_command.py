"""The commands `briefing` and `notify`: files, exit codes, messages to a local receiver."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from oneninex import cli
from oneninex.store import Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: (exit code, standard output, standard error)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


class Receiver(HTTPServer):
    """A webhook on this machine; `answers` with what a messenger would say."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.answers: list[tuple[int, bytes]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?key=secret"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing in the output of the tests."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def test_one_document_goes_to_the_file_that_was_named(
    run: Run, store: Store, documents: dict[tuple[str, str], bytes], tmp_path: Path
) -> None:
    out = tmp_path / "b.xlsx"
    code, _, _ = run(
        "--store", store.root, "briefing", "--month", "2026-03", "--format", "xlsx",
        "--as-of", "1", "--out", out,
    )  # fmt: skip
    assert code == 0
    assert out.read_bytes() == documents["zh", "xlsx"]


def test_several_documents_are_told_apart_by_language_and_format(
    run: Run, store: Store, tmp_path: Path
) -> None:
    code, printed, _ = run(
        "--store", store.root, "briefing", "--month", "2026-03", "--format", "docx,xlsx",
        "--lang", "zh,en", "--out", tmp_path / "march", "--json",
    )  # fmt: skip
    assert code == 0
    names = {f"march-{lang}.{ending}" for lang in ("zh", "en") for ending in ("docx", "xlsx")}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert {Path(row["file"]).name for row in json.loads(printed)} == names


@pytest.mark.parametrize(
    "wrong",
    [
        ("--month", "2031-01"),
        ("--month", "March"),
        ("--month", "2026-03", "--format", "doc"),
        ("--month", "2026-03", "--lang", "fr"),
        ("--month", "2026-03", "--as-of", "99"),
        ("--month", "2026-03", "--audience", "nobody"),
    ],
)
def test_wrong_usage_is_said_with_64(run: Run, store: Store, tmp_path: Path, wrong: tuple) -> None:
    code, printed, complaint = run(
        "--store", store.root, "briefing", *wrong, "--out", tmp_path / "b.docx"
    )
    assert (code, printed) == (64, "")
    assert complaint
    assert "Traceback" not in complaint


def test_each_notice_is_sent_once(run: Run, copied: Store, receiver: Receiver) -> None:
    asked = ("--store", copied.root, "notify", "--url", receiver.url, "--json")
    code, printed, _ = run(*asked)
    assert code == 0
    events = [row["event"] for row in json.loads(printed)]
    assert {"briefing_ready", "return_overdue"} <= set(events)
    assert [body["event"] for body in receiver.bodies] == events
    first = receiver.bodies[0]
    assert (first["product"], first["demo"], first["snapshot"]) == ("OneNineX", True, 1)
    # March opens though one unit is silent: eight of nine have it whole.
    assert first["text"].startswith("2026年3月简报可以生成")
    assert "8/9个单元报送" in first["text"]

    code, printed, _ = run(*asked)
    assert (code, json.loads(printed), len(receiver.bodies)) == (0, [], len(events))


@pytest.mark.parametrize("shape", ["wecom", "dingtalk", "feishu"])
def test_messengers_get_the_shape_that_they_take(
    run: Run, copied: Store, receiver: Receiver, shape: str
) -> None:
    receiver.answers = [(200, b'{"errcode": 0, "code": 0}')]
    run("--store", copied.root, "notify", "--url", receiver.url, "--shape", shape)
    body = receiver.bodies[0]
    if shape == "feishu":
        assert body["msg_type"] == "text"
        words = body["content"]["text"]
    else:
        assert body["msgtype"] == "text"
        words = body["text"]["content"]
    assert words.startswith("OneNineX｜演示数据，均为虚构｜")


@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b'{"errcode": 310000, "errmsg": "keywords not in content"}')]
)
def test_what_was_not_taken_is_sent_again_and_no_key_is_printed(
    run: Run, copied: Store, receiver: Receiver, answer: tuple[int, bytes]
) -> None:
    receiver.answers = [(200, b"{}"), answer]
    asked = ("--store", copied.root, "notify", "--url", receiver.url, "--json")
    code, printed, complaint = run(*asked)
    rows = json.loads(printed)
    assert code == 1
    assert [row["sent"] for row in rows] == [True, *(False for _ in rows[1:])]
    assert "secret" not in complaint
    assert "没有送达" in complaint

    code, printed, _ = run(*asked)
    assert code == 0
    assert [row["key"] for row in json.loads(printed)] == [row["key"] for row in rows[1:]]


def test_a_dry_run_sends_and_remembers_nothing(run: Run, copied: Store) -> None:
    for _ in range(2):
        code, printed, _ = run("--store", copied.root, "notify", "--dry-run", "--json")
        assert code == 0
        assert {row["sent"] for row in json.loads(printed)} == {False}
    assert not (copied.root / "notified.json").exists()


def test_a_return_that_came_may_be_overdue_again(copied: Store) -> None:
    from oneninex.briefing import notifications
    from oneninex.core.settings import ROOT
    from oneninex.domain.plan import Plan

    snapshot = copied.current()
    assert snapshot
    plan = Plan.load(ROOT / "data" / "plan")
    told = {"return_overdue": ["U1 labeling_daily 2020-01"], "target_red": ["gone"]}
    kept = notifications.remember(told, notifications.due(snapshot, plan, "zh", {}), snapshot, "zh")
    assert "U1 labeling_daily 2020-01" not in kept["return_overdue"]
    assert kept["target_red"] == [
        each.key
        for each in notifications.due(snapshot, plan, "zh", {})
        if each.event == "target_red"
    ]
