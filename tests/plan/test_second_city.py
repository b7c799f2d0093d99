"""Another city by its data alone: other units, sectors, links, months, lights and languages.

Nothing outside tests/fixtures/second_city knows that this city exists.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from google.protobuf.json_format import MessageToJson
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from oneninex import cli, store, template
from oneninex.core import settings
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.ingestion.tables import limits
from oneninex.store import NotForAudience, Snapshot, Store, publication, sql_catalog
from oneninex.ui import session, upload
from oneninex.ui.app_shell import PAGES
from tests.pages.conftest import title_of
from tests.plan import second_city
from tests.plan.second_city import MONTHS, PLAN, UNITS
from tests.recompute import plan_files, uploads
from tests.recompute.comparing import differences
from tests.recompute.registry import RECOMPUTED
from tests.recompute.returned import Returned

# Of the first city: its name, its places, how many units it has, what they are called, its years.
FIRST_CITY = re.compile(
    r"淮|Huai|Qingjiangpu|清江浦|科教产业园|长三角|\bU[1-9]\b"
    r"|九(?!成)|\b[Nn]ine\b(?! tenths)|3208\d\d|(?<!\d)2026(?!\d)"
)


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of returns."""
    return second_city.write(tmp_path_factory.mktemp("second_city") / "returns")


@pytest.fixture(scope="session")
def folder(sent: Path) -> Path:
    """A store that took the returns in by the command line, in the plan's own year."""
    folder = sent.parent / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "datetime", second_city.Clock)
        patch.setattr(limits, "datetime", second_city.Clock)
        assert run(folder, "import", str(sent)) == 0
    return folder


@pytest.fixture(scope="session")
def snapshot(folder: Path) -> Snapshot:
    """What was published."""
    found = Store(folder).current()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def returned(sent: Path) -> Returned:
    """The same files, read and put together by the tests' own code."""
    lines = uploads.cover(sent)
    found = [
        replace(uploads.read_one(sent / name, line), upload_id=f"000001-{place:04d}")
        for place, (name, line) in enumerate(lines.items())
    ]
    return Returned(found, plan_files.load(PLAN), second_city.TODAY)


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of an office that serves this city."""
    monkeypatch.setenv("ONENINEX_STORE", str(folder))
    monkeypatch.setenv("ONENINEX_PLAN", str(PLAN))
    monkeypatch.setattr(upload, "datetime", second_city.Later)
    begin = PagesManager.__init__

    def begin_with_navigation(self: PagesManager, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_with_navigation)


def run(folder: Path, *words: str) -> int:
    return cli.main(["--store", str(folder), "--plan", str(PLAN), *words])


def test_the_checks_pass_and_every_query_runs_for_everybody(folder: Path, snapshot: Snapshot):
    assert run(folder, "check") == 0
    for name in sql_catalog.names():
        for audience in ("planner", "public", "unit:MILL_2"):
            # Who may not ask for it learns that it is not theirs, before anything is looked up.
            with contextlib.suppress(NotForAudience):
                store.query(name, snapshot=snapshot, audience=audience)
    assert store.query("data_factory", snapshot=snapshot).num_rows == 0
    assert store.query("benchmarks", snapshot=snapshot).num_rows == 0


# The tests' own calendar of working days ends before this plan begins.
@pytest.mark.parametrize("name", sorted(RECOMPUTED.keys() - {"output_by_working_day"}))
def test_the_figures_are_recomputed_from_the_files(
    returned: Returned, snapshot: Snapshot, name: str
):
    got = store.query(name, snapshot=snapshot).to_pylist()

    assert differences(RECOMPUTED[name](returned), got) == []


def test_targets_are_judged_by_this_plans_lights(snapshot: Snapshot):
    rows = store.query("targets_progress", snapshot=snapshot).to_pylist()
    found = {row["target_id"]: (round(row["gap_pp"] or 0, 1), row["light"]) for row in rows}

    # The first city's bounds, -10 and -30, would have said green and yellow.
    assert found["quiet_rooms"] == (-7.8, "yellow")
    assert found["models"] == (-21.9, "red")  # 51 models, since more than 50 are asked for
    assert found["chain"][1] == "green"
    assert found["dock_firms"] == (0, "none")


def test_sectors_and_links_are_this_plans(tmp_path: Path, folder: Path, snapshot: Snapshot,
                                          capsys: pytest.CaptureFixture[str]):  # fmt: skip
    fields = {"unit_id": "DOCK", "size_gb": 5, "models_served": 0}
    rows = [
        {"dataset_id": f"EX-9{n}", "title_zh": "虚构", "sector": sector, **fields}
        for n, sector in enumerate(("harbour", "医疗健康", "航运", "Shipping", "manufacturing"))
    ]
    path = tmp_path / "datasets.csv"
    path.write_bytes(second_city.table(rows))

    assert run(folder, "import", str(path), "--dry-run", "--json") == 1

    (read,) = json.loads(capsys.readouterr().out)["files"]
    assert (read["rows_accepted"], read["rows_quarantined"]) == (4, 1)
    (finding,) = read["findings"]
    assert (finding["code"], finding["value"]) == ("unknown_code", "manufacturing")
    assert "Harbour and shipping" in finding["message_en"]
    stages = store.query("dataset_pipeline", snapshot=snapshot).to_pylist()
    assert list(dict.fromkeys(row["sector"] for row in stages)) == [
        *("harbour", "health", "farming", "open")
    ]
    links = store.query("chain_coverage", snapshot=snapshot).to_pylist()
    assert {row["link"] for row in links} == {"collect", "labeling", "review", "serve"}


@pytest.mark.parametrize("reader", ["planner", "public"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_every_page_speaks_of_this_city_alone(
    monkeypatch: pytest.MonkeyPatch, lang: str, reader: str
):
    monkeypatch.setattr(session, "reader", lambda: Audience.parse(reader))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = lang
    at.run()
    for page in PAGES:
        if reader in page.hidden_from or (page.senders_only and reader == "public"):
            continue
        for section in ("units", "methods", "returns") if page.name == "methods" else ("",):
            at.switch_page(page.file)
            at.query_params["lang"] = lang
            if section:
                at.query_params["section"] = section
            at.run()
            assert not at.exception, (page.name, at.exception)
            assert not at.error, (page.name, [shown.value for shown in at.error])
            shown = "\n".join(words_of(at))
            assert title_of(at) == text(f"common.page.{page.name}.title", lang)
            assert {"zh": "示例市", "en": "Example City"}[lang] in shown, page.name
            assert strange(shown) == [], (page.name, section)


@pytest.mark.usefixtures("here")
def test_the_first_language_of_the_plan_meets_a_new_reader(capsys: pytest.CaptureFixture[str]):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    assert title_of(at) == text("common.page.overview.title", "en")
    assert at.segmented_control(key="lang").options == ["EN", "中文"]
    assert cli.main(["--plan", str(PLAN), "demo", "--out", "unused"]) == cli.WRONG_USAGE
    assert capsys.readouterr().err.startswith("This plan has no parameters")
    assert settings.load().langs == ("en", "zh")


@pytest.mark.usefixtures("here")
def test_the_map_draws_this_plans_divisions(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "reader", lambda: Audience.parse("planner"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page("pages/unit_map.py").run()

    deck = json.loads(next(json.loads(words)["json"] for words in protos(at) if '"mapS' in words))
    layers = {layer["id"]: layer["data"] for layer in deck["layers"]}
    named = [area["properties"]["name_en"] for area in layers["divisions"]["features"]]
    assert {"Ash District", "Birch District", "Cedar District", "Dogwood District"} <= set(named)
    assert len(named) == 5  # The island of the last one keeps no name of its own.
    view = deck["initialViewState"]
    assert 9.9 < view["longitude"] < 10.4
    assert 50 < view["latitude"] < 50.4


@pytest.mark.parametrize("kind", ["labeling_daily", "enterprises", "datasets", "indicator_values"])
def test_the_form_is_for_this_plan(kind: str):
    made = template.form(kind, "NORTH", Plan.load(PLAN))

    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    words = [str(cell.value) for cell in cells if cell.value is not None]
    words += [cell.comment.text for cell in cells if cell.comment]
    assert strange("\n".join(words)) == []
    assert "NORTH" in "\n".join(words)


def test_the_briefing_is_of_this_city(folder: Path, tmp_path: Path):
    out = tmp_path / "briefing.docx"
    asked = ("briefing", "--month", f"{MONTHS[-1]:%Y-%m}", "--format", "docx")
    for lang, unit in (("en", "Northern Labeling Centre"), ("zh", "城北标注中心")):
        assert run(folder, *asked, "--lang", lang, "--out", str(out)) == 0
        document = Document(str(out))
        parts = [part.text for part in document.paragraphs]
        parts += [c.text for t in document.tables for row in t.rows for c in row.cells]
        parts += [p.text for s in document.sections for p in (*s.header.paragraphs,
                                                              *s.footer.paragraphs)]  # fmt: skip
        words = "\n".join(parts)
        assert unit in words
        assert strange(words) == []


def test_no_code_and_no_text_is_about_the_first_city():
    """What is about one city stands in its plan; what any city has, in code and catalogues."""
    about = re.compile(
        r"淮|Huai|清江浦|江淮|科教产业园|Science and Education|长三角|Yangtze|3208\d\d|江苏|Jiangsu"
        r"|[九四]个(标注|单元|重点|领域)|\b([Nn]ine|NINE) (labeling )?units|\bfour sectors"
        r"|by 2027|到2027|2026[–—-]2027"
    )
    folders = ("oneninex", "queries", "pages", "locale", "static", "scripts")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for name in folders
        for path in sorted((ROOT / name).rglob("*"))
        if path.suffix in {".py", ".sql", ".csv", ".po", ".css", ".js", ".typ", ".svg", ".sh"}
        for line in path.read_text("utf-8").splitlines()
        if about.search(line)
    ]

    assert found == []
    assert about.search("九个单元")
    assert about.search("the nine units")


def strange(words: str) -> list[str]:
    """What speaks of the first city, each with the words around it."""
    return [
        words[max(found.start() - 30, 0) : found.end() + 20] for found in FIRST_CITY.finditer(words)
    ]


def words_of(at: AppTest) -> Iterator[str]:
    """Everything that the page sends: texts, options, figures; tables as their cells."""
    yield from protos(at)
    for frame in at.dataframe:
        yield frame.value.to_csv()


def protos(at: AppTest) -> Iterator[str]:
    """Each element as JSON, the specifications of figures and maps unescaped."""
    for node in at._tree:
        proto: Any = getattr(node, "proto", None)
        if hasattr(proto, "DESCRIPTOR"):
            shown = MessageToJson(proto, ensure_ascii=False)
            # Columns of tables travel as Arrow, whose base64 may spell anything, as a number made
            # by chance may; figures with their words travel as bytes.
            shown = re.sub(r'"(data|styler|value|bytes)": "[A-Za-z0-9+/=\\n]{60,}"', "", shown)
            shown = re.sub(r'"deferredFileId": "[0-9a-f]+"', "", shown)
            shown = re.sub(r'"id": "\$\$ID-[^"]*"', '"id": ""', shown)
            yield getattr(proto, "bytes", b"").decode()
            yield re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), shown)


def test_units_are_those_of_the_plan(snapshot: Snapshot):
    rows = store.query("units", snapshot=snapshot).column("unit_id").to_pylist()
    assert tuple(rows) == UNITS
