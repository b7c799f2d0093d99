"""Why an engine cannot run, in words a person can act on."""

from __future__ import annotations


class EngineError(Exception):
    """`key` names the message in the catalogue `engine`; `files` are at fault, not the engine."""

    def __init__(self, key: str, *, files: bool = False, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.key = key
        self.files = files
        self.values = values
