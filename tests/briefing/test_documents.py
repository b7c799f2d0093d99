"""The documents read back: layout, fonts, charts, marks, sizes, and the same bytes again."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Inches

from oneninex import briefing, store
from oneninex.briefing import Briefing
from oneninex.briefing import pdf as typeset
from oneninex.domain.plan import Plan
from oneninex.store import Snapshot, Store, StoreError
from tests.briefing.conftest import LANGS, MARCH, labeling, publish

Documents = dict[tuple[str, str], bytes]
TWO_MEGABYTES = 2_000_000


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("format", briefing.FORMATS)
def test_a_document_is_small_enough_to_mail(documents: Documents, lang: str, format: str) -> None:
    assert 10_000 < len(documents[lang, format]) < TWO_MEGABYTES


def test_docx_has_the_layout_of_the_standard(documents: Documents) -> None:
    word = Document(io.BytesIO(documents["zh", "docx"]))
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = [section.top_margin, section.left_margin, section.right_margin, section.bottom_margin]
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    assert word.settings.odd_and_even_pages_header_footer
    body = next(p for p in word.paragraphs if "验收合格标注条数" in p.text and len(p.text) > 60)
    line = body.paragraph_format.line_spacing.pt
    size = body.runs[0].font.size.pt
    closer = int(body.runs[0]._r.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert int(225 / 25.4 * 72 / line) == 22
    assert int(156 / 25.4 * 72 / (size + closer)) == 28
    assert body.paragraph_format.first_line_indent == Pt(32)


def test_docx_asks_for_the_offices_fonts_and_says_so(documents: Documents) -> None:
    word = Document(io.BytesIO(documents["zh", "docx"]))

    def face(start: str) -> tuple[str, float]:
        line = next(p for p in word.paragraphs if p.text.startswith(start))
        fonts = line.runs[0]._r.rPr.rFonts
        return fonts.get(qn("w:eastAsia")), line.runs[0].font.size.pt

    assert face("2026年3月全市") == ("方正小标宋简体", 22)
    assert face("一、") == ("黑体", 16)
    assert face("（一）") == ("楷体_GB2312", 16)
    assert face("2026年3月，全市") == ("仿宋_GB2312", 16)
    assert any("仿宋_GB2312" in p.text for p in word.paragraphs)
    for footer in (word.sections[0].footer, word.sections[0].even_page_footer):
        number = footer.paragraphs[0]
        assert "PAGE" in number._p.xml
        assert number.runs[0].font.size.pt == 14
        assert number.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    sides = [f.paragraphs[0].alignment for f in
             (word.sections[0].footer, word.sections[0].even_page_footer)]  # fmt: skip
    assert [side.name for side in sides] == ["RIGHT", "LEFT"]


@pytest.mark.parametrize("lang", LANGS)
def test_docx_holds_every_sentence_the_map_and_the_vintage(
    documents: Documents, content: dict[str, Briefing], lang: str
) -> None:
    word = Document(io.BytesIO(documents[lang, "docx"]))
    told = "\n".join(p.text for p in word.paragraphs)
    for section in content[lang].sections:
        for sentence in section.sentences:
            assert sentence.text in told
    assert content[lang].vintage.sha256 in told
    for header in (word.sections[0].header, word.sections[0].even_page_header):
        assert header.paragraphs[0].text == content[lang].words["demo"] != ""
    described = re.findall(r'descr="([^"]+)"', word.element.xml)
    assert len(described) == len(content[lang].charts) + 1
    assert any(content[lang].places[0].name in words for words in described)


@pytest.mark.parametrize("lang", LANGS)
def test_pptx_has_a_sentence_a_page_and_charts_equal_to_the_queries(
    documents: Documents, content: dict[str, Briefing], snapshot: Snapshot, lang: str
) -> None:
    show: Any = Presentation(io.BytesIO(documents[lang, "pptx"]))
    assert (show.slide_width, show.slide_height) == (Inches(13.333), Inches(7.5))
    charts = []
    for slide in show.slides:
        told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert slide.shapes.title.text_frame.text
        assert content[lang].words["demo"] in told
        for shape in slide.shapes:
            if shape.has_chart:
                plot = shape.chart.plots[0]
                values = [list(series.values) for series in plot.series]
                charts.append((tuple(plot.categories), values))
    output = store.query("city_by_month", snapshot=snapshot).to_pylist()[-13:]
    months = tuple(f"{row['month']:%Y-%m}" for row in output)
    assert (months, [[row["accepted"] for row in output]]) in charts
    rates = ("acceptance_rate", "first_pass_rate")
    assert (months, [[row[name] for row in output] for name in rates]) in charts
    units = store.query("unit_summary", snapshot=snapshot, to_month=MARCH).to_pylist()
    drawn = next(v for k, v in charts if set(k) == {row[f"name_{lang}"] for row in units})
    assert sorted(drawn[0], key=str) == sorted((row["accepted"] for row in units), key=str)
    assert None in drawn[0]
    goals = store.query("targets_progress", snapshot=snapshot, to_month=MARCH).to_pylist()
    shares = sorted(
        row["done_share"]
        for row in goals
        if row["time_share"] is not None and row["light"] != "none"
    )
    bars = [sorted(values[0], key=str) for _, values in charts if len(values) == 2]
    assert any(values == pytest.approx(sorted(shares, key=str)) for values in bars)


def test_pptx_shows_lights_offices_steps_and_a_native_map(
    documents: Documents, content: dict[str, Briefing]
) -> None:
    show: Any = Presentation(io.BytesIO(documents["zh", "pptx"]))
    tables = [shape.table for slide in show.slides for shape in slide.shapes if shape.has_table]
    heads = [cell.text for cell in tables[0].rows[0].cells]
    assert heads[-2:] == ["牵头单位", "下一步"]
    listed = [row.cells[1].text for table in tables for row in list(table.rows)[1:]]
    assert {row[1] for row in content["zh"].tables["targets"].rows} <= set(listed)
    freeforms = [s for slide in show.slides for s in slide.shapes if "Freeform" in s.name]
    assert len(freeforms) > 5
    named = [s.name for slide in show.slides for s in slide.shapes]
    assert {place.name for place in content["zh"].places} <= set(named)


@pytest.mark.parametrize("lang", LANGS)
def test_xlsx_has_every_figure_with_definition_coverage_and_snapshot(
    documents: Documents, content: dict[str, Briefing], snapshot: Snapshot, lang: str
) -> None:
    book: Any = load_workbook(io.BytesIO(documents[lang, "xlsx"]))
    sheet = book.worksheets[1]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    city = store.query("comparable_indicators", snapshot=snapshot, to_month=MARCH).to_pylist()
    for row, shown in zip(city, rows, strict=False):
        assert shown[0] == row[f"name_{lang}"]
        assert shown[3] == pytest.approx(row["value"]) if row["value"] is not None else not shown[3]
        assert shown[9] == row[f"definition_{lang}"]
        assert shown[12] == snapshot.id
    assert rows[0][7]
    assert sum(len(each._charts) for each in book.worksheets) == len(content[lang].charts)
    assert sum(len(each._images) for each in book.worksheets) == 1
    for each in book.worksheets:
        cells = [cell for line in each.iter_rows() for cell in line]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert content[lang].words["demo"] in [cell.value for cell in cells]


def test_text_cannot_run_as_a_formula(content: dict[str, Briefing]) -> None:
    from dataclasses import replace

    table = content["zh"].tables["units"]
    evil = replace(table, rows=(("=cmd|' /C calc'!A0", *table.rows[0][1:]),))
    book: Any = load_workbook(
        io.BytesIO(briefing.render(replace(content["zh"], tables={"units": evil}), "xlsx"))
    )
    cell = book["单元"]["A5"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("lang", LANGS)
def test_pdf_is_tagged_with_its_fonts_in_it(
    documents: Documents, content: dict[str, Briefing], lang: str
) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(documents[lang, "pdf"]))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(lang)
    made = content[lang]
    page: Any
    for page in pdf.pages:
        told = page.extract_text().replace("\n", "")
        assert made.words["demo"].replace(" ", "") in told.replace(" ", "")
        assert made.vintage.sha256[:12] in told.replace(" ", "")
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object().get("/DescendantFonts", [font])
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    box = pdf.pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (210, 297)


def test_without_a_chinese_font_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "_families", lambda folder: frozenset({"DejaVu Sans"}))
    with pytest.raises(StoreError, match=r"briefing\.no_font"):
        typeset.fonts()


@pytest.mark.parametrize("format", briefing.FORMATS)
def test_the_same_content_gives_the_same_bytes(
    documents: Documents, content: dict[str, Briefing], format: str
) -> None:
    again = briefing.render(content["zh"], format)
    assert again == documents["zh", format]
    if format == "pdf":
        return
    moment = content["zh"].vintage.created_at.year
    for archive in _archives(again):
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r">(\d{4})-\d\d-\d\dT", core)) == {str(moment)}


def _archives(content: bytes) -> list[zipfile.ZipFile]:
    """The document and the workbooks inside its charts."""
    outer = zipfile.ZipFile(io.BytesIO(content))
    inner = [name for name in outer.namelist() if name.endswith(".xlsx")]
    return [outer, *(zipfile.ZipFile(io.BytesIO(outer.read(name))) for name in inner)]


def test_an_old_briefing_comes_out_again_after_a_later_import(
    copied: Store, plan: Plan, documents: Documents
) -> None:
    late = list(labeling(["U9"], [date(2026, 3, 1)], more=5000))
    publish(copied, {"labeling_daily": late}, date(2026, 4, 20))
    formats = ("docx", "xlsx")

    def made(as_of: str | None) -> dict[tuple[str, str], bytes]:
        snapshot = copied.resolve(as_of, plan.config.timezone)
        return briefing.documents(snapshot, MARCH, langs=["zh"], formats=formats, plan=plan)

    assert made("1") == {("zh", format): documents["zh", format] for format in formats}
    assert made(None)["zh", "docx"] != documents["zh", "docx"]


def test_progress_is_told_to_the_end(snapshot: Snapshot, plan: Plan) -> None:
    heard: list[tuple[str, int, int]] = []
    briefing.documents(
        snapshot, MARCH, langs=["en"], formats=["xlsx"], plan=plan,
        progress=lambda *step: heard.append(step),
    )  # fmt: skip
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)
    assert heard[-1][1] == heard[-1][2] == 2


def test_libreoffice_opens_the_office_documents(documents: Documents, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed: the office documents were not opened")
    files = []
    for format in ("docx", "pptx", "xlsx"):
        files.append(tmp_path / f"b.{format}")
        (tmp_path / f"b.{format}").write_bytes(documents["zh", format])
    for path in files:
        out = tmp_path / path.suffix[1:]
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        line = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", out, path]
        subprocess.run(line, check=True, capture_output=True, timeout=120)
        pages = pypdf.PdfReader(out / "b.pdf").pages
        assert "演示数据" in pages[0].extract_text()
        assert len(pages) > 5
