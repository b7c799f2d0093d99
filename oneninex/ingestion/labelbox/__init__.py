"""Labelbox: export v2 (one data row on a line, or as a list) and the older v1 JSON.

An answer to compare is the choice in a radio or check list at the top of a label, under the
question's name; drawings, texts and nested questions are none. Addresses of files and the tokens
in them are never taken.
"""

from __future__ import annotations

from pathlib import Path

from oneninex.ingestion.batch import Options
from oneninex.ingestion.labelbox import export_v1, export_v2
from oneninex.ingestion.platform.model import Export
from oneninex.ingestion.records import shape

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "labelbox"


def recognises(head: bytes, path: Path) -> bool:
    """Whether the first record is a data row with projects, or a label of v1."""
    found = shape.names(head, path)
    return export_v2.fits(found) or export_v1.fits(found)


def open_export(path: Path, options: Options) -> Export:
    """The export; raises Refused where the file as a whole cannot be read."""
    del options
    with path.open("rb") as file:
        head = file.read(1 << 16)
    found = shape.names(head, path)
    return export_v1.open_file(path) if export_v1.fits(found) else export_v2.open_file(path)
