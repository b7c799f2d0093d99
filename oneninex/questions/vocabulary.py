"""Words that questions may use: reviewed plan data (question_words.csv) and the plan's names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A blank between Chinese characters parts nothing.
_BLANKS = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
FILE = "question_words.csv"
IGNORED = "ignored"


def normal(text: str) -> str:
    """Fold width, case and quotes, so that one word has one spelling."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _BLANKS.sub("", folded)
    return folded.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")


@dataclass(frozen=True)
class Word:
    """What a phrase means: kind indicator, place, what or ignored, and its code."""

    kind: str
    code: str


@dataclass(frozen=True)
class Vocabulary:
    """Phrases by their normal form; the longest phrase is `longest` characters long."""

    phrases: Mapping[str, Word]
    longest: int

    @classmethod
    def load(cls, plan: Path, units: Iterable[Mapping[str, Any]],
             indicators: Iterable[Mapping[str, Any]]) -> Vocabulary:  # fmt: skip
        """Read the plan's words and add the names of its units and indicators.

        `units` and `indicators` are rows of the queries of these names. Without the file only
        names are known.
        """
        found: dict[str, Word] = {}
        for row in units:
            for lang in ("zh", "en"):
                found[normal(row[f"name_{lang}"])] = Word("place", row["unit_id"])
        for row in indicators:
            for lang in ("zh", "en"):
                found[normal(row[f"name_{lang}"])] = Word("indicator", row["indicator_id"])
        path = plan / FILE
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    word = Word(row["kind"], row["code"] or row["kind"])
                    for phrase in f"{row['zh']}|{row['en']}".split("|"):
                        if phrase.strip():
                            found.setdefault(normal(phrase.strip()), word)
        return cls(found, max(map(len, found), default=0))
