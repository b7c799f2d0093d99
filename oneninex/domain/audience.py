"""Who sees what: audiences, and which one a signed-in person belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

PLANNER, LEADERSHIP, PUBLIC, AUDITOR = "planner", "leadership", "public", "auditor"
_UNIT = re.compile(r"unit:([A-Z][A-Z0-9_]{0,15})")


class UnknownAudience(ValueError):
    """A word that names no audience."""


@dataclass(frozen=True)
class Audience:
    """planner (everything), leadership, public, auditor (no figure), or unit:ID (own in full)."""

    kind: str
    unit_id: str | None = None

    @classmethod
    def parse(cls, word: str) -> Self:
        """The audience of a word such as `unit:U3`; UnknownAudience for any other."""
        if word in (PLANNER, LEADERSHIP, PUBLIC, AUDITOR):
            return cls(word)
        if found := _UNIT.fullmatch(word):
            return cls("unit", found[1])
        raise UnknownAudience(word)

    def __str__(self) -> str:
        return f"unit:{self.unit_id}" if self.unit_id else self.kind

    @property
    def sees_everything(self) -> bool:
        """Whether nothing is suppressed."""
        return self.kind == PLANNER

    @property
    def sees_working(self) -> bool:
        """Whether targets that are working assumptions are shown."""
        return self.kind not in (PUBLIC, AUDITOR)

    @property
    def sends_returns(self) -> bool:
        """Whether returns may be uploaded: any unit's by the planner, its own by a unit."""
        return self.kind in (PLANNER, "unit")


def audience_of(
    claims: Mapping[str, Any], listed: Mapping[tuple[str, str], str]
) -> Audience | None:
    """The audience of a signed-in person; None for a person without a role.

    `listed` is data/plan/access.csv: (sub, address or group, value) to audience. Subject goes
    before address, address before groups, and all before the claims `roles` and `role`. An
    address counts only when the provider says that it is verified, a group only when it is
    listed. Of several groups or roles the narrowest holds.
    """
    for key in _identities(claims):
        if key in listed:
            return Audience.parse(listed[key])
    # "*" is everybody else, and no name of a group
    groups = [("group", word) for word in _words(claims, "groups") if word != "*"]
    found = [Audience.parse(listed[key]) for key in groups if key in listed]
    if not found:
        words = _words(claims, "roles", "role")
        found = [audience for word in words if (audience := _role(word))]
    return min(found, key=_breadth, default=None)


def _identities(claims: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = [("sub", str(claims["sub"]))] if claims.get("sub") else []
    if claims.get("email") and is_true(claims.get("email_verified")):
        keys.append(("address", str(claims["email"]).casefold()))
    return keys


def is_true(claim: object) -> bool:
    """Whether a claim is true; some providers send it as a text."""
    return claim is True or (isinstance(claim, str) and claim.strip().casefold() == "true")


def _words(claims: Mapping[str, Any], *names: str) -> list[str]:
    words: list[str] = []
    for claim in names:
        given = claims.get(claim)
        listed = given if isinstance(given, list | tuple) else [given]
        words += [word for word in listed if isinstance(word, str)]
    return words


def _role(word: str) -> Audience | None:
    try:
        return Audience.parse(word.removeprefix("oneninex:"))
    except UnknownAudience:
        return None


def _breadth(audience: Audience) -> tuple[int, str]:
    order = (AUDITOR, PUBLIC, LEADERSHIP, "unit", PLANNER)
    return order.index(audience.kind), audience.unit_id or ""
