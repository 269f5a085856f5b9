"""What an upstream of each dialect writes, so that one contract test can play any of them."""

import json
from dataclasses import dataclass

from providers.adapters.base import OutboundOrder, Status

KEY = "topsecretkey0123"


def as_json(value):
    """The body of a JSON answer."""
    return json.dumps(value).encode()


@dataclass(frozen=True)
class StandardWire:
    """The standard dialect."""

    order = OutboundOrder("7", "default", "https://example.com/p/1", 100, {}, "order-1-1")
    accepted = as_json({"order": 23501})
    accepted_id = "23501"
    refused = as_json({"error": "Incorrect link"})
    account_refused = as_json({"error": "Invalid API key"})
    without_id = as_json({"order": 0})
    echoing_key = as_json({"error": f"Incorrect link key={KEY}"})
    services = as_json([{"service": 1, "name": "a", "rate": "0.90", "min": "50", "max": "10000"}])
    service_ids = ("1",)
    balance = as_json({"balance": "100.84292", "currency": "IRT"})
    balance_text = "100.84292"
    cancel_taken = as_json([{"order": 23501, "cancel": 1}])
    words = {
        "Pending": Status.PENDING,
        "Processing": Status.PROCESSING,
        "In progress": Status.IN_PROGRESS,
        "Completed": Status.COMPLETED,
        "Partial": Status.PARTIAL,
        "Canceled": Status.CANCELED,
    }

    @staticmethod
    def status(word):
        """The status of one order asked for alone."""
        return as_json(
            {"charge": "1.5", "start_count": "10", "status": word, "remains": "3", "currency": "IRT"}
        )


WIRES = {"standard": StandardWire()}
