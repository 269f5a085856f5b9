"""Reading the body of panel-app's `POST order`: its names for our fields, its words for what is wrong with them."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.catalogue import FIELDS, SERVICES, Service
from providers.sandbox.order_input import OrderInput, RefusalError, parse_whole, read_order_input
from providers.sandbox.wire import StatusRefusal

# The contract has no place for keywords; a subscription's posts are bought one by one.
SOLD = {
    number: service
    for number, service in SERVICES.items()
    if service.type in FIELDS and service.type not in ("SEO", "Subscriptions")
}
CATEGORIES = {name: 48 + at for at, name in enumerate(dict.fromkeys(sold.category for sold in SOLD.values()))}
# (type, field of the standard API) → its name here; every other field is called the same.
NAMES = {
    ("Mentions Custom List", "usernames"): "usernames_custom",
    ("Mentions Media Likers", "media"): "media_url",
    ("Custom Comments Package", "comments"): "comments_custom_package",
}
MISSING = "فیلد {} الزامی است"
BAD = "مقدار فیلد {} نامعتبر است"
ERROR = "خطا"


def read_panel_app_input(body: Mapping[str, Any]) -> OrderInput:
    """Check the fields of an order. Raises StatusRefusal with 400, naming the field where one is to blame."""
    service = _read_service(body)
    named = {field: NAMES.get((service.type, field), field) for field in FIELDS[service.type]}
    for name in named.values():
        if body.get(name) in (None, ""):
            raise StatusRefusal(400, MISSING.format(name))
    given = {field: body[name] for field, name in named.items()}
    given |= {name: body.get(name) for name in ("google_keyword", "referring_url")}
    params = {field: str(value) for field, value in given.items() if value is not None}
    try:
        return read_order_input(params | {"service": str(service.id)})
    except RefusalError as refusal:
        raise StatusRefusal(400, _word(str(refusal), params)) from refusal


def _read_service(body: Mapping[str, Any]) -> Service:
    service = SOLD.get(parse_whole(body.get("service_id")) or 0)
    if service is None:
        raise StatusRefusal(400, BAD.format("service_id"))
    category = body.get("category_id")
    if category is not None and parse_whole(category) != CATEGORIES[service.category]:
        raise StatusRefusal(400, BAD.format("category_id"))
    return service


def _word(error: str, params: Mapping[str, str]) -> str:
    if error == "Incorrect link":
        return BAD.format("link")
    counts = error.startswith("Quantity") or parse_whole(params.get("quantity", "0")) is None
    return BAD.format("quantity") if counts else ERROR
