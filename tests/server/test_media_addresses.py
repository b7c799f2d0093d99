"""A download's address follows from nothing that a reader knows, and differs for each session."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime import memory_media_file_storage as storage
from streamlit.runtime.media_file_storage import MediaFileKind

from oneninex.server.streamlit_patches import media_addresses


def address(kept: storage.MemoryMediaFileStorage) -> str:
    return kept.load_and_get_id(b"a,b\n1,2\n", "text/csv", MediaFileKind.DOWNLOADABLE, "a.csv")


def test_addresses_are_keyed_and_of_one_session(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = storage._calculate_file_id
    monkeypatch.setattr(storage, "_calculate_file_id", plain)
    kept = storage.MemoryMediaFileStorage("/media")
    known = address(kept)
    assert known == plain(b"a,b\n1,2\n", "text/csv", "a.csv")
    media_addresses.apply()
    media_addresses.apply()
    found = []
    for session in ("anna", "bert", "anna"):
        context = SimpleNamespace(session_id=session)
        monkeypatch.setattr(
            media_addresses, "get_script_run_ctx", lambda context=context, **_: context
        )
        found.append(address(kept))
    assert found[0] == found[2] != found[1]
    assert known not in found
    assert kept.get_file(f"{found[0]}.csv").content == b"a,b\n1,2\n"
    again = media_addresses.keyed(plain, b"another process")
    assert again(b"a,b\n1,2\n", "text/csv", "a.csv") not in found
