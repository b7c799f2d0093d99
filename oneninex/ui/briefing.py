"""Make the documents of a month and hand them out; the bytes are kept as long as they are right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from oneninex import briefing
from oneninex.briefing import Briefing
from oneninex.core import settings
from oneninex.core.progress import Progress
from oneninex.figures.charts import answers
from oneninex.store import Snapshot, StoreError
from oneninex.ui import audit
from oneninex.ui.context import audience, lang, query, snapshot, t
from oneninex.ui.filters import several
from oneninex.ui.plan import languages, plan_if_sound

_ICONS = {
    "docx": ":material/description:",
    "pdf": ":material/picture_as_pdf:",
    "pptx": ":material/slideshow:",
    "xlsx": ":material/table_chart:",
}
_MADE = "_briefing_made"
_GIST = ("output", "targets")


def briefing_box(month: date) -> None:
    """Choose formats and languages, make the documents with progress, download them."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="briefing_choice"):
        formats = several(
            "formats",
            t("briefing.page_formats"),
            {name: t(f"briefing.page_format_{name}") for name in briefing.FORMATS},
            default=briefing.FORMATS,
        )
        langs = several(
            "briefing_langs",
            t("briefing.page_langs"),
            {code: t(f"common.lang.{code}") for code in languages()},
            default=[lang()],
        )
        asked = st.button(
            t("briefing.page_make"),
            key="make_briefing",
            icon=":material/play_arrow:",
        )
    if asked and not (formats and langs):
        st.info(t("briefing.page_choose"))
    elif asked:
        _make(month, langs, formats)
    _hand_out(month)


def briefing_gist(month: date) -> str:
    """The first sentence of the month's briefing and the one about the targets."""
    firsts = [
        _plain(section.sentences[0].text)
        for section in briefing_of(month).sections
        if section.key in _GIST and section.sentences
    ]
    return answers.joined(lang(), *firsts)


def briefing_text(month: date) -> None:
    """What the documents will say, to read before they are made."""
    content = briefing_of(month)
    st.subheader(content.words["title"], anchor=False)
    st.caption(content.words["vintage"])
    for section in content.sections:
        st.markdown(f"**{section.title}**")
        st.markdown("\n".join(f"- {_plain(each.text)}" for each in section.sentences))
    with st.expander(t("briefing.page_notes"), key="briefing_notes"):
        for note in (*content.notes, content.words["fonts"]):
            st.markdown(_plain(note))


def _plain(told: str) -> str:
    """Words that mean themselves: signs that Markdown would read are escaped."""
    for sign in ("\\", "`", "*", "_", "$", "~", "[", "]", "<"):
        told = told.replace(sign, f"\\{sign}")
    return told


def briefing_of(month: date) -> Briefing:
    """The content of a month's briefing on the pinned snapshot, in the reader's language."""
    return _content(snapshot(), month, lang(), audience(), (_plan_stamp(), *_case_stamp()))


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={Snapshot: lambda s: str(s.path)})
def _content(at: Snapshot, month: date, lang: str, reader: str, _stamp: Any) -> Briefing:
    plan = plan_if_sound()
    looks = briefing.looks_of(plan, lang)
    return briefing.compose(at, month, lang, audience=reader, looks=looks, plan=plan)


def _make(month: date, langs: Sequence[str], formats: Sequence[str]) -> None:
    bar = st.progress(0.0, t("briefing.page_working"))
    try:
        made = briefing.documents(
            snapshot(),
            month,
            langs=langs,
            formats=formats,
            audience=audience(),
            plan=plan_if_sound(),
            progress=_told(bar),
        )
    except StoreError as refusal:
        st.error(t(refusal.key, **refusal.values), icon=":material/error:")
        return
    finally:
        bar.empty()
    st.session_state[_MADE] = (_key(month), made)
    documents = [f"{language} {format}" for language, format in made]
    audit.briefed(snapshot(), month, documents)


def _told(bar: Any) -> Progress:
    def show(name: str, done: int, total: int) -> None:
        bar.progress(done / total, _step(name))

    return show


def _step(name: str) -> str:
    """What is being worked on: a language, or a language and a format."""
    language, _, format = name.partition(" ")
    if not language:
        return t("briefing.page_working")
    shown = [t(f"common.lang.{language}")]
    if format:
        shown.append(t(f"briefing.page_format_{format}"))
    return t("briefing.page_step", name=" ".join(shown))


def _hand_out(month: date) -> None:
    """A button for each document that was made of exactly this snapshot and month."""
    key, made = st.session_state.get(_MADE, (None, {}))
    if key != _key(month):
        return
    st.success(t("briefing.page_done", documents=len(made), snapshot=snapshot().id))
    with st.container(horizontal=True, key="briefing_files"):
        for (language, format), content in made.items():
            st.download_button(
                t(
                    "briefing.page_download",
                    format=t(f"briefing.page_format_{format}"),
                    lang=t(f"common.lang.{language}"),
                    size=max(len(content) // 1000, 1),
                ),
                data=content,
                file_name=f"briefing-{month:%Y-%m}-snapshot{snapshot().id}-{language}.{format}",
                mime=briefing.MIME[format],
                key=f"download_{language}_{format}",
                icon=_ICONS[format],
                on_click="ignore",
            )


def _key(month: date) -> tuple[str, date, str]:
    return str(snapshot().path), month, audience()


def _plan_stamp() -> int:
    try:
        return (settings.load().plan / "plan.toml").stat().st_mtime_ns
    except OSError:
        return 0


def _case_stamp() -> tuple[Any, ...]:
    """What the briefing's tasks depend on: the position in the case log, and the day."""
    return tuple(query("case_position").to_pylist()[0].values())
