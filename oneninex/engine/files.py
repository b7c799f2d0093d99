"""Files of one form that an engine reads as one relation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Files:
    """Parquet, or CSV in UTF-8 with a header and the given columns, all of them text."""

    paths: tuple[Path, ...]
    columns: tuple[str, ...] = ()

    @property
    def are_text(self) -> bool:
        """Whether they are CSV."""
        return bool(self.columns)

    @property
    def names(self) -> list[str]:
        """Their absolute paths."""
        return [str(path.resolve()) for path in self.paths]
