"""Tables with names for columns and codes, and the same table as a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from oneninex.core import escape, formats
from oneninex.ui import audit
from oneninex.ui.column_descriptions import meanings
from oneninex.ui.context import fragment, lang, snapshot, t
from oneninex.ui.export_footer import about_file
from oneninex.ui.labels import code_name, column_title, localised
from oneninex.ui.suppressed_cells import worded

Titles = Mapping[str, str] | None
Codes = Mapping[str, Mapping[str, str]] | None
_RATES = ("_rate", "_accuracy", "_share", "_low", "_high", "yoy", "mom", "probability")
_DATES = {"zh": "YYYY年M月D日", "en": "D MMM YYYY"}
_MONTHS = {"zh": "YYYY年M月", "en": "MMM YYYY"}


def table(
    data: pa.Table,
    *,
    titles: Titles = None,
    codes: Codes = None,
    key: str | None = None,
    height: int | None = None,
    alt: str | None = None,
    selectable: bool = False,
) -> int | None:
    """A table as a reader expects it: names for codes and columns, dates, per cent, thousands.

    `titles` (column to heading) and `codes` (column to code to name) go before the catalogue.
    A pair of columns x_zh, x_en becomes x; NULL shows as 缺报, withheld cells as 保密. Returns the
    number of the row that the reader chose in a `selectable` table.
    """
    shown = _named(_without_flag(worded(localised(data))), codes)
    headings = {name: _heading(name, titles) for name in shown.column_names}
    more: dict[str, Any] = {}
    if selectable:
        more = {"on_select": "rerun", "selection_mode": "single-row"}
    answer: Any = st.dataframe(
        _scaled(shown),
        key=key,
        hide_index=True,
        height=height or "auto",
        column_config={name: _column(shown, name, headings[name]) for name in headings},
        placeholder=formats.missing(lang()),
        alt=alt or t("ui.table_alt", columns=formats.listing(headings.values(), lang())),
        **more,
    )
    rows = answer.selection.rows if selectable else []
    return rows[0] if rows else None


def boxed_table(
    data: pa.Table,
    name: str,
    *,
    says: str,
    query: str,
    titles: Titles = None,
    codes: Codes = None,
) -> None:
    """What a table says, in a box of its own, and the table with its files where it has rows.

    `name` is the key of its title in the catalogue, `query` names where the table comes from.
    """
    key = name.rpartition(".")[2]
    with st.container(border=True, key=f"box_{key}"):
        st.subheader(t(name), anchor=False)
        st.markdown(says)
        if data.num_rows:
            table_with_files(data, query=query, key=key, titles=titles, codes=codes)


@fragment
def data_table(data: pa.Table, *, key: str, **given: Any) -> None:
    """A table, folded; it is drawn only when the reader opens it, and no more of the page."""
    box = st.expander(
        t("common.show_table"),
        key=f"data_{key}",
        icon=":material/table_view:",
        on_change="rerun",
    )
    if box.open:
        with box:
            table_with_files(data, key=key, **given)


def table_with_files(
    data: pa.Table,
    *,
    query: str,
    key: str,
    titles: Titles = None,
    codes: Codes = None,
    source: str | None = None,
) -> None:
    """A table and the buttons that give it as a file."""
    table(data, titles=titles, codes=codes, key=f"table_{key}")
    files = f"download_{key}"
    download(data, query=query, key=files, titles=titles, codes=codes, source=source)


def download(
    data: pa.Table,
    *,
    query: str,
    key: str,
    titles: Titles = None,
    codes: Codes = None,
    source: str | None = None,
) -> None:
    """Buttons that give the table as CSV and Parquet with definitions, made when clicked.

    The CSV ends in lines that say what it is: `source` (coverage and cut-off) among them.
    """
    about = about_file(query, source)
    stem = f"{query}-snapshot{snapshot().id}-{lang()}"
    with st.container(horizontal=True, key=f"{key}_files"):
        st.download_button(
            t("common.download_csv"),
            data=audit.kept(
                partial(csv_bytes, for_file(localised(data), titles, codes), about),
                query,
                snapshot(),
                "csv",
            ),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=key,
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            t("ui.download_parquet"),
            data=audit.kept(
                partial(parquet_bytes, data, query, snapshot().id, lang()),
                query,
                snapshot(),
                "parquet",
            ),
            file_name=f"{stem}.parquet",
            mime="application/vnd.apache.parquet",
            key=f"{key}_parquet",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            t("ui.download_definitions"),
            data=partial(csv_bytes, definitions(data, titles)),
            file_name=f"{query}-{lang()}-definitions.csv",
            mime="text/csv",
            key=f"{key}_definitions",
            icon=":material/menu_book:",
            on_click="ignore",
        )


def parquet_bytes(data: pa.Table, query: str, snapshot: int, language: str) -> bytes:
    """The table as Parquet: codes as they join, each column's meaning in its metadata."""
    told = meanings(data.column_names, language)
    fields = [
        field.with_metadata({"description": told[field.name]}) if field.name in told else field
        for field in data.schema
    ]
    about = {"query": query, "snapshot": str(snapshot), "product": "OneNineX"}
    out = io.BytesIO()
    pq.write_table(data.cast(pa.schema(fields, metadata=about)), out)
    return out.getvalue()


def definitions(data: pa.Table, titles: Titles) -> pa.Table:
    """One row per column of a download: its name in the file, its heading, its meaning."""
    told = meanings(data.column_names, lang())
    rows = [
        {
            t("ui.made_column"): name,
            t("ui.made_heading"): _heading(name.removesuffix(f"_{lang()}"), titles),
            t("ui.made_meaning"): told.get(name, ""),
        }
        for name in data.column_names
    ]
    return pa.Table.from_pylist(rows)


def csv_bytes(data: pa.Table, about: Sequence[str] = ()) -> bytes:
    """The table as CSV that Excel opens rightly; texts cannot run as formulas.

    Numbers stay as they are (rates as fractions), NULL stays empty. Lines `about` the table
    follow it after an empty one.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(escape.formula(name) for name in data.column_names)
    for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
        writer.writerow(map(escape.cell, row))
    if about:
        writer.writerow([])
    for line in about:
        writer.writerow([escape.formula(line)])
    return out.getvalue().encode("utf-8-sig")


def _without_flag(data: pa.Table) -> pa.Table:
    """Without the column that the word 保密 speaks for already."""
    return data.drop_columns(["suppressed"]) if "suppressed" in data.column_names else data


def for_file(data: pa.Table, titles: Titles, codes: Codes) -> pa.Table:
    """Headings and names for people, and beside each name the code that joins."""
    data = worded(data, exact=True)
    named = _named(data, codes)
    columns: dict[str, pa.ChunkedArray] = {}
    for name in data.column_names:
        columns[_heading(name, titles)] = named.column(name)
        if named.column(name) != data.column(name):
            columns[name] = data.column(name)
    return pa.table(columns)


def _heading(column: str, titles: Titles) -> str:
    return titles[column] if titles and column in titles else column_title(column)


def _named(data: pa.Table, codes: Codes) -> pa.Table:
    """Codes replaced by names, truth values by words."""
    for index, column in enumerate(data.schema):
        if pa.types.is_boolean(column.type):
            words = [_yes_no(value) for value in data.column(index).to_pylist()]
        elif pa.types.is_string(column.type):
            given = (codes or {}).get(column.name)
            words = [
                None if value is None else code_name(column.name, value, given)
                for value in data.column(index).to_pylist()
            ]
        else:
            continue
        data = data.set_column(index, column.name, pa.array(words, pa.string()))
    return data


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else t("ui.yes" if value else "ui.no")


def _is_rate(field: pa.Field) -> bool:
    return pa.types.is_floating(field.type) and field.name.endswith(_RATES)


def _scaled(data: pa.Table) -> pa.Table:
    """Rates times 100, as the column's format prints them."""
    for index, column in enumerate(data.schema):
        if _is_rate(column):
            values = data.column(index).to_pylist()
            scaled = [None if value is None else value * 100 for value in values]
            data = data.set_column(index, column.name, pa.array(scaled, pa.float64()))
    return data


def _column(data: pa.Table, name: str, heading: str) -> Any:
    field = data.schema.field(name)
    if pa.types.is_date(field.type):
        layout = _MONTHS if name == "month" or name.endswith("_month") else _DATES
        return st.column_config.DateColumn(heading, format=layout[lang()])
    if _is_rate(field):
        return st.column_config.NumberColumn(heading, format="%.1f%%")
    if pa.types.is_integer(field.type) or pa.types.is_floating(field.type):
        return st.column_config.NumberColumn(heading, format="localized")
    return st.column_config.TextColumn(heading)
