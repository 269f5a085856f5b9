"""What the run's customers did and were told, kept by themselves: the panel's rows are held against it."""

import itertools
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

Facts = dict[str, Any]  # of a whole run, as JSON can hold it (facts.py)
ACCEPTED, REFUSED, SILENT = "accepted", "refused", "silent"


@dataclass(slots=True)
class OrderWish:
    """One order that a customer asked for; `link` is its own and nobody else's, so it is found everywhere by it.

    `outcome` is what was told in the end: `accepted` with `order_id`, `refused` with `words`, or `silent`. A wish
    with a `key` is repeated until it is answered. `runs` is above 1 for a drip-feed, whose run has `quantity` units.
    """

    api: str
    customer: int
    upstream: str
    service: int
    link: str
    quantity: int
    key: str = ""
    runs: int = 1
    outcome: str = SILENT
    order_id: int | None = None
    words: str = ""
    asked: int = 0
    differed: bool = False

    def hear(self, outcome: str, order_id: int | None = None, words: str = "") -> None:
        """Take down an answer; one that contradicts an earlier one is remembered as such."""
        if (
            self.outcome == ACCEPTED
            and (outcome, order_id) != (ACCEPTED, self.order_id)
            and outcome != SILENT
        ):
            self.differed = True
        if outcome != SILENT and self.outcome == SILENT:
            self.outcome, self.order_id, self.words = outcome, order_id, words


@dataclass(slots=True)
class LikeWish:
    """Somebody's like of a campaign."""

    customer: int
    campaign: int
    outcome: str = SILENT


@dataclass(slots=True)
class CampaignWish:
    """A campaign somebody wanted, known by its picture's code."""

    customer: int
    code: str
    budget: int
    outcome: str = SILENT


@dataclass(slots=True)
class PaymentWish:
    """A payment: begun here, and `chosen` at the bank once its page was reached."""

    customer: int
    amount: int
    outcome: str = SILENT
    authority: str = ""
    chosen: str = ""


@dataclass(slots=True)
class TextWish:
    """A text to some numbers."""

    customer: int
    text: str
    recipients: list[str]
    outcome: str = SILENT
    send_id: int | None = None


@dataclass(slots=True)
class BundleWish:
    """A bundle of coins, bought in the app store under a token of its own."""

    customer: int
    token: str
    coins: int
    outcome: str = SILENT


@dataclass
class Record:
    """Everything of one run, by kind. `next_number` makes links, keys, texts and amounts unlike all others."""

    orders: list[OrderWish] = field(default_factory=list)
    likes: list[LikeWish] = field(default_factory=list)
    campaigns: list[CampaignWish] = field(default_factory=list)
    payments: list[PaymentWish] = field(default_factory=list)
    texts: list[TextWish] = field(default_factory=list)
    bundles: list[BundleWish] = field(default_factory=list)
    calls: int = 0

    def __post_init__(self):
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def next_number(self) -> int:
        """A number that this run has not used."""
        with self._lock:
            return next(self._numbers)

    def note_call(self) -> None:
        """One more call was made."""
        with self._lock:
            self.calls += 1

    def describe(self) -> dict[str, Any]:
        """As JSON can hold it."""
        kinds = ("orders", "likes", "campaigns", "payments", "texts", "bundles")
        return {kind: [asdict(wish) for wish in getattr(self, kind)] for kind in kinds} | {
            "calls": self.calls
        }
