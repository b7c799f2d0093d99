"""What an annotation answers, label set by label set, to be compared with what others answered.

Only answers that concern the whole item can be equal or not: two people never draw quite the same
box. A label set is a control of the labeling form.
"""

from __future__ import annotations

import json
from typing import Any

_WHOLE_ITEM = {"choices", "taxonomy", "rating", "number", "pairwise"}
_PLACES = {"start", "end", "x", "y", "points", "startOffset", "ranges", "globalOffsets"}


def of(result: Any) -> dict[str, str]:
    """Label set to answer; the order in which several are ticked is no difference."""
    given: dict[str, list[Any]] = {}
    for row in result if isinstance(result, list) else []:
        kind = row.get("type") if isinstance(row, dict) else None
        if not isinstance(kind, str) or kind not in _WHOLE_ITEM:
            continue
        name, value = row.get("from_name"), row.get("value")
        if not isinstance(name, str) or not isinstance(value, dict) or _PLACES & value.keys():
            continue
        answer = value.get(kind, value.get("selected"))
        given.setdefault(name, []).extend(answer if isinstance(answer, list) else [answer])
    return {name: _canonical(values) for name, values in given.items()}


def _canonical(values: list[Any]) -> str:
    return json.dumps(sorted(json.dumps(value, sort_keys=True) for value in values))
