"""Our figure builds what plotly's own would."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from oneninex.figures.charts.figure import Figure


def read(fig: Figure | go.Figure) -> dict[str, Any]:
    """What plotly.js gets, but for the look that plotly adds by itself."""
    told = json.loads(str(fig.to_json()), parse_float=lambda number: round(float(number), 9))
    told["layout"].pop("template", None)
    return told


def fill(fig: Figure | go.Figure) -> None:
    fig.add_scatter(x=[date(2026, 10, 1)], y=[None], name="a", error_y={"array": [1]}, text=None)
    fig.add_bar(x=[1], y=[2.5], name="b", marker={"color": "#fff", "pattern": {"shape": "/"}})
    fig.update_traces(marker_pattern={"fgcolor": "#000"}, selector={"name": "b"})
    fig.update_layout(barmode="stack", legend={"x": 1})
    fig.update_layout(legend={"y": 2})
    fig.update_xaxes(title_text="months", range=[0, 1])
    fig.update_yaxes(title_text="items")
    fig.add_annotation(x=1, y=2, text="words", showarrow=False)
    fig.update_annotations(font={"size": 9}, selector={"text": "words"})
    fig.add_vline(x=1, line={"dash": "dot"})


def test_a_plain_figure_is_plotlys() -> None:
    ours, theirs = Figure({"height": 300}), go.Figure(layout={"height": 300})
    for fig in (ours, theirs):
        fill(fig)

    assert read(ours) == read(theirs)


def test_a_horizontal_line_has_its_words_at_the_left() -> None:
    ours, theirs = Figure({}), go.Figure()
    ours.add_hline(y=5, line={"width": 1}, annotation={"text": "goal"})
    theirs.add_hline(
        y=5, line={"width": 1}, annotation={"text": "goal"}, annotation_position="top left"
    )

    assert read(ours) == read(theirs)


@pytest.mark.parametrize("shared", [True, False])
def test_panels_stand_where_plotly_puts_them(shared: bool) -> None:
    ours = Figure({})
    ours.split(3, 2, shared_y=shared, horizontal=0.1, vertical=0.05, titles=["a", "b", "c"])
    theirs = make_subplots(
        rows=3, cols=2, shared_xaxes=True, shared_yaxes=shared, horizontal_spacing=0.1,
        vertical_spacing=0.05, subplot_titles=["a", "b", "c"],
    )  # fmt: skip
    for fig in (ours, theirs):
        fig.add_scatter(x=[1], y=[2], row=2, col=2)
        fig.update_yaxes(range=[0, 1], row=2, col=2)
        fig.update_xaxes(type="log", col=1)

    assert read(ours) == read(theirs)


def test_an_unknown_attribute_is_found_when_somebody_looks() -> None:
    fig = Figure({})
    fig.add_scatter(x=[1], y=[1], colour="red")

    with pytest.raises(ValueError, match="colour"):
        assert fig.data
