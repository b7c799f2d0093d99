"""What queries, documents and commands give, as readable lines."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow as pa
import pypdf

from tests.golden.reference import digest, scrubbed

_GIST = 60


def table_line(table: pa.Table) -> str:
    """Rows of a table, and a short hash for each column."""
    columns = (f"{name}={digest(table[name].to_pylist())[:5]}" for name in table.column_names)
    return f"{table.num_rows} rows: {' '.join(columns)} #{digest(table.to_pylist())}"


def document(content: bytes, format: str) -> list[str]:
    """The texts and numbers of a document: in full for Word, a line for each part otherwise."""
    if format == "docx":
        return [line for _, lines in _office(content, "word/document") for line in lines]
    if format == "pptx":
        return _parts(_office(content, "ppt/slides/slide", "ppt/charts/chart"))
    return _parts(_sheets(content) if format == "xlsx" else _leaves(content))


def _parts(parts: Iterator[tuple[str, list[str]]]) -> list[str]:
    return [
        f"{name} · {len(lines)} lines · {scrubbed(' '.join(lines))[:_GIST]} #{digest(lines)}"
        for name, lines in parts
    ]


def _office(content: bytes, *begins: str) -> Iterator[tuple[str, list[str]]]:
    """Paragraphs and chart values of each XML part whose name begins so, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wanted = [name for name in archive.namelist() if name.startswith(begins)]
        for name in sorted(wanted, key=_natural):
            if name.endswith(".xml"):
                yield name, _paragraphs(ElementTree.fromstring(archive.read(name)))


def _paragraphs(root: ElementTree.Element) -> list[str]:
    found = []
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "p":
            found.append("".join(t.text or "" for t in node.iter() if t.tag.endswith("}t")))
        elif tag == "v":
            found.append(node.text or "")
    return [line for line in found if line.strip()]


def _sheets(content: bytes) -> Iterator[tuple[str, list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        yield f"sheet {sheet.title}", [repr(row) for row in rows if any(v is not None for v in row)]


def _leaves(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """The words of each page without white space: where a line breaks depends on fingerprints."""
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(content)).pages, 1):
        words = scrubbed(" ".join(page.extract_text().splitlines()))
        yield f"page {number}", ["".join(words.split())]


def json_lines(value: Any, name: str = "") -> list[str]:
    """A JSON document by its parts: each key, long lists by length and hash."""
    if isinstance(value, dict):
        parts = ((key, item) for key, item in value.items() if key != "bytes")
        return [line for key, item in parts for line in json_lines(item, f"{name}.{key}")]
    if isinstance(value, list):
        kinds = sorted({key for item in value if isinstance(item, dict) for key in item})
        return [f"{name}[{len(value)}] {', '.join(kinds)} #{digest(value)}"]
    return [f"{name} = {value!r}"]


def _natural(name: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
