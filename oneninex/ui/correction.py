"""Correct a cell of a file that was sent: address, value and reason, imported as a new version."""

from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import settings
from oneninex.domain.plan import Plan
from oneninex.services.corrections import Correction, correct
from oneninex.store import Store
from oneninex.ui import audit
from oneninex.ui.context import fragment, reader, t
from oneninex.ui.findings import findings_table
from oneninex.ui.upload import sender_name
from oneninex.ui.upload_storage import bounded

_DONE, _SERIAL = "_correction_done", "_correction_serial"


def correction_form(file: dict[str, Any], findings: pa.Table) -> None:
    """Ask for a cell, its value and a reason; offered to those who may send the return."""
    if reader().sends_returns and Store(settings.load().store).is_writable and file["kind"]:
        _form(file, findings)


@fragment
def _form(file: dict[str, Any], findings: pa.Table) -> None:
    cells = [cell for cell in findings.column("cell").to_pylist() if cell]
    serial = st.session_state.setdefault(_SERIAL, 0)
    if done := st.session_state.get(_DONE):
        st.success(done, icon=":material/task_alt:")
    with st.expander(t("returns.correct_title")):
        st.caption(t("returns.correct_note"))
        with st.form(f"correction_{serial}", border=False):
            cell = st.text_input(
                t("returns.correct_cell"),
                value=cells[0] if cells else "",
                max_chars=60,
                key=f"correct_cell_{serial}_{file['key']}",
            )
            value = st.text_input(
                t("returns.correct_value"), max_chars=1000, key=f"correct_value_{serial}"
            )
            reason = st.text_input(
                t("returns.correct_reason"), max_chars=300, key=f"correct_reason_{serial}"
            )
            sent = st.form_submit_button(
                t("returns.correct_publish"), key="correct_publish", icon=":material/publish:"
            )
    if sent and not (cell.strip() and reason.strip()):
        st.warning(t("returns.correct_missing"), icon=":material/edit_note:")
    elif sent:
        _publish(file, Correction(cell.strip(), value), reason.strip())


def _publish(file: dict[str, Any], correction: Correction, reason: str) -> None:
    chosen = settings.load()
    plan = Plan.load(chosen.plan)
    bounded(plan)
    result = correct(
        Store(chosen.store),
        plan,
        file,
        [correction],
        reason,
        actor=audit.actor(),
        imported_by=sender_name(),
        sender=reader(),
    )
    if result.snapshot is None and not result.held:
        st.warning(t("returns.correct_nothing"), icon=":material/edit_note:")
        for _, batch in result.files:
            kinds = [batch.kind] * batch.findings.num_rows
            findings_table(batch.findings.append_column("kind", [kinds]))
        return
    corrected = t("returns.corrected", snapshot=result.snapshot)
    st.session_state[_DONE] = t("review.held", files=1) if result.held else corrected
    st.session_state[_SERIAL] += 1
    st.rerun()
