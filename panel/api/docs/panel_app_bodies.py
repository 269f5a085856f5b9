"""What clients of panel-app send: the schema of each body, and of an order's fields by the service's type."""

from django.conf import settings
from django.utils.translation import gettext as _

from orders.plans import MAX_INTERVAL, MAX_POSTS, MAX_RUNS
from orders.service_types import TYPE_RULES, ServiceType
from orders.validation import HIGHEST, MAX_FIELD, MAX_LINES, MAX_LINK, MAX_LIST
from panel.accounts.login_codes import LONGEST_EMAIL
from panel.accounts.profiles import LONGEST_NAME, LONGEST_PASSWORD
from panel.api.docs.documents import reference
from panel.api.docs.standard_fields import describe_fields
from panel.api.panel_app.order_fields import name_fields
from panel.api.panel_app.payments import MAX_COUPON
from panel.support.tickets import MAX_MESSAGE, MAX_SUBJECT

_WHOLE_NUMBERS = {
    "quantity": (1, HIGHEST),
    "sub_min": (1, HIGHEST),
    "sub_max": (1, HIGHEST),
    "sub_posts": (0, MAX_POSTS),
    "sub_delay": (0, MAX_INTERVAL),
}


def build_bodies():
    """The schemas of bodies by name, described in the active language."""
    return {
        "LoginBody": _build_body(["username"], username=_describe_username()),
        "VerifyBody": _build_body(["username", "code"], **_list_verify_fields()),
        "UserBody": _build_body([], **_list_user_fields()),
        "TicketBody": _build_body(
            ["subject", "description"],
            subject=_text(_("What the ticket is about, plain text."), MAX_SUBJECT),
            description=_text(_("What you want to say; HTML is cleaned."), MAX_MESSAGE),
        ),
        "ReplyBody": _build_body(
            ["message"], message=_text(_("What you want to say; HTML is cleaned."), MAX_MESSAGE)
        ),
        "PaymentBody": _build_body(["amount"], **_list_payment_fields()),
        "GiftBody": _build_body(
            ["gift_id", "link"],
            gift_id=_whole(_("The id of the gift, from gift.id in the list of gifts."), 1, 10**18 - 1),
            link=_text(_("The address that the gift is used for."), MAX_LINK),
        ),
        "OrderBody": _build_order_body(),
        **{_name_kind(kind): _build_kind(kind) for kind in TYPE_RULES},
    }


def _build_body(required, **properties):
    needed = {"required": required} if required else {}
    return {"type": "object", "properties": properties, **needed}


def _text(description, most, least=1):
    return {"type": "string", "minLength": least, "maxLength": most, "description": description}


def _whole(description, least, most):
    """A whole number, or its text in any digits."""
    return {
        "type": ["integer", "string"],
        "minimum": least,
        "maximum": most,
        "pattern": "^[0-9]{1,18}$",
        "description": description,
    }


def _describe_username():
    return _text(_("A mobile number, written in any usual way, or the email of your account."), LONGEST_EMAIL)


def _list_verify_fields():
    code = _("The six digits of the SMS. Persian digits do too.")
    return {
        "username": _describe_username(),
        "code": {"type": ["string", "integer"], "pattern": "^[0-9]{6}$", "description": code},
        "ref": {
            "type": ["string", "null"],
            "description": _("The code of the referral link that a new customer came by."),
        },
    }


def _list_user_fields():
    mobile = _(
        "A new number gets a code by SMS; it is yours once login/verify has that code, with your token."
    )
    password = _("A new password, by the rules of the panel. Other logins of yours end.")
    return {
        "first_name": _text(_("Your first name."), LONGEST_NAME, 0),
        "last_name": _text(_("Your last name."), LONGEST_NAME, 0),
        "email": _text(_("Your email, which nobody else may have."), LONGEST_EMAIL),
        "password": _text(password, LONGEST_PASSWORD),
        "mobile": _text(mobile, 32),
    }


def _list_payment_fields():
    amount = _("What you want to pay, in whole toman. Persian digits do too.")
    return {
        "amount": _whole(amount, settings.PAYMENT_MIN, settings.PAYMENT_MAX),
        "coupon": _text(_("A coupon that adds to the payment."), MAX_COUPON, 0),
    }


def _build_order_body():
    shapes = {name: shape for kind in TYPE_RULES for name, shape in _list_shapes(kind).items()}
    body = _build_body(["service_id"], **_list_common_fields(), **shapes, **_list_drip_fields())
    return body | {"anyOf": [reference(_name_kind(kind)) for kind in TYPE_RULES]}


def _list_common_fields():
    own = _("The service's own type, or left out.")
    return {
        "service_id": _whole(_("The id of the service, from services."), 1, 2**63 - 1),
        "category_id": _whole(_("The cate_id of the service; another one is refused."), 1, 2**63 - 1),
        "service_type": {"type": "string", "enum": ["", *ServiceType.values], "description": own},
    }


def _list_drip_fields():
    drip = _("on for a drip-feed, where the service has it; anything else is none.")
    runs = _(
        "Needed with is_drip_feed on: how often the quantity is delivered. All runs are charged at once."
    )
    interval = _("Needed with is_drip_feed on: minutes from the start of a run to the next.")
    return {
        "is_drip_feed": {"type": "string", "description": drip},
        "runs": _whole(runs, 1, MAX_RUNS),
        "interval": _whole(interval, 1, MAX_INTERVAL),
    }


def _list_shapes(kind):
    """`{client's name: schema}` of the fields that orders of the type may carry."""
    words, lists = describe_fields(), TYPE_RULES[kind].lists
    return {
        theirs: _shape_field(theirs, ours in lists, words.get(ours) or _("The text of the advertisement."))
        for ours, theirs in name_fields(kind).items()
    }


def _shape_field(name, is_list, description):
    if name in _WHOLE_NUMBERS:
        return _whole(description, *_WHOLE_NUMBERS[name])
    if name == "sub_expiry":
        return {
            "type": "string",
            "pattern": "^([0-9]{1,2}/[0-9]{1,2}/[0-9]{4})?$",
            "description": description,
        }
    if not is_list:
        return _text(description, MAX_LINK if name == "link" else MAX_FIELD)
    return _text(description, MAX_LIST) | {
        "type": ["string", "array"],
        "minItems": 1,
        "maxItems": MAX_LINES,
        "items": {"type": "string"},
    }


def _name_kind(kind):
    return "Order" + "".join(part.capitalize() for part in kind.value.split("_"))


def _build_kind(kind):
    """Which fields an order of the type can't do without."""
    rule, names = TYPE_RULES[kind], name_fields(kind)
    needed = [name for name in ("link", "quantity") if name in names]
    needed += [names[name] for name in rule.needs]
    one_of = [{"required": [names[name]]} for name in rule.one_of]
    return {"title": kind.value, "required": needed} | ({"anyOf": one_of} if one_of else {})
