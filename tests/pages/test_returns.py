"""The page "Who has reported, what is wrong?": ledger, findings, revisions, form and upload."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.store import Store, StoreLocked
from oneninex.ui import safe_name
from tests.pages.conftest import ENTERPRISE, cards, healthy

Open = Callable[..., AppTest]
CORRECT = {
    "date": "2026-02-03",
    "unit_id": "U1",
    "enterprise_id": ENTERPRISE,
    "project_id": "P1",
    "modality": "text",
    "items": 500,
    "reviewed": 500,
    "accepted": 400,
    "accepted_first_pass": 300,
    "rejected": 100,
    "annotators": 4,
}


def labeling_csv(*changes: dict[str, Any]) -> bytes:
    """A labeling return; each row changes a correct one."""
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(CORRECT))
    writer.writeheader()
    writer.writerows({**CORRECT, **change} for change in changes)
    return target.getvalue().encode()


def asked(folder: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query returns on the store's current snapshot."""
    snapshot = Store(folder).current()
    assert snapshot
    return store.query(name, snapshot=snapshot, **parameters).to_pylist()


def html(at: AppTest) -> str:
    """Grid and findings with the characters that the browser shows."""
    return unescape("".join(str(getattr(found, "value", "")) for found in at.get("html")))


def said(at: AppTest) -> str:
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.caption]
    return "\n".join(found.value for found in [*parts, *at.info, *at.success, *at.warning])


def plain(words: str) -> str:
    """Without the backslashes that keep a file's name from acting as Markdown."""
    return words.replace("\\", "")


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files])
    return at.run()


def publish(at: AppTest, reason: str = "") -> AppTest:
    (field,) = [box for box in at.text_input if str(box.key).startswith("upload_reason")]
    field.set_value(reason)
    (button,) = [button for button in at.button if button.key == "publish"]
    return button.click().run()


@pytest.fixture
def own_store(small_store: Path, tmp_path: Path) -> Path:
    """A copy of the small store that a test may publish into."""
    return Path(shutil.copytree(small_store, tmp_path / "store"))


@pytest.fixture
def open_own(open_page: Open, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("ONENINEX_STORE", str(own_store))
    return lambda lang="zh", **address: open_page("returns", lang, **address)


@pytest.fixture
def open_empty(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "empty"))
    return lambda lang="zh": open_page("returns", lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_top_names_who_is_missing_and_how_long(
    open_page: Open, small_store: Path, lang: str
) -> None:
    at = open_page("returns", lang)

    newest = [
        r for r in asked(small_store, "returns_by_month", kind="labeling_daily") if r["is_due"]
    ]
    names = {row["unit_id"]: row[f"name_{lang}"] for row in asked(small_store, "units")}
    ledger = asked(small_store, "returns_ledger", kind="labeling_daily")
    absent = [r for r in ledger if r["month"] == newest[-1]["month"] and r["status"] == "missing"]
    # the first words under the question
    words = [markdown.value for markdown in at.main.markdown if "OneNineX" not in markdown.value]
    head = words[0]
    assert absent
    for row in absent:
        assert (
            text("returns.absent", lang, unit=names[row["unit_id"]], days=row["days_late"]) in head
        )
    card = next(iter(cards(at).values()))
    assert card == f"{newest[-1]['units_reported']}/{newest[-1]['units_due']}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_grid_has_a_shape_and_a_word_for_each_entry(
    open_page: Open, small_store: Path, lang: str
) -> None:
    shown = html(open_page("returns", lang))

    ledger = asked(small_store, "returns_ledger", kind="labeling_daily")
    body = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    shapes = {"on_time": "●", "late": "▲", "missing": "○", "revised": "◆"}
    for status, shape in shapes.items():
        expected = sum(row["status"] == status for row in ledger)
        assert body.count(shape) == expected, status
        assert text(f"returns.key.{status}", lang) in shown
    missing = sum(row["status"] == "missing" for row in ledger)
    assert body.count(f"<small>{text('returns.cell.missing', lang)}</small>") == missing
    assert missing


def test_the_kind_is_chosen_in_the_address(open_page: Open, small_store: Path) -> None:
    at = open_page("returns", kind="enterprise_quarterly")

    newest = asked(small_store, "returns_by_month", kind="enterprise_quarterly")[-1]
    assert text("returns.ledger_title", "zh", kind="企业季报") in said(at)
    assert next(iter(cards(at).values())) == f"{newest['units_reported']}/{newest['units_due']}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_shows_row_field_value_and_what_to_do(open_own: Open, own_store: Path, lang: str):
    at = open_own(lang)
    upload(at, ("march.csv", labeling_csv({}, {"accepted": 501, "rejected": -1})))

    shown = html(healthy(at))
    finding = text("findings.range.minimum", lang, title="", limit=0, value="-1")[-20:]
    assert ">3</td>" in shown
    assert f">{'退回条数' if lang == 'zh' else 'Items rejected'}</td>" in shown
    assert "<code>-1</code>" in shown
    assert finding in shown
    assert plain(text("returns.upload_partly", lang, file="march.csv", read=2, accepted=1,
                      quarantined=1, kind=kind_name(lang))) in plain(said(at))  # fmt: skip


def kind_name(lang: str) -> str:
    return "标注日报" if lang == "zh" else "Daily labeling return"


def test_findings_of_a_published_file_are_listed_until_they_are_mended(open_own: Open) -> None:
    at = open_own()
    upload(at, ("=march.csv", labeling_csv({}, {"date": "2026-02-04", "items": "x"})))
    publish(at, "补报")
    healthy(at)

    assert list(cards(at).values())[3] == "1"
    assert "<code>x</code>" in html(at)

    upload(at, ("=march.csv", labeling_csv({}, {"date": "2026-02-04"})))
    publish(at, "改正")
    assert list(cards(healthy(at)).values())[3] == "0"


def test_a_single_cell_is_corrected_on_the_page(open_own: Open, own_store: Path) -> None:
    at = open_own()
    sent = labeling_csv({}, {"date": "2026-02-04", "items": "x"})
    upload(at, ("march.csv", sent))
    publish(at, "补报")
    heads = sent.decode("utf-8-sig").splitlines()[0].split(",")
    column = chr(ord("A") + next(n for n, h in enumerate(heads) if h in ("items", "标注条数")))

    correct(at, f"{column}3", "500", "")
    assert text("returns.correct_missing", "zh") in said(at)
    assert Store(own_store).current().id == 2

    correct(at, f"{column}3", "500", "核对原始记录")
    healthy(at)
    snapshot = Store(own_store).current()
    assert snapshot.id == 3
    assert f"{column}3：“x”→“500”" in snapshot.manifest.reason
    assert "核对原始记录" in snapshot.manifest.reason
    assert text("returns.corrected", "zh", snapshot=3) in said(at)


def correct(at: AppTest, cell: str, value: str, reason: str) -> AppTest:
    given = {"correct_cell_": cell, "correct_value_": value, "correct_reason_": reason}
    for box in at.text_input:
        for key, written in given.items():
            if str(box.key).startswith(key):
                box.set_value(written)
    (button,) = [button for button in at.button if button.key == "correct_publish"]
    return button.click().run()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_preview_tells_before_and_after_and_publishes_nothing(
    open_own: Open, own_store: Path, lang: str
) -> None:
    (before,) = asked(own_store, "output_by_unit_month", unit_id="U1", from_month="2026-02-01",
                      to_month="2026-02-01")  # fmt: skip
    at = open_own(lang)
    upload(at, ("march.csv", labeling_csv({})))
    healthy(at)

    table = next(frame.value for frame in at.dataframe if frame.value.shape[1] == 5)
    (row,) = table.to_dict("records")
    cells = list(row.values())
    assert text("returns.moved", lang, before=before["accepted"], after=400,
                difference=f"+{400 - before['accepted']}") in cells  # fmt: skip
    assert text("returns.same", lang, after=1) in cells
    assert Store(own_store).current().id == 1


def test_a_correction_needs_a_reason_which_is_kept(open_own: Open, own_store: Path) -> None:
    at = open_own()
    upload(at, ("march.csv", labeling_csv({})))

    publish(at)
    assert text("returns.reason_missing", "zh") in said(at)
    assert Store(own_store).current().id == 1

    publish(at, "重新统计")
    healthy(at)
    assert text("returns.published", "zh", snapshot=2, files=1) in said(at)
    revised = {row["measure"]: row for row in asked(own_store, "revisions")}
    assert (revised["accepted"]["first_print"], revised["accepted"]["now"]) == (90, 400)
    assert revised["accepted"]["reason"] == "重新统计"
    assert html(at).count(">重新统计</td>") == len(revised)
    assert ">+310（+344.4%）</td>" in html(at)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_office_starts_by_uploading_into_an_empty_store(
    open_empty: Open, tmp_path: Path, lang: str
) -> None:
    at = open_empty(lang)
    assert at.title[0].value == text("common.page.returns.title", lang)
    assert text("common.empty_store", lang) in said(at)

    upload(at, ("march.csv", labeling_csv({})))
    publish(healthy(at))
    healthy(at)

    (row,) = asked(tmp_path / "empty", "output_by_unit_month", unit_id="U1")
    assert row["accepted"] == 400
    assert text("common.empty_store", lang) not in said(at)


def test_the_same_file_again_is_unchanged(open_own: Open, own_store: Path) -> None:
    at = open_own()
    upload(at, ("march.csv", labeling_csv({})))
    publish(at, "重新统计")
    upload(at, ("march.csv", labeling_csv({})))

    assert plain(text("returns.upload_unchanged", "zh", file="march.csv")) in plain(
        said(healthy(at))
    )
    assert not [button for button in at.button if button.key == "publish"]
    assert Store(own_store).current().id == 2


def test_a_refused_file_says_why_and_does_not_hold_up_a_good_one(
    open_own: Open, own_store: Path
) -> None:
    at = open_own()
    upload(at, ("wrong.csv", b"a,b\n1,2\n"), ("march.csv", labeling_csv({"unit_id": "U4"})))
    publish(healthy(at))
    healthy(at)

    assert Store(own_store).current().id == 2
    names = {row["file"] for row in asked(own_store, "faulty_uploads")}
    assert names == {"wrong.csv"}
    assert text("returns.file_refused", "zh", file="wrong.csv") in said(at)


def test_a_locked_store_has_its_words(
    open_own: Open, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise StoreLocked("store.locked", path="lock")

    monkeypatch.setattr("oneninex.store.publication.exclusive", locked)
    at = open_own()
    upload(at, ("march.csv", labeling_csv({"unit_id": "U4"})))
    publish(at)

    assert [found.value for found in at.error] == [text("store.locked", "zh", path="lock")]
    assert Store(own_store).current().id == 1


def test_what_was_published_meanwhile_is_looked_at_first(open_own: Open, own_store: Path) -> None:
    at = open_own()
    upload(at, ("march.csv", labeling_csv({"unit_id": "U4"})))
    other = open_own()
    upload(other, ("other.csv", labeling_csv({"unit_id": "U4", "project_id": "P2"})))
    publish(other)

    publish(at)

    assert text("returns.look_again", "zh") in said(healthy(at))
    assert Store(own_store).current().id == 2
    publish(at)
    assert Store(own_store).current().id == 3


def test_a_file_over_the_plans_limit_is_refused(
    open_own: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Path(shutil.copytree(ROOT / "data" / "plan", tmp_path / "plan"))
    rules = (plan / "plan.toml").read_text("utf-8")
    small = rules.replace("max_bytes = 1_000_000_000", "max_bytes = 100")
    (plan / "plan.toml").write_text(small, "utf-8")
    monkeypatch.setenv("ONENINEX_PLAN", str(plan))
    at = open_own()

    upload(at, ("march.csv", labeling_csv({})))

    assert text("returns.nothing_to_publish", "zh") in said(healthy(at))
    assert text("returns.upload_state.refused", "zh") in said(at)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("march.csv", "march.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\三月.xlsx", "三月.xlsx"),
        ("/etc/cron.d/x", "x"),
        ("..", "upload"),
        ("", "upload"),
        ("a\0b\n.csv", "ab.csv"),
        (".hidden.csv", "hidden.csv"),
        ("月" * 300 + ".csv", "月" * 60 + ".csv"),
    ],
)
def test_a_clients_name_is_never_a_path(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_nothing_of_an_upload_stays_on_disk(
    open_own: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    at = open_own()

    upload(at, ("../../../march.csv", labeling_csv({"unit_id": "U4"})))
    publish(healthy(at))

    assert list(scratch.rglob("*")) == []
    assert not list(tmp_path.glob("march.csv"))


def test_a_unit_sends_its_own_rows_only(open_own: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oneninex.ui.session.reader", lambda: Audience("unit", "U4"))
    at = open_own()

    upload(at, ("u5.csv", labeling_csv({"unit_id": "U5"})))

    assert text("findings.other_unit", "zh", rows=1, unit="U4") in html(at)
    assert text("returns.nothing_to_publish", "zh") in [found.value for found in at.info]


def test_the_form_can_be_taken_for_each_kind_and_unit(open_page: Open, plan: Plan) -> None:
    at = open_page("returns", form="workforce_monthly", form_unit="U3")

    boxes = {str(box.key): box.value for box in at.selectbox}
    assert (boxes["form"], boxes["form_unit"]) == ("workforce_monthly", "U3")
    assert text("returns.template_download", "zh") in [
        button.label for button in at.download_button
    ]


def test_the_quarantine_list_cannot_run_as_a_formula(
    open_own: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oneninex.ui import findings

    at = open_own()
    upload(at, ("march.csv", labeling_csv({}, {"date": "2026-02-04", "items": "=1+1"})))
    publish(at, "补报")
    healthy(at)

    script = """
from oneninex.ui import context, findings
import streamlit as st
context.pin()
st.code(findings._quarantine_csv({}).decode("utf-8-sig"))
"""
    shown = healthy(AppTest.from_string(script, default_timeout=60).run()).code[0].value
    rows = list(csv.reader(io.StringIO(shown)))
    assert findings.SHOWN
    assert "'=1+1" in rows[1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_that_is_asked_about_is_published_and_listed(
    open_own: Open, own_store: Path, lang: str
) -> None:
    at = open_own(lang)
    assert text("returns.questions_none", lang) in said(at)
    header = "dataset_id,title_zh,sector,unit_id,size_gb,planned_on"
    small = f"{header}\nD-77,小数据集,manufacturing,U1,0.001,2026-02-01\n"
    upload(at, ("datasets.csv", small.encode()))
    publish(at, "补报")

    (row,) = asked(own_store, "questions")
    assert (row["rule"], row["unit_id"], row["value"]) == ("dataset_size", "U1", 0.001)
    unit = {r["unit_id"]: r[f"name_{lang}"] for r in asked(own_store, "units")}["U1"]
    assert text("returns.questions_count", lang, count=1, units=unit) in said(healthy(at))
    words = text("questions.dataset_size", lang, subject="D-77", value="0.001", compared="0.01")
    assert words in html(at)
    planned = asked(own_store, "dataset_pipeline", sector="manufacturing")
    assert sum(r["datasets"] for r in planned if r["stage"] == "planned") == 1
