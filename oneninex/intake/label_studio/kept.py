"""What is kept of an export: enough to count it again, and nothing that a person wrote or is.

Gzipped NDJSON, the same bytes for the same export, options and key. First a line about the export,
then one for each annotation and draft. People and textual ids are pseudonyms.
"""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import Any

from oneninex.intake.batch import Options
from oneninex.intake.identity import pseudonym
from oneninex.intake.label_studio.model import Annotation, Draft, Export, Id

_SOURCE = "label_studio"
_VERSION = 1


def reduce(export: Export, options: Options, key: bytes) -> bytes:
    """The export without names, addresses and content."""
    # Numbers of people restart in each installation: one enterprise's 7 is not another's.
    scope = (key, options.enterprise_id or "")
    lines: list[dict[str, Any]] = [
        _head(export, options),
        *(_annotation(a, scope) for a in export.annotations),
        *(_draft(d, scope) for d in export.drafts),
    ]
    text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines)
    return gzip.compress(text.encode("ascii"), mtime=0)


def _head(export: Export, options: Options) -> dict[str, Any]:
    counts = {"tasks": export.tasks, "read": export.read}
    return {"kind": "export", "format": _SOURCE, "version": _VERSION, **counts, **options.supplied}


def _annotation(annotation: Annotation, scope: tuple[bytes, str]) -> dict[str, Any]:
    reviews = annotation.reviews
    return {
        "kind": "annotation",
        "order": annotation.order,
        "project": _id(annotation.project, scope),
        "task": _id(annotation.task, scope),
        "id": _id(annotation.id, scope),
        "annotator": _person(annotation.who, scope),
        "created_at": _time(annotation.created_at),
        "updated_at": _time(annotation.updated_at),
        "lead_time": annotation.lead_time,
        "was_cancelled": annotation.skipped,
        "ground_truth": annotation.ground_truth,
        "reviews": None if reviews is None else [[_time(r.at), r.accepted] for r in reviews],
        "objects": annotation.objects,
        "prelabeled": annotation.prelabeled,
    }


def _draft(draft: Draft, scope: tuple[bytes, str]) -> dict[str, Any]:
    return {
        "kind": "draft",
        "project": _id(draft.project, scope),
        "task": _id(draft.task, scope),
        "annotator": _person(draft.who, scope),
        "created_at": _time(draft.created_at),
    }


def _person(who: str | None, scope: tuple[bytes, str]) -> str | None:
    key, enterprise = scope
    return None if who is None else pseudonym(key, _SOURCE, enterprise, "person", who)


def _id(value: Id, scope: tuple[bytes, str]) -> Id:
    """A number as it is; a text may hold anything, so it is hashed."""
    key, enterprise = scope
    return pseudonym(key, _SOURCE, enterprise, "id", value) if isinstance(value, str) else value


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="microseconds")
