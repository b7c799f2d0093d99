"""The parameters of the demo (five TOML files), checked: a misspelt name is an error."""

import string
import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from stdnum.cn import uscc

from oneninex.core.settings import ROOT
from oneninex.demo.rules import Demo, Month, Strict

PARAMETERS = ROOT / "data" / "demo"
FILES = ("columns.toml", "datasets.toml", "demo.toml", "enterprises.toml", "units.toml")
Line = tuple[str, str, float, float]


class Unit(Strict):
    """How a unit works and reports."""

    unit_id: str
    file: Literal["xlsx", "gb18030", "utf8_bom", "utf8"]
    headers: Literal["zh", "en"]
    dates: Literal["iso", "slash", "zh", "cell"]
    hours_basis: str
    omits: list[str]
    output: float
    acceptance: float
    review_share: float
    schools: int
    sent_day: int
    late: dict[Month, int] = Field(default_factory=dict)
    missing: list[Month] = Field(default_factory=list)
    thousands: bool = False


class Enterprise(Strict):
    """An invented enterprise of the unit that its code's letter counts to."""

    code: str
    unit_id: str
    origin: Literal["attracted", "grown"]
    links: list[str]
    founded_on: date
    joined_on: date
    staff: tuple[int, int]
    lines: list[Line]
    left_on: date | None = None
    works_from: Month | None = None
    registered: bool = True
    recognition: str | None = None
    name_zh: str | None = None
    name_en: str | None = None

    def works_in(self, month: date) -> bool:
        """Whether it has staff and output in the month that begins on `month`."""
        begun = (self.works_from or self.joined_on.replace(day=1)) <= month
        return begun and (self.left_on is None or month <= self.left_on)


class Dataset(Strict):
    """An invented dataset; `stages` holds the days of the stages it has reached."""

    number: str
    enterprise: str | None = None
    unit: str | None = None
    sector: str
    title_zh: str
    title_en: str
    size_tb: float
    records_k: int
    stages: list[date]
    applied_on: date | None = None
    scenario: str | None = None
    models: int = 0
    trade: float | None = None


class Parameters(Strict):
    """All five files."""

    demo: Demo
    units: list[Unit]
    enterprises: list[Enterprise]
    datasets: list[Dataset]
    evaluation_rule: str
    columns: dict[str, dict[str, str]]

    @cached_property
    def enterprise_ids(self) -> dict[str, str]:
        """Code to 统一社会信用代码: the demo mark, unit and number, a valid check digit."""
        return {e.code: self._enterprise_id(e) for e in self.enterprises}

    def _enterprise_id(self, enterprise: Enterprise) -> str:
        number = (_place(enterprise.code) + 1) * 100 + int(enterprise.code[1:])
        body = f"{self.demo.marks.enterprise_prefix}{number:05d}"
        return body + uscc.calc_check_digit(body)

    def of_unit(self, unit: Unit) -> list[Enterprise]:
        """The enterprises of a unit."""
        return [e for e in self.enterprises if e.unit_id == unit.unit_id]

    def dataset_id(self, dataset: Dataset) -> str:
        """The dataset's id with the demo mark."""
        return self.demo.marks.dataset_prefix + dataset.number


def load(folder: Path = PARAMETERS) -> Parameters:
    """Read the parameter files of `folder`; raises ValidationError, TOMLDecodeError or OSError."""
    datasets, units = _toml(folder / "datasets.toml"), _toml(folder / "units.toml")["units"]
    enterprises = [
        {**firm, "unit_id": units[_place(firm["code"])]["unit_id"]}
        for firm in _toml(folder / "enterprises.toml")["enterprises"]
    ]
    return Parameters.model_validate(
        {
            "demo": _toml(folder / "demo.toml"),
            "units": units,
            "enterprises": enterprises,
            "datasets": datasets["datasets"],
            "evaluation_rule": datasets["evaluation_rule"],
            "columns": _toml(folder / "columns.toml"),
        }
    )


def _place(code: str) -> int:
    """The letter of an enterprise's code is its unit's place among the units, A the first."""
    return string.ascii_uppercase.index(code[0])


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
