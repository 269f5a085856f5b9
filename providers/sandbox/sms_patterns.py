"""Texts with named variables that the SMS gateways know, in memory; `/control/patterns` adds more.

| id | template at Kavenegar | text |
|---|---|---|
| 1 | `login` | a login code: `code` |
| 2 | `order` | an order's state: `order`, `status` |
| 3 | `payment` | money in the wallet: `amount` |
| 4 | `code-en` | a login code in English: `code` |
| 9 | `retired` | not active: code 29 |

At Kavenegar the variables are `token`, `token2`, `token3`, `token10` and `token20`, in this order.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

VARIABLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One text with `{variables}`; `name` is its template at Kavenegar."""

    id: int
    name: str
    text: str
    active: bool = True

    @property
    def variables(self) -> list[str]:
        """Names of the variables, in their order, each once."""
        return list(dict.fromkeys(VARIABLE.findall(self.text)))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with values for all its variables."""
        return VARIABLE.sub(lambda found: values[found[1]], self.text)


FIXED = (
    Pattern(1, "login", "کد ورود شما: {code}"),
    Pattern(2, "order", "سفارش {order}: {status}"),
    Pattern(3, "payment", "{amount} تومان به کیف پول شما رسید."),
    Pattern(4, "code-en", "Your code: {code}"),
    Pattern(9, "retired", "الگوی قدیمی: {code}", active=False),
)


class PatternBook:
    """All patterns of one sandbox, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def add(self, pattern: Pattern) -> None:
        """Keep a pattern, instead of one of the same id."""
        with self._lock:
            self._patterns[pattern.id] = pattern

    def find(self, number: int) -> Pattern | None:
        """The pattern of an id, or None."""
        with self._lock:
            return self._patterns.get(number)

    def find_named(self, name: str) -> Pattern | None:
        """The pattern of a template's name, or None."""
        with self._lock:
            return next((pattern for pattern in self._patterns.values() if pattern.name == name), None)

    def describe(self) -> list[dict[str, Any]]:
        """Every pattern, as `/control/patterns` shows it."""
        with self._lock:
            return [asdict(pattern) | {"variables": pattern.variables} for pattern in self._patterns.values()]

    def clear(self) -> None:
        """Forget every pattern but the fixed ones."""
        with self._lock:
            self._patterns = {pattern.id: pattern for pattern in FIXED}
