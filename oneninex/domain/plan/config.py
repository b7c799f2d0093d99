"""The shape of plan.toml: the rules that an office sets."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from oneninex.core.i18n import LANGS
from oneninex.domain.plan.models import Code, Colour, Day, Number, Strict, Text


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise PydanticCustomError("timezone", "no such time zone")
    return value


def _folder(value: str) -> str:
    """A folder beside or below the plan's, written so that it means the same on every machine."""
    if value.startswith("/") or "\\" in value or ":" in value:
        raise PydanticCustomError("folder", "not a folder relative to the plan")
    return value


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or len(set(value)) < len(value) or not set(value) <= set(LANGS):
        raise PydanticCustomError("languages", "a language without a catalogue, or twice")
    return value


Folder = Annotated[Text, AfterValidator(_folder)]
Languages = Annotated[tuple[str, ...], AfterValidator(_languages)]


class Said(Strict):
    """Something said in both languages."""

    zh: Text
    en: Text


class Slogan(Strict):
    """What the plan calls its parts; a part without a word goes by its plain name."""

    factory: Said | None = None
    units: Said | None = None
    datasets: Said | None = None


class Remarks(Strict):
    """What a reader has to know of the plan itself, printed where it matters."""

    units: Said | None = None
    data_factory: Said | None = None
    labeling_plan: Said | None = None
    ai_plan: Said | None = None
    national: Said | None = None
    working: Said | None = None
    benchmarks: Said | None = None
    context: Said | None = None
    lights: Said | None = None
    map: Said | None = None


class Look(Strict):
    """How a light shows itself: the colour never stands alone."""

    colour: Colour
    shape: Literal["circle", "triangle", "square", "diamond"]
    word_zh: Text
    word_en: Text


class Lights(Strict):
    """Lower bounds in percentage points of the gap to the time share; below yellow is red."""

    green: Number
    yellow: Number
    source: Text
    looks: dict[Literal["green", "yellow", "red"], Look]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.yellow >= self.green or len(self.looks) < 3:
            raise PydanticCustomError("lights", "yellow must lie below green, three looks")
        return self


class Suppression(Strict):
    """A money or headcount cell needs this many contributors and no more dominance than this."""

    min_contributors: Annotated[int, Field(ge=1)]
    dominance_contributors: Annotated[int, Field(ge=1)]
    dominance_share: Annotated[float, Field(gt=0, le=1)]
    # Days after a quarter or month from which a figure is released without what is missing.
    cut_off_days_quarterly: Annotated[int, Field(ge=0, le=366)] = 45
    cut_off_days_monthly: Annotated[int, Field(ge=0, le=366)] = 15


class Due(Strict):
    """When a kind of return is due: a day of the month after its period, or when changed."""

    frequency: Literal["monthly", "quarterly", "on_change"]
    due_day: Annotated[int | None, Field(ge=1, le=28)] = None

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.frequency == "on_change") != (self.due_day is None):
            raise PydanticCustomError("calendar", "due_day belongs to dated returns only")
        return self


class Returns(Strict):
    """The return calendar."""

    provisional_months: Annotated[int, Field(ge=0, le=12)]
    calendar: dict[Code, Due]


class LabelStudio(Strict):
    """Lead times above the cap are a forgotten tab, not work."""

    lead_time_cap_seconds: Annotated[int, Field(gt=0)]


class Exports(Strict):
    """Times of platform exports: where a session ends, and what shows that work was imported.

    `bulk_records` of one person within `bulk_seconds`; or a run of `run_records`, none edited
    more than `run_edited_seconds` after its submission, whose durations add up to more than
    `run_factor` times the time that the run took.
    """

    session_gap_seconds: Annotated[int, Field(gt=0)]
    bulk_records: Annotated[int, Field(gt=1)]
    bulk_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    run_records: Annotated[int, Field(gt=1)]
    run_factor: Annotated[float, Field(gt=1, allow_inf_nan=False)]
    run_edited_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Intake(Strict):
    """Most bytes of a single file, and the limits of the worker process that reads it."""

    max_bytes: Annotated[int, Field(gt=0)]
    worker_megabytes: Annotated[int, Field(ge=300)] = 1_600
    worker_seconds: PositiveInt = 1_800

    @property
    def worker(self) -> tuple[int, int]:
        """Megabytes and seconds."""
        return self.worker_megabytes, self.worker_seconds


class Uploads(Strict):
    """How many uploads within some minutes: checks of files, and the files and bytes sent.

    What is `per_reader` is of one person (or session, where nobody signs in), the others of all
    readers of a process together. `megabytes_held` lie in memory at once. A file is read by one
    of `workers` worker processes with so many megabytes and seconds.
    """

    minutes: PositiveInt = 10
    checks_per_reader: PositiveInt = 30
    checks_in_all: PositiveInt = 200
    files_per_reader: PositiveInt = 100
    files_in_all: PositiveInt = 500
    megabytes_per_reader: PositiveInt = 500
    megabytes_in_all: PositiveInt = 2_000
    megabytes_held: PositiveInt = 300
    workers: PositiveInt = 2
    worker_megabytes: Annotated[int, Field(ge=300)] = 700
    worker_seconds: PositiveInt = 180


class SignIn(Strict):
    """After how many minutes without a request a sign-in ends."""

    idle_minutes: PositiveInt = 30


class Retention(Strict):
    """What `retain` keeps of old snapshots and of the audit trail; without it, everything.

    All snapshots of the last `all_days`, the last of each month of the last `months` months,
    those that a briefing names, and the current one.
    """

    all_days: Annotated[int, Field(ge=1)]
    months: Annotated[int, Field(ge=0)]
    audit_days: Annotated[int, Field(ge=30)]


class Review(Strict):
    """Whether accepted rows are published at once, or after the planner has reviewed them."""

    rule: Literal["accept_at_once", "after_review"] = "accept_at_once"


class Questions(Strict):
    """From where on a figure is asked about; it is published all the same."""

    jump_factor: Annotated[float, Field(gt=1, allow_inf_nan=False)]
    volume_factor: Annotated[float, Field(gt=1, allow_inf_nan=False)]
    dataset_gb_low: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    dataset_gb_high: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class BenchmarkEnterprises(Strict):
    """What a candidate for the benchmark enterprises has to reach; readers may try others."""

    min_revenue_10k_cny: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    min_growth: Annotated[float, Field(ge=-1, allow_inf_nan=False)]
    min_employees: Annotated[int, Field(ge=0)]
    min_rd_share: Annotated[float, Field(ge=0, le=1)]
    min_certified_share: Annotated[float, Field(ge=0, le=1)]


def _rising(value: tuple[int, ...]) -> tuple[int, ...]:
    if sorted(set(value)) != list(value):
        raise PydanticCustomError("bands", "each band must begin above the one before")
    return value


Rising = Annotated[tuple[PositiveInt, PositiveInt, PositiveInt], AfterValidator(_rising)]


class SizeBands(Strict):
    """Employees from which an enterprise is in the second, third and fourth band."""

    employees: Rising


class Config(Strict):
    """plan.toml."""

    name_zh: Text
    name_en: Text
    city: Said
    languages: Languages
    geo: Folder
    demo: Folder | None = None
    start: Day
    end: Day
    timezone: Annotated[str, AfterValidator(_timezone)]
    lights: Lights
    suppression: Suppression
    returns: Returns
    label_studio: LabelStudio
    exports: Exports
    intake: Intake
    uploads: Uploads = Uploads()
    sign_in: SignIn = SignIn()
    retention: Retention | None = None
    review: Review = Review()
    questions: Questions
    benchmark_enterprises: BenchmarkEnterprises
    size_bands: SizeBands
    slogan: Slogan = Slogan()
    remarks: Remarks = Remarks()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise PydanticCustomError("order", "the end must follow the start")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days begin."""
        return ZoneInfo(self.timezone)
