"""The daily labeling returns: who worked on what, how much, how good."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from oneninex.demo.parameters import Enterprise, Line, Parameters, Unit
from oneninex.demo.people import along, ramp, staff
from oneninex.demo.span import between, day_kind, days_of, generator, near_spring_festival

SCHEMA = pa.schema(
    [
        ("date", pa.date32()),
        ("unit_id", pa.string()),
        ("enterprise_id", pa.string()),
        ("project_id", pa.string()),
        ("dataset_id", pa.string()),
        ("modality", pa.string()),
        ("task_type", pa.string()),
        ("items", pa.int64()),
        ("objects", pa.int64()),
        ("hours", pa.float64()),
        ("hours_basis", pa.string()),
        ("reviewed", pa.int64()),
        ("accepted", pa.int64()),
        ("accepted_first_pass", pa.int64()),
        ("rejected", pa.int64()),
        ("gold_items", pa.int64()),
        ("gold_correct", pa.int64()),
        ("prelabeled_items", pa.int64()),
        ("annotators", pa.int64()),
        ("volume_gb", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Project:
    """One project's month: its people on an ordinary day, its pace and its quality."""

    unit: Unit
    enterprise_id: str
    project_id: str
    dataset_id: str | None
    modality: str
    task_type: str
    people: float
    pace: float
    acceptance: float
    prelabeled: float


def month(given: Parameters, unit: Unit, first: date, seed: int, scale: int) -> pa.Table:
    """A unit's month, by day, enterprise and project."""
    parts = [
        _rows(given, project, first, generator(seed, "rows", first, project.project_id))
        for enterprise in given.of_unit(unit)
        if enterprise.works_in(first)
        for project in _projects(given, unit, enterprise, first, seed, scale)
    ]
    rows = pa.concat_tables([SCHEMA.empty_table(), *parts])
    return rows.sort_by([("date", "ascending"), ("project_id", "ascending")])


def _projects(
    given: Parameters, unit: Unit, enterprise: Enterprise, first: date, seed: int, scale: int
) -> list[Project]:
    """The projects that an enterprise works on in the month; `scale` splits each line of work."""
    people = staff(given, enterprise, first, seed) * given.demo.work.annotator_share
    pace = _pace(given, unit, enterprise, first, seed)
    weights = [along((line[2], line[3]), ramp(given, first)) for line in enterprise.lines]
    return [
        Project(
            unit=unit,
            enterprise_id=given.enterprise_ids[enterprise.code],
            project_id=_project_id(given, enterprise, number, part, first),
            dataset_id=_dataset_id(given, enterprise, first) if number == 0 else None,
            modality=line[0],
            task_type=line[1],
            people=people * weight / sum(weights) / scale,
            pace=pace * given.demo.modalities[line[0]].rate,
            acceptance=_acceptance(given, unit, first, generator(seed, "quality", enterprise.code)),
            prelabeled=_prelabeled(given, line, first),
        )
        for number, (line, weight) in enumerate(zip(enterprise.lines, weights, strict=True))
        if weight > 0.03
        for part in range(scale)
    ]


def _project_id(
    given: Parameters, enterprise: Enterprise, line: int, part: int, first: date
) -> str:
    """A line of work gets a new project every so many months, not all in the same month."""
    months = between(date(2015, 1, 1), first) + 2 * line
    suffix = f"-{part + 1:03d}" if part else ""
    return f"{enterprise.code}-P{line + 1}-{months // given.demo.work.project_months:02d}{suffix}"


def _dataset_id(given: Parameters, enterprise: Enterprise, first: date) -> str | None:
    """The dataset that the enterprise is building in the month."""
    for dataset in given.datasets:
        built = dataset.stages[1] if len(dataset.stages) > 1 else date.max
        if dataset.enterprise == enterprise.code and dataset.stages[0] <= first <= built:
            return given.dataset_id(dataset)
    return None


def _pace(given: Parameters, unit: Unit, enterprise: Enterprise, first: date, seed: int) -> float:
    """Output of the enterprise's people against the city's ordinary pace."""
    work = given.demo.work
    own = generator(seed, "pace", enterprise.code).normal(1.0, work.noise_enterprise)
    this_month = generator(seed, "pace", enterprise.code, first).normal(1.0, work.noise_month)
    begun = enterprise.works_from or enterprise.joined_on.replace(day=1)
    learned = min(1.0, between(begun, first) / work.learning.months)
    event = _event_output(given, unit, first)
    return unit.output * event * float(own * this_month) * along((work.learning.start, 1), learned)


def _event_output(given: Parameters, unit: Unit, first: date) -> float:
    here = [e.output for e in given.demo.events if (e.unit, e.month) == (unit.unit_id, first)]
    return float(np.prod(here))


def _acceptance(given: Parameters, unit: Unit, first: date, rng: np.random.Generator) -> float:
    here = [e.acceptance for e in given.demo.events if (e.unit, e.month) == (unit.unit_id, first)]
    gained = given.demo.work.acceptance_gain * ramp(given, first)
    return min(0.995, unit.acceptance + gained + sum(here) + float(rng.normal(0, 0.006)))


def _prelabeled(given: Parameters, line: Line, first: date) -> float:
    aptitude = given.demo.modalities[line[0]].prelabeled
    return min(1.0, along(given.demo.work.prelabeled, ramp(given, first)) * aptitude)


def _attendance(
    given: Parameters, days: list[date], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """For each day the share of people present, and whether the project works at all."""
    rules = given.demo.days
    kinds = [getattr(rules, day_kind(day, rules.holiday_run)) for day in days]
    thin = rules.around_spring_festival
    near = [thin.people if near_spring_festival(day, thin.days) else 1.0 for day in days]
    share = np.array([kind.people for kind in kinds]) * np.array(near)
    works = rng.random(len(days)) < np.array([kind.chance for kind in kinds])
    return share * rng.normal(1.0, 0.04, len(days)).clip(0.7, 1.08), works


def _rows(given: Parameters, project: Project, first: date, rng: np.random.Generator) -> pa.Table:
    days = days_of(first)
    share, works = _attendance(given, days, rng)
    worked = [day for day, at_work in zip(days, works, strict=True) if at_work]
    people = np.maximum(1, np.rint(project.people * share[works])).astype(np.int64)
    measures = _measures(given, project, people, rng)
    texts = {
        "unit_id": project.unit.unit_id,
        "enterprise_id": project.enterprise_id,
        "project_id": project.project_id,
        "dataset_id": project.dataset_id,
        "modality": project.modality,
        "task_type": project.task_type,
        "hours_basis": project.unit.hours_basis,
    }
    columns = {name: [value] * len(worked) for name, value in texts.items()}
    return pa.table({"date": worked, **columns, **measures}, schema=SCHEMA)


def _measures(
    given: Parameters, project: Project, people: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """What the people of each day did; all counts obey the contract by construction."""
    work, modality, count = given.demo.work, given.demo.modalities[project.modality], len(people)
    noise = rng.normal(1.0, work.noise_day, count).clip(0.6, 1.4)
    items = np.rint(people * work.active_hours * project.pace * noise).astype(np.int64).clip(1)
    basis = work.hours[project.unit.hours_basis]
    hours = people * basis * rng.normal(1.0, 0.05, count).clip(0.8, 1.2)
    reviewed = rng.binomial(items, project.unit.review_share)
    quality = rng.normal(project.acceptance, 0.008, count).clip(0.3, 0.999)
    accepted = rng.binomial(reviewed, quality)
    gold = rng.binomial(items, work.gold_share)
    gold_accuracy = min(0.99, work.gold_accuracy + project.acceptance - 0.95)
    return {
        "items": items,
        "objects": np.maximum(items, np.rint(items * modality.objects)).astype(np.int64),
        "hours": _rounded(hours, project.unit.hours_basis),
        "reviewed": reviewed,
        "accepted": accepted,
        "accepted_first_pass": rng.binomial(accepted, work.first_pass),
        "rejected": reviewed - accepted,
        "gold_items": gold,
        "gold_correct": rng.binomial(gold, gold_accuracy),
        "prelabeled_items": rng.binomial(items, project.prelabeled),
        "annotators": people,
        "volume_gb": np.round(items * modality.gb * noise, 3),
    }


def _rounded(hours: np.ndarray, basis: str) -> np.ndarray:
    """Hours on paper come in halves, a platform's to the hundredth."""
    return np.rint(hours * 2) / 2 if basis == "reported" else np.round(hours, 2)


def corrected(rows: pa.Table, factor: float) -> pa.Table:
    """The same rows with the counts of a later, smaller truth; relations stay as they were."""
    counts = [f.name for f in SCHEMA if pa.types.is_integer(f.type) and f.name != "annotators"]
    fixed = {n: np.floor(rows[n].to_numpy() * factor).astype(np.int64) for n in counts}
    fixed["accepted"] = np.minimum(fixed["accepted"], fixed["reviewed"])
    fixed["rejected"] = fixed["reviewed"] - fixed["accepted"]
    for name, values in fixed.items():
        rows = rows.set_column(rows.column_names.index(name), SCHEMA.field(name), [values])
    return rows
