"""Answers hold the figures of the queries, for each audience, and say what is withheld."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oneninex import questions, store
from oneninex.cli import main
from oneninex.core.i18n import LANGS
from oneninex.core.settings import ROOT
from oneninex.questions import words
from oneninex.store import Snapshot, Store


def current(small: Store) -> Snapshot:
    snapshot = small.current()
    assert snapshot
    return snapshot


AUDIENCES = ("planner", "leadership", "public", "unit:U1", "unit:U3")
Found = questions.Answer | questions.Declined


def ask(small: Store, question: str, lang: str = "zh", audience: str = "planner") -> Found:
    session = questions.Session(current(small), audience)
    vocabulary = questions.Vocabulary.load(
        ROOT / "data" / "plan", session.rows("units"), session.rows("indicators")
    )
    return questions.answer(question, session, vocabulary, lang)


def series(small: Store, indicator: str, audience: str = "planner", **more: Any) -> list[dict]:
    table = store.query(
        "indicator_series", snapshot=current(small), audience=audience,
        indicator_id=indicator, **more,
    )  # fmt: skip
    return table.to_pylist()


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize(
    ("question", "indicator", "scope"),
    [
        ("2026年3月全市验收合格标注条数是多少", "items_accepted", "city"),
        ("2026年3月合格率", "acceptance_rate", "city"),
        ("2026年3月U2标注条数", "items_annotated", "U2"),
        ("2026年3月标注企业有多少家", "labeling_enterprises", "city"),
        ("2026年3月营业收入", "labeling_revenue", "city"),
    ],
)
def test_the_value_is_that_of_the_query(
    small: Store, audience: str, question: str, indicator: str, scope: str
) -> None:
    found = ask(small, question, audience=audience)
    (row,) = series(
        small, indicator, audience, scope=scope, from_month="2026-03-01", to_month="2026-03-01"
    )
    assert isinstance(found, questions.Answer)
    assert found.value == row["value"]
    assert found.status == row["status"]
    if row["value"] is None:
        assert ("不公布" if row["status"] == "C" else "缺报") in found.sentence


def test_a_flow_is_added_up_and_a_rate_is_not(small: Store) -> None:
    found = ask(small, "今年以来标注条数")
    rows = series(small, "items_annotated", scope="city")
    assert isinstance(found, questions.Answer)
    assert found.value == sum(row["value"] for row in rows)
    refused = ask(small, "今年以来合格率")
    assert isinstance(refused, questions.Declined)
    assert refused.reason == "one_month_only"


def test_who_is_missing(small: Store) -> None:
    found = ask(small, "3月谁没报")
    assert isinstance(found, questions.Answer)
    assert "江淮科技园" in found.sentence
    assert found.value == len({row["unit_id"] for row in found.rows})


def test_equal_units_are_not_ranked(small: Store) -> None:
    rows = store.query(
        "indicator_by_unit", snapshot=current(small), indicator_id="acceptance_rate"
    ).to_pylist()
    values = {row["value"] for row in rows if row["value"] is not None}
    found = ask(small, "哪个单元合格率最高")
    assert isinstance(found, questions.Answer)
    assert ("最高的是" in found.sentence) == (len(values) > 1) or "不排名次" in found.sentence


def test_a_month_without_data_is_said(small: Store) -> None:
    found = ask(small, "2027年5月产出")
    assert isinstance(found, questions.Declined)
    assert found.reason == "no_such_month"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_kind_of_question_has_an_answer_for_every_audience(
    small: Store, lang: str, audience: str
) -> None:
    asked = {
        "zh": ["产出", "产出环比", "产出同比", "为什么产出下降", "高质量数据集目标", "谁没报",
               "高质量数据集能完成吗", "哪些目标滞后", "U1和U2产出对比", "产出排名", "营业收入"],
        "en": ["output", "change of output", "output year on year", "why did output fall",
               "target for high-quality datasets", "who has not reported",
               "chance of high-quality datasets", "which targets are behind",
               "compare U1 and U2 output", "output by unit", "revenue"],
    }  # fmt: skip
    for question in asked[lang]:
        found = ask(small, question, lang, audience)
        if isinstance(found, questions.Declined):
            assert found.reason in ("no_values", "no_cause", "no_target"), question
        assert all("{" not in line and line for line in words.lines(found, lang)), question


def test_the_command(small: Store, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--store", str(small.root), "ask"]
    assert main([*command, "2026年3月产出是多少", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["understood"]["measure"] == "items_accepted"
    assert set(document) >= {"answer", "value", "unit", "coverage", "status", "snapshot", "link"}
    assert main([*command, "今天天气怎么样", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert len(document["can"]) == 3
    assert "天气" in document["declined"]


def test_a_running_quarter_speaks_of_the_months_that_there_are(small: Store) -> None:
    found = ask(small, "2026年上半年标注条数")
    rows = series(small, "items_annotated", scope="city")
    assert isinstance(found, questions.Answer)
    assert found.value == sum(row["value"] for row in rows)
    assert "6月" not in found.sentence
