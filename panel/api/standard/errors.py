"""The words of the standard API's errors (contracts: standard-v2, "Errors in use")."""

from orders.refusals import OrderRefused, Refusal

INCORRECT_REQUEST = "Incorrect request"
INCORRECT_ORDER = "Incorrect order ID"
REFILL_NOT_FOUND = "Refill not found"
TOO_MANY = "Too many requests"
UNAVAILABLE = "Temporarily unavailable, try again"

_WORDS = {
    Refusal.KEY_INVALID: "Invalid API key",
    Refusal.CUSTOMER_LOCKED: "Invalid API key",
    Refusal.SERVICE_UNKNOWN: "Incorrect service ID",
    Refusal.FIELD_MISSING: INCORRECT_REQUEST,
    Refusal.FIELD_BAD: INCORRECT_REQUEST,
    Refusal.LINK_BAD: "Incorrect link",
    Refusal.QUANTITY_LOW: "Quantity less than minimal {limit}",
    Refusal.QUANTITY_HIGH: "Quantity more than maximum {limit}",
    Refusal.FUNDS: "Not enough funds on balance",
    Refusal.KEY_REUSED: "Idempotency key reused",
    Refusal.CUSTOMER_BLOCKED: "Orders are disabled for this account",
    Refusal.READ_ONLY: "This API key is read-only",
    Refusal.LINK_RULE: "Incorrect link",
    Refusal.LINK_BLOCKED: "Incorrect link",
    Refusal.LINK_TAKEN: "You have active order with this link. Please wait until order being completed.",
    Refusal.WORD_BLOCKED: INCORRECT_REQUEST,
    Refusal.VIDEO_SHORT: "Incorrect link",
    Refusal.VIDEO_UNKNOWN: "Incorrect link",
    Refusal.REFILL_OFF: "Refill is disabled for this service",
    Refusal.REFILL_NOT_NOW: "Refill is not available for this order now",
    Refusal.REFILL_UNKNOWN: REFILL_NOT_FOUND,
    Refusal.ORDER_UNKNOWN: INCORRECT_ORDER,
    Refusal.NOT_CANCELABLE: "Cancel is disabled for this order",
}


class CallRefused(Exception):
    """A call that can't be answered; its text is the contract's."""


def word(refused: OrderRefused):
    """The contract's text for a refusal of the engine."""
    if refused.code is Refusal.FIELD_MISSING and refused.field == "link":
        return _WORDS[Refusal.LINK_BAD]
    if refused.example:
        return f"{_WORDS[refused.code]}. Example: {refused.example}"
    return _WORDS[refused.code].format(limit=refused.limit)
