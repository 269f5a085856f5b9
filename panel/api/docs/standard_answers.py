"""The answers of the standard API's actions as OpenAPI schemas, and an example of each call with its answer."""

from django.conf import settings
from django.utils.translation import gettext as _

from panel.api.docs.documents import KEY, reference
from panel.api.docs.standard_fields import LINK, list_type_fields
from panel.api.standard.views import REFILL_WORDS, STATUS_WORDS


def _object(**properties):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def build_answers():
    text, whole = {"type": "string"}, {"type": "integer"}
    truth = {"type": "boolean"}
    error = _object(error=text)
    number, money = {"type": "string", "pattern": "^[0-9]+$"}, {"type": "string", "pattern": "^-?[0-9.]+$"}
    currency = {"const": settings.CURRENCY_CODE}
    order = _object(
        charge=money,
        start_count=number,
        status={"enum": sorted(set(STATUS_WORDS.values()))},
        remains=number,
        currency=currency,
    )
    refill_word = {"enum": list(REFILL_WORDS.values())}
    one_or_error = {"anyOf": [whole, reference("Error")]}
    either = {"type": ["integer", "string"], "description": _("As it was sent, where it is no number.")}
    service = _object(
        service=whole,
        name=text,
        type={"enum": list(list_type_fields())},
        category=text,
        rate=money,
        min=number,
        max=number,
        refill=truth,
        cancel=truth,
        dripfeed=truth,
        desc=text,
    )
    return {
        "Error": error,
        "ServiceList": {"type": "array", "items": service},
        "OrderPlaced": _object(order=whole),
        "OrdersPlaced": {
            "type": "array",
            "items": {"anyOf": [reference("OrderPlaced"), reference("Error")]},
        },
        "OrderStatus": order,
        "OrderStatuses": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"not": {"enum": ["error", *order["properties"]]}},
            "additionalProperties": {"anyOf": [reference("OrderStatus"), reference("Error")]},
        },
        "RefillAsked": _object(refill=number),
        "RefillsAsked": {"type": "array", "items": _object(order=either, refill=one_or_error)},
        "RefillStatus": _object(status=refill_word),
        "RefillStatuses": {
            "type": "array",
            "items": _object(refill=either, status={"anyOf": [refill_word, reference("Error")]}),
        },
        "Canceled": _object(order=whole, cancel=one_or_error),
        "CancelsAsked": {"type": "array", "items": _object(order=either, cancel=one_or_error)},
        "Balance": _object(balance=money, currency=currency),
    }


_ADD = {"service": 1, "link": LINK, "quantity": 100}
_STATUS = {
    "charge": "200",
    "start_count": "3572",
    "status": "In progress",
    "remains": "57",
    "currency": settings.CURRENCY_CODE,
}
_UNKNOWN = {"error": "Incorrect order ID"}
_SERVICE = {
    "service": 1,
    "name": "Likes",
    "type": "Default",
    "category": "Instagram",
    "rate": "2000.00",
    "min": "10",
    "max": "10000",
    "refill": True,
    "cancel": True,
    "dripfeed": False,
    "desc": "",
}


def _example(action, answer, **fields):
    return {"key": KEY, "action": action, **fields}, answer


# A call and its answer, by a name that begins with the action's.
EXAMPLES = {
    "services": _example("services", [_SERVICE]),
    "add": _example("add", {"order": 23501}, **_ADD),
    "orders": _example(
        "orders",
        [{"order": 23502}, {"error": "Incorrect service ID"}],
        orders=[_ADD, _ADD | {"service": 99}],
    ),
    "status": _example("status", _STATUS, order=23501),
    "status of many": _example("status", {"23501": _STATUS, "99": _UNKNOWN}, orders="23501,99"),
    "refill": _example("refill", {"refill": "1"}, order=23503),
    "refill of many": _example(
        "refill", [{"order": 23504, "refill": 2}, {"order": 99, "refill": _UNKNOWN}], orders="23504,99"
    ),
    "refill_status": _example("refill_status", {"status": "Completed"}, refill=1),
    "refill_status of many": _example(
        "refill_status",
        [{"refill": 1, "status": "Completed"}, {"refill": 99, "status": {"error": "Refill not found"}}],
        refills="1,99",
    ),
    "cancel": _example(
        "cancel", [{"order": 23501, "cancel": 1}, {"order": 99, "cancel": _UNKNOWN}], orders="23501,99"
    ),
    "balance": _example("balance", {"balance": "100000", "currency": settings.CURRENCY_CODE}),
}
