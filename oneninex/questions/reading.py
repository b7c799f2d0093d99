"""From a sentence to what is asked: longest phrases first, every content word accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import Levenshtein

from oneninex.questions.periods import Period, find
from oneninex.questions.vocabulary import IGNORED, Vocabulary, Word, normal

MAX_LENGTH = 200
_SKIPPED = re.compile(r"[\s,.;:!?，。；：！？、“”\"'()（）<>《》/+*&=%-]+")
_WORD = re.compile(r"[a-z0-9']+")
# What is asked, by what else is said with it: of several the first of this order is meant.
_ORDER = ("why", "missing", "outlook", "target", "lights", "rank", "compare", "yoy", "change",
          "value")  # fmt: skip
_CITY_WIDE = {"missing", "lights"}  # ask about no measure
_SHORTEST_MISSPELT = {True: 5, False: 3}  # by whether the word is written in Latin letters


@dataclass(frozen=True)
class Understanding:
    """What a question asks; `read_as` are misspelt words and what they were read as."""

    what: str
    measure: str | None
    places: tuple[str, ...]
    period: Period | None
    read_as: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Declined:
    """Why a question is not answered: a reason (catalogue key) and the words it concerns."""

    reason: str
    words: tuple[str, ...] = ()


@dataclass
class _Found:
    words: list[tuple[Word, str]]
    periods: list[Period]
    unknown: list[str]
    read_as: list[tuple[str, str]]


def understand(
    question: str, vocabulary: Vocabulary, *, newest: date, today: date
) -> Understanding | Declined:
    """Read a question in Chinese or English; `newest` is the newest month of the data."""
    text = normal(question).strip()
    if not text:
        return Declined("empty")
    if len(text) > MAX_LENGTH:
        return Declined("too_long")
    found = _scan(text, vocabulary, newest, today)
    if found.unknown:
        return Declined("unknown_words", tuple(found.unknown))
    return _meaning(found)


def _scan(text: str, vocabulary: Vocabulary, newest: date, today: date) -> _Found:
    found, at, unknown = _Found([], [], [], []), 0, ""
    while at < len(text):
        blank = _SKIPPED.match(text, at)
        period = None if _inside_word(text, at) else find(text, at, newest, today)
        phrase = _phrase(text, at, vocabulary)
        step = 0
        if period and (phrase is None or period[1] - at >= len(phrase)):
            found.periods.append(period[0])
            step = period[1] - at
        elif phrase:
            found.words.append((vocabulary.phrases[phrase], phrase))
            step = len(phrase)
        elif blank:
            step = blank.end() - at
        if step:
            _close(unknown, text, at, vocabulary, found)
            unknown = ""
            at += step
            continue
        word = _WORD.match(text, at)
        piece = word.group() if word else text[at]
        unknown += piece
        at += len(piece)
    _close(unknown, text, at, vocabulary, found)
    return found


def _inside_word(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _phrase(text: str, at: int, vocabulary: Vocabulary) -> str | None:
    """Return the longest known phrase at a place; Latin ones only between word boundaries."""
    if _inside_word(text, at):
        return None
    for length in range(min(vocabulary.longest, len(text) - at), 0, -1):
        phrase = text[at : at + length]
        if phrase not in vocabulary.phrases:
            continue
        following = text[at + length : at + length + 1]
        if (
            phrase[-1].isascii()
            and phrase[-1].isalnum()
            and following.isascii()
            and following.isalnum()
        ):
            continue
        return phrase
    return None


def _close(unknown: str, text: str, end: int, vocabulary: Vocabulary, found: _Found) -> None:
    """Read an unknown run as the one known phrase that a slip away, or keep it as unknown."""
    if not unknown:
        return
    start = end - len(unknown)
    for candidate, known in _slips(unknown, text, start, end, vocabulary, found):
        found.words.append((vocabulary.phrases[known], known))
        found.read_as.append((candidate, known))
        return
    found.unknown.append(unknown)


def _slips(
    unknown: str, text: str, start: int, end: int, vocabulary: Vocabulary, found: _Found
) -> Iterator[tuple[str, str]]:
    latin = unknown.isascii()
    before = "" if latin or not found.words else found.words[-1][1]
    for candidate in {unknown, before + unknown}:
        if len(candidate) < _SHORTEST_MISSPELT[latin]:
            continue
        near = {
            vocabulary.phrases[phrase]: phrase
            for phrase in vocabulary.phrases
            if abs(len(phrase) - len(candidate)) <= 1
            and len(phrase) >= _SHORTEST_MISSPELT[latin]
            and vocabulary.phrases[phrase].kind != IGNORED
            and Levenshtein.distance(phrase, candidate, score_cutoff=1) == 1
        }
        if len(near) == 1:
            if candidate != unknown:
                found.words.pop()
            yield candidate, next(iter(near.values()))
            return


def _meaning(found: _Found) -> Understanding | Declined:
    codes: dict[str, list[str]] = {"indicator": [], "place": [], "what": []}
    for word, _ in found.words:
        if word.kind in codes and word.code not in codes[word.kind]:
            codes[word.kind].append(word.code)
    measures, places = codes["indicator"], codes["place"]
    if len(found.periods) > 1:
        return Declined("several_periods")
    if len(measures) > 1:
        return Declined("several_measures")
    what = _what(codes["what"], measures, places)
    if what is None:
        return Declined("no_measure")
    if what == "compare" and len(places) == 1:
        places = [*places, "city"]
    if len(places) > 1 and what != "compare":
        return Declined("several_places")
    measure = measures[0] if measures else None
    period = found.periods[0] if found.periods else None
    return Understanding(what, measure, tuple(places), period, tuple(found.read_as))


def _what(said: list[str], measures: list[str], places: list[str]) -> str | None:
    """Return what is asked; None where a measure is needed and none is named."""
    what = next((one for one in _ORDER if one in said), None)
    units = [place for place in places if place != "city"]
    if not measures and what not in _CITY_WIDE:
        # "are the targets on track" asks about all of them
        return (
            "lights" if "target" in said and what in ("target", "outlook") and not units else None
        )
    if len(places) > 1 and what in (None, "value", "rank"):
        return "compare"
    if what == "compare" and not units:
        return "rank"
    return what or "value"
