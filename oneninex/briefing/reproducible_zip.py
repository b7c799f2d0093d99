"""Office files with the same bytes each time: fixed times in the archive and in its properties."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENTS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def settled(content: bytes, moment: datetime) -> bytes:
    """The archive with every time set to `moment`, workbooks inside charts too."""
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            part = given.read(name)
            if name.endswith("docProps/core.xml"):
                part = _MOMENTS.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            elif name.endswith(".xlsx"):
                part = settled(part, moment)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, part)
    return out.getvalue()
