"""What an operator watches: counts and times of this process, in the words of Prometheus.

Nothing here says who did what: no name, no address, no value of a return is ever a label.
"""

from __future__ import annotations

import math
import os
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oneninex.core.escape import metric_label

# Seconds; from an answer of a cube in memory to a page that a reader gives up on.
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STARTED = time.time()
_MEMORY = Path("/proc/self/statm")

Sample = tuple[str, float]  # a name with its labels, and its value


class Counts:
    """How often something happened, by the values of one label or of none."""

    def __init__(self, name: str, told: str, label: str = "") -> None:
        self.name, self.told, self.kind, self._label = name, told, "counter", label
        self._guard = threading.Lock()
        self._counts: dict[str, int] = {}

    def add(self, value: str = "") -> None:
        """Count once; `value` is one of the few that the label takes."""
        with self._guard:
            self._counts[value] = self._counts.get(value, 0) + 1

    def samples(self) -> Iterator[Sample]:
        """The counts so far."""
        with self._guard:
            counts = dict(self._counts)
        if not self._label:
            yield self.name, counts.get("", 0)
        for value, count in sorted(counts.items()) if self._label else ():
            yield f'{self.name}{{{self._label}="{metric_label(value)}"}}', count


class Times:
    """A histogram of seconds."""

    def __init__(self, name: str, told: str) -> None:
        self.name, self.told, self.kind = name, told, "histogram"
        self._guard = threading.Lock()
        self._within = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Note how long the block takes, also where it fails."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.note(time.perf_counter() - begin)

    def note(self, seconds: float) -> None:
        """Note one duration."""
        with self._guard:
            self._within[bisect_left(_BOUNDS, seconds)] += 1
            self._sum += seconds

    def samples(self) -> Iterator[Sample]:
        """Durations up to each bound, their sum and their number."""
        with self._guard:
            within, total = list(self._within), self._sum
        upto = 0
        for bound, count in zip((*_BOUNDS, math.inf), within, strict=True):
            upto += count
            written = "+Inf" if bound == math.inf else f"{bound:g}"
            yield f'{self.name}_bucket{{le="{written}"}}', upto
        yield f"{self.name}_sum", total
        yield f"{self.name}_count", upto


class Known:
    """A word that an operator keeps, as the label of a measure that is always 1."""

    def __init__(self, name: str, told: str, label: str, word: str) -> None:
        self.name, self.told, self.kind = name, told, "gauge"
        self._label, self._word = label, word

    def samples(self) -> Iterator[Sample]:
        """The word, if there is one."""
        if self._word:
            yield f'{self.name}{{{self._label}="{metric_label(self._word)}"}}', 1


class Level:
    """Something that stands at a value now; `read` gives it when asked, None where unknown."""

    def __init__(self, name: str, told: str, read: Callable[[], float | None]) -> None:
        self.name, self.told, self.kind, self._read = name, told, "gauge", read

    def samples(self) -> Iterator[Sample]:
        """The value now."""
        value = self._read()
        if value is not None:
            yield self.name, value


Measure = Counts | Times | Level | Known


def resident_bytes() -> int | None:
    """Memory that this process holds, None where the system does not tell."""
    try:
        return int(_MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def text(measures: Iterable[Measure]) -> str:
    """The measures as Prometheus reads them (text format 0.0.4)."""
    lines: list[str] = []
    for measure in measures:
        lines += [f"# HELP {measure.name} {measure.told}", f"# TYPE {measure.name} {measure.kind}"]
        lines += [f"{name} {value:.10g}" for name, value in measure.samples()]
    return "\n".join(lines) + "\n"


page_runs = Counts("oneninex_page_runs_total", "Pages drawn, by page.", "page")
page_seconds = Times("oneninex_page_seconds", "Time to draw a page.")
failures = Counts("oneninex_failures_total", "Errors shown to readers, by cause.", "cause")
queries = Counts("oneninex_queries_total", "Queries answered, by cache or store.", "answered_by")
query_seconds = Times("oneninex_query_seconds", "Time of a query that the store answered.")
sessions = Counts("oneninex_sessions_total", "Connections of tabs so far.")

PROCESS: tuple[Measure, ...] = (
    Level("process_resident_memory_bytes", "Memory held.", resident_bytes),
    Level("process_start_time_seconds", "Start, in seconds since 1970.", lambda: _STARTED),
    Level("process_cpu_seconds_total", "Time of the processor.", time.process_time),
)
COUNTED: tuple[Measure, ...] = (
    page_runs,
    page_seconds,
    failures,
    queries,
    query_seconds,
    sessions,
)
