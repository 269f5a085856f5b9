"""Fates: what becomes of an order, chosen by a word in its link.

The link (or the username, for types without one) is lower-cased and split at everything that is not a
letter or a digit; the first part that names a fate is its fate. `https://example.com/partial-7` ends Partial.

| word | on `add` (in gray-city `order/create`, in happy-follower and panel-app `order`) |
|---|---|
| `refuse` | refused for its link, no order |
| `badkey` | refused as if the key were wrong, no order |
| `nofunds` | refused as if the key had no money, no order |
| `busy` | 429 (in panel-app in the body) for the first 2 adds of that link, then accepted |
| `timeoutbefore` | no answer and no order |
| `error500before` | HTTP 500 and no order |
| `timeout` | order made, no answer |
| `error500` | order made, HTTP 500 |
| `garbage` | order made, a page (even ids) or truncated JSON (odd ids) |
| `reset` | order made, connection reset |
| `list` | order made, a list where an object is due |
| `huge` | order made, 10 MB of JSON |
| `stringid` | order made, its id a string (as a tracking id always is) |
| `slow` | order made, answered after 3 s, and 4 times as long on its way |

| word | on its way |
|---|---|
| `partial` | Partial with 40 % remaining, at least 1 |
| `cancel` | Canceled with everything remaining |
| `nullremains` | remains always null, ends Partial |
| `negative` | ends Completed with remains below 0 |
| `failed` | ends Error with everything remaining; Canceled where the dialect has no such word |
| `processing` | Processing instead of In progress, then Completed |
| `unknownstatus` | a word nobody knows for the middle third, then Completed |
| `backward` | In progress, Pending again, Completed |
| `stuck` | Pending for ever |
| `uncancelable` | refuses to be canceled |
| `refillrejected` | Completed; its refills end Rejected |

The words a dialect refuses in are in its own file. Ads of gray-city have no link: their description is read.
Any other order is completed. With the word `once` in the link as well, the fate is played for the first add
of that link only: `https://example.com/timeoutbefore/once` is accepted when it is sent again.
"""

import re

PLAIN = "plain"
ONCE = "once"
BUSY_ADDS = 2
SLOW_SECONDS = 3.0
LATE_SECONDS = 12.0  # longer than any client of the panel waits for such a call
SLOW_PACES = 4

REFUSALS = frozenset({"refuse", "badkey", "nofunds"})
FAULTS_BEFORE = {"busy": "429", "timeoutbefore": "hang", "error500before": "500"}
FAULTS_AFTER = {"timeout": "hang", "error500": "500", "reset": "reset", "list": "list", "huge": "huge"}
GARBAGE = ("html", "truncated")
FATES = frozenset({*REFUSALS, *FAULTS_BEFORE, *FAULTS_AFTER}) | {
    "garbage",
    "stringid",
    "slow",
    "partial",
    "cancel",
    "nullremains",
    "negative",
    "failed",
    "processing",
    "unknownstatus",
    "backward",
    "stuck",
    "uncancelable",
    "refillrejected",
}

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def read_fate(target: str, adds: int) -> str:
    """The fate of the `adds`-th add (from 1) of a link or username, or `plain`."""
    words = split_words(target)
    fate = next((word for word in words if word in FATES), PLAIN)
    if fate == "busy" and adds > BUSY_ADDS:
        return PLAIN
    if adds > 1 and ONCE in words:
        return PLAIN
    return fate


def split_words(target: str) -> list[str]:
    """The lower-cased words of a link, a username or a text."""
    return _BETWEEN_WORDS.split(target.lower())


def fault_after(fate: str, order_id: int) -> str | None:
    """The kind of fault (`faults.py`) that hides a made order's answer, or None."""
    return GARBAGE[order_id % 2] if fate == "garbage" else FAULTS_AFTER.get(fate)
