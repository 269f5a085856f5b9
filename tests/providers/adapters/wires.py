"""What an upstream of each dialect writes, so that one contract test can play any of them."""

import json
import threading
from dataclasses import dataclass

from providers.adapters.base import OutboundOrder, Status
from tests.panel.lib.raw_server import http_answer

KEY = "topsecretkey0123"


def as_json(value):
    """The body of a JSON answer."""
    return json.dumps(value).encode()


class Wire:
    """What is so in most dialects: one call is one request."""

    unknown_to_it = frozenset()  # members of Status that it has no word for

    def script(self, *plays):
        """Plays of a RawServer that answers the calls in order, the last of them for ever."""
        return plays

    def list_carried(self, requests):
        """The requests that carried a call."""
        return requests


@dataclass(frozen=True)
class StandardWire(Wire):
    """The standard dialect."""

    order = OutboundOrder("7", "default", "https://example.com/p/1", 100, {}, "order-1-1")
    accepted = as_json({"order": 23501})
    accepted_id = "23501"
    refused = as_json({"error": "Incorrect link"})
    refused_words = "Incorrect link"
    refusal_statuses = ("200 OK", "400 Bad Request", "422 Unprocessable Content")
    account_refused = as_json({"error": "Invalid API key"})
    account_statuses = ("200 OK", "403 Forbidden")
    without_id = as_json({"order": 0})
    echoing_key = as_json({"error": f"Incorrect link key={KEY}"})
    services = as_json([{"service": 1, "name": "a", "rate": "0.90", "min": "50", "max": "10000"}])
    service_ids = ("1",)
    balance = as_json({"balance": "100.84292", "currency": "IRT"})
    balance_text = "100.84292"
    cancel_taken = as_json([{"order": 23501, "cancel": 1}])
    cancel_refused = as_json([{"order": 23501, "cancel": {"error": "Too late"}}])
    refill_taken = as_json({"refill": "5"})
    refill_id = "5"
    refill_refused = as_json({"error": "Too late"})
    refill_completed = as_json({"status": "Completed"})
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


@dataclass(frozen=True)
class GrayCityWire(Wire):
    """The gray_city dialect."""

    order = OutboundOrder("7", "default", "https://example.com/p/1", 100, {}, "order-1-1", "like")
    accepted = as_json({"category": 7, "status": "در صف⊷", "tracking_id": "d6a10c3c7fbf", "count": 100})
    accepted_id = "d6a10c3c7fbf"
    refused = as_json({"detail": "Bad link"})
    refused_words = "Bad link"
    refusal_statuses = ("400 Bad Request", "404 Not Found")
    account_refused = as_json({"detail": "موجودی کافی نیست"})
    account_statuses = ("403 Forbidden", "401 Unauthorized", "400 Bad Request")
    without_id = as_json({"category": 7, "status": "در صف⊷", "tracking_id": ""})
    echoing_key = as_json({"detail": f"Bad link {KEY}"})
    services = as_json({"count": 1, "next": None, "previous": None, "results": [{"id": 2, "title": "a"}]})
    service_ids = ("2",)
    balance = as_json({"user": "a", "balance": 1500, "orders": 3})
    balance_text = "1500"
    words = {
        "Pending": Status.PENDING,
        "Processing": Status.PROCESSING,
        "In progress": Status.IN_PROGRESS,
        "Done": Status.COMPLETED,
        "Completed": Status.COMPLETED,
        "Partial": Status.PARTIAL,
        "Canceled": Status.CANCELED,
        "cancelled": Status.CANCELED,
        "Error": Status.CANCELED,
        "در صف⊷": Status.PENDING,
        "در حال انجام": Status.IN_PROGRESS,
        "تکمیل شده": Status.COMPLETED,
        "تكميل\u200cشده": Status.COMPLETED,
        "ناقص": Status.PARTIAL,
        "لغو شده": Status.CANCELED,
        "خطا": Status.CANCELED,
    }

    @staticmethod
    def status(word):
        """The tracking of one order."""
        return as_json({"Type": "like", "status": word, "initialize_count": 10, "uniq_id": "23501"})


@dataclass(frozen=True)
class HappyFollowerWire(Wire):
    """The happy_follower dialect: before a call there may be one for a token."""

    order = OutboundOrder("10", "default", "https://example.com/p/1", 100, {}, "order-1-1")
    accepted = as_json({"operation": "success", "orderId": 23501})
    accepted_id = "23501"
    refused = as_json({"operation": "error", "message": "Bad link"})
    refused_words = "Bad link"
    refusal_statuses = ("200 OK", "400 Bad Request", "404 Not Found", "409 Conflict")
    account_refused = as_json({"operation": "error", "message": "Not enough credit"})
    account_statuses = ("200 OK", "401 Unauthorized", "403 Forbidden")
    without_id = as_json({"operation": "success"})
    echoing_key = as_json({"operation": "error", "message": f"Bad link {KEY}"})
    services = as_json({"operation": "success", "services": [{"serviceId": 10, "name": "a"}]})
    service_ids = ("10",)
    balance = as_json({"operation": "success", "credit": 598})
    balance_text = "598"
    cancel_taken = refill_taken = as_json({"operation": "success"})
    cancel_refused = refill_refused = as_json({"operation": "error", "message": "Too late"})
    refill_id = None
    unknown_to_it = frozenset({Status.PROCESSING})
    words = {
        "registered": Status.PENDING,
        "doing": Status.IN_PROGRESS,
        "done": Status.COMPLETED,
        "partial": Status.PARTIAL,
        "canceled": Status.CANCELED,
        "error": Status.CANCELED,
    }

    @staticmethod
    def status(word):
        """The status of one order."""
        return as_json({"operation": "success", "status": word, "remain": 3, "oldCount": 10, "cost": 200})

    def script(self, *plays):
        """See Wire; tokens are given beside that."""
        left, lock = list(plays), threading.Lock()
        tokens = {"operation": "success", "token": "token-0123456789", "refreshToken": "refresh-0123456789"}

        def answer(sock, request):
            if request.target.endswith("auth"):
                sock.sendall(http_answer(as_json(tokens)))
                return
            with lock:
                play = left.pop(0) if len(left) > 1 else left[0]
            play(sock, request) if callable(play) else sock.sendall(play)

        return (answer,)

    def list_carried(self, requests):
        """See Wire."""
        return [request for request in requests if not request.target.endswith("auth")]


@dataclass(frozen=True)
class PanelAppWire(Wire):
    """The panel_app dialect: what went wrong is told in the body, under HTTP 200."""

    order = OutboundOrder("50/1816", "default", "https://example.com/p/1", 100, {}, "order-1-1")
    accepted = as_json({"status": 201, "message": "Order placed successfully", "order": {"id": 23501}})
    accepted_id = "23501"
    refused = as_json({"status": 400, "message": "Bad link"})
    refused_words = "Bad link"
    refusal_statuses = ("200 OK", "400 Bad Request", "404 Not Found")
    account_refused = as_json({"status": 400, "message": "موجودی کافی نیست"})
    account_statuses = ("200 OK", "400 Bad Request", "401 Unauthorized")
    without_id = as_json({"status": 201, "message": "Order placed successfully", "order": {"id": None}})
    echoing_key = as_json({"status": 400, "message": f"Bad link {KEY}"})
    # One answer for both calls that a list takes.
    services = as_json({"status": 200, "services": [{"id": 2, "cate_id": 48}], "categories": [{"id": 48}]})
    service_ids = ("48/2",)
    balance = as_json({"status": 200, "user": {"id": 176, "balance": 352}})
    balance_text = "352"
    words = {
        "pending": Status.PENDING,
        "awaiting": Status.PENDING,
        "processing": Status.PROCESSING,
        "inprogress": Status.IN_PROGRESS,
        "In progress": Status.IN_PROGRESS,
        "completed": Status.COMPLETED,
        "partial": Status.PARTIAL,
        "canceled": Status.CANCELED,
        "refunded": Status.CANCELED,
        "error": Status.CANCELED,
    }

    @staticmethod
    def status(word):
        """The bare detail of one order."""
        return as_json({"status": word, "id": 23501, "charge": 50, "start_counter": 10, "remains": "3"})


WIRES = {
    "standard": StandardWire(),
    "gray_city": GrayCityWire(),
    "happy_follower": HappyFollowerWire(),
    "panel_app": PanelAppWire(),
}
