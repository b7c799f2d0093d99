"""`audit` and `retain`, and what other commands leave in the audit trail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oneninex.cli import main
from oneninex.core import audit_log
from tests.ingestion.helpers import daily, write_csv


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Path:
    """A store of two snapshots."""
    monkeypatch.setenv("ONENINEX_LANG", "zh")
    for number in ("1", "2"):
        path = write_csv(tmp_path / f"{number}.csv", daily(items=f"{number}30"))
        assert main(["--store", str(tmp_path / "store"), "import", str(path)]) == 0
    capsys.readouterr()
    return tmp_path / "store"


def told(store: Path, capsys, *more: str) -> list[dict]:
    assert main(["--store", str(store), "audit", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_commands_did_is_listed(filled: Path, tmp_path: Path, capsys) -> None:
    out = str(tmp_path / "x.csv")
    of = ["--store", str(filled)]
    assert main([*of, "query", "enterprise_list", "--format", "csv", "--out", out]) == 0
    assert main([*of, "query", "quarantined", "--audience", "public"]) == 64
    capsys.readouterr()
    events = [entry["event"] for entry in told(filled, capsys)]
    assert events == ["import", "publish", "import", "publish", "download", "forbidden"]
    assert told(filled, capsys, "--to", "2020-01-01") == []
    assert len(told(filled, capsys, "--from", "2020-01-01", "--event", "publish")) == 2
    assert main([*of, "audit", "--event", "publish"]) == 0
    assert "发布" in capsys.readouterr().out


def test_a_changed_trail_is_an_exit_code(filled: Path, capsys) -> None:
    (path,) = audit_log.files(filled / "audit")
    path.write_text(path.read_text("utf-8").replace('"snapshot": 1', '"snapshot": 7'), "utf-8")
    assert main(["--store", str(filled), "audit"]) == 1
    assert "000001.jsonl:" in capsys.readouterr().err


def test_another_folder_for_processes_that_may_only_read_the_store(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv("ONENINEX_AUDIT", str(tmp_path / "trail"))
    assert main(["--store", str(filled), "query", "quarantined", "--audience", "public"]) == 64
    capsys.readouterr()
    assert [entry["event"] for entry in told(filled, capsys)] == ["forbidden"]


def test_retain_says_what_it_would_do_and_does_it(filled: Path, capsys) -> None:
    assert main(["--store", str(filled), "retain", "--dry-run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["why"] for one in said["kept"]] == ["recent", "current"]
    assert said["removed"] == []
    assert main(["--store", str(filled), "retain"]) == 0
    assert "保留 2 个" in capsys.readouterr().out


def test_doctor_looks_at_the_trail(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def said() -> str:
        main(["--store", str(filled), "--lang", "en", "doctor"])
        return capsys.readouterr().out

    assert "Audit trail" in said()
    monkeypatch.setattr("oneninex.cli.doctor._may_write", lambda _: False)
    assert "leave no trail" in said()
    monkeypatch.undo()
    (path,) = audit_log.files(filled / "audit")
    path.write_bytes(path.read_bytes().replace(b"local user", b"nobody"))
    assert "find out who touched them" in said()


def test_a_cut_end_is_found_from_a_fingerprint_that_was_kept(filled: Path, capsys) -> None:
    of = ["--store", str(filled), "--lang", "en", "audit"]
    assert main([*of, "--head"]) == 0
    head = capsys.readouterr().out.strip()
    assert main([*of, "--holds", head]) == 0
    (path,) = audit_log.files(filled / "audit")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    capsys.readouterr()
    assert main([*of]) == 0
    assert main([*of, "--holds", head]) == 1
    assert "cut off" in capsys.readouterr().err
