"""Reading an order of panel-app: its fields have names of their own by the service's type (contracts/README.md).

What the fields may hold is decided by orders/validation.py; a refusal names the client's field.
"""

from orders.catalogue import find_service_terms
from orders.refusals import OrderRefused
from orders.service_types import TYPE_RULES, Count, ServiceType
from orders.services import OrderRequest
from panel.api.panel_app.base import read_plain_whole
from panel.api.panel_app.errors import BAD_FIELD, FIELD_NAMES, MISSING
from panel.api.rest.fields import HIGHEST_ID
from panel.api.rest.views import CallRefused

OWN_NAMES = {
    ServiceType.MENTIONS_CUSTOM_LIST: {"usernames": "usernames_custom"},
    ServiceType.CUSTOM_COMMENTS_PACKAGE: {"comments": "comments_custom_package"},
}
UNTOLD = ("old_posts",)  # the document has no field for it
DRIP_FEED = ("runs", "interval")
NUMBERS = {"quantity", "min", "max", "posts", "delay"}
ANSWER = "answer_number"  # a text to the engine
MAX_ANSWER = 1_000


def read_order(given, idempotency_key):
    """`(OrderRequest, names)` of a call's values; `names` says what the client calls the engine's fields.

    Raises CallRefused (400), which names the field.
    """
    service_id = _require_id(given, "service_id")
    terms = find_service_terms(service_id)
    if terms is None:  # which placing says, after it has looked at who asks
        return OrderRequest(service_id, {}, idempotency_key), {}
    _check_category(given, terms["category_id"])
    _check_type(given, terms["type"])
    names = name_fields(terms["type"])
    values = {ours: given.get(theirs) for ours, theirs in names.items()}
    for name in NUMBERS & values.keys():
        _check_plain(values[name], names[name])
    _check_answer(values.get(ANSWER))
    if given.get("is_drip_feed") == "on" and terms["type"] != ServiceType.SUBSCRIPTIONS:
        values |= {name: _require_count(given, name) for name in DRIP_FEED}
    counted = TYPE_RULES[terms["type"]].counted
    if counted:  # the list stands for the quantity
        names["quantity"] = names[counted]
    return OrderRequest(service_id, values, idempotency_key), names


def name_fields(service_type):
    """`{engine's name: client's name}` of the fields that orders of that type may carry."""
    rule = TYPE_RULES[service_type]
    names = {name: FIELD_NAMES.get(name, name) for name in (*rule.needs, *rule.one_of, *rule.optional)}
    names |= OWN_NAMES.get(service_type, {})
    names = {ours: theirs for ours, theirs in names.items() if ours not in UNTOLD}
    if rule.link:
        names["link"] = "link"
    if rule.count is Count.QUANTITY:
        names["quantity"] = "quantity"
    return names


def rename_field(refused, names):
    """The engine's refusal with the client's name of the field."""
    field = names.get(refused.field, refused.field)
    return OrderRefused(refused.code, field=field, limit=refused.limit, example=refused.example)


def _require_id(given, field):
    if given.get(field) in (None, ""):
        raise CallRefused(400, MISSING.format(field=field))
    number = read_plain_whole(given[field])
    if number is None or not 0 < number <= HIGHEST_ID:
        raise CallRefused(400, BAD_FIELD.format(field=field))
    return number


def _require_count(given, field):
    """The value of a field that a drip-feed can't do without: the engine takes 0 for absent."""
    if given.get(field) in (None, ""):
        raise CallRefused(400, MISSING.format(field=field))
    if (read_plain_whole(given[field]) or 0) <= 0:
        raise CallRefused(400, BAD_FIELD.format(field=field))
    return given[field]


def _check_plain(value, field):
    """The engine reads numbers in any digits; this contract has them in Latin ones alone."""
    if isinstance(value, str) and not value.isascii():
        raise CallRefused(400, BAD_FIELD.format(field=field))


def _check_answer(value):
    """Which answer of a poll is wanted: they are counted from 1."""
    if value not in (None, "") and not 0 < (read_plain_whole(value) or 0) <= MAX_ANSWER:
        raise CallRefused(400, BAD_FIELD.format(field=ANSWER))


def _check_category(given, category_id):
    if given.get("category_id") in (None, ""):
        return
    if read_plain_whole(given["category_id"]) != category_id:
        raise CallRefused(400, BAD_FIELD.format(field="category_id"))


def _check_type(given, service_type):
    if given.get("service_type") not in (None, "", service_type):
        raise CallRefused(400, BAD_FIELD.format(field="service_type"))
