"""Faults at random, at `/control/chances`: any call of a dialect may be spoilt, each kind with its probability.

`POST {"seed": 7, "kinds": {"reset": 0.02, "before-hang": 0.01}}`; `{"kinds": {}}` ends it. The kinds are those of
`faults.py`. What becomes of the n-th call of an action is a function of the seed, the action and n alone, so two
runs with one seed differ in the order of their calls and in nothing else.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping


class Chances:
    """Probabilities by kind of fault, drawn for every call; none at first. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seed = 0
        self.kinds: dict[str, float] = {}
        self._calls: Counter[str] = Counter()
        self._drawn: Counter[str] = Counter()

    def change(self, seed: int, kinds: Mapping[str, float]) -> None:
        """Draw by other probabilities from now on; the calls are counted anew."""
        with self._lock:
            self.seed, self.kinds = seed, dict(kinds)
            self._calls.clear()

    def draw(self, action: str) -> str | None:
        """The fault of this call of `action`, or None."""
        with self._lock:
            if not self.kinds:
                return None
            self._calls[action] += 1
            point = random.Random(f"{self.seed} {action} {self._calls[action]}").random()  # noqa: S311 - no secret
            for kind, share in self.kinds.items():
                point -= share
                if point < 0:
                    self._drawn[kind] += 1
                    return kind
            return None

    def count(self) -> dict[str, int]:
        """How many faults were drawn so far, by kind."""
        with self._lock:
            return dict(self._drawn)

    def clear(self) -> None:
        """Spoil nothing more, and forget what was drawn."""
        self.change(0, {})
        with self._lock:
            self._drawn.clear()
