"""What kind of file it is: documents in ZIPs, old workbooks, encodings, by-catch, delimiters."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oneninex.ingestion import archive, by_catch, plausible_encoding
from oneninex.ingestion.batch import Options
from oneninex.services import import_request
from tests.ingestion.helpers import csv_text, daily, found, plan, write_csv, write_xlsx

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def cell(value: object, kind: str = "", more: str = "") -> str:
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, date):
        held = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        held = f'office:value-type="{kind or "float"}" office:value="{value}"'
    else:
        held = 'office:value-type="string"'
    return f"<table:table-cell {held} {more}><text:p>{value}</text:p></table:table-cell>"


def ods(path: Path, rows: list[str], mimetype: str = ODS_TYPE) -> Path:
    """An OpenDocument spreadsheet with these rows of XML."""
    body = "".join(
        row if "<table:table-row" in row else f"<table:table-row>{row}</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}><office:body>'
        f'<office:spreadsheet><table:table table:name="Sheet1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", mimetype)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def ods_rows(rows, **looks: str) -> list[str]:
    lines = ["".join(cell(name) for name in rows[0])]
    for row in rows:
        cells = []
        for name, value in row.items():
            held: object = float(value) if value.replace(".", "").isdigit() else value
            held = date.fromisoformat(value) if name == "date" else held
            cells.append(cell(held, looks.get(name, "")))
        lines.append("".join(cells))
    return lines


def test_an_opendocument_spreadsheet_is_read(read, tmp_path):
    for name in ("a.ods", "a.xlsx", "a.zip", "日报"):  # its content says what it is
        batch = read(ods(tmp_path / name, ods_rows(daily(3))))
        assert (batch.status, batch.rows_accepted) == ("accepted", 3), found(batch)
        assert {row["items"] for row in read.rows(batch)} == {120}


def test_what_an_opendocument_cell_shows_is_asked_about(read, tmp_path):
    batch = read(ods(tmp_path / "a.ods", ods_rows(daily(1), accepted="percentage")))
    assert [(f[1], f[3]) for f in found(batch)] == [("accepted", "type")]


def test_an_opendocument_that_repeats_without_end_is_refused(read, tmp_path):
    many = 'table:number-rows-repeated="1000000"'
    wide = 'table:number-columns-repeated="16000"'
    row = f"<table:table-row {many}>{cell('x' * 100, more=wide)}</table:table-row>"
    batch = read(ods(tmp_path / "a.ods", [*ods_rows(daily(1)), row]))
    assert (batch.status, found(batch)[0][3]) == ("refused", "too_large")


def test_empty_rows_at_the_end_of_an_opendocument_do_not_count(read, tmp_path):
    many = 'table:number-rows-repeated="1048000"'
    wide = 'table:number-columns-repeated="16384"'
    rest = f"<table:table-row {many}>{cell(None, more=wide)}</table:table-row>"
    assert read(ods(tmp_path / "a.ods", [*ods_rows(daily(2)), rest])).rows_accepted == 2


PACKED = {
    "OFD": ["OFD.xml", "Doc_0/Document.xml"],
    "Numbers": ["Index/Document.iwa", "Metadata/Properties.plist"],
    "Word": ["[Content_Types].xml", "word/document.xml"],
    "演示": ["[Content_Types].xml", "ppt/presentation.xml"],
    "OpenDocument": ["mimetype", "content.xml"],
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("ending", ["xlsx", "zip", "ods"])
def test_other_documents_are_named_once(read, tmp_path, name, ending):
    path = tmp_path / f"a.{ending}"
    with zipfile.ZipFile(path, "w") as package:
        for member in PACKED[name]:
            package.writestr(member, "application/vnd.oasis.opendocument.text")
    assert not archive.is_archive(path)
    batch = read(path)
    (message,) = batch.findings.column("message_zh").to_pylist()
    assert batch.status == "refused"
    assert name in message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "XML 表格 2003",
        ),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格 2003"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    ],
)
def test_markup_is_named(read, tmp_path, content, word):
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert word in read(path).findings.column("message_zh")[0].as_py()


def test_a_workbook_with_backslashes_is_read(read, tmp_path):
    made = write_xlsx(tmp_path / "a.xlsx", daily(2))
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as package:
        for entry in source.infolist():
            package.writestr(entry.filename.replace("/", "\\"), source.read(entry))
    assert not archive.is_archive(path)
    assert read(path).rows_accepted == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("name", ["九月日报.csv", "淮安/十月.csv", "ü日报.csv"])
def test_names_in_archives(tmp_path, encoding, name):
    """Neither macOS nor Chinese Windows says in which encoding it writes names."""
    try:
        written = name.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("GBK has no such letter")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("x" * len(written))
        package.writestr(info, "a,b\n1,2\n")
    path = tmp_path / "a.zip"
    path.write_bytes(out.getvalue().replace(b"x" * len(written), written))
    assert [m.name for m in archive.unpack(path, tmp_path, 10**6)] == [name]


LEFT = ["~$日报.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", "._日报.xlsx", ".~lock.日报.ods#",
        "THUMBS.DB", "日报.tmp", "日报.xlsx.lnk"]  # fmt: skip


def test_by_catch_is_passed_over(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    write_xlsx(folder / "日报.xlsx", daily(1))
    for name in LEFT:
        (folder / name).write_bytes(b"\x05whatever")
    listed = import_request.expand([folder, folder / LEFT[0]], Options(), plan())
    assert [file.path.name for file in listed] == ["日报.xlsx"]
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.write(folder / "日报.xlsx", "日报.xlsx")
        for name in [*LEFT, "__MACOSX/._日报.xlsx", "sub/Thumbs.db"]:
            package.writestr(name, "x")
    place = tmp_path / "out"
    place.mkdir()
    assert [m.name for m in archive.unpack(path, place, 10**6)] == ["日报.xlsx"]
    assert not by_catch.is_by_catch("报表~1.xlsx")


FOREIGN = {
    "big5": ["淮安數據標註有限公司", "台達電子股份有限公司", "臺灣積體電路製造", "京杭智慧科技"],
    "cp932": ["株式会社データラベル", "アノテーション東京", "東京ラベリング株式会社"],
    "euc_kr": ["주식회사 데이터라벨링", "한국 인공지능 데이터", "서울 데이터 주식회사"],
    "cp1252": ["Müller Datenverarbeitung", "Société Générale Données"],
}


@pytest.mark.parametrize(
    ("encoding", "name"), [(e, n) for e, names in FOREIGN.items() for n in names]
)
def test_another_encoding_is_no_chinese(encoding, name):
    assert plausible_encoding.suspect(name.encode(encoding)) is not None


CHINESE = [
    *("淮安市数据标注公司", "京杭智慧", "阿里巴巴", "翡翠集团", "百度", "清江浦", "洪泽湖"),
    *("盱眙县", "涟水", "金湖县黎城镇", "䶮某某有限公司", "合格", "自报"),
]


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_is_believed(name):
    assert plausible_encoding.suspect(name.encode("gb18030")) is None


def test_a_file_in_big5_is_refused_by_name(read, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("date,project\n2026-01-01,淮安數據標註有限公司\n".encode("big5"))
    batch = read(path)
    assert (batch.status, found(batch)[0][3]) == ("refused", "encoding")
    assert "Big5" in batch.findings.column("message_zh")[0].as_py()


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a", b"\x1a\r\n", b"\x1a\x1a", b"\n\x1a\n"])
def test_the_end_mark_of_dos_is_no_row(read, tmp_path, end):
    path = tmp_path / "a.csv"
    for encoding in ("utf-8", "gbk"):
        rows = daily(3, task_type="拉框标注")
        path.write_bytes(csv_text(rows).encode(encoding).rstrip(b"\n") + end)
        batch = read(path)
        assert (batch.rows_read, batch.rows_accepted, found(batch)) == (3, 3, [])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "；"])
def test_delimiters(read, tmp_path, delimiter):
    batch = read(write_csv(tmp_path / "a.csv", daily(3), delimiter=delimiter))
    assert (batch.status, batch.rows_accepted) == ("accepted", 3)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kolkata", "+08:00"]))
def test_days_with_a_zone(tmp_path_factory, zone):
    """A midnight in the writer's zone or the plan's is that day, wherever the reader is."""
    from tests.ingestion.helpers import Reader

    path = tmp_path_factory.mktemp("zone") / "a.parquet"
    table = pa.Table.from_pylist(daily(2))
    moments = pa.array(["2026-03-05T00:00:00"] * 2).cast(pa.timestamp("us"))
    zoned = pc.assume_timezone(moments, timezone=zone)  # pyright: ignore[reportAttributeAccessIssue]
    table = table.set_column(0, "date", zoned)
    pq.write_table(table, path)
    read = Reader()
    batch = read(path)
    assert {str(row["date"]) for row in read.rows(batch)} == {"2026-03-05"}


def test_no_number_in_parquet_is_missing(read, tmp_path):
    table = pa.Table.from_pylist(daily(2))
    hours = pa.array([float("nan"), 60.5])
    items = pa.array([120.0, float("nan")])
    table = table.set_column(table.column_names.index("hours"), "hours", hours)
    table = table.set_column(
        table.column_names.index("hours_basis"), "hours_basis", pa.array([None, "reported"])
    )
    table = table.set_column(table.column_names.index("items"), "items", items)
    pq.write_table(table, tmp_path / "a.parquet")
    batch = read(tmp_path / "a.parquet")
    assert [(f[0], f[1], f[3]) for f in found(batch)] == [(3, "items", "required")]
    assert [row["hours"] for row in read.rows(batch)] == [None]
