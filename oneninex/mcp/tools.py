"""What an assistant may ask: named queries, questions, causes and the briefing of one audience.

Each answer carries the snapshot and its hash, coverage, status, the demo mark, and which cells are
withheld and why. What comes from a return (names, titles) is data in the answer, never text around
it. A wrong request is an answer of its own: {"error": words}.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from oneninex import briefing, questions, store
from oneninex.briefing import outline
from oneninex.core.i18n import LANGS, text
from oneninex.core.rate_limit import Budget, Rate
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.questions import words
from oneninex.store import Snapshot, Store, StoreError, sql_catalog

ROWS = 500  # of one answer; how many there are is said
_PER_MINUTE = Budget(most=120, seconds=60)
Document = dict[str, Any]


class Tools:
    """The tools of one audience on a store; every call reads the current or a named snapshot."""

    def __init__(
        self,
        root: Store,
        plan: Plan,
        audience: str,
        note: Callable[[str, str], None] = lambda tool, what: None,
    ) -> None:
        self._store, self._plan, self.audience, self._note = root, plan, audience, note
        self._rate = Rate(_PER_MINUTE)

    def list_questions(self, lang: str = "zh") -> Document:
        """List the named queries: name, what one row is, and the parameters."""
        return self._guarded("list_questions", "", lang, lambda: {
            "queries": [_head(name) for name in sql_catalog.names()],
            "examples": words.examples(lang),
        })  # fmt: skip

    def describe(self, name: str, lang: str = "zh") -> Document:
        """Describe a query: grain, parameters with their domains, and the meaning of columns."""
        return self._guarded("describe", name, lang, lambda: self._described(name, lang))

    def ask(
        self,
        question: str = "",
        query: str = "",
        parameters: dict[str, Any] | None = None,
        lang: str = "zh",
        as_of: str = "",
    ) -> Document:
        """Answer a question in Chinese or English, or run a named query with parameters."""
        if bool(question) == bool(query):
            return {"error": text("ask.mcp_one_of", _lang(lang))}
        if query:
            return self._guarded(
                "ask", query, lang, lambda: self._rows(query, parameters or {}, as_of)
            )
        return self._guarded("ask", "", lang, lambda: self._answer(question, lang, as_of))

    def explain(
        self, indicator_id: str, month: str = "", comparison: str = "previous_month",
        unit_id: str = "", lang: str = "zh", as_of: str = "",
    ) -> Document:  # fmt: skip
        """Explain the change of an indicator: its parts, which add up to the change."""
        given = {"indicator_id": indicator_id, "month": month, "comparison": comparison,
                 "unit_id": unit_id}  # fmt: skip
        chosen = {name: value for name, value in given.items() if value}
        return self._guarded(
            "explain", indicator_id, lang, lambda: self._rows("change_explained", chosen, as_of)
        )

    def briefing(self, month: str = "", lang: str = "zh", as_of: str = "") -> Document:
        """Return the text of a month's briefing (YYYY-MM; the newest whole month without it)."""
        return self._guarded("briefing", month, lang, lambda: self._briefed(month, lang, as_of))

    # Behind the tools

    def _guarded(self, tool: str, what: str, lang: str, work: Callable[[], Document]) -> Document:
        """Run a tool within the budget; what a caller can cause is an error in words."""
        spoken = _lang(lang)
        if wait := self._rate.wait(self.audience):
            return {"error": text("ask.mcp_too_often", spoken, seconds=int(wait) + 1)}
        try:
            found = work()
        except StoreError as refused:
            found = {"error": text(refused.key, spoken, **refused.values)}
        except (ValueError, TypeError, OverflowError):
            found = {"error": text("ask.mcp_wrong_value", spoken)}
        self._note(tool, what if what in sql_catalog.names() else "")
        return found

    def _snapshot(self, as_of: str) -> Snapshot:
        return self._store.resolve(as_of or None, self._plan.config.timezone)

    def _described(self, name: str, lang: str) -> Document:
        table = self._table(name, {}, self._snapshot(""))
        meanings = _meanings()
        columns = {
            column: meanings.get(column, {}).get(_lang(lang), "") for column in table.column_names
        }
        return {**_head(name), "columns": columns}

    def _table(self, name: str, parameters: dict[str, Any], snapshot: Snapshot) -> Any:
        return store.query(name, snapshot=snapshot, audience=self.audience, **parameters)

    def _rows(self, name: str, parameters: dict[str, Any], as_of: str) -> Document:
        snapshot = self._snapshot(as_of)
        plain = {key: value for key, value in parameters.items() if value not in ("", None)}
        if any(not isinstance(value, str | int | float | bool) for value in plain.values()):
            raise ValueError
        table = self._table(name, plain, snapshot)
        rows = table.slice(0, ROWS).to_pylist()
        return {
            "query": name,
            "parameters": plain,
            "rows": rows,
            "rows_total": table.num_rows,
            "suppressed": _suppressed(rows),
            **self._provenance(snapshot),
        }

    def _answer(self, question: str, lang: str, as_of: str) -> Document:
        snapshot = self._snapshot(as_of)
        session = questions.Session(snapshot, self.audience)
        vocabulary = questions.Vocabulary.load(
            self._plan.folder, session.rows("units"), session.rows("indicators")
        )
        found = questions.answer(question, session, vocabulary, _lang(lang))
        document = words.document(found, _lang(lang))
        if isinstance(found, questions.Answer):
            document |= {"rows": found.rows[:ROWS], "suppressed": _suppressed(found.rows)}
        return {**document, **self._provenance(snapshot)}

    def _briefed(self, month: str, lang: str, as_of: str) -> Document:
        snapshot = self._snapshot(as_of)
        chosen = _month(month) if month else self._opening(snapshot)
        looks = briefing.looks_of(self._plan, _lang(lang))
        made = briefing.compose(snapshot, chosen, _lang(lang), audience=self.audience, looks=looks)
        blocks = [{"kind": block.kind, "text": block.text} for block in outline.blocks(made)]
        return {"month": chosen.isoformat(), "text": blocks, **self._provenance(snapshot)}

    def _opening(self, snapshot: Snapshot) -> date:
        rows = self._table("months", {}, snapshot).to_pylist()
        whole = [row["month"] for row in rows if not row.get("running")]
        if not rows:
            raise ValueError
        return max(whole or [row["month"] for row in rows])

    def _provenance(self, snapshot: Snapshot) -> Document:
        info = self._table("snapshot_info", {}, snapshot).to_pylist()[0]
        return {
            "snapshot": snapshot.id,
            "hash": snapshot.manifest.database_sha256,
            "cut_off": info["cut_off"],
            "demo": bool(info["demo"]),
            "audience": self.audience,
        }


def _lang(lang: str) -> str:
    return lang if lang in LANGS else LANGS[0]


def _month(word: str) -> date:
    year, dash, month = word[:7].partition("-")
    if not (dash and year.isdigit() and month.isdigit()):
        raise ValueError
    return date(int(year), int(month), 1)


def _head(name: str) -> Document:
    """What the head of a query says of it."""
    lines = []
    for line in sql_catalog.text(name).splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return {
        "name": name,
        "about": " ".join(lines),
        "parameters": sorted(sql_catalog.parameters(name)),
    }


@cache
def _meanings() -> dict[str, dict[str, str]]:
    with (ROOT / "queries" / "columns.csv").open(encoding="utf-8", newline="") as file:
        return {row["column"]: row for row in csv.DictReader(file)}


def _suppressed(rows: list[Document]) -> list[Document]:
    """The rows in which something is withheld, by place, with the reason."""
    return [
        {"row": number, "reason": "confidential"}
        for number, row in enumerate(rows)
        if row.get("suppressed") is True or row.get("status") == "C"
    ]
