import io
import os
import subprocess
import sys
import zipfile

import pytest

from oneninex.core.settings import ROOT
from oneninex.ingestion import tables
from tests.ingestion.helpers import (
    DAILY,
    codes,
    csv_text,
    daily,
    example,
    found,
    write_csv,
    write_parquet,
    write_xlsx,
)


def refused(read, path, **options):
    batch = read(path, **options)
    assert batch.status == "refused"
    assert batch.tables == {}
    assert (batch.rows_read, batch.rows_accepted) == (0, 0)
    assert all(finding["row"] is None for finding in batch.findings.to_pylist())
    assert all(
        finding["message_zh"] and finding["message_en"] for finding in batch.findings.to_pylist()
    )
    return batch.findings.to_pylist()[0]


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return out.getvalue()


def workbook(sheet: bytes, **more: bytes) -> bytes:
    """A workbook with one sheet of this XML."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    return packed(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
                'ContentType="application/xml"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="A" '
                'sheetId="1" r:id="r1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}"><sheetData>'.encode()
                + sheet
                + b"</sheetData></worksheet>"
            ),
            **more,
        }
    )


ENTERPRISE = "enterprise_quarterly"
TEXT = csv_text(daily(3)).encode()
WIDE = TEXT.decode().replace("P-2", "一期")
QUARTER = "企业季报\n单位： 元\n" + csv_text(
    [{"营业收入" if k == "revenue_10k_cny" else k: v for k, v in example(ENTERPRISE).items()}]
)
HTML = b"<html><body><table><tr><td>date</td></tr></table></body></html>"
CASES = {
    "nothing.csv": (b"", "not_a_table"),
    "header only.csv": (TEXT.splitlines(keepends=True)[0], "not_a_table"),
    "blank rows.csv": (TEXT.splitlines(keepends=True)[0] + b",,,,,,,,,,,,\n\n", "not_a_table"),
    "spaces.csv": (b"   \n  \n", "unknown_format"),
    "web page.xls": (HTML, "not_a_table"),
    "web page.csv": ("\ufeff\n<HTML>".encode(), "not_a_table"),
    "drawing.xml": (b"<?xml version='1.0'?><svg/>", "not_a_table"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
    "program.csv": (b"\x7fELF" + bytes(2000), "not_a_table"),
    "packed.csv": (b"\x1f\x8b\x08" + bytes(range(200)), "not_a_table"),
    "document.csv": (b"%PDF-1.7\n", "not_a_table"),
    "nul.csv": (TEXT.replace(b"P-2", b"P\0-2"), "not_a_table"),
    "utf16 without mark.csv": (TEXT.decode().encode("utf-16-le"), "encoding"),
    "utf16 the other way.csv": (WIDE.encode("utf-16-be"), "encoding"),
    "utf32.csv": (TEXT.decode().encode("utf-32"), "encoding"),
    "utf32 without mark.csv": (WIDE.encode("utf-32-le"), "encoding"),
    "amounts in yuan.csv": (QUARTER.encode(), "range"),
    "other columns.csv": (b"a,b,c\n1,2,3\n", "unknown_format"),
    "no header.csv": (b"\n".join(TEXT.splitlines()[1:]), "unknown_format"),
    "prose.txt": ("今天天气很好。\n明天也是。\n".encode(), "unknown_format"),
    "array.json": (b'[{"date": "2026-03-05"}]', "unknown_format"),
    "pretty.json": (b'{\n  "date": "2026-03-05",\n  "items": 1\n}\n', "unknown_format"),
    "other.jsonl": (b'{"a": 1}\n{"b": 2}\n', "unknown_format"),
    "broken.json": (b'{"a": \n', "unknown_format"),
    "missing column.csv": (TEXT.replace(b"items", b"itemz"), "missing_column"),
    "doubled column.csv": (TEXT.replace(b"project_id", b"items"), "missing_column"),
    "broken utf-8.csv": (TEXT + "目标检测目标检测".encode() + b"\xff\xfe", "encoding"),
    "cut utf-8.csv": (TEXT + "目标检测".encode()[:-1], "encoding"),
    "no encoding.csv": (TEXT + b"\xff\xff\xfe\n", "encoding"),
    "broken utf-16.csv": (TEXT.decode().encode("utf-16") + b"\x00\xd8", "encoding"),
    "other package.xlsx": (packed({"word/document.xml": b"<a/>"}), "unknown_format"),
    "empty package.zip": (packed({}), "unknown_format"),
    "empty sheet.xlsx": (workbook(b""), "not_a_table"),
    "no sheet.xlsx": (packed({"xl/workbook.xml": b"<workbook/>"}), "not_a_table"),
    "old excel.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "unknown_format"),
    "encrypted.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        "unsafe",
    ),
    "bomb.xlsx": (workbook(b"", **{"xl/bomb.xml": bytes(60_000_000)}), "unsafe"),
    "far cell.xlsx": (
        workbook(
            b'<row r="1"><c r="A1"><v>1</v></c></row>'
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "too_large",
    ),
    "cut.parquet": (b"PAR1" + bytes(100), "not_a_table"),
}


@pytest.mark.parametrize("name", CASES)
def test_is_refused_as_a_whole(tmp_path, read, name):
    content, code = CASES[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(read, path)["code"] == code


def test_two_columns_that_mean_the_same(tmp_path, read):
    rows = [{**DAILY, "标注条数": "7"}]
    assert refused(read, write_csv(tmp_path / "a.csv", rows))["code"] == "not_a_table"
    # a name or title of the field goes before an alias of it
    rows = [{**DAILY, "条数": "7"}]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert codes(batch) == ["unknown_column"]
    assert "“条数”和“items”都是“标注条数”" in batch.findings["message_zh"][0].as_py()


@pytest.mark.parametrize("cut", [10, 100, 1000, -1, -30])
@pytest.mark.parametrize("writer", [write_xlsx, write_parquet])
def test_a_truncated_file(tmp_path, read, writer, cut):
    path = writer(tmp_path / "a.dat", daily(30))
    path.write_bytes(path.read_bytes()[:cut])
    assert refused(read, path)["code"] == "not_a_table"


def test_a_workbook_with_an_encrypted_entry(tmp_path, read):
    path = write_xlsx(tmp_path / "a.xlsx", daily(1))
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(bytes(content))
    assert refused(read, path)["code"] == "unsafe"


def test_a_workbook_that_unpacks_beyond_the_limit(tmp_path, read, monkeypatch):
    monkeypatch.setattr(tables.workbook.package, "MAX_UNPACKED", 3000)
    assert refused(read, write_xlsx(tmp_path / "a.xlsx", daily(50)))["code"] == "too_large"


def test_one_text_shown_in_very_many_cells(tmp_path, read, monkeypatch):
    monkeypatch.setattr(tables.workbook.package, "MAX_TEXT", 100_000)
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (i, i) for i in range(1, 99)
    )
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + os.urandom(1000).hex().encode()
        + b"</t></si></sst>"
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(cells, **{"xl/sharedStrings.xml": shared}))
    assert refused(read, path)["code"] == "too_large"


def test_the_size_limit_can_be_set(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(3))
    assert refused(read, path, max_bytes=100)["code"] == "too_large"
    assert read(path, max_bytes=10_000).status == "accepted"


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("单位：元", "refused"),
        ("金额单位: 人民币元  2026年三季度", "refused"),
        ("（单位：千元）", "refused"),
        ("Unit: CNY", "refused"),
        ("单位：万元", "accepted"),
        ("单位：百万条", "accepted"),
        ("填报单位：元宝数据公司", "accepted"),
    ],
)
def test_a_title_that_says_another_unit_of_money(tmp_path, read, title, status):
    path = tmp_path / "a.csv"
    path.write_text(QUARTER.replace("单位： 元", title), "utf-8")
    assert read(path).status == status
    # headers that say 万元 themselves leave no doubt
    path.write_text(f"{title}\n{csv_text([example(ENTERPRISE)])}", "utf-8")
    assert read(path).status == "accepted"


def test_links_folders_and_devices_are_not_followed(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(1))
    (tmp_path / "link.csv").symlink_to(path)
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv", ".", "absent.csv"):
        assert refused(read, tmp_path / name)["code"] == "unsafe"


def test_missing_columns_are_all_named(tmp_path, read):
    rows = [{k: v for k, v in DAILY.items() if k not in ("items", "date")}]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [(field, code) for _, field, _, code, _ in found(batch)] == [
        ("date", "missing_column"),
        ("items", "missing_column"),
    ]


def test_sheets_of_several_kinds(tmp_path, read):
    import openpyxl

    book = openpyxl.Workbook()
    for kind in ("enterprises", "datasets"):
        sheet = book.create_sheet(kind)
        sheet.append(list(example(kind)))
        sheet.append(list(example(kind).values()))
    book.save(tmp_path / "a.xlsx")
    assert refused(read, tmp_path / "a.xlsx")["code"] == "unknown_format"
    assert read(tmp_path / "a.xlsx", kind="datasets").status == "accepted"


def test_a_header_that_fits_two_kinds(tmp_path, read):
    both = {**example("workforce_monthly"), **example("enterprises")}
    both.pop("name_en")
    batch = read(write_csv(tmp_path / "a.csv", [both]))
    # every required column of both: the kind with more columns in all is read
    assert batch.kind == "workforce_monthly"


def test_too_many_bad_rows(tmp_path, read, monkeypatch):
    monkeypatch.setattr(tables.check, "MAX_BAD_ROWS", 20)
    batch = read(write_csv(tmp_path / "a.csv", daily(50, items="x")))
    assert batch.status == "refused"
    first, *examples = batch.findings.to_pylist()
    assert (first["row"], first["code"]) == (None, "not_a_table")
    assert [f["row"] for f in examples] == list(range(2, 52))


def test_no_relation_is_left_behind_by_a_refusal(tmp_path, read):
    for name, (content, _) in CASES.items():
        (tmp_path / name).write_bytes(content)
        read(tmp_path / name)
    kept = read.con.sql("select table_name from duckdb_tables()").fetchall()
    assert kept == []


BOMB = """
import sys
from pathlib import Path
import duckdb
from oneninex import ingestion
from oneninex.ingestion import Options
from oneninex.domain.plan import Plan
from tests import memory
batch = ingestion.read(Path(sys.argv[1]), duckdb.connect(), Options(), Plan.load(Path("data/plan")))
print(batch.status, batch.findings["code"][0].as_py(), memory.peak())
"""


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    """1.5 GB of a sheet in some 1.5 MB, read by a process of its own whose memory is looked at."""
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(workbook(b"<row><c><v>1</v></c></row>"))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(1500):
            entry.write(bytes(1_000_000))
    assert path.stat().st_size < 10_000_000
    run = subprocess.run(
        [sys.executable, "-c", BOMB, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    status, code, in_bytes = run.stdout.split()
    assert (status, code) == ("refused", "unsafe")
    assert int(in_bytes) < 1_000_000_000
