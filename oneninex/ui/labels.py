"""Names for codes and columns, in the reader's language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pyarrow as pa

from oneninex.core import i18n
from oneninex.domain import contracts
from oneninex.ui.context import lang, query, t
from oneninex.ui.plan import plan_if_sound

# Columns that hold codes of a list of the plan: column, query that lists it.
_PLAN_LISTS = {"unit_id": "units", "indicator_id": "indicators"}
# Columns whose codes returns take from a list of the plan.
_CODED = {"sector": "sectors", "links": "links"}


def names(table: str) -> dict[str, str]:
    """Code to name for a query whose first column is a code, such as `units`, in its order."""
    return code_to_name(localised(query(table)))


def code_to_name(rows: pa.Table) -> dict[str, str]:
    """First column to the column `name` of a table that is localised already."""
    return dict(zip(rows.column(0).to_pylist(), rows.column("name").to_pylist(), strict=True))


def search(rows: pa.Table, words: str) -> pa.Table:
    """The rows in whose texts all of `words` occur, case aside; every row for no words."""
    wanted = words.lower().split()
    texts = [
        " ".join(str(cell) for cell in row.values() if isinstance(cell, str)).lower()
        for row in rows.to_pylist()
    ]
    return rows.filter(pa.array([all(word in text for word in wanted) for text in texts]))


def row_of(rows: pa.Table, column: str, value: str) -> dict[str, Any]:
    """The first row whose `column` is `value`; raises KeyError where there is none."""
    for row in rows.to_pylist():
        if row[column] == value:
            return row
    raise KeyError(value)


def unit_name(unit_id: str | None) -> str:
    """The unit's name; None is all units, `city` the city."""
    if unit_id is None:
        return t("common.all_units")
    return t("common.city") if unit_id == "city" else names("units").get(unit_id, unit_id)


def choices(column: str) -> dict[str, str]:
    """Code to name for a column of codes that contracts or plan define, such as `modality`."""
    if column in _CODED:
        plan = plan_if_sound()
        return plan.names(_CODED[column], lang()) if plan else {}
    return {code: words[lang() == "en"] for code, words in _labels().get(column, {}).items()}


def code_name(column: str, code: str, given: Mapping[str, str] | None = None) -> str:
    """The name of a code that stands in `column`; the code itself where nobody named it.

    `given` goes before every list; an empty one leaves the codes as they are.
    """
    if given is not None:
        return given.get(code, code)
    if column in _PLAN_LISTS:
        return unit_name(code) if column == "unit_id" else names("indicators").get(code, code)
    known = i18n.keys(lang())
    for key in (f"ui.code.{column}.{code}", f"plan.{column}.{code}"):
        if key in known:
            return t(key)
    return choices(column).get(code, code)


def column_title(column: str) -> str:
    """The heading of a column: the catalogue's `ui.column.*`, else the contracts' title."""
    key = f"ui.column.{column}"
    if key in i18n.keys(lang()):
        return t(key)
    return _titles().get(column, {}).get(lang(), column)


def localised(table: pa.Table) -> pa.Table:
    """Keep of each pair of columns x_zh, x_en the reader's one, called x."""
    kept, other = f"_{lang()}", "_en" if lang() == "zh" else "_zh"
    columns = [name for name in table.column_names if not name.endswith(other)]
    return table.select(columns).rename_columns([name.removesuffix(kept) for name in columns])


@cache
def _labels() -> dict[str, dict[str, tuple[str, ...]]]:
    fields = (field for kind in contracts.kinds() for field in contracts.load(kind).fields)
    return {field.name: field.labels for field in fields if field.labels}


@cache
def _titles() -> dict[str, dict[str, str]]:
    fields = (field for kind in contracts.kinds() for field in contracts.load(kind).fields)
    return {field.name: {"zh": field.title, "en": field.title_en} for field in fields}
