"""The plan that an office edits (`data/plan/`), checked and handed on as Arrow tables.

plan.toml and indicators.toml are TOML, the rest CSV in UTF-8 or GB18030. A fault anywhere raises
PlanError, which names the file, row, column, value, reason and remedy in both languages.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import pyarrow as pa
from pydantic import BaseModel

from oneninex.domain.plan import geo
from oneninex.domain.plan import mappings as event_tables
from oneninex.domain.plan.access import ANYONE, grants
from oneninex.domain.plan.config import Config
from oneninex.domain.plan.errors import PlanError
from oneninex.domain.plan.models import (
    Benchmark,
    Event,
    Holiday,
    Indicator,
    Link,
    Note,
    Office,
    Sector,
    Target,
    Unit,
)
from oneninex.domain.plan.reading import (
    read_bytes,
    read_csv,
    read_toml,
    refers,
    table,
    unique,
    validate,
)

Row = TypeVar("Row", bound=BaseModel)

__all__ = ["ANYONE", "FILES", "Config", "Plan", "PlanError", "grants"]

FILES = (
    "benchmarks.csv",
    "events.csv",
    "holidays.csv",
    "indicators.toml",
    "links.csv",
    "notes.csv",
    "offices.csv",
    "plan.toml",
    "sectors.csv",
    "targets.csv",
    "units.csv",
)
NOTES, EVENTS, HOLIDAYS, OFFICES = "notes.csv", "events.csv", "holidays.csv", "offices.csv"
# A plan from before there were these files is whole without them.
OPTIONAL = (NOTES, EVENTS, HOLIDAYS, OFFICES)
# The link whose enterprises count as labeling enterprises.
LABELING = "labeling"
# The columns of `info` that say from how many employees on a band of sizes begins.
SIZES = ("size_small", "size_medium", "size_large")


@dataclass(frozen=True)
class Plan:
    """plan.toml as `config`, the other files as tables whose columns the snapshot carries.

    `units`, `sectors`, `links`, `indicators`, `targets` end in `sort`, the place in their file
    (but for `units`, whose id orders them); `sha256` is that of the files' bytes in the
    order of their names, so `cat FILES | sha256sum` gives it too.
    """

    config: Config
    units: pa.Table
    sectors: pa.Table
    links: pa.Table
    indicators: pa.Table
    targets: pa.Table
    benchmarks: pa.Table
    notes: pa.Table
    events: pa.Table
    holidays: pa.Table
    offices: pa.Table
    sha256: str
    folder: Path
    placed: tuple[geo.Placed, ...] = ()
    mappings: tuple[event_tables.Mapping, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read and check the folder; PlanError for the first fault."""
        folder = Path(path)
        content = {name: read_bytes(folder / name) for name in FILES if name not in OPTIONAL}
        for name in OPTIONAL:
            content[name] = read_bytes(folder / name) if (folder / name).exists() else b""
        config = validate("plan.toml", None, read_toml("plan.toml", content["plan.toml"]), Config)
        units = _rows(content, "units.csv", Unit, "unit_id")
        indicators = _indicators(content["indicators.toml"])
        targets = _rows(content, "targets.csv", Target, "target_id")
        benchmarks = _rows(content, "benchmarks.csv", Benchmark)
        notes = _notes(content[NOTES], {row.target_id for _, row in targets})
        events = read_csv(EVENTS, content[EVENTS], Event) if content[EVENTS].strip() else []
        offices = read_csv(OFFICES, content[OFFICES], Office) if content[OFFICES].strip() else []
        unique(OFFICES, "office_id", [(line, row.office_id) for line, row in offices])
        places = [(line, row.unit_id) for line, row in events if row.unit_id]
        refers(EVENTS, "unit_id", places, {row.unit_id for _, row in units})
        holidays = (
            read_csv(HOLIDAYS, content[HOLIDAYS], Holiday) if content[HOLIDAYS].strip() else []
        )
        known = {row.indicator_id for row in indicators}
        scopes = {"city"} | {row.unit_id for _, row in units}
        for name, lines in (("targets.csv", targets), ("benchmarks.csv", benchmarks)):
            codes = [(line, row.indicator_id) for line, row in lines]
            refers(name, "indicator_id", codes, known)
        refers("targets.csv", "scope", [(line, row.scope) for line, row in targets], scopes)
        kinds = {row.indicator_id: row.kind for row in indicators}
        for line, row in targets:
            if row.contradicts(kinds[row.indicator_id]):
                value = f"{row.target_id}: {row.baseline:g} → {row.value:g}"
                raise PlanError("targets.csv", line, "baseline", value, "contradiction")
        links = _rows(content, "links.csv", Link, "link")
        if LABELING not in {row.link for _, row in links}:
            raise PlanError("links.csv", None, "link", None, "labeling_link")
        placed = tuple(
            geo.Placed(line, row.unit_id, row.division, row.lon, row.lat) for line, row in units
        )
        geo.check(folder / config.geo, placed)
        return cls(
            config=config,
            units=table(_bare(units), Unit, ordered=False),
            sectors=table(_bare(_rows(content, "sectors.csv", Sector, "sector")), Sector),
            links=table(_bare(links), Link),
            indicators=table(indicators, Indicator),
            targets=table(_bare(targets), Target),
            benchmarks=table(_bare(benchmarks), Benchmark, ordered=False),
            notes=table(notes, Note, ordered=False),
            events=table(_bare(events), Event, ordered=False),
            holidays=table(_bare(holidays), Holiday, ordered=False),
            offices=table(_bare(offices), Office),
            sha256=hashlib.sha256(b"".join(content[name] for name in FILES)).hexdigest(),
            folder=folder,
            placed=placed,
            mappings=event_tables.load(folder),
        )

    @property
    def land(self) -> dict[str, Any]:
        """GeoJSON files that the map is drawn on: `divisions`, `water`; None for each not there.

        Divisions in another format are drawn from the snapshot's table division_areas.
        """
        folder = self.folder / self.config.geo
        files = {"divisions": folder / geo.DIVISIONS, "water": folder / geo.WATER}
        return {name: path if path.exists() else None for name, path in files.items()}

    @property
    def divisions(self) -> pa.Table:
        """One row per division (geo.AREAS); imports geopandas. Raises PlanError."""
        return geo.divisions(self.folder / self.config.geo, self.placed)

    @property
    def demo(self) -> Path | None:
        """The folder with the parameters of the synthetic returns, None where there are none."""
        return self.folder / self.config.demo if self.config.demo else None

    def tables(self) -> dict[str, pa.Table]:
        """Every table by name, as a build reads them: one for each file, `info`, `calendar`.

        Reads the map with geopandas; raises PlanError for a fault on it.
        """
        files = ("units", "sectors", "links", "indicators", "targets", "benchmarks", "notes")
        more = ("events", "holidays", "offices", "divisions", "info", "calendar")
        return {name: getattr(self, name) for name in (*files, *more)}

    @property
    def info(self) -> pa.Table:
        """One row: what queries need of plan.toml (thresholds in points, shares as fractions)."""
        config = self.config
        return pa.Table.from_pylist(
            [
                {
                    "name_zh": config.name_zh,
                    "name_en": config.name_en,
                    "city_zh": config.city.zh,
                    "city_en": config.city.en,
                    "plan_start": config.start,
                    "plan_end": config.end,
                    "timezone": config.timezone,
                    "light_green": config.lights.green,
                    "light_yellow": config.lights.yellow,
                    "provisional_months": config.returns.provisional_months,
                    "min_contributors": config.suppression.min_contributors,
                    "dominance_contributors": config.suppression.dominance_contributors,
                    "dominance_share": config.suppression.dominance_share,
                    "cut_off_days_quarterly": config.suppression.cut_off_days_quarterly,
                    "cut_off_days_monthly": config.suppression.cut_off_days_monthly,
                    **{f"question_{name}": value for name, value in config.questions},
                    **{f"benchmark_{name}": v for name, v in config.benchmark_enterprises},
                    **dict(zip(SIZES, config.size_bands.employees, strict=True)),
                }
            ]
        )

    @property
    def calendar(self) -> pa.Table:
        """One row for each return kind: kind, frequency, due_day (null: due when changed)."""
        schema = pa.schema(
            [("kind", pa.string()), ("frequency", pa.string()), ("due_day", pa.int64())]
        )
        due = self.config.returns.calendar
        return pa.Table.from_pylist(
            [{"kind": kind, **rule.model_dump()} for kind, rule in sorted(due.items())], schema
        )

    def names(self, table_name: str, lang: str) -> dict[str, str]:
        """Code to name in `lang`, in file order, for a table whose first column is a code."""
        rows: pa.Table = getattr(self, table_name)
        codes, words = rows.column(0).to_pylist(), rows.column(f"name_{lang}").to_pylist()
        return dict(zip(codes, words, strict=True))


def _rows(
    content: dict[str, bytes], name: str, model: type[Row], key: str | None = None
) -> list[tuple[int, Row]]:
    rows = read_csv(name, content[name], model)
    if key:
        unique(name, key, [(line, getattr(row, key)) for line, row in rows])
    return rows


def _bare(rows: list[tuple[int, Row]]) -> list[Row]:
    return [row for _, row in rows]


def _notes(content: bytes, targets: set[str]) -> list[Note]:
    """One note for each month, target and owner."""
    rows = read_csv(NOTES, content, Note) if content.strip() else []
    refers(NOTES, "target_id", [(line, row.target_id) for line, row in rows], targets)
    keys: list[tuple[int | None, str]] = [
        (line, f"{row.month:%Y-%m} {row.target_id} {row.owner}") for line, row in rows
    ]
    unique(NOTES, "owner", keys)
    return _bare(rows)


def _indicators(content: bytes) -> list[Indicator]:
    """The [[indicator]] entries; a fault names its entry by id, or by place where it has none."""
    name = "indicators.toml"
    document = read_toml(name, content)
    for key in document.keys() - {"indicator"}:
        raise PlanError(name, None, key, None, "unknown_key")
    rows = [
        validate(name, None, entry, Indicator, within=str(entry.get("id", f"indicator #{place}")))
        for place, entry in enumerate(document.get("indicator", []), 1)
    ]
    unique(name, "id", [(None, row.indicator_id) for row in rows])
    return rows
