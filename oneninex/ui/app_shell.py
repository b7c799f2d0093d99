"""Frame of every page: top bar, icon rail, foot line, language, errors."""

import time
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st
from streamlit.components.v2 import component

from oneninex.core import logging as logs
from oneninex.core import metrics, settings
from oneninex.core import theme as palette
from oneninex.core.escape import html as escape
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.ui import audit, context, global_search, session, sign_in, url_state
from oneninex.ui import filter_summary as chosen
from oneninex.ui.busy_indicator import loading
from oneninex.ui.context import lang, query, t, theme
from oneninex.ui.foot_line import foot_line
from oneninex.ui.plan import city, languages
from oneninex.ui.widget_translation import own_words

# Streamlit itself does not run the script again when the theme changes, and figures and maps
# would keep the other theme's colours. The document says for which theme it was drawn.
_THEME = component(
    "theme",
    js="""export default ({ data, parentElement, setTriggerValue }) => {
      const style = getComputedStyle(parentElement.host ?? parentElement);
      const ground = style.getPropertyValue("--st-background-color").trim().toLowerCase();
      const seen = ground === data.dark ? "dark" : "light";
      document.documentElement.dataset.drawnFor = data.theme;
      if (!ground || seen === data.theme) window.askedForTheme = undefined;
      else if (window.askedForTheme !== seen) {
        window.askedForTheme = seen;
        setTriggerValue("theme", seen);
      }
    }""",
)
_BRAND = '<div class="brand"><i></i><b>{name}</b><span class="brand-tagline">{tagline}</span></div>'
# The key / leads to the search box, from wherever nothing is being written.
_SLASH = component(
    "slash",
    js="""export default () => {
      if (window.__slash) return
      window.__slash = true
      document.addEventListener("keydown", (pressed) => {
        const typing = pressed.target.closest("input, textarea, select, [contenteditable=true]")
        if (pressed.key !== "/" || typing || pressed.ctrlKey || pressed.metaKey) return
        const box = document.querySelector(".st-key-find input")
        if (box) { pressed.preventDefault(); box.focus(); box.select() }
      })
    }""",
)
_FRAMED = "_framed"
Group = Literal["look", "analyse", "do", "about"]


@dataclass(frozen=True)
class PageInfo:
    """One page: pages/`name`.py answers one question of a reader."""

    name: str
    icon: str
    group: Group
    in_bar: bool = False  # one of the four on the bottom bar of a phone
    senders_only: bool = False  # for those who send returns
    hidden_from: tuple[str, ...] = ("auditor",)  # kinds of audience that have no such page

    @property
    def file(self) -> str:
        """Path from the root of the checkout."""
        return f"pages/{self.name}.py"

    @property
    def title_key(self) -> str:
        """Message key of the page's name."""
        return f"common.page.{self.name}.title"

    @property
    def label_key(self) -> str:
        """Message key of the label under the icon: one or two words."""
        return f"common.page.{self.name}.label"

    @property
    def question_key(self) -> str:
        """Message key of the question that the page answers."""
        return f"common.page.{self.name}.question"

    @property
    def url_path(self) -> str:
        """Last part of the page's address."""
        return self.name


PAGES = (
    PageInfo("overview", ":material/dashboard:", "look", in_bar=True),
    PageInfo("targets", ":material/target:", "look", in_bar=True),
    PageInfo("units", ":material/balance:", "analyse"),
    PageInfo("unit_map", ":material/location_on:", "analyse"),
    PageInfo("throughput", ":material/bar_chart:", "analyse"),
    PageInfo("enterprises", ":material/apartment:", "analyse"),
    PageInfo("datasets", ":material/database:", "analyse"),
    PageInfo("benchmarks", ":material/leaderboard:", "analyse"),
    PageInfo("my_unit", ":material/home_work:", "do", senders_only=True),
    PageInfo("tasks", ":material/assignment:", "do", hidden_from=("public",)),
    PageInfo("returns", ":material/upload:", "do", in_bar=True, senders_only=True),
    PageInfo("briefing", ":material/description:", "do", in_bar=True),
    PageInfo("methods", ":material/menu_book:", "about"),
)
GROUPS: tuple[Group, ...] = ("look", "analyse", "do", "about")


def start() -> Any:
    """Settle language and snapshot and return the page that the reader asked for."""
    url_state.arrive()
    url_state.seed("lang", languages(), settings.load().lang)
    reader = session.reader()
    if isinstance(reader, str):
        return _closed(reader)
    audit.signed_in()
    present = [info for info in PAGES if (ROOT / info.file).is_file() and _open(info, reader)]
    # Streamlit serves the default page at / only; a link that names it has to work too.
    home = _page(present[0], url_path="home", default=True)
    by_name = _page(present[0], visibility="hidden")
    forbidden = [
        st.Page(_forbidden, title=t(info.title_key), url_path=info.url_path, visibility="hidden")
        for info in PAGES
        if not _open(info, reader)
    ]
    chosen = st.navigation([home, *map(_page, present[1:]), by_name, *forbidden], position="hidden")
    st.set_page_config(
        page_title=f"{chosen.title} · {t('common.app_name')}",
        page_icon=str(ROOT / "static" / "icon.svg"),
        layout="wide",
    )
    context.pin()
    return chosen


def topbar() -> None:
    """Draw the bar above every page and the rail next to it."""
    may_read = isinstance(session.reader(), Audience)
    st.html(ROOT / "static" / "style.css")
    st.html(ROOT / "static" / "print.css")
    with st.container(horizontal=True, vertical_alignment="center", gap=None, key="topbar"):
        name, tagline = t("common.app_name"), t("common.app_tagline", city=city())
        st.html(_BRAND.format(name=escape(name), tagline=escape(tagline)), width="content")
        if may_read:
            with context.guard():
                _demo_mark()
            global_search.box(url_state.page())
        sign_in.person()
        st.segmented_control(
            t("common.language"),
            languages(),
            format_func=lambda code: t(f"common.lang_short.{code}"),
            key="lang",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    url_state.remember("lang", settings.load().lang)
    if may_read:
        with context.guard():
            _rail()
            global_search.answer(_findable(), link)
    _SLASH(key="slash")
    own_words(lang())
    loading()
    told = {"theme": theme(), "dark": palette.DARK.panel}
    # A callback, though there is nothing to call: without one Streamlit takes no trigger.
    _THEME(data=told, key="theme", on_theme_change=_nothing)


def _demo_mark() -> None:
    """Mark simulated data, once and on every page."""
    if not context.is_empty() and query("snapshot_info").column("demo")[0].as_py():
        words = escape(t("common.demo_mark"))
        title = escape(t("common.demo_banner"))
        st.html(f'<p class="demo-mark" title="{title}">{words}</p>', width="content")


def _rail() -> None:
    """Draw the pages in groups; on a phone four of them and the rest under one button."""
    mine = [info for info in PAGES if _open(info, context.reader())]
    with st.container(key="rail", gap=None):
        for group in GROUPS:
            with st.container(key=f"rail_{group}", gap=None):
                for info in mine:
                    if info.group == group:
                        _rail_link(info)
        rest = [info for info in mine if not info.in_bar]
        with st.popover(t("common.more"), icon=":material/more_horiz:", key="rail_more"):
            for info in rest:
                st.page_link(info.file, label=t(info.title_key), icon=info.icon)


def _rail_link(info: PageInfo) -> None:
    here = "on" if url_state.page() == info.name else "off"
    where = "bar" if info.in_bar else "rail"
    with st.container(key=f"{where}_{here}_{info.name}", gap=None):
        st.page_link(info.file, label=t(info.label_key), icon=info.icon, help=None)


def _nothing() -> None:
    """The run that follows a trigger is all that is wanted."""


def _findable() -> list[global_search.Entry]:
    """The pages that this reader has, as entries of the finder."""
    reader = context.reader()
    return [
        global_search.page_entry(info.name, info.title_key, info.question_key)
        for info in PAGES
        if _open(info, reader)
    ]


def link(page: str, words: str, address: dict[str, str]) -> None:
    """A link to a page, or its words alone where the reader has no such page."""
    info = next(info for info in PAGES if info.name == page)
    if _open(info, context.reader()):
        st.page_link(info.file, label=words, query_params=address)
    else:
        st.markdown(words)


def _open(info: PageInfo, reader: Audience) -> bool:
    if reader.kind in info.hidden_from:
        return False
    return reader.sends_returns or not info.senders_only


def _closed(why: session.NoAccess) -> Any:
    """The only page of somebody who may see nothing, whatever address was asked for."""

    def door() -> None:
        sign_in.door(why)

    paths = [None, *(info.url_path for info in PAGES)]
    title = t("access.title")
    doors = [
        st.Page(door, title=title, url_path=path or "", default=path is None, visibility="hidden")
        for path in paths
    ]
    chosen = st.navigation(doors, position="hidden")
    st.set_page_config(page_title=f"{title} · {t('common.app_name')}", layout="wide")
    return chosen


def _forbidden() -> None:
    audit.refused("forbidden", "page")
    st.title(t("access.forbidden_title"), anchor=False)
    st.warning(t("access.forbidden"), icon=":material/lock:")


def run(page: Any) -> None:
    """Run a page, or the door; whatever fails inside becomes words, never a traceback."""
    if isinstance(session.reader(), Audience):
        _alone(page)
    else:
        with context.guard():
            page.run()


@context.fragment
def _alone(page: Any) -> None:
    """The page without its frame: its filters run this alone.

    The frame stays as it stands in the browser, which then has less to draw.
    """
    url_state.arrive()
    context.pin()
    st.session_state[_FRAMED] = True
    begin = time.perf_counter()
    try:
        page._can_be_called = True  # Streamlit allows it once for each run of the whole script
        page.run()
    finally:
        seconds = time.perf_counter() - begin
        metrics.page_runs.add(page.url_path)
        metrics.page_seconds.note(seconds)
        logs.event("page", page=page.url_path, seconds=round(seconds, 3))
        st.session_state[_FRAMED] = False
        chosen.fill()
        foot_line()
        url_state.write()


def ensure_frame() -> None:
    """Start over through app.py where Streamlit ran a page without it.

    It does so for the folder name pages/ until the process has seen its first st.navigation:
    the first reader after a start who follows a link to a page would see it bare.
    """
    if not st.session_state.get(_FRAMED):
        start()
        st.rerun()


def _page(info: PageInfo, **more: Any) -> Any:
    # No icon: Streamlit would fetch it as the tab's picture from an outside server.
    return st.Page(
        info.file,
        title=t(info.title_key),
        **{"url_path": info.url_path, **more},
    )
