"""Counts of calls: how they came out and how long they took, in classes of milliseconds."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

OUTCOMES = ("ok", "rejected", "unavailable", "unclear")
# The upper ends of the classes in milliseconds; the last class is open.
CLASSES = (5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500)
CLASSES += (10_000, 15_000, 20_000, 30_000, 60_000)


def name_class(milliseconds):
    """The name under which a call of that length is counted."""
    return f"t{bisect_left(CLASSES, milliseconds)}"


@dataclass(slots=True)
class Counts:
    """`{outcome or class: number}` of some calls; a call that was never sent has an outcome and no length."""

    numbers: Counter = field(default_factory=Counter)

    def add(self, other):
        """Counts `other`'s calls too."""
        self.numbers.update(other.numbers)

    @property
    def calls(self):
        """How many there were."""
        return sum(self.numbers[outcome] for outcome in OUTCOMES)

    @property
    def ok(self):
        return self.numbers["ok"]

    @property
    def rejected(self):
        return self.numbers["rejected"]

    @property
    def unavailable(self):
        return self.numbers["unavailable"]

    @property
    def unclear(self):
        return self.numbers["unclear"]

    @property
    def errors(self):
        """Calls that were not answered as they should be; a refusal is an answer."""
        return self.unavailable + self.unclear

    @property
    def median_ms(self):
        """Half of the calls took no longer: about so many milliseconds, or None."""
        return self.find_quantile(0.5)

    @property
    def slow_ms(self):
        """95 of 100 calls took no longer: about so many milliseconds, or None."""
        return self.find_quantile(0.95)

    def find_quantile(self, share):
        """The milliseconds within which `share` of the calls ended, as exact as the classes; None without."""
        numbers = [self.numbers[f"t{place}"] for place in range(len(CLASSES) + 1)]
        wanted = sum(numbers) * share
        passed = 0
        for place, number in enumerate(numbers):
            if number and passed + number >= wanted:
                low = CLASSES[place - 1] if place else 0
                high = CLASSES[min(place, len(CLASSES) - 1)]
                return round(low + (high - low) * (wanted - passed) / number)
            passed += number
        return None
