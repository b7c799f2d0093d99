"""Which answers are choices, so that two people's can be compared as equal or not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

MAX_CHOICES = 20
_MAX_LENGTH = 100
_MAX_SETS = 200


def choices(samples: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The label sets whose answers are choices: few, short, and given more than once.

    Free text, numbers on a scale and drawings are none: over the whole file they have more than
    MAX_CHOICES different values, or hardly any value twice. What is held does not grow with the
    file.
    """
    seen: dict[str, set[str]] = {}
    filled: dict[str, int] = {}
    free: set[str] = set()
    for sample in samples:
        for name, answer in sample.items():
            if name in free or (name not in seen and len(seen) + len(free) >= _MAX_SETS):
                continue
            found = seen.setdefault(name, set())
            found.add(answer)
            filled[name] = filled.get(name, 0) + 1
            if len(found) > MAX_CHOICES or len(answer) > _MAX_LENGTH or "\n" in answer:
                free.add(name)
                del seen[name]
    return frozenset(n for n, found in seen.items() if _repeats(len(found), filled[n]))


def only(sample: Mapping[str, str], chosen: frozenset[str]) -> dict[str, str]:
    """The answers of these label sets."""
    return {name: answer for name, answer in sample.items() if name in chosen}


def several(values: Iterable[str]) -> str:
    """One answer made of several ticks, the same in whatever order they were set."""
    return " | ".join(sorted(set(values)))


def distinct(labels: list[Any]) -> int:
    """Count labels; a span that stands twice, under another number, is one."""
    seen: set[str] = set()
    others = 0
    for label in labels:
        plain = {n: v for n, v in label.items() if n != "id"} if isinstance(label, dict) else label
        if plain:
            seen.add(json.dumps(plain, sort_keys=True))
        else:  # nothing that another could be equal to
            others += 1
    return len(seen) + others


def _repeats(different: int, filled: int) -> bool:
    return different <= 3 or different * 2 <= filled
