"""What becomes of a text message, chosen by its recipients' last four digits or by words in its text.

Both SMS gateways play it: REST (`sms_gateway.py`) answers the codes below, Kavenegar (`kavenegar.py`) its own
for the same troubles.

| a recipient ends in | what happens |
|---|---|
| `9021` … `9029` | refused with code 21 … 29; 21, 22, 23 and 27 by `0021`, `0022`, `0023` and `0027` too |
| `9100`, `9200` | refused with code 1000 or 2000 |
| `9429` | HTTP 429, not accepted |
| `0500` | HTTP 500, not accepted |
| `9502` | accepted, answered with HTTP 500 and a page |
| `0999` | accepted, answered with a page |
| `0408` | accepted, no answer |
| `9110` | accepted, connection reset |
| `9204` | accepted, answered with nothing |
| `9206` | accepted, answered with an empty result |
| `0005`, `0006` | accepted, ends 5: did not reach the handset; or 6: returned |
| `9000` … `9006` | accepted, stays in (0, 1, 3) or ends in that delivery state |
| `9014` | accepted, and forgotten in the end: 14 |

The first such recipient of a message counts. A text (or a variable of a pattern, a phonebook's name, a
username) with the word `sandbox-code-N` in it is refused with code N, whatever number that is.
"""

import re
from collections.abc import Iterable

from providers.sandbox.mobiles import normalise_mobile

ENDING_DIGITS = 4
REFUSED_ENDINGS = {
    **{f"{9000 + code}": code for code in range(21, 30)},
    **{f"{code:04}": code for code in (21, 22, 23, 27)},
    **{"9100": 1000, "9200": 2000},
}
BEFORE_ENDINGS = {"0500": 500, "9429": 429}
AFTER_ENDINGS = {
    "9502": "500",
    "0999": "html",
    "0408": "hang",
    "9110": "reset",
    "9204": "empty",
    "9206": "hollow",
}
SEND_ENDINGS = frozenset({*REFUSED_ENDINGS, *BEFORE_ENDINGS, *AFTER_ENDINGS})
DELIVERY_ENDINGS = {"0005": 5, "0006": 6, **{f"{9000 + state}": state for state in (*range(7), 14)}}

_TEXT_CODE = re.compile(r"sandbox-code-([0-9]{1,4})(?![0-9])")


def find_ending(numbers: Iterable[str]) -> str:
    """The last digits of the first number that decide what sending does, or an empty string."""
    endings = (normalise_mobile(number)[-ENDING_DIGITS:] for number in numbers)
    return next((ending for ending in endings if ending in SEND_ENDINGS), "")


def find_text_code(text: str) -> int:
    """The code that the word `sandbox-code-N` in a text asks for, or 0."""
    found = _TEXT_CODE.search(text)
    return int(found[1]) if found else 0
