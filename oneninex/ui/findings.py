"""What was wrong with files: published findings and those of files that were refused."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import settings
from oneninex.domain import contracts
from oneninex.figures.charts import returns, returns_words
from oneninex.store import Store, history
from oneninex.ui import audit
from oneninex.ui.context import lang, query, reader, snapshot, t, theme
from oneninex.ui.labels import choices, column_title, localised, names, unit_name
from oneninex.ui.tables import csv_bytes, for_file

SHOWN = 100
_KEY = 12  # characters of a fingerprint that make a link
_FILES = pa.schema(
    [
        ("key", pa.string()),
        ("sha256", pa.string()),
        ("file", pa.string()),
        ("kind", pa.string()),
        ("received_on", pa.date32()),
        ("status", pa.string()),
        ("rows_read", pa.int64()),
        ("rows_accepted", pa.int64()),
        ("rows_quarantined", pa.int64()),
        ("findings", pa.int64()),
        ("waiting", pa.int64()),
    ]
)


def faulty_files() -> pa.Table:
    """One row per file with findings, the newest first; `waiting` of them nobody has mended."""
    published = [
        {**row, "key": row["sha256"][:_KEY]} for row in query("faulty_uploads").to_pylist()
    ]
    found = [*_refused(), *published]
    found.sort(key=lambda row: row["received_on"], reverse=True)
    once = {row["key"]: row for row in reversed(found)}
    ordered = sorted(once.values(), key=found.index)
    return pa.Table.from_pylist(ordered, _FILES)


def findings_of(key: str) -> pa.Table:
    """The findings of the file whose fingerprint starts with `key`."""
    rows = query("quarantined", sha256=key)
    kept = [row for row in _unpublished() if row["sha256"].startswith(key)]
    return pa.concat_tables([rows, pa.Table.from_pylist(kept, rows.schema)])


def findings_table(findings: pa.Table) -> None:
    """Row, field, the value as it stood, and what to do: one line for each finding."""
    rows = [
        {
            "row": row.get("cell") or row["row"],
            "field": field_name(row["kind"], row["field"]),
            "value": row["value"],
            "message": row[f"message_{lang()}"],
        }
        for row in findings.slice(0, SHOWN).to_pylist()
    ]
    st.html(returns.findings(rows, lang(), theme()))
    if findings.num_rows > SHOWN:
        st.caption(t("returns.more_findings", shown=SHOWN, total=findings.num_rows))


def questions_table(questions: pa.Table) -> None:
    """Unit, return and what is asked: one line for each row of the query `questions`."""
    kinds = {kind: contracts.load(kind) for kind in contracts.kinds()}
    subjects = {**choices("modality"), **names("indicators")}
    lines = [
        (
            unit_name(row["unit_id"] or "city"),
            kinds[row["kind"]].name_in(lang()),
            returns_words.question(
                row,
                subjects.get(row["subject"], row["subject"] or ""),
                column_title(row["measure"]),
                lang(),
            ),
        )
        for row in questions.slice(0, SHOWN).to_pylist()
    ]
    st.html(returns.questions(lines, lang(), theme()))
    if questions.num_rows > SHOWN:
        st.caption(t("returns.more_questions", shown=SHOWN, total=questions.num_rows))


def field_name(kind: str | None, field: str | None) -> str | None:
    """The title of a field in the reader's language."""
    if field is None or kind is None or not contracts.load(kind).has(field):
        return field
    return contracts.load(kind).field(field).name_in(lang())


def measure_names(revisions: pa.Table) -> dict[str, str]:
    """Each measure of a table of revisions to its name: a field's title, or an indicator's."""
    kinds = revisions.column("kind").to_pylist()
    given = zip(kinds, revisions.column("measure").to_pylist(), strict=True)
    indicators = names("indicators")
    return {
        measure: indicators.get(measure) or field_name(kind, measure) or measure
        for kind, measure in given
    }


def quarantine_download(titles: dict[str, str]) -> None:
    """A button that gives every row in quarantine as CSV."""
    st.download_button(
        t("returns.download_quarantine"),
        data=audit.kept(partial(_quarantine_csv, titles), "quarantined", snapshot(), "csv"),
        file_name=f"quarantine-snapshot{snapshot().id}-{lang()}.csv",
        mime="text/csv",
        key="download_quarantine",
        icon=":material/download:",
        on_click="ignore",
    )


def _quarantine_csv(titles: dict[str, str]) -> bytes:
    rows = query("quarantined")
    everything = pa.concat_tables([rows, pa.Table.from_pylist(_unpublished(), rows.schema)])
    fields = {name: {} for name in ("value", "record", "message", "file")}
    return csv_bytes(for_file(localised(everything), titles, fields))


def _refused() -> list[dict[str, Any]]:
    """Files of which nothing was published, as rows of faulty_files."""
    files: dict[str, dict[str, Any]] = {}
    for row in _unpublished():
        start = {**row, "key": row["sha256"][:_KEY], "findings": 0, "waiting": 0}
        file = files.setdefault(row["sha256"], start)
        file["findings"] += 1
        file["waiting"] += bool(row["outstanding"])
    return list(files.values())


def _unpublished() -> list[dict[str, Any]]:
    """Findings of files of which nothing was published, with what is known of their file."""
    if not reader().sees_everything:
        return []  # whose file it was is not known
    root = settings.load().store
    folder = Store(root).quarantine
    changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
    return _read(root, snapshot().id, changed)


@st.cache_data(max_entries=4, show_spinner=False)
def _read(root: Path, _snapshot: int, _changed: int, /) -> list[dict[str, Any]]:
    kept = Store(root)
    accepted = history.Known(kept).last_accepted()
    return [
        {
            **record,
            **finding,
            "file": record["name"],
            "received_on": date.fromisoformat(record["received_on"]),
            "period": date.fromisoformat(finding["period"]) if finding["period"] else None,
            "outstanding": accepted.get(record["name"], "") < record["imported_at"],
        }
        for record in history.unpublished(kept)
        for finding in record["findings"]
    ]
