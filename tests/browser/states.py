"""Dashboards in the states that the demo data is not in: empty, damaged, closed, withheld, odd."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oneninex.core.settings import ROOT
from tests.browser import dashboard
from tests.pages.conftest import publish, small_returns

# What each state is looked at on. The small store lacks a unit, has one that is late and one
# whose output is zero.
NAMES = {
    "empty": "overview?",
    "empty_returns": "returns?",
    "damaged": "overview?",
    "signed_out": "overview?",
    "public": "enterprises?quarter=2026Q1",
    "forbidden": "returns?",
    "missing_unit": "units?",
    "late": "overview?month=2026-03",
    "zero_unit": "throughput?unit=U8",
    "long_name": "enterprises?quarter=2026Q1",
}
# A provider that is never asked: whoever is not signed in gets no further than the door.
SECRETS = """[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "of these pictures alone, long enough"
client_id = "oneninex"
client_secret = "of these pictures"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


@contextmanager
def serve(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a dashboard in that state, and the page to look at."""
    folder.mkdir(parents=True)
    store, options, environment = folder / "store", [], {}
    if name == "damaged":
        damage(store)
    elif not name.startswith("empty"):
        returns = small_returns()
        if name == "long_name":
            enterprise = returns["enterprises"][0]
            enterprise["name_zh"] = (
                "淮安市长名演示数据标注与人工智能训练服务股份有限公司第一分公司" * 2
            )
            enterprise["name_en"] = "Demo Enterprise with an Uncommonly Long Registered Name " * 3
        publish(store, returns)
    if name in ("signed_out", "public", "forbidden"):
        secrets = folder / "secrets.toml"
        secrets.write_text(SECRETS, encoding="utf-8")
        options = ["--secrets.files", str(secrets)]
    if name in ("public", "forbidden"):
        plan = shutil.copytree(ROOT / "data" / "plan", folder / "plan")
        (plan / "access.csv").write_text("who,audience\n*,public\n", encoding="utf-8")
        environment = {"ONENINEX_PLAN": str(plan)}
    log = folder / "server.log"
    with dashboard.serve(store, log, options=options, environment=environment) as address:
        yield address, NAMES[name]


def damage(store: Path) -> None:
    """A store whose pointer says nothing that a number could be."""
    store.mkdir(parents=True, exist_ok=True)
    (store / "CURRENT").write_text("nonsense\n", encoding="utf-8")
