"""Calls of the standard API as bytes made beforehand, and what their right answers look like."""

import itertools
import json
import random
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from bench.load import build_request
from bench.seeding import QUANTITY, make_token

LINK = "https://www.example.com/p/CxY7abcDEFG/"
BULK = 1_000
_TURNS = 4_096
_KEY_MARK = "@@key@@"
_ORDER = b'{"order": '


class AddCalls:
    """`add` over the first `wallets` wallets, each call with an Idempotency-Key never used before.

    `ids` collects the orders that were answered. Keys are numbers from `first` on: of two in one database the second
    begins where the other will not come to.
    """

    def __init__(self, port: int, service_id: int, wallets: int, first: int = 1):
        halves = [self._halve(port, service_id, number) for number in range(wallets)]
        self._turns = itertools.cycle(random.Random(wallets).choices(halves, k=_TURNS))
        self._numbers = itertools.count(first)
        self.ids: list[int] = []

    def next_request(self) -> bytes:
        """The next call."""
        before, after = next(self._turns)
        return b"%s%032d%s" % (before, next(self._numbers), after)

    def check(self, status: int, buffer: bytearray, start: int, end: int) -> bool:
        """`{"order": N}`."""
        number = buffer[start + len(_ORDER) : end - 1]
        if status != 200 or not buffer.startswith(_ORDER, start) or not number.isdigit():
            return False
        self.ids.append(int(number))
        return True

    @staticmethod
    def _halve(port: int, service_id: int, number: int) -> tuple[bytes, bytes]:
        fields = {"key": make_token(number), "action": "add", "service": service_id}
        body = urlencode(fields | {"link": LINK, "quantity": QUANTITY}).encode()
        before, _, after = build_request(port, body, {"Idempotency-Key": _KEY_MARK}).partition(
            _KEY_MARK.encode()
        )
        return before, after


class BulkCalls:
    """`orders` with 1,000 orders a call, the calls going round over the first `wallets` wallets."""

    def __init__(self, port: int, service_id: int, wallets: int):
        self._turns = itertools.cycle([self._build(port, service_id, number) for number in range(wallets)])
        self.orders = 0

    def next_request(self) -> bytes:
        """The next call."""
        return next(self._turns)

    def check(self, status: int, buffer: bytearray, start: int, end: int) -> bool:
        """A list of 1,000 times `{"order": N}`."""
        placed = buffer.count(_ORDER, start, end)
        self.orders += placed
        return status == 200 and placed == BULK

    @staticmethod
    def _build(port: int, service_id: int, number: int) -> bytes:
        orders = [{"service": service_id, "link": f"{LINK}{n}", "quantity": QUANTITY} for n in range(BULK)]
        body = json.dumps({"key": make_token(number), "action": "orders", "orders": orders}).encode()
        return build_request(port, body, {}, kind="json")


def status_calls(port: int, orders: Iterable[tuple[int, int]]) -> Callable[[], bytes]:
    """`status` of one own order after the other, for pairs (customer's number, order id)."""
    calls = [
        build_request(port, urlencode({"key": make_token(n), "action": "status", "order": pk}).encode(), {})
        for n, pk in orders
    ]
    random.Random(len(calls)).shuffle(calls)
    return itertools.cycle(calls).__next__


def is_status(status: int, buffer: bytearray, start: int, end: int) -> bool:
    """The answer of an order that the bench filled in: completed, nothing remaining."""
    body = b'{"charge": "1200", "start_count": "0", "status": "Completed", "remains": "0", "currency": "IRT"}'
    return status == 200 and end - start == len(body) and buffer.startswith(body, start)


def services_call(port: int, headers: dict[str, str]) -> bytes:
    """`services`, with these headers."""
    body = urlencode({"key": make_token(0), "action": "services"}).encode()
    return build_request(port, body, headers)
