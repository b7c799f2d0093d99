"""Addresses of downloads that nobody can work out: keyed with a secret and the session.

Streamlit names a file by a hash of its content, so whoever knows or guesses the content knows
its address, and one person's address is everybody's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from streamlit.runtime import memory_media_file_storage as storage
from streamlit.runtime.scriptrunner import get_script_run_ctx

_ID = Callable[..., str]


def apply() -> None:
    """Key the addresses of all files that are added from now on."""
    if not hasattr(storage._calculate_file_id, "plain"):
        storage._calculate_file_id = keyed(storage._calculate_file_id, secrets.token_bytes(32))


def keyed(plain: _ID, key: bytes) -> _ID:
    """Return a function that names a file for one session; the same file again, the same name."""

    def file_id(data: bytes, mimetype: str, filename: str | None = None) -> str:
        context = get_script_run_ctx(suppress_warning=True)
        session = context.session_id if context else ""
        words = f"{session}\0{plain(data, mimetype, filename)}".encode()
        return hmac.new(key, words, hashlib.sha256).hexdigest()[:56]

    file_id.plain = plain
    return file_id
