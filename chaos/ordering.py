"""Orders through the four contracts that sell them, as their clients place, repeat and cancel them."""

from collections.abc import Callable

from chaos.calls import Caller, Reply
from chaos.record import ACCEPTED, REFUSED, SILENT, OrderWish
from chaos.seeding import Buyer
from panel.lib.tracking import read_tracking_id

DRIP_MINUTES = 1
UNAUTHORIZED = 401


class OrderClient:
    """The order calls of one customer through one Caller."""

    def __init__(self, caller: Caller, buyer: Buyer):
        self._caller = caller
        self._tokens = buyer.tokens
        self._access = ""  # happy-follower's token, which ends after a while

    def place(self, wish: OrderWish) -> None:
        """Ask for an order, or ask again with its key, and take down what is told."""
        wish.asked += 1
        _PLACERS[wish.api](self, wish)

    def place_many(self, wishes: list[OrderWish]) -> None:
        """Ask for all in one call of the standard API; their keys are that of the call and their places."""
        for wish in wishes:
            wish.asked += 1
        orders = [{"service": w.service, "link": w.link, "quantity": w.quantity} for w in wishes]
        body = {"key": self._tokens["standard"], "action": "orders", "orders": orders}
        key = wishes[0].key.rpartition(":")[0]
        reply = self._caller.call("POST", "/api/v2", json=body, headers={"Idempotency-Key": key})
        told = reply.content if isinstance(reply.content, list) else [reply.content] * len(wishes)
        for wish, entry in zip(wishes, told, strict=True):
            _hear(wish, reply, entry, lambda entry: entry["order"])

    def cancel(self, wish: OrderWish) -> Reply:
        """Ask for an order's end."""
        if wish.api == "happy_follower":
            return self._call_happy("POST", "/api/v1/cancel", json={"orderId": wish.order_id})
        values = {"key": self._tokens["standard"], "action": "cancel", "orders": str(wish.order_id)}
        return self._caller.call("POST", "/api/v2", data=values)

    def _place_standard(self, wish: OrderWish) -> None:
        values = {"key": self._tokens["standard"], "action": "add", "service": wish.service}
        values |= {"link": wish.link, "quantity": wish.quantity}
        if wish.runs > 1:
            values |= {"runs": wish.runs, "interval": DRIP_MINUTES}
        reply = self._caller.call("POST", "/api/v2", data=values, headers=_with_key(wish))
        _hear(wish, reply, reply.content, lambda told: told["order"])

    def _place_gray_city(self, wish: OrderWish) -> None:
        body = {"category": wish.service, "link": wish.link, "count": wish.quantity}
        headers = {"Authorization": f"Token {self._tokens['gray_city']}", **_with_key(wish)}
        reply = self._caller.call("POST", "/api/order/create/", json=body, headers=headers)
        _hear(wish, reply, reply.content, lambda told: read_tracking_id(told["tracking_id"]))

    def _place_happy_follower(self, wish: OrderWish) -> None:
        body = {"serviceId": wish.service, "link": wish.link, "count": wish.quantity}
        reply = self._call_happy("POST", "/api/v1/order", json=body, headers=_with_key(wish))
        _hear(wish, reply, reply.content, lambda told: told["orderId"])

    def _place_panel_app(self, wish: OrderWish) -> None:
        body = {"service_id": wish.service, "link": wish.link, "quantity": wish.quantity}
        headers = {"Authorization": f"Bearer {self._tokens['panel_app']}", **_with_key(wish)}
        reply = self._caller.call("POST", "/api/v1/order", json=body, headers=headers)
        _hear(wish, reply, reply.content, lambda told: told["order"]["id"])

    def _call_happy(self, method: str, path: str, headers: dict | None = None, **options) -> Reply:
        """A call with an access token, renewed once when it has ended."""
        for _ in range(2):
            if not self._access and not self._open_session():
                break
            auth = {"Authorization": f"Bearer {self._access}"}
            reply = self._caller.call(method, path, headers=auth | (headers or {}), **options)
            if reply.status != UNAUTHORIZED:
                return reply
            self._access = ""
        return Reply(UNAUTHORIZED)

    def _open_session(self) -> bool:
        key = {"Authorization": f"Bearer {self._tokens['happy_follower']}"}
        reply = self._caller.call("GET", "/api/v1/auth", headers=key)
        if reply.status == 200:
            self._access = reply.content["token"]
        return bool(self._access)


_PLACERS: dict[str, Callable[[OrderClient, OrderWish], None]] = {
    "standard": OrderClient._place_standard,
    "gray_city": OrderClient._place_gray_city,
    "happy_follower": OrderClient._place_happy_follower,
    "panel_app": OrderClient._place_panel_app,
}


def _with_key(wish: OrderWish) -> dict[str, str]:
    return {"Idempotency-Key": wish.key} if wish.key else {}


def _hear(wish: OrderWish, reply: Reply, told: object, find_id: Callable) -> None:
    """Take down one order's part of an answer; a call that nobody let in has placed nothing."""
    if reply.silent:
        wish.hear(SILENT)
        return
    try:
        wish.hear(ACCEPTED, find_id(told))
    except (TypeError, KeyError, ValueError):
        wish.hear(REFUSED, words=f"HTTP {reply.status} {told}"[:200])
