"""Filters whose choice is a code in the URL; None means all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from oneninex.core import formats
from oneninex.ui import url_state
from oneninex.ui.context import lang, query, t
from oneninex.ui.labels import choices, names

ALL = "all"
_LIST_ROWS, _LIST_HEIGHT = 12, 420
_LONGEST = 100  # characters of a text to search for
_BETWEEN, _NONE = ".", "none"  # how the URL spells several codes, and none of them
OnChange = Callable[[], None] | None


def choice(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str | None = None,
    style: str = "select",
    on_change: OnChange = None,
) -> str:
    """One of `options` (code to name), bound to the URL as `?key=code`; returns the code.

    `style`: select, segments (few short names), slider (an ordered list) or list (all in view).
    """
    codes = list(options)
    fallback = codes[0] if default is None else default
    url_state.seed(key, codes, fallback)
    draw = {"select": _select, "segments": _segments, "slider": _slider, "list": _list}[style]
    draw(key, label, options, on_change)
    url_state.remember(key, fallback)
    code = st.session_state[key] or fallback
    url_state.say(key, label, options[code], fallback)
    return code


def unit_filter(key: str = "unit", on_change: OnChange = None) -> str | None:
    """A unit's id, None for all units."""
    options = {ALL: t("common.all_units"), **names("units")}
    return _or_all(choice(key, t("common.filter.unit"), options, on_change=on_change))


def month(key: str = "month", *, style: str = "select") -> date:
    """A month of the data, at first the newest complete one; `style` select or slider.

    The select stands in the top bar between two steps: the month before and the one after.
    """
    options = months()
    if style == "slider":
        return month_of(_month(key, options, style))
    newest_first = dict(reversed(options.items()))
    with st.container(horizontal=True, gap=None, key="period"):
        url_state.seed(key, list(options), _newest())
        codes = list(options)
        at = codes.index(st.session_state[key])
        _step(key, "before", ":material/chevron_left:", codes[at - 1] if at else None)
        code = _month(key, newest_first, style)
        later = codes[at + 1] if at + 1 < len(codes) else None
        _step(key, "after", ":material/chevron_right:", later)
    return month_of(code)


def _month(key: str, options: Mapping[str, str], style: str) -> str:
    return choice(key, t("common.filter.month"), options, default=_newest(), style=style)


def selected(key: str, options: Sequence[str]) -> str:
    """A choice without a widget, bound to the URL as `?key=code`: what a row of a figure sets."""
    url_state.seed(key, options, options[0])
    url_state.remember(key, options[0])
    return st.session_state[key]


def _step(key: str, name: str, icon: str, code: str | None) -> None:
    """Draw a button that chooses the month `code`; a disabled one at the end of the data."""
    st.button(
        t(f"common.month_{name}"),
        key=f"{key}_{name}",
        icon=icon,
        type="tertiary",
        disabled=code is None,
        on_click=_choose,
        args=(key, code),
    )


def _choose(key: str, code: str) -> None:
    st.session_state[key] = code


def comparison(key: str = "against") -> str:
    """What the top bar compares with: `period` (the month before) or `year`."""
    bases = {name: t(f"common.against_{name}") for name in ("period", "year")}
    with st.container(key="basis"):
        return choice(key, t("overview.against"), bases, style="segments")


def newest_month() -> date:
    """The newest complete month of the data."""
    return month_of(_newest())


def month_range(default_months: int | None = None) -> tuple[date, date]:
    """First and last month, at first all of the data or its last `default_months`."""
    options = months()
    newest = _newest()
    upto = [code for code in options if code <= newest]
    first = upto[-default_months:][0] if default_months else upto[0]
    with st.container(horizontal=True, key="month_range"):
        start = choice("from_month", t("common.filter.from_month"), options, default=first)
        rest = {code: name for code, name in options.items() if code >= start}
        last = newest if newest in rest else list(rest)[-1]
        end = choice(
            "to_month", t("common.filter.to_month"), dict(reversed(rest.items())), default=last
        )
    return month_of(start), month_of(end)


def modality_filter(key: str = "modality") -> str | None:
    """A modality's code, None for all."""
    options = {ALL: t("common.all"), **choices("modality")}
    return _or_all(choice(key, t("common.filter.modality"), options))


def quarter_filter(key: str = "quarter") -> str:
    """A quarter with enterprise returns such as `2026Q3`, at first the newest."""
    quarters: Sequence[str] = query("quarters").column("quarter").to_pylist()
    options = {code: formats.quarter(code, lang()) for code in sorted(quarters, reverse=True)}
    if not options:
        st.info(t("common.no_rows"))
        st.stop()
    return choice(key, t("common.filter.quarter"), options)


def several(
    key: str, label: str, options: Mapping[str, str], *, default: Sequence[str]
) -> list[str]:
    """Any of `options` (code to name), bound to the URL as `?key=one.other`; `none` is none."""
    start = _BETWEEN.join(default)
    url_state.seed(key, None, start)
    st.session_state[key] = _codes(st.session_state[key], options, default)
    chosen = st.pills(
        label,
        list(options),
        selection_mode="multi",
        format_func=_name_of(options),
        key=key,
        persist_state="session",
    )
    url_state.remember(key, start, _BETWEEN.join(chosen) or _NONE)
    named = [options[code] for code in chosen]
    url_state.say(key, label, formats.listing(named, lang()) or t("ui.nothing"), list(default))
    return chosen


def search_box(key: str = "q") -> str:
    """What the reader looks for, trimmed and in lower case; empty for everything."""
    url_state.seed(key, None, "")
    st.session_state[key] = str(st.session_state[key])[:_LONGEST]
    label = t("ui.search")
    typed = st.text_input(
        label,
        key=key,
        type="search",
        max_chars=_LONGEST,
        placeholder=t("ui.search_placeholder"),
        persist_state="session",
    )
    url_state.remember(key, "")
    url_state.say(key, label, typed or "", "")
    return (typed or "").strip().lower()


def number(
    key: str,
    label: str,
    default: float,
    *,
    most: float,
    step: float = 1.0,
    percent: bool = False,
) -> float:
    """A number from 0 to `most`, bound to the URL as `?key=50`; at first `default`.

    `percent`: the reader sees and the URL holds per cent, default and result are fractions.
    """
    scale = 100 if percent else 1
    start = round(default * scale, 6)
    url_state.seed(key, None, f"{start:g}")
    st.session_state[key] = _within(st.session_state[key], start, most)
    st.number_input(
        label, min_value=0.0, max_value=float(most), step=step, format="%g", key=key,
        persist_state="session",
    )  # fmt: skip
    chosen = st.session_state[key]
    url_state.remember(key, f"{start:g}", f"{chosen:g}")
    url_state.say(key, label, formats.exact(chosen, lang()), start)
    return chosen / scale


def _codes(given: object, options: Mapping[str, str], default: Sequence[str]) -> list[str]:
    """What a link says, or the widget holds, as codes; what is unknown is the default."""
    if not isinstance(given, str):
        return list(given) if isinstance(given, list) else list(default)
    codes = [] if given == _NONE else given.split(_BETWEEN)
    if all(code in options for code in codes):
        return codes
    st.toast(t("common.error_link", value=given[:40]))
    return list(default)


def _within(given: object, start: float, most: float) -> float:
    """What a link says as a number of the widget; what is none, or outside, is the default."""
    try:
        value = float(str(given))
    except ValueError:
        value = -1.0
    if 0 <= value <= most:
        return value
    st.toast(t("common.error_link", value=str(given)[:40]))
    return float(start)


def _select(key: str, label: str, options: Mapping[str, str], on_change: OnChange) -> None:
    st.selectbox(
        label,
        list(options),
        format_func=_name_of(options),
        key=key,
        on_change=on_change,
        persist_state="session",
    )


def _segments(key: str, label: str, options: Mapping[str, str], on_change: OnChange) -> None:
    st.segmented_control(
        label,
        list(options),
        format_func=_name_of(options),
        key=key,
        required=True,
        on_change=on_change,
        persist_state="session",
    )


def _slider(key: str, label: str, options: Mapping[str, str], on_change: OnChange) -> None:
    st.select_slider(
        label,
        list(options),
        format_func=_name_of(options),
        key=key,
        on_change=on_change,
        persist_state="session",
    )


def _list(key: str, label: str, options: Mapping[str, str], on_change: OnChange) -> None:
    # A few rows high and scrolling beyond, so that on a telephone the details stay near.
    with st.container(height=_LIST_HEIGHT if len(options) > _LIST_ROWS else "content"):
        st.radio(
            label,
            list(options),
            format_func=_name_of(options),
            key=key,
            on_change=on_change,
            persist_state="session",
        )


def _name_of(options: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: options.get(code, code)


def _or_all(code: str) -> str | None:
    return None if code == ALL else code


def months() -> dict[str, str]:
    """Every month of the data, 2026-10 to its name; without any, the page ends in words."""
    months = query("months").column("month").to_pylist()
    if not months:
        st.info(t("common.no_rows"))
        st.stop()
    return {f"{value:%Y-%m}": formats.month(value, lang()) for value in months}


def _newest() -> str:
    """Return the month that everything opens with: the last whole one (query `months`)."""
    rows = query("months").to_pylist()
    opening = [row["month"] for row in rows if row["opening"]]
    return f"{(opening or [row['month'] for row in rows])[-1]:%Y-%m}"


def month_of(code: str) -> date:
    """The first day of the month 2026-10."""
    return date.fromisoformat(f"{code}-01")
