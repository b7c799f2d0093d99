"""Small valid files of every kind that the readers know, for the fuzzer to spoil."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from tests.ingestion.helpers import (
    csv_text,
    daily,
    example,
    write_ndjson,
    write_parquet,
    write_xlsx,
)
from tests.ingestion.platforms import samples

RETURN, LIST, PLAN = "return", "transmittal", "plan"
FIXTURES = ROOT / "tests" / "fixtures"
KEPT = FIXTURES / "fuzz"
CVAT = (
    "<annotations><version>1.1</version><meta><task><id>3</id><size>2</size>"
    "<updated>2026-03-05 02:00:00+00:00</updated></task></meta>"
    '<image id="0" name="a.jpg"><box label="cat" source="manual" xtl="1.0" ytl="2.0">'
    '<attribute name="x">y</attribute></box></image>'
    '<track id="0" label="car"><box frame="0" keyframe="1" outside="0"></box></track>'
    "</annotations>"
)


@dataclass(frozen=True)
class Seed:
    """A file: its name, its bytes and which reader it is for (RETURN, LIST or PLAN)."""

    name: str
    content: bytes
    reader: str = RETURN

    @property
    def packed(self) -> bool:
        """Whether it is a ZIP, so that spoiling its members goes deeper than spoiling bytes."""
        return self.content.startswith(b"PK\x03\x04")


def seeds() -> list[Seed]:
    """One or more of each format and each platform, lists, plan files, and what failed before."""
    found = [*_tables(), *_platforms(), *_lists(), *_plan(), *_kept()]
    members = [seed for seed in found if seed.reader == RETURN and not seed.packed][:6]
    return [*found, Seed("several.zip", packed({seed.name: seed.content for seed in members}))]


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def _tables() -> list[Seed]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in contracts.sent_kinds():
            rows = daily(3) if kind == "labeling_daily" else [example(kind)] * 2
            path = write_xlsx(Path(folder) / "a.xlsx", rows)
            found.append(Seed(f"{kind}.xlsx", path.read_bytes()))
            text = csv_text(rows)
            found.append(Seed(f"{kind}.csv", text.encode()))
        rows = daily(3)
        titles = {f.name: f.title for f in contracts.load("labeling_daily").fields}
        chinese = csv_text([{titles[name]: value for name, value in row.items()} for row in rows])
        found.append(Seed("gbk.csv", chinese.encode("gb18030")))
        found.append(Seed("wide.csv", chinese.encode("utf-16")))
        for name, write in (("a.parquet", write_parquet), ("a.ndjson", write_ndjson)):
            found.append(Seed(name, write(Path(folder) / name, rows).read_bytes()))
    return found


def _platforms() -> list[Seed]:
    lines = {
        "prodigy.jsonl": [samples.PRODIGY] * 3,
        "doccano.jsonl": [samples.DOCCANO] * 3,
        "labelbox.ndjson": [samples.LABELBOX] * 2,
    }
    documents = {
        "labelbox_v1.json": [samples.LABELBOX_V1] * 2,
        "jobs.json": samples.page(samples.JOB),
        "tasks.json": samples.page(samples.TASK),
        "reports.json": samples.page(samples.REPORT),
        "labelu.json": samples.labelu(samples.LABELU),
    }
    texts = {
        "mturk.csv": samples.table(samples.MTURK_HEADER, [samples.MTURK] * 2),
        "toloka.tsv": samples.table(samples.TOLOKA_HEADER, [samples.TOLOKA] * 2, "\t"),
        "cvat.xml": CVAT,
        **{name: "".join(f"{json.dumps(one)}\n" for one in many) for name, many in lines.items()},
        **{name: json.dumps(value) for name, value in documents.items()},
    }
    studio = sorted((FIXTURES / "label_studio").glob("*.json"))
    found = [Seed(name, text.encode()) for name, text in texts.items()]
    return [*found, *(Seed(path.name, path.read_bytes()) for path in studio)]


def _lists() -> list[Seed]:
    rows: list[dict[str, Any]] = [
        {"file": "a.csv", "received_on": "2026-04-05", "unit_id": "U1", "reason": ""},
        {"file": "报表.xlsx", "received_on": "2026年4月6日", "unit_id": "U2", "reason": "更正"},
    ]
    text = csv_text(rows)
    return [
        Seed("transmittal.csv", text.encode(), LIST),
        Seed("transmittal.csv", text.encode("gb18030"), LIST),
    ]


def _plan() -> list[Seed]:
    paths = sorted((ROOT / "data" / "plan").glob("*.[ct][so][vm]*"))
    return [Seed(path.name, path.read_bytes(), PLAN) for path in paths]


def _kept() -> list[Seed]:
    """What once failed: READER-ANYTHING.NAME."""
    paths = sorted(path for path in KEPT.glob("*-*") if path.is_file())
    return [
        Seed(path.name.partition(".")[2], path.read_bytes(), path.name.partition("-")[0])
        for path in paths
    ]
