"""Many faulty files through the sandbox, as an import reads them."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import duckdb

from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion.archive import Member
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.sandbox import Limits, Sandbox
from tests.fuzz.run import _input
from tests.fuzz.seeds import RETURN, seeds

LIMITS = Limits(megabytes=700, seconds=60)


def read_all(files: int, number: int) -> Counter[str]:
    """Read so many spoiled files; returns what became of them, `broken` being what may not be."""
    start = [seed for seed in seeds() if seed.reader == RETURN]
    plan = Plan.load(ROOT / "data" / "plan")
    became: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="oneninex-faulty-") as folder,
        Sandbox(folder, plan, LIMITS) as sandbox,
    ):
        for at in range(len(start), len(start) + files):
            seed = _input(number, at, start)
            path = Path(folder) / f"{at}-{Path(seed.name).name}"
            path.write_bytes(seed.content)
            for member in _members(sandbox, path, became):
                became[_state(sandbox, member.path)] += 1
            path.unlink()
    return became


def _members(sandbox: Sandbox, path: Path, became: Counter[str]) -> list[Member]:
    place = path.with_suffix(".unpacked")
    place.mkdir()
    try:
        found = sandbox.unpack(path, place, 20_000_000)
    except Refused:
        became["refused"] += 1
        return []
    return [Member(path, path.name)] if found is None else found


def _state(sandbox: Sandbox, path: Path) -> str:
    with duckdb.connect() as connection:
        batch = sandbox.read(path, connection, Options())
        counted = sum(
            row[0] for name in batch.tables.values()
            for row in connection.execute(f"select count(*) from {name}").fetchall()
        )  # fmt: skip
    whole = batch.rows_read == batch.rows_accepted + batch.rows_quarantined
    rows = batch.platform is not None or counted == batch.rows_accepted
    told = batch.status == "accepted" or batch.findings.num_rows > 0
    died = "worker" in " ".join(batch.findings["message_en"].to_pylist()) and not batch.rows_read
    return batch.status if whole and rows and told and not died else "broken"
