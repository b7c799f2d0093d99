"""The models of `data/demo/demo.toml`: what all units share, and the one-off stories."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _month(value: object) -> object:
    """`2026-10` as the first day of that month."""
    return date.fromisoformat(f"{value}-01") if isinstance(value, str) else value


Month = Annotated[date, BeforeValidator(_month)]
Pair = tuple[float, float]


class Strict(BaseModel):
    """What is misspelt must be said, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Strict):
    """The last month, the two ends of the ramp, and the date that workbooks carry."""

    last_month: Month
    ramp: tuple[Month, Month]
    workbook_created: date


class Marks(Strict):
    """How demo data is known as such."""

    enterprise_prefix: str
    dataset_prefix: str
    enterprise_zh: str
    enterprise_en: str
    source: str
    title: str


class Presence(Strict):
    """Share of an ordinary day's people, and how likely a project works at all."""

    people: float
    chance: float


class Around(Strict):
    """Days before and after the Spring Festival with fewer people."""

    days: int
    people: float


class Days(Strict):
    """What kinds of days do to the work."""

    holiday_run: int
    workday: Presence
    saturday: Presence
    sunday: Presence
    festival: Presence
    around_spring_festival: Around


class Learning(Strict):
    """A newcomer's output grows over so many months from this share."""

    months: int
    start: float = Field(alias="from")


class Work(Strict):
    """Hours, output and quality that all units share."""

    annotator_share: float
    active_hours: float
    hours: dict[str, float]
    project_months: int
    noise_day: float
    noise_month: float
    noise_enterprise: float
    learning: Learning
    acceptance_gain: float
    first_pass: float
    gold_share: float
    gold_accuracy: float
    prelabeled: Pair


class Money(Strict):
    """Quarterly figures, in 万元."""

    output_per_worker_year: float
    labeling_share: Pair
    rd_share: Pair
    backlog_months: Pair
    quarter_factor: tuple[float, float, float, float]


class People(Strict):
    """Workforce returns, as shares of the workers."""

    part_time_share: float
    trainee_share: float
    reserve_share: float
    trained_share: float
    seats_per_worker: float
    seats_used_share: float
    certified_share: Pair
    certified_levels: tuple[float, float, float, float, float]


class Modality(Strict):
    """Items an hour, objects and gigabytes an item, aptitude for pre-labeling."""

    rate: float
    objects: float
    gb: float
    prelabeled: float


class Event(Strict):
    """What went wrong, or well, in one unit and month."""

    unit: str
    month: Month
    acceptance: float
    output: float


class Revised(Strict):
    """The one return that is corrected later."""

    unit: str
    month: Month
    items: float
    received_on: date
    reason: str


class LabelStudio(Strict):
    """The one project that comes as a Label Studio export."""

    unit: str
    enterprise: str
    month: Month
    project: str
    modality: str
    received_on: date
    tasks: int
    annotators: int
    skipped: float
    reviewed: float
    accepted: float
    second_try: float
    drafts: float
    seconds: float
    forgotten_tab: float
    forgotten_seconds: float
    words: list[str]
    labels: list[str]
    choices: list[str]
    agreeing: float


class Value(Strict):
    """A value of an indicator from a month on."""

    indicator_id: str
    start: Month = Field(alias="from")
    value: float
    note: str


class Demo(Strict):
    """demo.toml."""

    period: Period
    marks: Marks
    days: Days
    work: Work
    money: Money
    people: People
    modalities: dict[str, Modality]
    events: list[Event]
    revised: Revised
    label_studio: LabelStudio
    indicator_values: list[Value]
