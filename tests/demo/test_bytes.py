"""Same seed, same bytes; and what a folder of demo returns consists of."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from oneninex import demo


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        demo.write(tmp_path / name, seed=7, months=3)
    assert _digests(tmp_path / "first") == _digests(tmp_path / "second")


def test_no_workbook_carries_the_time_of_writing(returns: Path) -> None:
    for path in returns.rglob("*.xlsx"):
        if path.stem != "not_a_workbook":
            with zipfile.ZipFile(path) as book:
                assert b">2026-11-01T00:00:00Z<" in book.read("docProps/core.xml"), path
                assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_another_seed_changes_every_return_with_random_numbers(tmp_path: Path) -> None:
    for seed in (1, 2):
        demo.write(tmp_path / str(seed), seed=seed, months=2)
    one, two = _digests(tmp_path / "1"), _digests(tmp_path / "2")
    assert one.keys() == two.keys()
    random = [n for n in one if n.startswith(("labeling_daily", "label_studio"))]
    assert random
    assert all(one[name] != two[name] for name in random)


def test_a_month_does_not_depend_on_how_many_are_written(tmp_path: Path) -> None:
    for months in (2, 3):
        demo.write(tmp_path / str(months), months=months)
    name = "labeling_daily_U3_2026-09.csv"
    assert (tmp_path / "2" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()


def test_write_names_every_file_it_wrote(tmp_path: Path) -> None:
    written = demo.write(tmp_path, months=3)
    assert sorted(written) == sorted(p for p in tmp_path.rglob("*") if p.is_file())


def test_scale_multiplies_rows_and_keeps_the_people(tmp_path: Path) -> None:
    totals = {}
    for scale in (1, 4):
        demo.write(tmp_path / str(scale), months=1, scale=scale)
        text = (tmp_path / str(scale) / "labeling_daily_U5_2026-10.csv").read_text("utf-8")
        lines = list(csv.DictReader(io.StringIO(text)))
        totals[scale] = (len(lines), sum(int(line["annotators"]) for line in lines))
    assert 3.7 < totals[4][0] / totals[1][0] < 4.3
    assert 0.85 < totals[4][1] / totals[1][1] < 1.15


@pytest.mark.parametrize(("months", "scale"), [(0, 1), (1, 0)])
def test_nonsense_is_refused(tmp_path: Path, months: int, scale: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        demo.write(tmp_path, months=months, scale=scale)


def test_the_cover_list_names_every_file_and_no_other(returns: Path) -> None:
    for folder in (returns, returns / "revised"):
        text = (folder / "transmittal.csv").read_bytes()
        assert text.startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        files = {p.name for p in folder.iterdir() if p.is_file()} - {"transmittal.csv"}
        assert {line["file"] for line in lines} == files
        assert [line["received_on"] for line in lines] == sorted(x["received_on"] for x in lines)


def test_the_cover_list_says_what_the_platform_export_belongs_to(returns: Path) -> None:
    text = (returns / "transmittal.csv").read_text("utf-8-sig")
    (line,) = [x for x in csv.DictReader(io.StringIO(text)) if x["file"].endswith(".json")]
    assert (line["unit_id"], line["project_id"], line["modality"]) == ("U2", "B02-LS-01", "text")
    assert line["enterprise_id"].startswith("91320800DEM0")


def test_the_correction_has_a_reason_and_other_numbers(returns: Path) -> None:
    text = (returns / "revised" / "transmittal.csv").read_text("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert "更正" in line["reason"]
    assert (returns / line["file"]).is_file()
    assert (returns / line["file"]).read_bytes() != (
        returns / "revised" / line["file"]
    ).read_bytes()


def test_faulty_files_cover_the_usual_mistakes(returns: Path) -> None:
    files = {p.stem: p for p in (returns / "faulty").iterdir()}
    usual = {
        *("wrong_encoding_bytes", "accepted_over_reviewed", "unknown_unit", "bad_check_digit"),
        *("yuan_instead_of_10k", "duplicate_rows", "month_only_dates", "total_row"),
        *("missing_column", "html_named_xls", "empty_file", "ragged_rows"),
    }
    assert usual <= files.keys()
    assert files["empty_file"].stat().st_size == 0
    assert files["html_named_xls"].read_bytes().startswith(b"<html")
    for encoding in ("utf-8", "gb18030"):
        with pytest.raises(UnicodeDecodeError):
            files["wrong_encoding_bytes"].read_bytes().decode(encoding)


def test_units_send_what_units_have(returns: Path) -> None:
    """Excel with a title row, GB18030, UTF-8 with and without a byte-order mark."""
    name = "labeling_daily_{}_2026-09{}"
    assert (returns / name.format("U1", ".xlsx")).is_file()
    assert (returns / name.format("U2", ".csv")).read_bytes().startswith(b"\xef\xbb\xbf")
    assert (returns / name.format("U5", ".csv")).read_text("utf-8").startswith("date,unit_id")
    chinese = (returns / name.format("U3", ".csv")).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        chinese.decode("utf-8")
    assert chinese.decode("gb18030").startswith("日期,单元编号")
