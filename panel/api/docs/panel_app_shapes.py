"""What panel-app's answers hold: the schema of each with all its keys, and an example (contracts: panel-app-v1).

Its views build their answers themselves, so there is no serializer that drf-spectacular could read.
"""

from orders.service_types import ServiceType
from panel.api.docs.documents import reference
from panel.api.docs.standard_fields import LINK
from panel.api.panel_app.orders import OTHER_TYPE, STATUS_WORDS, TYPES
from panel.support.models import Ticket

WHOLE = {"type": "integer"}
TEXT = {"type": "string"}
NULL = {"type": "null"}  # kept for clients of the document, never told
FLAG = {"type": "integer", "enum": [0, 1]}
MAYBE_WHOLE = {"type": ["integer", "null"]}
MAYBE_TEXT = {"type": ["string", "null"]}
TIME = {"type": "integer", "minimum": 0}  # unix seconds
MAYBE_TIME = {"type": ["integer", "null"], "minimum": 0}
NOBODY = {"type": "integer", "const": -1}

USER = {
    "id": 176,
    "ids": None,
    "role": "user",
    "login_type": None,
    "first_name": "Ehsan",
    "last_name": "Noureddini",
    "email": "ehsan@example.com",
    "mobile": "09011235566",
    "mobile_verified": 1,
    "timezone": None,
    "more_information": None,
    "settings": None,
    "desc": None,
    "balance": 352_000,
    "custom_rate": 0,
    "api_key": None,
    "spent": 12_000,
    "activation_key": None,
    "reset_key": None,
    "history_ip": None,
    "status": 1,
    "changed": 1592744153,
    "created": 1591431859,
}
SERVICE = {
    "id": 1,
    "cate_id": 1,
    "name": "لایک ایرانی",
    "desc": "<p>استارت آنی</p>",
    "price": 2000,
    "original_price": None,
    "min": 1,
    "max": 10_000,
    "dripfeed": 0,
    "status": 1,
    "changed": 1590467774,
    "created": 1590459686,
}
PLACED = {
    "uid": 176,
    "cate_id": 1,
    "service_id": 1,
    "service_type": "default",
    "link": LINK,
    "quantity": 100,
    "charge": 200,
    "api_provider_id": None,
    "api_service_id": None,
    "is_drip_feed": 0,
    "status": "pending",
    "type": "mobile_app",
    "changed": 1592744064,
    "created": 1592744064,
    "id": 23501,
}
TICKET = {
    "id": 19,
    "ids": None,
    "uid": 176,
    "description": "<p>The order is late.</p>",
    "subject": "My order",
    "status": "new",
    "created": 1590932173,
    "changed": 1590934096,
}
NOTIFICATION = {
    "id": "dc0ecfbd-1405-4f4e-9d4f-6bf9fd86cfbc",
    "message": "حساب کاربری شما ۱۲۰۰۰ تومان شارژ شد.",
    "created_at": 1591439578,
}
_SUBSCRIPTION = ("posts", "min", "max", "delay", "expiry", "response_orders", "response_posts", "status")
_TOLD = ("usernames", "username", "hashtags", "hashtag", "media", "comments")
ORDER = {
    "id": 23501,
    "ids": None,
    "type": "direct",
    "cate_id": 1,
    "service_id": 1,
    "service_type": "default",
    "api_provider_id": None,
    "api_service_id": None,
    "api_order_id": 0,
    "uid": 176,
    "link": LINK,
    "quantity": 100,
    **dict.fromkeys(_TOLD),
    **{f"sub_{name}": None for name in _SUBSCRIPTION},
    "charge": 200,
    "status": "pending",
    "start_counter": 0,
    "remains": "100",
    "is_drip_feed": 0,
    "runs": 0,
    "interval": 0,
    "dripfeed_quantity": 0,
    "note": None,
    "changed": 1590964677,
    "created": 1590958918,
}


def build_object(**properties):
    """The schema of an object with these keys, all of them and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def build_list(schema):
    """The schema of a list of such entries."""
    return {"type": "array", "items": schema}


def build_answer(status, description, example, **properties):
    """`(schema, description, example)` of a good answer with `status` and these keys beside it."""
    schema = build_object(status={"type": "integer", "const": status}, **properties)
    return schema, description, {"status": status, **example}


def build_shapes():
    """The schemas that answers refer to, by name."""
    return {
        "User": _build_user(),
        "Service": _build_service(),
        "TopService": _build_top_service(),
        "Category": _build_category(),
        "Order": _build_order(),
        "PlacedOrder": _build_placed(NULL),
        "GiftOrder": _build_placed(NOBODY),
        "Ticket": _build_ticket(),
        "TicketMessage": _build_message(),
        "Gift": _build_gift(),
    }


def _build_user():
    told = {
        "id": WHOLE,
        "role": {"type": "string", "enum": ["user", "admin"]},
        "first_name": TEXT,
        "last_name": TEXT,
        "email": MAYBE_TEXT,
        "mobile": MAYBE_TEXT,
        "mobile_verified": FLAG,
        "balance": WHOLE,
        "custom_rate": {"type": "integer", "minimum": 0, "maximum": 100},
        "spent": MAYBE_WHOLE,
        "status": FLAG,
        "changed": TIME,
        "created": TIME,
    }
    return build_object(**{name: told.get(name, NULL) for name in USER})


def _list_service():
    return {
        "id": WHOLE,
        "cate_id": WHOLE,
        "name": TEXT,
        "desc": TEXT,
        "price": WHOLE,
        "original_price": MAYBE_WHOLE,
        "min": WHOLE,
        "max": WHOLE,
        "dripfeed": FLAG,
        "status": FLAG,
        "changed": TIME,
        "created": TIME,
    }


def _build_service():
    return build_object(**_list_service())


def _build_top_service():
    more = {
        "ids": NULL,
        "uid": NULL,
        "add_type": TEXT,
        "type": {"type": "string", "enum": ServiceType.values},
        "api_service_id": NULL,
        "api_provider_id": NULL,
    }
    return build_object(**_list_service(), **more)


def _build_category():
    return build_object(
        id=WHOLE,
        name=TEXT,
        desc=TEXT,
        image=MAYBE_TEXT,
        sort=WHOLE,
        status=FLAG,
        changed=TIME,
        created=TIME,
    )


def _list_order_words():
    return {
        "service_type": {"type": "string", "enum": ServiceType.values},
        "status": {"type": "string", "enum": sorted(set(map(str, STATUS_WORDS.values())))},
        "type": {"type": "string", "enum": [*TYPES.values(), OTHER_TYPE]},
    }


def _build_order():
    whole = ("id", "cate_id", "service_id", "api_order_id", "uid", "quantity", "charge", "start_counter")
    told = {
        **dict.fromkeys((*whole, "runs", "interval", "dripfeed_quantity"), WHOLE),
        **dict.fromkeys(("link", *_TOLD), MAYBE_TEXT),
        **_list_order_words(),
        **{f"sub_{name}": MAYBE_WHOLE for name in ("posts", "min", "max", "delay", "response_posts")},
        **{f"sub_{name}": MAYBE_TEXT for name in ("expiry", "response_orders", "status")},
        "remains": TEXT,
        "is_drip_feed": FLAG,
        "changed": TIME,
        "created": TIME,
    }
    return build_object(**{name: told.get(name, NULL) for name in ORDER})


def _build_placed(upstream):
    whole = dict.fromkeys(("uid", "cate_id", "service_id", "quantity", "charge", "id"), WHOLE)
    told = {
        **whole,
        **_list_order_words(),
        "link": MAYBE_TEXT,
        "api_provider_id": upstream,
        "api_service_id": upstream,
        "is_drip_feed": FLAG,
        "changed": TIME,
        "created": TIME,
    }
    return build_object(**{name: told[name] for name in PLACED})


def _build_ticket():
    return build_object(**list_ticket())


def list_ticket():
    """The keys of a ticket in the list, with their schemas."""
    return {
        "id": WHOLE,
        "ids": NULL,
        "uid": WHOLE,
        "description": TEXT,
        "subject": TEXT,
        "status": {"type": "string", "enum": Ticket.Status.values},
        "created": TIME,
        "changed": TIME,
    }


def _build_message():
    return build_object(
        id=WHOLE,
        ids=NULL,
        uid=WHOLE,
        ticket_id=WHOLE,
        message=TEXT,
        is_read=FLAG,
        changed=TIME,
        created=TIME,
    )


def _build_gift():
    gift = build_object(
        id=WHOLE,
        service_id=WHOLE,
        min=WHOLE,
        max=WHOLE,
        status=FLAG,
        created=TIME,
        changed=TIME,
        service=reference("Service"),
    )
    return build_object(
        gift=gift, used=FLAG, link=MAYBE_TEXT, created=TIME, changed=TIME, expired_at=MAYBE_TIME
    )
