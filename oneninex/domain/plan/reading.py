"""From the bytes of a plan file to checked rows; the first fault stops with a PlanError."""

import csv
import io
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from oneninex.domain.plan.errors import PlanError

Row = TypeVar("Row", bound=BaseModel)
ARROW = {str: pa.string(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}
# pydantic's words for what is wrong, in ours; each is a message plan.error_<reason>.
REASONS = {
    "missing": "required",
    "string_too_short": "required",
    "extra_forbidden": "unknown_key",
    "float_parsing": "number",
    "float_type": "number",
    "finite_number": "number",
    "int_parsing": "number",
    "int_type": "number",
    "int_from_float": "number",
    "bool_parsing": "boolean",
    "date": "date",
    "month": "month",
    "literal_error": "code",
    "string_pattern_mismatch": "code",
    "timezone": "timezone",
    "lights": "lights",
    "calendar": "calendar",
    "order": "order",
    "bands": "bands",
    "folder": "folder",
    "languages": "languages",
    "baseline": "baseline",
    "aggregation": "aggregation",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than": "range",
    "less_than_equal": "range",
}


def read_bytes(path: Path) -> bytes:
    """The file's bytes; PlanError `no_file` where there is none."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise PlanError(path.name, None, None, None, "no_file") from error


def read_toml(name: str, content: bytes) -> dict[str, Any]:
    """The TOML document; PlanError `toml` with the parser's words where it is none."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(name, None, None, str(error), "toml") from error


def read_csv(name: str, content: bytes, model: type[Row]) -> list[tuple[int, Row]]:
    """The rows of a CSV file with their line numbers; columns in any order, blank lines skipped."""
    lines = _records(name, content)
    header = [cell.strip() for cell in next(lines, (1, []))[1]]
    _check_header(name, header, model)
    rows = []
    for number, cells in lines:
        if len(cells) != len(header):
            raise PlanError(name, number, None, ",".join(cells), "cells")
        given = {column: cell for column, cell in zip(header, cells, strict=True) if cell.strip()}
        rows.append((number, validate(name, number, given, model)))
    return rows


def validate(
    name: str, row: int | None, given: dict[str, Any], model: type[Row], within: str = ""
) -> Row:
    """One row or document as its model; `within` names the TOML entry that it stands in."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join([*([within] if within else []), *map(str, first["loc"])])
        value = first["input"]
        raise PlanError(
            name,
            row,
            column or None,
            None if isinstance(value, dict | BaseModel) else str(value),
            REASONS.get(first["type"], "other"),
        ) from error


def unique(name: str, column: str, keys: list[tuple[int | None, str]]) -> None:
    """PlanError `duplicate` for the second of two equal keys, each given with its line."""
    seen: set[str] = set()
    for line, key in keys:
        if key in seen:
            raise PlanError(name, line, column, key, "duplicate")
        seen.add(key)


def refers(name: str, column: str, codes: list[tuple[int, str]], known: set[str]) -> None:
    """PlanError `reference` for a code that no other plan file defines."""
    for line, code in codes:
        if code not in known:
            raise PlanError(name, line, column, code, "reference")


def table(rows: list[Any], model: type[BaseModel], ordered: bool = True) -> pa.Table:
    """The rows as Arrow: the model's fields in order, then `sort`, the place in the file."""
    fields = [pa.field(key, _arrow(info.annotation)) for key, info in model.model_fields.items()]
    columns = [row.model_dump() for row in rows]
    if ordered:
        fields.append(pa.field("sort", pa.int64()))
        columns = [{**values, "sort": index} for index, values in enumerate(columns, 1)]
    return pa.Table.from_pylist(columns, schema=pa.schema(fields))


def _arrow(annotation: Any) -> pa.DataType:
    """The Arrow type behind `X`, `X | None`, `Annotated[X, ...]` or a Literal of strings."""
    while annotation not in ARROW:
        annotation = get_args(annotation)[0]
        if isinstance(annotation, str):
            return pa.string()
    return ARROW[annotation]


def _records(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            decoded = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise PlanError(name, None, None, None, "encoding") from error
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(decoded), strict=True), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise PlanError(name, None, None, str(error), "not_a_table") from error


def _check_header(name: str, header: list[str], model: type[BaseModel]) -> None:
    for column in header:
        if column not in model.model_fields:
            raise PlanError(name, 1, column, None, "unknown_column")
        if header.count(column) > 1:
            raise PlanError(name, 1, column, None, "duplicate_column")
    for column in model.model_fields.keys() - getattr(model, "added_later", frozenset()):
        if column not in header:
            raise PlanError(name, 1, column, None, "missing_column")
