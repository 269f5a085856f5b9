"""A handful of orders of every fate, placed as a customer's script would place them."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator

# The words choose what the sandbox does with the order; an answer lost on its way (the last three) leaves it unclear.
FATES = ("plain", "partial", "cancel", "refuse", "slow", "error500", "garbage", "timeout")
QUANTITY = 1000
ANSWER_SECONDS = 20


def place_samples(url: str, key: str, service: int) -> Iterator[tuple[str, object]]:
    """Place one order of every fate by `POST /api/v2`; yields each fate with the answer.

    Links are new with every call, so an upstream that refuses a link twice takes them.
    """
    quantity = find_quantity(call(url, {"key": key, "action": "services"}), service)
    mark = f"{int(time.time()):x}"
    for fate in FATES:
        link = f"https://www.instagram.com/p/DEMO-{fate}-{mark}/"
        fields = {"key": key, "action": "add", "service": service, "link": link, "quantity": quantity}
        yield fate, call(url, fields)


def find_quantity(services: object, service: int) -> int:
    """A thousand, or what is nearest to it within the service's minimum and maximum."""
    rows = services if isinstance(services, list) else []
    for row in rows:
        if str(row["service"]) == str(service):
            return max(int(row["min"]), min(QUANTITY, int(row["max"])))
    return QUANTITY


def call(url: str, fields: dict) -> object:
    """One call of the standard API: the JSON it answers, or what went wrong as text."""
    body = urllib.parse.urlencode(fields).encode()
    try:
        with urllib.request.urlopen(f"{url}/api/v2", body, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - our own address
            return json.load(answer)
    except (OSError, ValueError) as error:
        return str(error)
