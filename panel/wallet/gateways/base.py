"""What every bank is translated to: start a payment, ask whether it was paid. Amounts are whole toman."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from panel.lib.http.reading import read_text

_MASKED_CARD = re.compile(r"[0-9]{4,6}[*xX]{4,}[0-9]{2,4}")
_WHOLE_CARD = re.compile(r"[0-9]{12,19}")


@dataclass(frozen=True, slots=True)
class Begun:
    """The bank waits for the customer at `url`; `authority` is its name for this payment, and a secret."""

    authority: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Paid:
    """The bank has the money. `amount` is in toman where the bank tells it, `card` masked or empty."""

    reference: str
    amount: int | None
    card: str


class GatewayError(Exception):
    """`reason` is one plain line for operators without any secret; `code` is the bank's number or None."""

    def __init__(self, reason, code=None):
        super().__init__(reason)
        self.reason = reason
        self.code = code


class GatewayRefused(GatewayError):
    """The bank clearly won't start this payment: bad merchant, amount too low. Only `begin` raises it."""


class GatewayUnavailable(GatewayError):
    """Nothing was asked or nothing was done: no connection, or too many calls."""


class GatewayUnclear(GatewayError):
    """Nobody knows: no answer, or none that can be understood. A payment stays open and is asked about again."""


class NotPaid(GatewayError):
    """The bank clearly says that it isn't paid; `final` where it also says that it never will be."""

    def __init__(self, reason, code=None, final=False):
        super().__init__(reason, code)
        self.final = final


class AmountMismatch(GatewayError):
    """The bank has another amount for this payment than we asked about. Nothing may be credited."""


class Gateway(ABC):
    """One bank. Nothing here is ever sent twice by itself."""

    name: ClassVar[str]

    @abstractmethod
    def begin(self, payment_id, amount, callback_url, description, mobile="", email=""):
        """Start a payment of `amount` toman and return Begun; the bank sends the customer to `callback_url`.

        `mobile` (E.164) and `email` are the customer's, for the bank's page. Raises GatewayRefused,
        GatewayUnavailable or GatewayUnclear; after each of them nobody was sent to the bank.
        """

    @abstractmethod
    def build_page_url(self, authority):
        """The bank's page for the customer of a payment that was begun."""

    @abstractmethod
    def verify(self, authority, amount):
        """Take the payment of `amount` toman and return Paid, again as often as it is asked.

        Raises NotPaid, AmountMismatch, GatewayUnavailable or GatewayUnclear.
        """


def mask_card(value):
    """A card number as `502229******5995`, masked here if the bank did not; "" for what is none."""
    text = read_text(value, 32)
    if _WHOLE_CARD.fullmatch(text):
        return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"
    return text if _MASKED_CARD.fullmatch(text) else ""
