"""What can go wrong with a store, in words a person can act on."""

from __future__ import annotations


class StoreError(Exception):
    """A store that cannot be used as asked; `key` names the message in the catalogue `store`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.key = key
        self.values = values


class StoreLocked(StoreError):
    """Another process is publishing into the store."""


class StoreDamaged(StoreError):
    """A file that the manifest names is absent or is not the file that was published."""


class CheckFailed(StoreError):
    """A check of queries/checks returned rows, so nothing was published."""


class UnknownQuery(StoreError):
    """There is no query of that name."""


class WrongParameter(StoreError):
    """A query was given a parameter that it does not have or a value that does not fit."""


class NotForAudience(StoreError):
    """An audience asked for what it may not see."""
