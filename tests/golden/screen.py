"""What a page shows, element by element, as readable lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pandas as pd
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from tests.golden.reference import digest, rounded

_INLINE = re.compile(r"</?(?:a|b|strong|em|i|span|tspan|sub|sup|small)\b[^>]*>")
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1>", re.S)
_COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)|\[(?:\d{1,3}, ?){3}\d{1,3}\]"
)
# Made by Streamlit for one run: ids of elements, addresses of files in memory.
_RUN = re.compile(r"/media/[0-9a-f]+[.\w]*|\$\$ID-[0-9a-f]+-[^\"\s]*|[0-9a-f]{32,}")
_IDS = {"id", "elementId", "fragmentId", "activeScriptHash", "pageScriptHash", "url", "formId"}
_HEADING = {"title", "header", "subheader"}


def lines(at: AppTest) -> list[str]:
    """The page in its order: headings, sentences, figures, tables, widgets."""
    found: list[str] = []
    for block in (at.sidebar, at.main):
        for element in block:
            found += _lines(element)
    return found


def without_colours(shown: list[Any]) -> list[Any]:
    """The same with one word for each colour, to compare two themes."""
    return json.loads(_COLOUR.sub("colour", json.dumps(shown, ensure_ascii=False)))


def contents(at: AppTest) -> list[Any]:
    """All that a browser gets, for comparing two themes."""
    return [_message(element) for block in (at.sidebar, at.main) for element in block]


def _lines(element: Any) -> Iterator[str]:
    kind = element.type
    value = getattr(element, "value", None)
    if getattr(element.proto, "component_name", "") == "oneninex_chart":
        yield from _figure(element.proto)
    elif kind == "html":
        yield from words(str(value))
        yield f"html #{digest(_clean(str(value)))}"
    elif isinstance(value, pd.DataFrame):
        columns = ", ".join(map(str, value.columns))
        yield f"table {len(value)} rows: {columns} #{digest(_records(value))}"
    elif isinstance(value, str) and not getattr(element, "label", ""):
        mark = "# " if kind in _HEADING else ""
        yield from (f"{mark}{line}" for line in words(value))
    elif label := getattr(element, "label", ""):
        options = getattr(element, "options", None)
        choice = f" of {len(options)} #{digest(list(options))}" if options else ""
        yield f"[{kind}] {label}: {_plain(value)}{choice}"
    elif not hasattr(element, "children"):
        message = _message(element)
        yield f"[{kind}] #{digest(message)}"


def _figure(proto: Any) -> Iterator[str]:
    """The words around a figure, its takeaway, and hashes of its data and layout."""
    buttons, _, rest = proto.bytes.partition(b"\n")
    given = json.loads(rest)
    yield from words(given["above"])
    if figure := given["figure"]:
        kinds = ", ".join(str(trace.get("type")) for trace in figure["data"][:3])
        points = sum(_points(trace) for trace in figure["data"])
        yield f"alt: {given['alt']}"
        head = f"figure {len(figure['data'])} traces ({kinds}), {points} points"
        yield f"{head} · data #{digest(figure['data'])}"
        yield f"{head} · layout #{digest(figure['layout'])}"
    else:
        yield f"drawing #{digest(_clean(given['above']))}"
    yield from words(given["below"])
    folds = [button["words"] for button in json.loads(buttons)]
    if folds:
        yield f"folded: {' | '.join(folds)}"


def _points(trace: Mapping[str, Any]) -> int:
    return max((len(trace[axis]) for axis in "xyz" if isinstance(trace.get(axis), list)), default=0)


def words(html: str) -> list[str]:
    """The visible texts of HTML or Markdown, one to a line."""
    seen = re.sub(r"<[^>]*>", "\n", _INLINE.sub("", _UNSEEN.sub("", html)))
    texts = (" ".join(unescape(line).split()) for line in seen.splitlines())
    return [_RUN.sub("…", text) for text in texts if text]


def _records(frame: pd.DataFrame) -> Any:
    return json.loads(frame.to_json(orient="split", date_format="iso", double_precision=9))


def _message(element: Any) -> Any:
    try:
        message = MessageToDict(element.proto)
    except (AttributeError, TypeError):
        message = str(getattr(element, "value", element))
    if getattr(element.proto, "component_name", ""):
        message = {"component": element.proto.component_name, "given": _given(element.proto)}
    return _scrubbed(message)


def _given(proto: Any) -> Any:
    raw = getattr(proto, "bytes", b"") or getattr(proto, "json", "").encode()
    parts = raw.decode("utf-8", "replace").split("\n")
    try:
        return [json.loads(part) for part in parts if part]
    except ValueError:
        return parts


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _scrubbed(item) for name, item in value.items() if name not in _IDS}
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    return _RUN.sub("…", value) if isinstance(value, str) else rounded(value)


def _clean(html: str) -> str:
    return _RUN.sub("…", html)


def _plain(value: Any) -> str:
    return str(list(map(str, value)) if isinstance(value, list | tuple) else value)
