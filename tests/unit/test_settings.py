from pathlib import Path

import pytest

from oneninex.core import settings

VARIABLES = ("ONENINEX_STORE", "ONENINEX_PLAN", "ONENINEX_LANG")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_defaults_lie_in_the_checkout_and_speak_chinese():
    assert settings.load() == settings.Settings(
        settings.ROOT / "data/store", settings.ROOT / "data/plan", "zh"
    )
    assert (settings.ROOT / "oneninex" / "core" / "settings.py").is_file()


def test_an_argument_beats_the_environment_and_that_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "env"))
    monkeypatch.setenv("ONENINEX_PLAN", str(tmp_path / "plan"))
    monkeypatch.setenv("ONENINEX_LANG", "en")
    assert settings.load() == settings.Settings(tmp_path / "env", tmp_path / "plan", "en")
    chosen = settings.load(store=tmp_path / "argument", lang="zh")
    assert (chosen.store, chosen.lang) == (tmp_path / "argument", "zh")


def test_a_relative_path_counts_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    assert settings.load(store="here").store == tmp_path / "here"


def test_a_language_without_a_catalogue_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_LANG", "fr")
    with pytest.raises(ValueError, match="fr"):
        settings.load()
