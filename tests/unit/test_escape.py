"""Text from outside cannot act in a spreadsheet, Markdown, HTML or a terminal."""

from __future__ import annotations

import csv
import io
import re

import pyarrow as pa
import pytest

from oneninex.cli import render
from oneninex.core import escape
from oneninex.core.settings import ROOT
from oneninex.ui.tables import csv_bytes

SIGNS = "=+-@|%＝＋－＠｜％"
BEFORE = ["", " ", "\t", "\n", "\r", "\r\n", "\u3000", "\u00a0", "\ufeff", "\u200b", "\x00 "]
RUN = [f"{before}{sign}cmd" for sign in SIGNS for before in BEFORE]
STAY = ["", " ", "淮安", "a=b", "2026-10-01", "1%", "—", "'=1", "（保密）", "#N/A", "http://a"]
HIDDEN = ["\x00", "\x1b", "\r", "\x7f", "\x9b", "\u061c", "\u200e", "\u200f", "\u2028", "\u202e",
          "\u2066", "\u2069", "\ud800"]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_a_formula_becomes_text(text: str):
    assert escape.formula(text) == f"'{text}"
    assert escape.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", STAY)
def test_other_text_stays(text: str):
    assert escape.formula(text) == text


@pytest.mark.parametrize("value", [-1, -1.5, 0, None, True])
def test_numbers_stay_numbers(value: object):
    assert escape.cell(value) is value


@pytest.mark.parametrize("write", ["command", "page"])
def test_every_csv_writer_escapes_cells_and_titles(write: str):
    table = pa.table({"=title": RUN})
    written = csv_bytes(table).decode("utf-8-sig") if write == "page" else (
        render.to_csv(table.to_pylist())
    )  # fmt: skip
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert [cell for (cell,) in rows] == [f"'{text}" for text in ["=title", *RUN]]


@pytest.mark.parametrize("sign", list("\\`*_{}[]()#+-.!~$:|<>"))
def test_markdown_shows_each_sign(sign: str):
    assert escape.markdown(f"a{sign}b") == f"a\\{sign}b"


def test_markdown_stays_one_paragraph():
    assert escape.markdown("a\n\n# b") == "a  \\# b"


def test_html_holds_no_markup():
    assert escape.html("<a href='x'>\"&\u202e") == "&lt;a href=&#x27;x&#x27;&gt;&quot;&amp;\\u202e"


@pytest.mark.parametrize("sign", HIDDEN)
def test_a_terminal_gets_no_control_character(sign: str):
    written = escape.terminal(f"a{sign}b")
    assert sign not in written
    assert written.isascii()
    assert written.startswith("a\\")


def test_a_terminal_keeps_lines_and_tabs():
    assert escape.terminal("淮安\t1\n2") == "淮安\t1\n2"


COPY = re.compile(
    r"from html import|^import html\b|_FORMULA = \(|startswith\(\(?[\"']=|"
    r"\\u202a-|r\"\(\[\\\\`|[\"']\\\\`\*_",
    re.MULTILINE,
)


def test_there_is_no_other_guard():
    modules = [*(ROOT / "oneninex").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    own = ROOT / "oneninex" / "core" / "escape.py"
    found = [p.name for p in modules if p != own and COPY.search(p.read_text(encoding="utf-8"))]
    assert found == []
    assert COPY.search(own.read_text(encoding="utf-8"))
