"""The key of pseudonyms: made once, for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oneninex.ingestion import identity


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(identity.VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_key_is_made_once_and_only_its_owner_reads_it(home: Path) -> None:
    key = identity.load_key()
    assert len(key) >= 32
    assert identity.load_key() == key
    path = home / ".config" / "oneninex" / "pseudonym.key"
    assert path.read_bytes() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["pseudonym.key"]


def test_all_who_start_at_once_get_one_key(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: identity.load_key(), range(32)))) == 1


def test_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(identity.VARIABLE, "from outside")
    assert identity.load_key() == b"from outside"
    assert not (home / ".config").exists()


def test_a_pseudonym_is_stable_keyed_and_keeps_parts_apart() -> None:
    name = identity.pseudonym(b"key", "a", "b")
    assert name == identity.pseudonym(b"key", "a", "b")
    assert len(name) == 32
    assert name != identity.pseudonym(b"other", "a", "b")
    assert name != identity.pseudonym(b"key", "ab")
    assert identity.pseudonym(b"key", "\ud800")
