"""What a packed document is, told by its members before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

ODS = "ods"
XLSX = "xlsx"
XLSB = "xlsb"
BACKSLASHES = "backslashes"  # a workbook whose members are named xl\workbook.xml

_MIMETYPE = "mimetype"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_LONGEST = 200  # bytes of a MIME type


def container_of(path: Path) -> str | None:
    """The document that a ZIP is: a workbook, ods, ofd, numbers, word, slides or another.

    None for a ZIP of files; raises zipfile.BadZipFile for what is none.
    """
    with zipfile.ZipFile(path) as package:
        written = package.namelist()
        names = {name.replace("\\", "/").lower() for name in written}
        folders = {name.partition("/")[0] for name in names if "/" in name}
        if "xl/workbook.xml" in names:
            return XLSX if "xl/workbook.xml" in {name.lower() for name in written} else BACKSLASHES
        if "xl/workbook.bin" in names:
            return XLSB
        if _MIMETYPE in names and "content.xml" in names:
            return ODS if _is_spreadsheet(package) else "opendocument"
        if "ofd.xml" in names:
            return "ofd"
        if any(name.endswith(".iwa") for name in names) or "index.zip" in names:
            return "numbers"
        if "word" in folders:
            return "word"
        if "ppt" in folders:
            return "slides"
        if "xl" in folders or "[content_types].xml" in names:
            return "office"
    return None


def _is_spreadsheet(package: zipfile.ZipFile) -> bool:
    """Whether the MIME type is a spreadsheet's (or a template's of one)."""
    name = next(n for n in package.namelist() if n.lower() == _MIMETYPE)
    with package.open(name) as file:
        return file.read(_LONGEST).strip().startswith(_SPREADSHEET)


def with_slashes(path: Path, target: Path) -> Path:
    """A copy of a package with slashes in its members' names, as Excel reads them."""
    with (
        zipfile.ZipFile(path) as package,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for entry in package.infolist():
            with package.open(entry) as source, out.open(_name(entry.filename), "w") as copy:
                while chunk := source.read(1 << 20):
                    copy.write(chunk)
    return target


def _name(name: str) -> str:
    return name.replace("\\", "/")
