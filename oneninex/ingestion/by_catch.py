"""Files that a system leaves next to a sender's own: passed over, never refused."""

from __future__ import annotations

import re
from pathlib import PurePath

_NAMES = frozenset(
    [
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        ".ds_store",
        ".localized",
        "icon\r",
        "folder.htt",
        "albumartsmall.jpg",
    ]
)
_PATTERNS = re.compile(r"~\$.*|\._.*|\.~.*#?|.*\.(tmp|lnk|crdownload|part)", re.IGNORECASE)
_FOLDERS = frozenset(("__macosx", "$recycle.bin", "system volume information", ".git"))


def is_by_catch(name: str) -> bool:
    """Whether a file was made by a system or an open program: ~$日报.xlsx, Thumbs.db."""
    path = PurePath(name.replace("\\", "/"))
    last = path.name
    if any(part.lower() in _FOLDERS for part in path.parts[:-1]):
        return True
    return last.lower() in _NAMES or bool(_PATTERNS.fullmatch(last))
