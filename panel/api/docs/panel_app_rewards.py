"""panel-app's free credit, wheel of fortune and gifts (contracts: panel-app-v1), for the reference."""

from django.utils.translation import gettext as _

from panel.api.docs.documents import reference
from panel.api.docs.panel_app_shapes import (
    PLACED,
    SERVICE,
    TIME,
    WHOLE,
    build_answer,
    build_list,
    build_object,
)
from panel.api.docs.panel_app_words import TOKEN_OR_KEY, get, post
from panel.api.docs.standard_fields import LINK
from panel.api.panel_app import gifts, rewards

GIFT_SERVICE = SERVICE | {"desc": "&lt;p&gt;استارت آنی&lt;/p&gt;"}
WON = {
    "uid": 176,
    "gift_id": 1,
    "quantity": 27,
    "created": 1593182724,
    "changed": 1593182724,
    "expired_at": 1593269124,
    "id": 24,
    "service": GIFT_SERVICE,
}
GIFT = {
    "gift": {
        "id": 1,
        "service_id": 1,
        "min": 30,
        "max": 100,
        "status": 1,
        "created": 1593096286,
        "changed": 1593096286,
        "service": GIFT_SERVICE,
    },
    "used": 0,
    "link": None,
    "created": 1593096287,
    "changed": 1593096287,
    "expired_at": 1593182687,
}


def list_reward_calls():
    """user/freecredit, user/wof and user/gifts, in the active language."""
    return [_describe_credit(), _describe_wheel(), _describe_gifts(), _describe_use()]


def _describe_credit():
    return get(
        "free_credit",
        "user/freecredit",
        rewards.FreeCreditView,
        _("Free credit"),
        build_answer(201, _("What came into the wallet, in toman."), {"amount": 93}, amount=WHOLE),
        _("A small random amount. Each ask is one of the few that the rules of the panel allow."),
        auth=TOKEN_OR_KEY,
    )


def _describe_wheel():
    shape = dict.fromkeys(WON, WHOLE) | {"service": reference("Service")}
    shape |= dict.fromkeys(("created", "changed", "expired_at"), TIME)
    return get(
        "wheel",
        "user/wof",
        rewards.WheelView,
        _("Wheel of fortune"),
        build_answer(
            200,
            _("The gift that was won; desc is escaped."),
            {"user_gift": WON},
            user_gift=build_object(**shape),
        ),
        _(
            "A gift is a number of units of a service, without drip-feed. It is used with the list of gifts "
            "below."
        ),
        auth=TOKEN_OR_KEY,
    )


def _describe_gifts():
    return get(
        "gifts",
        "user/gifts",
        gifts.GiftsView,
        _("Your gifts"),
        build_answer(
            200,
            _("The newest, used and expired ones too."),
            {"gifts": [GIFT]},
            gifts=build_list(reference("Gift")),
        ),
        auth=TOKEN_OR_KEY,
    )


def _describe_use():
    upstream = {"api_provider_id": gifts.NOBODY, "api_service_id": gifts.NOBODY}
    order = PLACED | upstream | {"charge": 0, "quantity": 27, "type": "mobile_app_gift"}
    return post(
        "gift_use",
        "user/gifts",
        gifts.GiftsView,
        _("Use a gift"),
        build_answer(
            201, _("The order, which costs nothing."), {"order": order}, order=reference("GiftOrder")
        ),
        _("The oldest gift with that gift_id that is neither used nor expired is used."),
        body=(reference("GiftBody"), {"gift_id": 1, "link": LINK}),
        auth=TOKEN_OR_KEY,
    )
