"""Every file of the demo as an upload, in the order in which the files came in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.recompute import files, platform_export
from tests.recompute.exact import Row
from tests.recompute.returned import Upload

# A file with one bad row, and what its cover list would say; it has none.
BROKEN = "faulty/rejected_is_not_the_rest.csv"
BROKEN_LINE = {"received_on": "2026-11-16", "reason": ""}
EXPORT = "label_studio_"


def read_all(folder: Path) -> dict[str, Upload]:
    """The uploads by file, oldest first: the ordinary returns, then the corrected and the broken.

    The two publications number their files anew.
    """
    lines = cover(folder)
    first = {name: read_one(folder / name, line) for name, line in lines.items()}
    later = cover(folder / "revised", "revised/") | {BROKEN: BROKEN_LINE}
    second = {name: read_one(folder / name, line) for name, line in later.items()}
    return _numbered(first, 1) | _numbered(second, 2)


def cover(folder: Path, prefix: str = "") -> dict[str, Row]:
    """The lines of a folder's cover list in order of receipt."""
    lines = files.transmittal(folder)
    order = sorted(lines, key=lambda name: (lines[name]["received_on"], name))
    return {prefix + name: lines[name] for name in order}


def read_one(path: Path, line: Row) -> Upload:
    """A file with what its cover list says of it."""
    rows, broken = _rows(path, line)
    return Upload(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        received_on=date.fromisoformat(line["received_on"]),
        reason=line["reason"],
        rows=rows,
        broken=broken,
    )


def _rows(path: Path, line: Row) -> tuple[dict[str, list[Row]], list[Row]]:
    if path.name.startswith(EXPORT):
        work, aside = platform_export.read(path, line)
        agreed = platform_export.agreement(path, line)
        items = platform_export.items(path, line)
        kinds = {"labeling_daily": work, "work_set_aside": aside, "agreement": agreed}
        return {**kinds, "work_items": items}, []
    kind = files.kind_of(path)
    rows = files.read(path, kind)
    broken = [row for row in rows if kind == "labeling_daily" and not _adds_up(row)]
    return {kind: [row for row in rows if row not in broken]}, broken


def _adds_up(row: Row) -> bool:
    return row["reviewed"] - row["accepted"] == row["rejected"]


def _numbered(found: dict[str, Upload], publication: int) -> dict[str, Upload]:
    return {
        name: replace(upload, upload_id=f"{publication:06d}-{place:04d}")
        for place, (name, upload) in enumerate(found.items())
    }
