"""Files that a reader sends: looked at first, published only when told to.

Uploads are hostile. They lie under a name made here, in a folder of their own that is gone when
they have been read, and no path of the sender's is ever followed.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from oneninex.core import escape, formats, settings
from oneninex.domain.plan import Plan
from oneninex.figures.charts import export_words
from oneninex.figures.charts import returns_words as words
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.sandbox import Limits
from oneninex.services import annotated
from oneninex.services.audited_import import import_recorded
from oneninex.services.import_service import ImportResult, expand
from oneninex.store import Store
from oneninex.ui import audit, session
from oneninex.ui.app_shell import ensure_frame
from oneninex.ui.context import empty_store, fragment, is_empty, lang, reader, t
from oneninex.ui.findings import findings_table
from oneninex.ui.labels import choices
from oneninex.ui.read_only_notice import taken_elsewhere
from oneninex.ui.reference import return_kinds
from oneninex.ui.tables import table
from oneninex.ui.upload_storage import (
    admit_sender,
    bounded,
    most_megabytes,
    on_disk,
    reading_alone,
    safe_name,
)

__all__ = ["first_upload", "safe_name", "upload_box"]

_LOOK, _SERIAL, _DONE = "_upload_look", "_upload_serial", "_upload_done"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKS = {"accepted": "green", "partly": "orange", "refused": "red", "unchanged": "gray"}


@dataclass(frozen=True)
class _Look:
    """What a dry run said of exactly these files on exactly this snapshot.

    `seen`: it was on screen already, so that a click on the button means it.
    """

    key: tuple[Any, ...]
    result: ImportResult
    seen: bool = False


def first_upload(page: str) -> bool:
    """On an empty store: show the page's question, what to do, and the upload; else False."""
    ensure_frame()
    if not is_empty():
        return False
    st.title(t(f"common.page.{page}.title"), anchor=False)
    empty_store()
    st.header(t("returns.upload_title"), anchor=False)
    upload_box()
    return True


def upload_box() -> None:
    """Choose files, see findings and what would change, publish with a reason."""
    if not reader().sends_returns:
        st.info(t("returns.upload_planner_only"))
    elif not taken_elsewhere():
        admit_sender()
        _box()


@fragment
def _box() -> None:
    st.session_state.setdefault(_SERIAL, 0)
    plan = Plan.load(settings.load().plan)
    limit = most_megabytes(plan)
    _outcome()
    files = st.file_uploader(
        t("returns.upload_files"),
        accept_multiple_files=True,
        key=f"upload_files_{st.session_state[_SERIAL]}",
        max_upload_size=limit,
    )
    st.caption(t("returns.upload_limit", limit=formats.exact(limit, lang())))
    options = _options(plan)
    if not files:
        st.session_state.pop(_LOOK, None)
        return
    look = _look(files, options, plan)
    _show(look.result, plan, files)
    _offer(files, options, plan, look)


def _outcome() -> None:
    """What became of the last publication, until files are chosen again."""
    if done := st.session_state.get(_DONE):
        st.success(done, icon=":material/task_alt:")


def _options(plan: Plan) -> Options:
    """Where an export of a labeling platform belongs, which the file itself cannot say."""
    with st.expander(t("returns.platform_title"), key="platform_options"):
        st.caption(t("returns.platform_note"))
        units = {row["unit_id"]: row[f"name_{lang()}"] for row in plan.units.to_pylist()}
        with st.container(horizontal=True):
            unit = _optional("upload_unit", "returns.platform_unit", units)
            modality = _optional("upload_modality", "returns.platform_modality",
                                 choices("modality"))  # fmt: skip
        with st.container(horizontal=True):
            enterprise = st.text_input(
                t("returns.platform_enterprise"), key="upload_enterprise", max_chars=18
            )
            project = st.text_input(
                t("returns.platform_project"), key="upload_project", max_chars=100
            )
        with st.container(horizontal=True):
            months = {month: formats.month(month, lang()) for month in _months(plan)}
            month = _optional("upload_month", "returns.platform_month", months)
            by_person = st.checkbox(t("returns.platform_by_person"), key="upload_by_person")
    return Options(
        unit_id=unit,
        enterprise_id=enterprise.strip() or None,
        project_id=project.strip() or None,
        modality=modality,
        month=month,
        one_person_per_file=by_person,
    )


def _months(plan: Plan) -> list[date]:
    """The months that a sender may state, newest first: the last two years."""
    today = datetime.now(plan.config.zone).date()
    newest = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(newest, newest - 24, -1)]


def _optional(key: str, label: str, names: dict[Any, str]) -> Any:
    return st.selectbox(
        t(label),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder=t("returns.platform_none"),
    )


def _look(files: Sequence[Any], options: Options, plan: Plan) -> _Look:
    """The dry run of these files; kept, so that typing a reason does not read them again."""
    key = (*((file.file_id, file.name, file.size) for file in files), options, _current())
    kept = st.session_state.get(_LOOK)
    if not isinstance(kept, _Look) or kept.key != key:
        kept = _Look(key, _run(files, options, plan, dry_run=True))
        st.session_state.pop(_DONE, None)
        st.session_state[_LOOK] = replace(kept, seen=True)
    return kept


def _run(
    files: Sequence[Any], options: Options, plan: Plan, *, dry_run: bool, reason: str = ""
) -> ImportResult:
    bounded(plan)
    bar = st.progress(0.0, t("returns.reading"))

    def progress(name: str, done: int, total: int) -> None:
        bar.progress(done / max(total, 1), t("returns.reading_file", file=name) if name else "")

    try:
        with reading_alone(plan), on_disk(files) as paths:
            incoming = [file for path in paths for file in expand([path], options, plan, reason)]
            return import_recorded(
                Store(settings.load().store),
                plan,
                incoming,
                actor=audit.actor(),
                reason=reason,
                imported_by=sender_name(),
                sender=reader(),
                dry_run=dry_run,
                again=True,
                limits=Limits(
                    plan.config.uploads.worker_megabytes, plan.config.uploads.worker_seconds
                ),
                progress=progress,
            )
    finally:
        bar.empty()


def sender_name() -> str:
    """The name under which the reader's files are imported."""
    signed_in = str(reader()) if session.is_signed_in() else ""
    return signed_in or os.environ.get("ONENINEX_USER") or "dashboard"


def _show(result: ImportResult, plan: Plan, files: Sequence[Any]) -> None:
    given = {safe_name(file.name): file for file in files}
    titles = words.column_titles(lang())
    for number, (path, batch) in enumerate(result.files):
        _show_file(batch, given.get(path.name), number, plan)
    st.subheader(t("returns.changes_title"), anchor=False)
    if not result.changes.num_rows:
        st.markdown(t("returns.changes_none"))
        return
    units = {row["unit_id"]: row[f"name_{lang()}"] for row in plan.units.to_pylist()}
    units["city"] = t("common.city")
    listed = words.change_table(result.changes, return_kinds(), units, lang())
    plain: dict[str, dict[str, str]] = {name: {} for name in listed.column_names}
    table(listed, titles=titles, codes=plain, key="upload_changes")


def _annotated_download(batch: Batch, file: Any, number: int, plan: Plan) -> None:
    """A button that gives the sender's own workbook back, with red cells and comments."""
    if file is None or batch.platform:
        return
    st.download_button(
        t("returns.download_annotated"),
        data=partial(_annotated, batch, file, plan),
        file_name=annotated.file_name(batch.name),
        mime=_XLSX,
        key=f"download_annotated_{number}",
        icon=":material/rate_review:",
        on_click="ignore",
    )


def _annotated(batch: Batch, file: Any, plan: Plan) -> bytes:
    with on_disk([file]) as (path,):
        return annotated.annotated(path, batch, plan) or b""


def _show_file(batch: Batch, path: Any, number: int, plan: Plan) -> None:
    values = {
        "file": batch.name,
        "kind": return_kinds().get(batch.kind or "", ""),
        "read": batch.rows_read,
        "accepted": batch.rows_accepted,
        "quarantined": batch.rows_quarantined,
    }
    with st.container(border=True, key=f"upload_file_{number}"):
        state = t(f"returns.upload_state.{batch.status}")
        said = "returns.upload_superseded" if batch.superseded else _SAID[batch.status]
        told = escape.markdown(t(said, **values))
        st.markdown(f":{_MARKS[batch.status]}-badge[{state}] {told}")
        if batch.platform:
            lines = export_words.told(
                batch.platform, batch.capabilities or (), batch.counts, lang()
            )
            st.caption("  \n".join(lines))
        if batch.findings.num_rows:
            kinds = [batch.kind] * batch.findings.num_rows
            found = batch.findings.append_column("kind", [kinds])
            findings_table(found)
            _annotated_download(batch, path, number, plan)


_SAID = {
    "accepted": "returns.upload_accepted",
    "partly": "returns.upload_partly",
    "refused": "returns.upload_refused",
    "unchanged": "returns.upload_unchanged",
}


def _offer(files: Sequence[Any], options: Options, plan: Plan, look: _Look) -> None:
    """Reason and button; a correction of published rows needs a reason."""
    rows = sum(batch.rows_accepted for _, batch in look.result.files if batch.status != "unchanged")
    if not rows:
        st.info(t("returns.nothing_to_publish"))
        return
    needs_reason = words.replaces(look.result.changes)
    label = "returns.reason_needed" if needs_reason else "returns.reason"
    with st.form("publish_form", border=False):
        name = f"upload_reason_{st.session_state[_SERIAL]}"
        reason = st.text_input(t(label), key=name, max_chars=300)
        sent = st.form_submit_button(
            t("returns.publish"), key="publish", type="primary", icon=":material/publish:"
        )
    if sent and not look.seen:
        st.warning(t("returns.look_again"), icon=":material/update:")
    elif sent and needs_reason and not reason.strip():
        st.warning(t("returns.reason_missing"), icon=":material/edit_note:")
    elif sent:
        _publish(files, options, plan, reason.strip())


def _publish(files: Sequence[Any], options: Options, plan: Plan, reason: str) -> None:
    result = _run(files, options, plan, dry_run=False, reason=reason)
    st.session_state[_DONE] = outcome(result, len(files))
    st.session_state[_SERIAL] += 1
    st.session_state.pop(_LOOK, None)
    st.rerun()


def outcome(result: ImportResult, files: int) -> str:
    """What became of files that were sent: published, awaiting review, or received before."""
    if result.snapshot is not None:
        return t("returns.published", snapshot=result.snapshot, files=files)
    return t("review.held", files=result.held) if result.held else t("review.held_already")


def _current() -> int | None:
    """The number of the snapshot that a publication would follow."""
    current = Store(settings.load().store).current()
    return current.id if current else None
