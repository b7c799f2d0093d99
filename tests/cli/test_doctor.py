"""`doctor` names each thing that is wrong, and nothing where all is well."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from oneninex.cli import doctor, main
from oneninex.ingestion import identity
from oneninex.store import Store
from oneninex.store.manifest import Manifest
from tests.store.conftest import ENTERPRISE

RETURN = f"""date,unit_id,enterprise_id,project_id,modality,items,reviewed,accepted,\
accepted_first_pass,rejected,annotators
2026-03-01,U1,{ENTERPRISE},P1,text,5,4,3,2,1,1
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder, file = tmp_path / "store", tmp_path / "march.csv"
    file.write_text(RETURN)
    assert main(["--store", str(folder), "import", str(file)]) == 0
    return folder


def ask(capsys: pytest.CaptureFixture[str], store: Path, *more: str) -> tuple[int, dict[str, str]]:
    """The exit code, and for each thing that is no good its message."""
    capsys.readouterr()
    code = main(["--store", str(store), "--lang", "en", *more, "doctor", "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert {row["state"] for row in rows} <= {"good", "note", "fault"}
    return code, {row["about"]: row["message"] for row in rows if row["state"] == "fault"}


def test_a_sound_store_has_no_fault(store, capsys):
    assert ask(capsys, store) == (0, {})


def test_an_empty_store_is_no_fault(tmp_path, capsys):
    assert ask(capsys, tmp_path / "none") == (0, {})
    assert not (tmp_path / "none").exists()


def test_a_damaged_file_is_named(store, capsys):
    (file,) = (store / "facts" / "labeling_daily").rglob("*.parquet")
    file.write_bytes(b"no parquet")
    code, faults = ask(capsys, store)
    assert code == 1
    assert file.name in faults["Store"]


def test_a_damaged_pointer_is_a_fault(store, capsys):
    (store / "CURRENT").write_text("99\n")
    code, faults = ask(capsys, store)
    assert (code, list(faults)) == (1, ["Store"])


def test_a_clock_that_is_behind(store, capsys, monkeypatch):
    newest = Store(store).current()
    assert newest

    class Past(doctor.datetime):
        @classmethod
        def now(cls, tz=None):
            return newest.created_at - timedelta(days=400)

    monkeypatch.setattr(doctor, "datetime", Past)
    code, faults = ask(capsys, store)
    assert (code, list(faults)) == (1, ["Clock"])
    assert isinstance(newest.manifest, Manifest)


def test_little_room(store, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    code, faults = ask(capsys, store)
    assert (code, list(faults)) == (1, ["Disk space"])


def test_a_key_that_others_can_read(store, capsys, monkeypatch, tmp_path):
    monkeypatch.delenv(identity.VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    identity.load_key()
    assert ask(capsys, store) == (0, {})
    identity.key_path().chmod(0o644)
    code, faults = ask(capsys, store)
    assert (code, list(faults)) == (1, ["Key of the pseudonyms"])
    assert "chmod 600" in faults["Key of the pseudonyms"]


def test_a_plan_that_cannot_be_read(store, capsys, tmp_path):
    code, faults = ask(capsys, store, "--plan", str(tmp_path / "no plan"))
    assert (code, list(faults)) == (1, ["Plan files"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_speaks_both_languages(store, capsys, lang):
    capsys.readouterr()
    assert main(["--store", str(store), "--lang", lang, "doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= len(doctor.LOOKS)
    assert all(line.startswith("【" if lang == "zh" else "[") for line in lines)
