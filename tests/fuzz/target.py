"""What a spoiled file is put to, and what may come of it: a result or a refusal, nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from oneninex import ingestion
from oneninex.core.i18n import LANGS
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan, PlanError, grants
from oneninex.ingestion import Options, archive, transmittal
from oneninex.ingestion.findings import CODES, Refused
from tests.fuzz.seeds import LIST, PLAN, Seed
from tests.ingestion.helpers import DAILY

ACCESS = "access.csv"
PLACE = Options(
    unit_id="U1", enterprise_id=DAILY["enterprise_id"], project_id="P-1", modality="image"
)
# What a library does with broken bytes that it alone understands; the file is refused for it.
LIBRARIES = ("PanicException", "ArrowInvalid", "ArrowNotImplementedError", "InvalidInputException")


class Net(AssertionError):
    """A fault of our own code that only the reader's last resort caught."""


class Readers:
    """All readers, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plan_folder = folder / "plan"
        shutil.copytree(ROOT / "data" / "plan", self._plan_folder)
        self._plan = Plan.load(self._plan_folder)
        self._faults: list[BaseException] = []
        ingestion._note = self._note

    def _note(self, path: Path, fault: BaseException, *, personal: bool) -> None:
        self._faults.append(fault)

    def take(self, seed: Seed) -> None:
        """Read a file as its reader does; raises what the reader should not have raised."""
        if seed.reader == PLAN:
            self._take_plan(seed)
            return
        path = self._folder / (seed.name if seed.name.isprintable() else "a")
        path.write_bytes(seed.content)
        try:
            if seed.reader == LIST:
                _told(transmittal.read(path).problems)
            else:
                self._take_return(path)
        finally:
            path.unlink()

    def _take_return(self, path: Path) -> None:
        for member in self._members(path):
            for options in (Options(), PLACE):
                with duckdb.connect() as connection:
                    connection.execute("set enable_progress_bar = false")
                    _check(ingestion.read(member, connection, options, self._plan))
                self._raise_own()

    def _members(self, path: Path) -> Iterator[Path]:
        """The file itself, or what is in it."""
        if not archive.is_archive(path):
            yield path
            return
        place = self._folder / "unpacked"
        place.mkdir()
        try:
            members = archive.unpack(path, place, 10_000_000)
            for member in members:
                assert place in member.path.resolve().parents, "out of its folder"
                yield member.path
        except Refused as refused:
            _words(refused.table().to_pylist())
        finally:
            shutil.rmtree(place)

    def _raise_own(self) -> None:
        """Raise the first fault that was none of a library's."""
        faults, self._faults = self._faults, []
        for fault in faults:
            if type(fault).__name__ not in LIBRARIES:
                raise Net(f"{type(fault).__name__}: {fault}"[:300]) from fault

    def _take_plan(self, seed: Seed) -> None:
        path = self._plan_folder / seed.name
        kept = path.read_bytes()
        path.write_bytes(seed.content)
        try:
            if seed.name == ACCESS:
                grants(self._plan_folder)
            else:
                Plan.load(self._plan_folder)
        except PlanError as error:
            for lang in LANGS:
                error.message(lang)
        finally:
            path.write_bytes(kept)


def _told(problems: tuple[Any, ...]) -> None:
    assert all(problem.told(lang) for problem in problems for lang in LANGS)


def _check(batch: ingestion.Batch) -> None:
    """What holds of every batch, whatever the file was."""
    assert batch.status in ("accepted", "partly", "refused")
    assert batch.rows_read == batch.rows_accepted + batch.rows_quarantined
    findings = batch.findings.to_pylist()
    _words(findings)
    if batch.status == "refused":
        assert batch.tables == {}
        assert findings


def _words(findings: list[dict[str, Any]]) -> None:
    for finding in findings:
        assert finding["code"] in CODES
        assert finding["message_zh"]
        assert finding["message_en"]
