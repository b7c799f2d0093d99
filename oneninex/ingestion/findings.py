"""What was found wrong with a file: one row for each cell, row or file, in both languages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date

import pyarrow as pa

from oneninex.core import escape
from oneninex.core.i18n import LANGS, text

SHOWN = 200  # characters of a value that are shown and kept

FINDINGS = pa.schema(
    [
        ("row", pa.int64()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("code", pa.string()),
        ("rule", pa.string()),
        ("message_zh", pa.string()),
        ("message_en", pa.string()),
        ("record", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.date32()),
        ("cell", pa.string()),
    ]
)

CODES = (
    "encoding",
    "not_a_table",
    "missing_column",
    "unknown_column",
    "type",
    "required",
    "range",
    "unknown_code",
    "duplicate_key",
    "rule",
    "too_large",
    "unsafe",
    "unknown_format",
    "missing_capability",
)


# Control characters (but line breaks and tabs) and those that turn the direction of writing.
STEERING = (
    *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_STEERING = dict.fromkeys(STEERING, "\ufffd")


@dataclass(frozen=True)
class Finding:
    """One finding. `row` is None where it concerns the whole file; `cell` is an Excel address.

    `message` is the key below `findings.` in the catalogue, or a whole key `platforms.…`; `values`
    fill it in; a value that differs by language is a (zh, en) pair.
    """

    code: str
    message: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    rule: str | None = None
    record: str | None = None
    unit_id: str | None = None
    period: date | None = None
    cell: str | None = None
    values: dict[str, object] = attribute(default_factory=dict)

    def as_row(self) -> dict[str, object]:
        """The finding as a row of FINDINGS."""
        zh, en = messages(self.message, **self.values)
        return {
            "row": self.row,
            "field": self.field,
            "value": _shown(self.value),
            "code": self.code,
            "rule": self.rule,
            "message_zh": zh,
            "message_en": en,
            "record": self.record,
            "unit_id": self.unit_id,
            "period": self.period,
            "cell": self.cell,
        }


class Refused(Exception):
    """The file is refused as a whole, for the reasons in `findings`; `examples` show them."""

    def __init__(self, *findings: Finding, examples: pa.Table | None = None) -> None:
        super().__init__(findings[0].message)
        self.findings = findings
        self.examples = examples

    def table(self) -> pa.Table:
        """The reasons and the examples as a table of FINDINGS."""
        reasons = table(self.findings)
        return reasons if self.examples is None else pa.concat_tables([reasons, self.examples])


def shown(value: str) -> str:
    """A text of a sender's, short and without what would act on a terminal."""
    short = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return escape.terminal(short)


def refuse(code: str, message: str, **values: object) -> Refused:
    """The refusal of a file for one reason that concerns it as a whole."""
    return Refused(Finding(code, message, values=values))


def messages(key: str, /, **values: object) -> tuple[str, str]:
    """The Chinese and the English text of `findings.KEY`; a pair in `values` is (zh, en).

    A key of the platforms' own catalogue is given whole: `platforms.KEY`.
    """
    values = {name: _shown(value) for name, value in values.items()}
    whole = key if key.startswith("platforms.") else f"findings.{key}"
    zh, en = (
        text(
            whole,
            lang,
            **{name: v[place] if isinstance(v, tuple) else v for name, v in values.items()},
        )
        for place, lang in enumerate(LANGS)
    )
    return zh, en


def _shown(value: object) -> object:
    """A value without what would steer a screen rather than be seen on it."""
    if isinstance(value, tuple):
        return tuple(_shown(part) for part in value)
    return value.translate(_STEERING) if isinstance(value, str) else value


def table(findings: list[Finding] | tuple[Finding, ...]) -> pa.Table:
    """Findings as a table of FINDINGS."""
    return pa.Table.from_pylist([finding.as_row() for finding in findings], FINDINGS)


def counts(findings: pa.Table) -> dict[str, int]:
    """How many findings there are of each code."""
    return dict(Counter(findings.column("code").to_pylist()))
