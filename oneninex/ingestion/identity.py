"""Workers' names and numbers as pseudonyms: a keyed hash, so that nobody can guess them back.

The key never lies in the store: whoever holds the store alone cannot tell who did what.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

VARIABLE = "ONENINEX_KEY"
_LENGTH = 32


def key_path() -> Path:
    """Where the key is kept when the environment gives none."""
    return Path.home() / ".config" / "oneninex" / "pseudonym.key"


def load_key() -> bytes:
    """The key from ONENINEX_KEY or the key file, which is made (0600) on first use.

    Raises OSError or RuntimeError (no home folder) where the file can be neither read nor made.
    """
    if given := os.environ.get(VARIABLE):
        return given.encode("utf-8", "surrogateescape")
    path = key_path()
    if not path.exists():
        _make(path)
    return path.read_bytes()


def pseudonym(key: bytes, *parts: str) -> str:
    """A stable name (32 hexadecimal digits) for what `parts` identify, useless without the key."""
    message = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:_LENGTH]


def _make(path: Path) -> None:
    """Write a new key whole or not at all; whoever comes first in a race wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(_LENGTH).encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
