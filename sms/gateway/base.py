"""What the outbox needs of any gateway: messages in, ids and delivery states out, no ORM, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sms.gateway.codes import DeliveryState, UserState
from sms.gateway.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text for one or more numbers (E.164), from `sender`; a pattern's message has no text of its own."""

    sender: str
    numbers: tuple[str, ...]
    text: str = ""
    flash: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has the message of one number under this id. `cost` in toman; None is what it doesn't tell."""

    id: str
    parts: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What is left on our account, in toman where the gateway names a currency, else in its own unit.

    Of a TRIAL account it is good for testing only.
    """

    value: Decimal
    state: UserState


class Transport(Protocol):
    """One account at one gateway; every kind passes one shared contract test.

    Every method raises Refused (surely not sent), NotSent (surely not sent, may be tried later) or Unclear (may
    have been sent) for its call as a whole; more numbers or ids than the bounds allow are a ValueError.
    `shares_ids`: all numbers of one `send_same` or `send_pattern` have one id, and one delivery state.
    """

    max_recipients: int  # numbers of one send_same, messages of one send_each
    max_pattern_recipients: int  # numbers of one send_pattern
    max_ids: int  # ids of one states
    shares_ids: bool

    def send_same(self, outgoing: Outgoing) -> tuple[Taken, ...]:
        """Sends one text to all its numbers, at most once; what was taken for each of them, in their order."""
        ...

    def send_each(self, messages: Sequence[Outgoing]) -> list[Taken | GatewayError]:
        """Sends messages with one number each, at most once; the outcome of each, in their order."""
        ...

    def send_pattern(self, outgoing: Outgoing, pattern_id: str, values: dict[str, str]) -> tuple[Taken, ...]:
        """Sends the gateway's own pattern, filled with `values` by name, to all numbers; as `send_same`."""
        ...

    def states(self, ids: Sequence[str]) -> dict[str, DeliveryState]:
        """How far messages got. An id of which nothing readable is told is left out: it changes nothing."""
        ...

    def credit(self) -> Credit:
        """The Credit of our account."""
        ...


def check_batch(items, limit):
    """Raises ValueError for more items than one call may carry."""
    if len(items) > limit:
        raise ValueError(f"{len(items)} in one call, where {limit} are allowed")


def check_single_numbers(messages):
    """Raises ValueError for a message that does not go to exactly one number."""
    if any(len(message.numbers) != 1 for message in messages):
        raise ValueError("each of these messages goes to one number")
