"""The cover list (报送清单) of a folder: when each file came in, and what an export belongs to."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NAME = "transmittal.csv"
COLUMNS = (
    "file",
    "received_on",
    "unit_id",
    "enterprise_id",
    "project_id",
    "modality",
    "reason",
)


@dataclass(frozen=True)
class Sent:
    """A file that was sent; the last fields only where the file itself does not tell."""

    path: Path
    received_on: date
    unit_id: str = ""
    enterprise_id: str = ""
    project_id: str = ""
    modality: str = ""
    reason: str = ""


def write(folder: Path, files: list[Sent]) -> Path:
    """Write the list for `files` into `folder`, in order of receipt."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for file in sorted(files, key=lambda f: (f.received_on, f.path.name)):
        stated = [getattr(file, name) for name in COLUMNS[2:]]
        writer.writerow([file.path.name, file.received_on.isoformat(), *stated])
    path = folder / NAME
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path
