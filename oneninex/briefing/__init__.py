"""The leadership briefing: one content, four kinds of document.

`compose` asks the queries and makes sentences by rules; a writer turns the content into bytes.
The same snapshot, month, language and audience give the same bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from datetime import date

from oneninex.briefing.content import compose, looks_of
from oneninex.briefing.model import Briefing
from oneninex.core.progress import Progress, nothing
from oneninex.domain.plan import Plan
from oneninex.store import Snapshot

__all__ = ["FORMATS", "MIME", "Briefing", "compose", "documents", "looks_of", "render"]

FORMATS = ("docx", "pdf", "pptx", "xlsx")
_OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
_WRITERS = {"docx": "docx", "pdf": "pdf", "pptx": "pptx", "xlsx": "xlsx"}


def render(briefing: Briefing, format: str) -> bytes:
    """The briefing as a document of a format of FORMATS."""
    # A writer's library is loaded when the first document of its kind is asked for.
    writer = importlib.import_module(f"oneninex.briefing.{_WRITERS[format]}")
    return writer.write(briefing)


def documents(
    snapshot: Snapshot,
    month: date,
    *,
    langs: Iterable[str],
    formats: Iterable[str],
    audience: str = "planner",
    plan: Plan | None = None,
    progress: Progress = nothing,
) -> dict[tuple[str, str], bytes]:
    """Documents by (language, format); `progress` hears language, steps done, steps in all."""
    languages, kinds = list(langs), list(formats)
    total, done = len(languages) * (len(kinds) + 1), 0
    made: dict[tuple[str, str], bytes] = {}
    for lang in languages:
        progress(lang, done, total)
        looks = looks_of(plan, lang)
        content = compose(snapshot, month, lang, audience=audience, looks=looks, plan=plan)
        done += 1
        for kind in kinds:
            progress(f"{lang} {kind}", done, total)
            made[lang, kind] = render(content, kind)
            done += 1
    progress("", total, total)
    return made
