"""The sandbox as the run steers it and looks into it (providers/sandbox/control.py)."""

import json
import urllib.request
from typing import Any

CALL_SECONDS = 30
# Of a hundred calls of an action so many are spoilt.
CHANCES = {
    "hang": 0.012,
    "before-hang": 0.012,
    "reset": 0.012,
    "before-reset": 0.012,
    "500": 0.012,
    "before-500": 0.012,
    "html": 0.008,
    "truncated": 0.008,
    "empty": 0.008,
    "hollow": 0.008,
    "list": 0.008,
    "slow": 0.03,
    "429": 0.02,
    "status": 0.01,
}


class SandboxControl:
    """Calls of `/control/...` at the sandbox's own address, past all gates."""

    def __init__(self, url: str):
        self.url = url

    def spoil(self, seed: int) -> None:
        """Spoil calls at random from now on."""
        self._call("chances", {"seed": seed, "kinds": CHANCES})

    def calm(self) -> dict[str, int]:
        """Spoil no more; returns how many calls were, by kind."""
        return self._call("chances", {"seed": 1, "kinds": {}})["drawn"]

    def set_clock(self, seconds: float) -> None:
        """Let the upstreams' clock be so many seconds ahead."""
        self._call("settings", {"ahead": seconds})

    def list_orders(self) -> list[dict[str, Any]]:
        """Every order that was made upstream."""
        return self._call("orders")["orders"]

    def list_texts(self) -> list[dict[str, Any]]:
        """Every text that arrived: `{mobile, message, times}`."""
        return self._call("sms/texts")["texts"]

    def list_payments(self) -> list[dict[str, Any]]:
        """Every payment the bank knows."""
        return self._call("bank")["payments"]

    def _call(self, what: str, body: dict | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/control/{what}", data=data)  # noqa: S310 - always http
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:  # noqa: S310
            return json.load(answer)
