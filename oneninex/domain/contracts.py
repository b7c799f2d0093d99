"""The contract of each kind of return: one Table Schema that checks, form and documents share.

`data/contracts/KIND.json` is a Frictionless Table Schema with further properties; which ones,
and why, stands in docs/decisions. A field's text exists in Chinese (`title`) and English
(`title_en`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oneninex.core.settings import ROOT

if TYPE_CHECKING:
    from oneninex.domain.plan import Plan

FOLDER = ROOT / "data" / "contracts"
# The year in which the contracts write their examples; of_plan writes a year of the plan's term.
_EXAMPLE_YEAR = "2026"

_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "yearmonth": "DATE",
    "boolean": "BOOLEAN",
    "datetime": "TIMESTAMP",
}


@dataclass(frozen=True)
class Field:
    """One column of a return.

    `labels` maps a code to its Chinese name, English name and further names that are read.
    `codes` says which list of the plan holds the permitted values (units, scopes, indicators;
    of sectors and links `of_plan` makes labels), `check` names a check beyond the pattern
    (uscc), `separator` parts several codes in a cell, `reads` names a way of writing that is
    understood besides the stored one (quarter), `latest` the time after which nothing is
    believed (today, or year_end: the end of this year).
    """

    name: str
    type: str
    title: str
    title_en: str
    description: str
    description_en: str
    aliases: tuple[str, ...]
    example: str
    unit: str = ""
    unit_en: str = ""
    required: bool = False
    minimum: float | str | None = None
    maximum: float | str | None = None
    pattern: str | None = None
    max_length: int | None = None
    enum: tuple[str, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    separator: str | None = None
    codes: str | None = None
    check: str | None = None
    reads: str | None = None
    latest: str | None = None

    @property
    def duckdb_type(self) -> str:
        """The type of the accepted value: a month is the DATE of its first day."""
        return _DUCKDB_TYPES[self.type]

    def name_in(self, lang: str) -> str:
        """The title in `lang` (zh or en)."""
        return self.title if lang == "zh" else self.title_en


@dataclass(frozen=True)
class Rule:
    """A condition between the fields of a row.

    `expression` is SQL over the typed columns; NULL passes. A message may name a field in braces
    to show its value. The first of `fields` is the one that a finding points at.
    """

    name: str
    fields: tuple[str, ...]
    expression: str
    message_zh: str
    message_en: str
    code: str = "rule"


@dataclass(frozen=True)
class Contract:
    """What a kind of return holds. `sent` is false for a kind that we derive ourselves."""

    kind: str
    title: str
    title_en: str
    description: str
    description_en: str
    sent: bool
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    replaces: tuple[str, ...]
    period: str | None
    rules: tuple[Rule, ...]

    def field(self, name: str) -> Field:
        """The field called `name`; raises KeyError."""
        return self._by_name()[name]

    def has(self, name: str) -> bool:
        """Whether there is a field called `name`."""
        return name in self._by_name()

    def name_in(self, lang: str) -> str:
        """The title in `lang` (zh or en)."""
        return self.title if lang == "zh" else self.title_en

    def _by_name(self) -> dict[str, Field]:
        return {item.name: item for item in self.fields}


@cache
def kinds() -> list[str]:
    """Every kind of fact, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def sent_kinds() -> list[str]:
    """The kinds that a unit sends (the others are derived from platform exports)."""
    return [kind for kind in kinds() if load(kind).sent]


@cache
def load(kind: str) -> Contract:
    """The contract of a kind; raises KeyError for an unknown one."""
    if kind not in kinds():
        raise KeyError(kind)
    return _read(FOLDER / f"{kind}.json")


@cache
def events() -> Contract:
    """The contract of task-level events, which are rolled up and not imported."""
    return _read(FOLDER / "events" / "task_events.json")


def _read(path: Path) -> Contract:
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Contract(
        kind=path.stem,
        title=schema["title"],
        title_en=schema["title_en"],
        description=schema["description"],
        description_en=schema["description_en"],
        sent=schema["sent"],
        fields=tuple(_field(item) for item in schema["fields"]),
        primary_key=tuple(schema["primaryKey"]),
        replaces=tuple(schema["replaces"]),
        period=schema["period"],
        rules=tuple(_rule(item) for item in schema["rules"]),
    )


def of_plan(kind: str, plan: Plan) -> Contract:
    """The contract with the plan's sectors, links and units in it, and examples of its term."""
    contract = load(kind)
    first = plan.config.start
    year = str(first.year if first.month == 1 else first.year + 1)
    fields = tuple(_in_plan(_in_year(one, year), plan) for one in contract.fields)
    return replace(contract, fields=fields)


def _in_year(item: Field, year: str) -> Field:
    """The field with the examples of its texts in `year`."""

    def written(words: str) -> str:
        return re.sub(rf"{_EXAMPLE_YEAR}(?=[-年/Q])", year, words)

    return replace(
        item,
        description=written(item.description),
        description_en=written(item.description_en),
        example=written(item.example),
    )


def _in_plan(item: Field, plan: Plan) -> Field:
    """The field with the codes that the plan's lists give it, and an example among them."""
    if item.codes == "units":
        return replace(item, example=plan.units.column("unit_id")[0].as_py())
    if item.codes == "indicators":
        return replace(item, example=_sent_indicator(plan))
    if item.codes not in ("sectors", "links"):
        return item
    rows = getattr(plan, item.codes).to_pylist()
    labels = {
        row[item.name.removesuffix("s")]: (
            row["name_zh"],
            row["name_en"],
            *(row["aliases"] or "").split("|"),
        )
        for row in rows
    }
    labels = {code: tuple(filter(None, names)) for code, names in labels.items()}
    shown = list(labels)[: 2 if item.separator else 1]
    return replace(
        item,
        codes=None,
        enum=() if item.separator else tuple(labels),
        labels=labels,
        pattern=_several(list(labels), item.separator) if item.separator else item.pattern,
        example=(item.separator or "").join(shown),
    )


def _several(codes: list[str], separator: str) -> str:
    """What one or more of the codes look like, parted by the separator."""
    one = f"({'|'.join(codes)})"
    return f"{one}({re.escape(separator)}{one})*"


def _sent_indicator(plan: Plan) -> str:
    """The first indicator that comes by a return of its own, the first of all where none does."""
    rows = plan.indicators.to_pylist()
    sent = [row["indicator_id"] for row in rows if row["source"] == "indicator_values"]
    return (sent or [rows[0]["indicator_id"]])[0]


def _field(item: dict[str, Any]) -> Field:
    limits = item.get("constraints", {})
    return Field(
        name=item["name"],
        type=item["type"],
        title=item["title"],
        title_en=item["title_en"],
        description=item["description"],
        description_en=item["description_en"],
        aliases=tuple(item["aliases"]),
        example=item["example"],
        unit=item.get("unit", ""),
        unit_en=item.get("unit_en", ""),
        required=limits.get("required", False),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=limits.get("pattern"),
        max_length=limits.get("maxLength"),
        enum=tuple(limits.get("enum", ())),
        labels={code: tuple(names) for code, names in item.get("labels", {}).items()},
        separator=item.get("separator"),
        codes=item.get("codes"),
        check=item.get("check"),
        reads=item.get("reads"),
        latest=item.get("latest"),
    )


def _rule(item: dict[str, Any]) -> Rule:
    return Rule(**{**item, "fields": tuple(item["fields"])})
