"""What the form says about each field: comments, prompts and the sheet 填表说明."""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from oneninex.core.escape import formula
from oneninex.core.i18n import LANGS
from oneninex.domain.contracts import Contract, Field
from oneninex.template.words import both, word

_HEADS = ("field", "required", "description", "unit", "allowed", "example")
_WIDTHS = (24, 10, 62, 10, 46, 24)
_SHOWN = re.compile(r" ?[（(]\{[^）)]*[）)]")
_VALUE = re.compile(r"\{\w+\}")


def write(
    workbook: Workbook, contract: Contract, unit: dict[str, Any], formats: dict[str, Format]
) -> None:
    """Add the sheet that explains the form: how to fill it in, each field, what is checked."""
    sheet = workbook.add_worksheet(word("sheet_notes"))
    lines = [
        f"{contract.title} {contract.title_en}",
        f"{unit['unit_id']} {unit['name_zh']} {unit['name_en']}",
        contract.description,
        contract.description_en,
        *(word("how_to", lang) for lang in LANGS),
    ]
    for row, line in enumerate(lines):
        look = formats["strong" if row < 2 else "text"]
        sheet.merge_range(row, 0, row, len(_HEADS) - 1, formula(line), look)
        sheet.set_row(row, 34 if row > 1 else 20)
    top = len(lines) + 1
    for place, name in enumerate(_HEADS):
        sheet.write_string(top, place, both(f"head_{name}"), formats["head"])
        sheet.set_column(place, place, _WIDTHS[place])
    for row, field in enumerate(contract.fields, top + 1):
        for place, cell in enumerate(_cells(field)):
            sheet.write_string(row, place, formula(cell), formats["text"])
    row = top + len(contract.fields) + 2
    for line in _rules(contract):
        sheet.merge_range(row, 0, row, len(_HEADS) - 1, formula(line), formats["text"])
        row += 1
    sheet.protect("", {"format_columns": True, "format_rows": True})


def comment(field: Field) -> str:
    """All that is known of a field, in both languages."""
    parts = []
    for lang in LANGS:
        parts.append(field.name_in(lang))
        parts.append(field.description if lang == "zh" else field.description_en)
        unit = field.unit if lang == "zh" else field.unit_en
        if unit:
            parts.append(word("note_unit", lang, unit=unit))
        if listed := allowed(field, lang):
            parts.append(word("note_allowed", lang, allowed=listed))
        parts.append(word("note_required" if field.required else "note_optional", lang))
        if field.example:
            parts.append(word("note_example", lang, example=field.example))
    return "\n".join(parts)


def prompt(field: Field) -> str:
    """What shows beside the cell while it is filled in."""
    example = word("note_example", example=field.example) if field.example else ""
    return "\n".join(part for part in (field.description, example) if part)


def allowed(field: Field, lang: str) -> str:
    """The values or the range that the field takes; empty for free text."""
    if field.labels:
        place = LANGS.index(lang)
        return " / ".join(names[place] for names in field.labels.values())
    if field.type in ("integer", "number") and field.minimum is not None:
        if field.maximum is not None:
            return f"{field.minimum:,}–{field.maximum:,}"
        return word("at_least", lang, minimum=field.minimum)
    return word("length", lang, length=field.max_length) if field.max_length else ""


def _cells(field: Field) -> tuple[str, ...]:
    listed = dict.fromkeys(allowed(field, lang) for lang in LANGS)
    units = dict.fromkeys((field.unit, field.unit_en))
    return (
        f"{field.title}\n{field.title_en}",
        both("yes" if field.required else "no"),
        f"{field.description}\n{field.description_en}",
        "\n".join(unit for unit in units if unit),
        "\n".join(text for text in listed if text),
        field.example,
    )


def _rules(contract: Contract) -> list[str]:
    """What is checked between the fields, without the values of a row."""
    if not contract.rules:
        return []
    lines = [both("rules")]
    for rule in contract.rules:
        for message in (rule.message_zh, rule.message_en):
            lines.append(_VALUE.sub("…", _SHOWN.sub("", message)))
    return lines
