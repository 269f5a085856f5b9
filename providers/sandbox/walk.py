"""How an order walks to its end: a pure function of its fate and the time since it was made."""

import math
from dataclasses import dataclass

from providers.sandbox.fates import SLOW_PACES

PENDING = "Pending"
PROCESSING = "Processing"
IN_PROGRESS = "In progress"
COMPLETED = "Completed"
PARTIAL = "Partial"
CANCELED = "Canceled"
FAILED = "Error"
UNKNOWN = "Awaiting moderation"
PENDING_SHARE = 0.2
ENDS = {"partial": PARTIAL, "nullremains": PARTIAL, "cancel": CANCELED, "failed": FAILED}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an order stands: `remains` in units, None when the upstream does not tell."""

    status: str
    remains: int | None
    final: bool = False


def walk_order(fate: str, quantity: int, elapsed: float, pace: float) -> Progress:
    """Where an order stands `elapsed` seconds after its add, with `pace` seconds to the end."""
    share = _share_done(fate, elapsed, pace)
    status = _status_at(fate, share)
    final = status in (COMPLETED, PARTIAL, CANCELED, FAILED)
    remains = None if fate == "nullremains" else _remains_at(fate, quantity, share, final, status)
    return Progress(status, remains, final)


def _share_done(fate: str, elapsed: float, pace: float) -> float:
    if fate == "stuck":
        return 0.0
    whole = pace * SLOW_PACES if fate == "slow" else pace
    return max(elapsed, 0.0) / whole if whole else math.inf


def _status_at(fate: str, share: float) -> str:
    if fate == "unknownstatus" and share >= 1 / 3:
        return UNKNOWN if share < 2 / 3 else COMPLETED
    if fate == "backward" and share < 2 / 3:
        return IN_PROGRESS if share < 1 / 3 else PENDING
    if share >= 1:
        return ENDS.get(fate, COMPLETED)
    if fate == "backward" or share < PENDING_SHARE:
        return PENDING
    return PROCESSING if fate == "processing" else IN_PROGRESS


def _remains_at(fate: str, quantity: int, share: float, final: bool, status: str) -> int:
    last = _last_remains(fate, quantity)
    if final:
        return last
    if status == PENDING:
        return quantity
    walked = max(share - PENDING_SHARE, 0.0) / (1 - PENDING_SHARE)
    return quantity - math.floor((quantity - last) * min(walked, 1.0))


def _last_remains(fate: str, quantity: int) -> int:
    if fate == "partial":
        return max(quantity * 40 // 100, 1)
    if fate in ("cancel", "failed"):
        return quantity
    if fate == "negative":
        return -max(quantity // 10, 1)
    return 0
