"""How often something may happen: a bounded number of times, or bytes, within a window of time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

_KEYS = 5_000  # whoever comes beyond pushes out who was quiet longest


@dataclass(frozen=True)
class Budget:
    """So much within so many seconds."""

    most: float
    seconds: float


class Rate:
    """Spends a budget for each key apart, in a window that moves with the time."""

    def __init__(self, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._spent: OrderedDict[str, deque[tuple[float, float]]] = OrderedDict()
        self._guard = threading.Lock()

    def wait(self, key: str, cost: float = 1) -> float:
        """Spend `cost` and give 0, or spend nothing and give the seconds until there is room."""
        with self._guard:
            now = self._clock()
            spent = self._spent.setdefault(key, deque())
            self._spent.move_to_end(key)
            while spent and spent[0][0] <= now - self._budget.seconds:
                spent.popleft()
            over = sum(one for _, one in spent) + cost - self._budget.most
            if over > 0:
                return self._until(spent, over, now)
            spent.append((now, cost))
            while len(self._spent) > _KEYS:
                self._spent.popitem(last=False)
            return 0.0

    def undo(self, key: str, cost: float = 1) -> None:
        """Take back the last spending of that size."""
        with self._guard:
            spent = self._spent.get(key, deque())
            for entry in reversed(spent):
                if entry[1] == cost:
                    spent.remove(entry)
                    return

    def _until(self, spent: deque[tuple[float, float]], over: float, now: float) -> float:
        for at, cost in spent:
            over -= cost
            if over <= 0:
                return at + self._budget.seconds - now
        return self._budget.seconds  # one that is too large alone never fits
