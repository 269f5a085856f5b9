"""Tracking ids: 12 hex digits that name an order to its owner and tell a stranger nothing.

A keyed permutation of the order's number (a Feistel network of 48 bits), so no column and no index is needed
and no two orders can share one.
"""

import hashlib
import re

from django.conf import settings

HALF_BITS = 24
ROUNDS = 8
_MASK = (1 << HALF_BITS) - 1
_SHAPE = re.compile(r"[0-9a-f]{12}")


def make_tracking_id(order_id):
    """The tracking id of an order. Raises ValueError for a number beyond 48 bits."""
    if not 0 <= order_id < 1 << 2 * HALF_BITS:
        raise ValueError("no tracking id for such a number")
    left, right = order_id >> HALF_BITS, order_id & _MASK
    for number in range(ROUNDS):
        left, right = right, left ^ _mix(number, right)
    return f"{left << HALF_BITS | right:012x}"


def read_tracking_id(text):
    """The order's number behind a tracking id. Raises ValueError for what isn't 12 hex digits."""
    text = text.strip().lower()
    if not _SHAPE.fullmatch(text):
        raise ValueError("not a tracking id")
    number = int(text, 16)
    left, right = number >> HALF_BITS, number & _MASK
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mix(turn, left), left
    return left << HALF_BITS | right


def _mix(number, half):
    key = hashlib.sha256(settings.TRACKING_KEY.encode()).digest()
    digest = hashlib.blake2b(half.to_bytes(3) + bytes([number]), digest_size=3, key=key).digest()
    return int.from_bytes(digest) & _MASK
