"""The app on a small snapshot, driven without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from oneninex.ui import upload_storage

ENTERPRISE = "91320800DEM000019Q"
MONTHS = (date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 31))
# U4 never reports; U9 misses the last month; U8 reports that nothing was done.
REPORTING = ("U1", "U2", "U3", "U5", "U6", "U7", "U8", "U9")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three months of eight units, one enterprise and its quarter."""
    folder = tmp_path_factory.mktemp("pages") / "store"
    return publish(folder, small_returns())


def small_returns() -> dict[str, list[dict[str, Any]]]:
    """What the small store holds, by kind; a test may add to it and publish its own."""
    return {
        "labeling_daily": list(_labeling()),
        "enterprises": [
            {
                "enterprise_id": ENTERPRISE,
                "name_zh": "演示企业",
                "name_en": "Demo enterprise",
                "unit_id": "U1",
                "founded_on": date(2020, 1, 1),
                "joined_on": date(2026, 1, 1),
                "origin": "grown",
                "links": "labeling|governance",
            }
        ],
        "enterprise_quarterly": [
            {
                "quarter": "2026Q1",
                "enterprise_id": ENTERPRISE,
                "unit_id": "U1",
                "revenue_10k_cny": 1200.0,
                "labeling_revenue_10k_cny": 900.0,
                "employees": 60,
                "annotators": 40,
            }
        ],
    }


def publish(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> Path:
    """A store in `folder` with these rows, published at once."""
    with duckdb.connect() as connection:
        plan = Plan.load(ROOT / "data" / "plan")
        publication = Publication(Store(folder), plan, connection, imported_by="tester")
        for kind, given in rows.items():
            receipt = Receipt(date(2026, 4, 2), "test", {})
            publication.add(_batch(connection, kind, given), receipt)
        publication.commit("test")
    return folder


@pytest.fixture(autouse=True)
def through_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run pages through app.py, as a server does from its second run on.

    AppTest forgets before each run that st.navigation was called, and then, because a folder
    is called pages/, runs the page file alone.
    """
    upload_storage.forget()  # every AppTest is the same session to the limit of uploads
    begin = PagesManager.__init__

    def begin_with_navigation(self: PagesManager, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_with_navigation)


@pytest.fixture
def open_page(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open pages/NAME.py in a language, with further parameters of the address.

    Fails where the page failed: the app turns exceptions into words, so that looking at
    `at.exception` alone would not notice.
    """
    return opener(monkeypatch, small_store)


def opener(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Callable[..., AppTest]:
    """The same on the store in `folder`."""
    monkeypatch.setenv("ONENINEX_STORE", str(folder))

    def run(name: str, lang: str = "zh", **address: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for key, value in {"lang": lang, **address}.items():
            at.query_params[key] = value
        at.run()
        at.switch_page(f"pages/{name}.py")
        for key, value in {"lang": lang, **address}.items():
            at.query_params[key] = value
        return healthy(at.run())

    return run


def healthy(at: AppTest) -> AppTest:
    """The app, when nothing on the page failed."""
    assert not at.exception, at.exception
    assert not at.error, [found.value for found in at.error]
    return at


def figures(at: AppTest) -> list[dict[str, Any]]:
    """The figures of the page in its order, each with `figure` (data, layout) and `alt`."""
    shown: list[Any] = [found.proto for found in at.get("bidi_component")]
    told = [_told(proto) for proto in shown if proto.component_name == "oneninex_chart"]
    return [figure for figure in told if figure["figure"]]


def folds(at: AppTest) -> list[dict[str, Any]]:
    """The buttons under the figures: each with `name`, `words` and whether it is `open`."""
    shown: list[Any] = [found.proto for found in at.get("bidi_component")]
    charts = [proto.bytes for proto in shown if proto.component_name == "oneninex_chart"]
    return [button for told in charts for button in json.loads(told.partition(b"\n")[0])]


def cards(at: AppTest) -> dict[str, str]:
    """The headline figures of the page: label to value, in its order."""
    pattern = (
        r'class="card-label"[^>]*>([^<]*)</[ph]\d?>\s*(?:<div>)?<p class="card-value[^"]*">([^<]*)<'
    )
    found = re.findall(pattern, _on_cards(at) + screen(at))
    return {unescape(label): unescape(value) for label, value in found}


def said(at: AppTest) -> str:
    """Headings, paragraphs, captions, and what stands on the cards and around figures."""
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.caption]
    return "\n".join([*(found.value for found in parts), *map(plain, html(at))])


def headings(at: AppTest) -> list[str]:
    """The headings below the page's question in its order, those of figures among them."""
    found = []
    for element in at.main:
        if element.type == "subheader":
            found.append(getattr(element, "value", ""))
        found += [plain(title) for part in _of(element) for title in _HEADING.findall(part)]
    return found


def around(at: AppTest) -> list[str]:
    """The paragraphs above and below the page's figures, in its order."""
    return [plain(words) for part in html(at) for words in _AROUND.findall(part)]


def plain(drawn: str) -> str:
    """The words of HTML."""
    drawn = re.sub(r"<style>.*?</style>|</?(a|strong|em)\b[^>]*>", "", drawn, flags=re.S)
    return unescape(re.sub(r"<[^>]*>", " ", drawn)).strip()


_HEADING = re.compile(r"<h3>(.*?)</h3>")
_AROUND = re.compile(r"<p>(.*?)</p>", re.S)


def html(at: AppTest) -> list[str]:
    """The HTML of the page, that around its figures included."""
    return [part for element in at.main for part in _of(element)]


def screen(at: AppTest) -> str:
    """The HTML of a page that is one message; empty where the page is none."""
    shown: list[Any] = [found.proto for found in at.get("bidi_component")]
    drawn = [proto for proto in shown if proto.component_name == "oneninex_figures"]
    return "".join(json.loads(proto.json)["html"] for proto in drawn)


def rows_of(drawn: str) -> list[str]:
    """The rows that can be chosen, in their order."""
    return re.findall(r'<tr[^>]* data-row="([^"]+)"', drawn)


def title_of(at: AppTest) -> str:
    """The page's name: its title, or the heading of its message."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", screen(at))
    return unescape(found[1]) if found else at.title[0].value


def _of(element: Any) -> list[str]:
    """The HTML of one element: all that it is, or what stands around its figure."""
    if getattr(element.proto, "component_name", "") == "oneninex_figures":
        return [json.loads(element.proto.json)["html"]]
    if element.type == "html":
        return [str(element.value)]
    if getattr(element.proto, "component_name", "") == "oneninex_chart":
        told = _told(element.proto)
        return [told["above"], told["below"]]
    return []


def _told(proto: Any) -> dict[str, Any]:
    return json.loads(proto.bytes.partition(b"\n")[2])


def _on_cards(at: AppTest) -> str:
    shown = [str(getattr(found, "value", "")) for found in at.get("html")]
    return "".join(html for html in shown if 'class="cards"' in html)


def _labeling() -> Any:
    for day in MONTHS:
        for number, unit in enumerate(REPORTING, 1):
            if unit == "U9" and day == MONTHS[-1]:
                continue
            items = 0 if unit == "U8" else 100 * number
            yield {
                "date": day,
                "unit_id": unit,
                "enterprise_id": ENTERPRISE,
                "project_id": "P1",
                "modality": "text",
                "items": items,
                "hours": items / 50,
                "hours_basis": "active_time",
                "reviewed": items,
                "accepted": items * 9 // 10,
                "accepted_first_pass": items * 8 // 10,
                "rejected": items - items * 9 // 10,
                "gold_items": items // 10,
                "gold_correct": items // 10,
                "annotators": 5,
            }


def _batch(connection: duckdb.DuckDBPyConnection, kind: str, rows: list[dict[str, Any]]) -> Batch:
    """Accepted rows of one return, as intake hands them over."""
    fields = contracts.load(kind).fields
    typed = ", ".join(f'"{field.name}" {field.duckdb_type}' for field in fields)
    table = f"accepted_{kind}"
    connection.execute(f"create or replace temp table {table} ({typed}, source_row bigint)")
    marks = ", ".join("?" for _ in range(len(fields) + 1))
    for number, row in enumerate(rows, 2):
        values = [row.get(field.name) for field in fields]
        connection.execute(f"insert into {table} values ({marks})", [*values, number])
    return Batch(
        name=f"{kind}.csv",
        sha256=kind.encode().hex().ljust(64, "0")[:64],
        bytes=1,
        kind=kind,
        encoding="utf-8",
        status="accepted",
        rows_read=len(rows),
        rows_accepted=len(rows),
        rows_quarantined=0,
        tables={kind: table},
        findings=FINDINGS.empty_table(),
        counts={},
        raw=b"x",
    )
