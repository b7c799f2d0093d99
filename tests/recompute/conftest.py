"""The demo returns, imported once, and read once more by code that knows nothing of the import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from oneninex import demo
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services import import_service
from oneninex.store import Store, publication, query
from tests.once import once
from tests.recompute import plan_files, uploads
from tests.recompute.exact import Row
from tests.recompute.plan_files import PlanFiles
from tests.recompute.returned import Returned, Upload

MONTHS = 16  # the fewest that hold one quarter and the same one of the year before
TODAY = date(2026, 11, 20)
Ask = Callable[..., list[Row]]


class Clock(datetime):
    """Always the same moment, so that what is late does not depend on the day of the test.

    In Shanghai it is already the next day.
    """

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return cls(2026, 11, 19, 17, 30, tzinfo=UTC).astimezone(tz)


@pytest.fixture(scope="session")
def filed(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as units send them, and the store that took them in: all, then corrections."""

    def make(folder: Path) -> None:
        sent, store = folder / "sent", Store(folder / "store")
        demo.write(sent, months=MONTHS)
        broken_on = date.fromisoformat(uploads.BROKEN_LINE["received_on"])
        later = import_service.expand([sent / "revised"], Options(), plan)
        later.append(import_service.Incoming(sent / uploads.BROKEN, Options(), broken_on))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publication, "datetime", Clock)
            for incoming in (import_service.expand([sent], Options(), plan), later):
                import_service.import_files(store, plan, incoming)

    return once(tmp_path_factory, "recompute", make)


@pytest.fixture(scope="session")
def sent(filed: Path) -> Path:
    """The folder with the files as units send them."""
    return filed / "sent"


@pytest.fixture(scope="session")
def ask(filed: Path) -> Ask:
    """The queries on the store that took the files in."""
    store = Store(filed / "store")

    def answer(name: str, **parameters: Any) -> list[Row]:
        snapshot = store.current()
        assert snapshot is not None
        return query(name, snapshot=snapshot, **parameters).to_pylist()

    return answer


@pytest.fixture(scope="session")
def plan_as_filed() -> PlanFiles:
    """The plan of the repository, read by the test's own code."""
    return plan_files.load(ROOT / "data" / "plan")


@pytest.fixture(scope="session")
def read(sent: Path) -> dict[str, Upload]:
    """The same files, read by the test's own code."""
    return uploads.read_all(sent)


@pytest.fixture(scope="session")
def returned(read: dict[str, Upload], plan_as_filed: PlanFiles) -> Returned:
    """What the files say when put together by hand."""
    return Returned(list(read.values()), plan_as_filed, TODAY)
