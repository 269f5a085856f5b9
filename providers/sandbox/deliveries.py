"""How text messages get to their recipients: delivery states, in the numbers of the REST gateway's table.

A message goes 0, 1, 3 and then to its end, in `pace` seconds from its (latest) sending. It has one state, the
least advanced of its recipients'; one that still moves counts as less than any end.
"""

from collections.abc import Iterable, Sequence

from providers.sandbox.sms_magic import DELIVERY_ENDINGS, ENDING_DIGITS

WAITING, SENT, LOST, AT_OPERATOR, DELIVERED, NOT_DELIVERED, RETURNED, UNKNOWN = 0, 1, 2, 3, 4, 5, 6, 14
WAY = (WAITING, SENT, AT_OPERATOR)
BY_ADVANCE = (*WAY, UNKNOWN, LOST, RETURNED, NOT_DELIVERED, DELIVERED)


def measure_way(dues: Sequence[float], pace: float, now: float) -> float | None:
    """How much of its way the latest sending has behind it, 0 to 1; None before the first one.

    `dues` are the unix seconds of its sendings.
    """
    begun = max((due for due in dues if due <= now), default=None)
    if begun is None:
        return None
    return min((now - begun) / pace, 1.0) if pace else 1.0


def tell_state(mobiles: Iterable[str], share: float) -> int:
    """The delivery state of a message to these normalised numbers with `share` of the way behind it."""
    ends = {
        DELIVERY_ENDINGS.get(ending, DELIVERED) for ending in {mobile[-ENDING_DIGITS:] for mobile in mobiles}
    }
    return min((_tell_one(end, share) for end in ends), key=BY_ADVANCE.index)


def _tell_one(end: int, share: float) -> int:
    if share >= 1:
        return end
    reached = int(share * len(WAY))
    return WAY[min(reached, WAY.index(end))] if end in WAY else WAY[reached]
