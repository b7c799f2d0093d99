"""From task-level events to daily returns: the same statements on DuckDB and on Spark."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
from stdnum.cn import uscc

from oneninex import engine as engines
from oneninex.core.progress import Phases, Progress, Watch, attend, nothing
from oneninex.domain.plan import Plan
from oneninex.engine import Engine, EngineError
from oneninex.rollup import results, sources
from oneninex.store import sql_catalog

__all__ = ["EngineError", "Result", "roll_up"]

FOLDER = "rollup"
_TOTAL = 1000


@dataclass(frozen=True)
class Result:
    """What became of the events: read = counted + repeated + set_aside.

    `faults` counts those set aside by (code, field). `capped_hours` were taken off rows with more
    than 24 hours of a person, `untold_hours` belong to rows that do not tell theirs.
    """

    daily: pa.Table
    findings: pa.Table
    read: int
    counted: int
    repeated: int
    set_aside: int
    faults: dict[tuple[str, str], int]
    capped_hours: float
    untold_hours: float
    unread: list[str]
    files: list[Path] = field(default_factory=list)
    findings_file: Path | None = None


def roll_up(
    paths: Iterable[Path],
    plan: Plan,
    out: Path,
    *,
    engine: str = "duckdb",
    master: str | None = None,
    format: str = "parquet",
    progress: Progress = nothing,
    phases: Phases = nothing,
) -> Result:
    """Add events up to labeling_daily and write a file for each month into `out`.

    Raises EngineError for a file that cannot be read as a whole and an engine that cannot run,
    OSError for a place that cannot be written to.
    """
    out.mkdir(parents=True, exist_ok=True)
    phases("reading")
    progress("", 0, _TOTAL)
    try:
        groups, unread = sources.read(sources.find(paths))
        phases("starting")
        zone = plan.config.timezone
        with (
            tempfile.TemporaryDirectory(prefix=".rollup-", dir=out) as scratch,
            engines.start(engine, master=master, timezone=zone, scratch=Path(scratch)) as running,
        ):
            watch = Watch(_TOTAL)
            work = partial(_add_up, running, groups, unread, plan, watch)
            result = _attended(work, watch, running, progress, phases)
    finally:
        progress("", _TOTAL, _TOTAL)
    return results.write(result, out, format)


def _attended(
    work: Callable[[], Result], watch: Watch, running: Engine, progress: Progress, phases: Phases
) -> Result:
    if progress is nothing and phases is nothing:
        return work()
    return attend(work, watch, running, progress, phases)


def _add_up(
    engine: Engine, groups: list[sources.Source], unread: list[str], plan: Plan, watch: Watch
) -> Result:
    watch.part("reading", 0, 600)
    _define_inputs(engine, groups, plan)
    _define(engine, "events")
    _define(engine, "typed", kept=True)
    watch.part("checking", 600, 200)
    listed = _fetch(engine, "enterprises").column("enterprise_id").to_pylist()
    wrong = [code for code in listed if not uscc.is_valid(code)]
    engine.define("wrong_enterprises", pa.table({"enterprise_id": pa.array(wrong, pa.string())}))
    _define(engine, "judged")
    _define(engine, "repeated", kept=True)
    _define(engine, "counted")
    watch.part("adding", 800, 150)
    daily = _fetch(engine, "labeling_daily")
    watch.part("writing", 950, 50)
    (totals,) = _fetch(engine, "totals").to_pylist()
    faults = {
        results.parted(row["fault"]): row["events"] for row in _fetch(engine, "faults").to_pylist()
    }
    returned = results.as_returned(daily)
    return Result(
        daily=returned,
        findings=_fetch(engine, "findings") if faults else results.no_findings(),
        counted=results.events_in(returned),
        set_aside=sum(faults.values()),
        faults=faults,
        capped_hours=results.hours(daily, "capped_ms"),
        untold_hours=results.hours(daily, "untold_ms"),
        unread=unread,
        **totals,
    )


def _define_inputs(engine: Engine, groups: list[sources.Source], plan: Plan) -> None:
    selects = []
    for number, group in enumerate(groups):
        name = f"event_files_{number}"
        engine.define(name, group.files)
        selects.append(sources.select(group, name))
    engine.define("event_text", " union all ".join(selects))
    engine.define("rollup_units", plan.units.select(["unit_id"]))
    today = datetime.now(plan.config.zone).date()
    # A key of this run alone: what stands in a scratch file leads back to nobody.
    terms = {"salt": pa.array([secrets.token_hex(16)]), "today": pa.array([today], pa.date32())}
    engine.define("rollup_terms", pa.table(terms))


def _define(engine: Engine, name: str, *, kept: bool = False) -> None:
    engine.define(name, sql_catalog.text(name, FOLDER), kept=kept)


def _fetch(engine: Engine, name: str) -> pa.Table:
    return engine.fetch(sql_catalog.text(name, FOLDER))
