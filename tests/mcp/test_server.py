"""The server answers as the command line does, for each audience, and refuses in words."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client

from oneninex import store
from oneninex.domain.plan import Plan
from oneninex.mcp import Tools, build, server
from oneninex.store import NotForAudience, Snapshot, Store, sql_catalog


def current(small: Store) -> Snapshot:
    snapshot = small.current()
    assert snapshot
    return snapshot


AUDIENCES = ("planner", "leadership", "public", "unit:U1")
QUERIES = ("units", "output_by_unit_month", "targets_progress", "enterprise_list", "concentration",
           "returns_ledger", "indicator_series", "change_explained")  # fmt: skip


def tools(small: Store, plan: Plan, audience: str) -> Tools:
    made = Tools(small, plan, audience)
    made._rate = type("Free", (), {"wait": staticmethod(lambda key: 0.0)})()  # type: ignore[assignment]
    return made


def talk(made: Tools, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(build(made)) as client:
            return await work(client)

    return asyncio.run(run())


def call(made: Tools, tool: str, **arguments: Any) -> dict[str, Any]:
    result = talk(made, lambda client: client.call_tool(tool, arguments))
    return json.loads(result.content[0].text)


def test_five_tools_are_offered(small: Store, plan: Plan) -> None:
    listed = talk(tools(small, plan, "public"), lambda client: client.list_tools())
    assert {tool.name for tool in listed.tools} == {
        "list_questions", "describe", "ask", "explain", "briefing",
    }  # fmt: skip
    assert all(tool.description for tool in listed.tools)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_rows_are_those_of_the_query(small: Store, plan: Plan, audience: str) -> None:
    made = tools(small, plan, audience)
    for name in QUERIES:
        found = made.ask(query=name)
        try:
            table = store.query(name, snapshot=current(small), audience=audience)
        except NotForAudience:
            assert set(found) == {"error"}
            continue
        assert found["rows"] == table.to_pylist()[:500]
        assert found["rows_total"] == table.num_rows
        assert found["snapshot"] == current(small).id
        assert len(found["hash"]) == 64
        assert {"demo", "cut_off", "suppressed"} <= set(found)


def test_a_withheld_cell_says_so(small: Store, plan: Plan) -> None:
    found = tools(small, plan, "public").ask(
        query="indicator_series", parameters={"indicator_id": "labeling_revenue"}
    )
    withheld = [n for n, row in enumerate(found["rows"]) if row["status"] == "C"]
    assert withheld
    assert [cell["row"] for cell in found["suppressed"]] == withheld
    assert all(found["rows"][n]["value"] is None for n in withheld)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_tool_through_the_protocol(small: Store, plan: Plan, lang: str) -> None:
    made = tools(small, plan, "planner")
    listed = call(made, "list_questions", lang=lang)
    assert {row["name"] for row in listed["queries"]} == set(sql_catalog.names())
    described = call(made, "describe", name="units", lang=lang)
    assert described["columns"]["unit_id"]
    assert call(made, "ask", question="U1 2026年3月产出", lang=lang)["value"] is not None
    parts = call(made, "explain", indicator_id="items_accepted", month="2026-03-01", lang=lang)
    change = {row["change"] for row in parts["rows"] if row["change"] is not None}
    assert len(change) <= 1
    text = call(made, "briefing", month="2026-03", lang=lang)["text"]
    assert len(text) > 5


def test_wrong_requests_are_answers_in_words(small: Store, plan: Plan) -> None:
    made = tools(small, plan, "public")
    for arguments in (
        {"query": "no_such_query"},
        {"query": "../secrets"},
        {"query": "units", "parameters": {"nonsense": "1"}},
        {"query": "output_by_unit_month", "parameters": {"from_month": "yesterday"}},
        {"query": "units", "parameters": {"x": {"deep": []}}},
        {"query": "units", "as_of": "99"},
        {"query": "enterprise_list'; drop table units; --"},
        {},
        {"question": "x", "query": "units"},
    ):
        given: dict[str, Any] = arguments
        assert set(made.ask(**given)) == {"error"}, arguments
    assert set(made.briefing(month="13")) == {"error"}


def test_malformed_calls_give_no_traceback_and_no_row_of_others(small: Store, plan: Plan) -> None:
    """A sample of generated calls; the rows of enterprises are the planner's alone."""
    made, dice = tools(small, plan, "public"), random.Random(7)
    words = ["units", "enterprise_list", "enterprise_quarterly", "", "\0", "'; --", "2026-03-01",
             "U1", "产出", "谁没报", None, 7, -1, 1e308, True, "x" * 5000]  # fmt: skip
    for _ in range(400):
        arguments = {
            "question": dice.choice(words), "query": dice.choice(words),
            "parameters": {str(dice.choice(words)): dice.choice(words)},
            "lang": dice.choice(words), "as_of": dice.choice(["", "1", "x", "2026-04-01"]),
        }  # fmt: skip
        names = dice.sample(list(arguments), dice.randint(0, 5))
        given: dict[str, Any] = {name: arguments[name] for name in names}
        given = {n: v for n, v in given.items() if n == "parameters" or isinstance(v, str)}
        found = made.ask(**given)
        assert isinstance(found, dict)
        assert "Traceback" not in str(found)
        assert "1200.0" not in str(found)


def test_too_many_calls_are_told_to_wait(small: Store, plan: Plan) -> None:
    made = Tools(small, plan, "public")
    answers = [made.list_questions("en") for _ in range(130)]
    assert "Too many requests" in answers[-1]["error"]
    assert "error" not in answers[0]


# Over HTTP


def _tokens(path: Path, **audiences: str) -> dict[str, str]:
    lines = [f"{hashlib.sha256(t.encode()).hexdigest()} {a}" for t, a in audiences.items()]
    path.write_text("\n".join(["# tokens", *lines]))
    return server.read_tokens(path)


def test_a_token_stands_for_an_audience(small: Store, plan: Plan, tmp_path: Path) -> None:
    tokens = _tokens(tmp_path / "tokens", secret="planner", open="public")
    application = server.http_app(tokens, lambda audience: tools(small, plan, audience))
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "ask", "arguments": {"query": "snapshot_info"}}}  # fmt: skip

    async def audiences() -> list[Any]:
        transport = httpx.ASGITransport(app=application)
        found = []
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8510") as client,
        ):
            for token in ("secret", "open", "guess", None):
                headers = {"accept": "application/json, text/event-stream"}
                if token:
                    headers["authorization"] = f"Bearer {token}"
                answer = await client.post("/mcp", json=body, headers=headers)
                if answer.status_code != 200:
                    found.append(answer.status_code)
                    continue
                content = answer.json()["result"]["content"][0]["text"]
                found.append(json.loads(content)["audience"])
        return found

    assert asyncio.run(audiences()) == ["planner", "public", 401, 401]


@pytest.mark.parametrize("line", ["x planner", f"{'a' * 64} nobody", f"{'A' * 64} public"])
def test_a_wrong_line_of_tokens_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "tokens").write_text(f"# tokens\n{line}\n")
    with pytest.raises(server.TokensWrong, match="2"):
        server.read_tokens(tmp_path / "tokens")
