"""The caller's gifts, and using one (contracts: panel-app-v1, user/gifts)."""

from orders.lookup import find_customer_id
from orders.models import Order
from orders.refusals import OrderRefused
from orders.refusals import Refusal as OrderRefusal
from panel.api.panel_app.base import PanelView, answer, read_parameters, read_plain_whole, unix
from panel.api.panel_app.rewards import describe_gift_service
from panel.api.rest.fields import HIGHEST_ID
from panel.api.rest.views import CallRefused
from panel.rewards.gifts import list_gifts, use_gift
from panel.rewards.refusals import Refusal, RewardRefused

BAD_GIFT = "لطفا شناسه هدیه را به درستی وارد کنید"
BAD_LINK = "لطفا لینک را به درستی وارد کنید"
REFUSALS = {
    Refusal.GIFT_ENDED: (400, "هدیه شما استفاده یا منقضی شده است"),
    Refusal.GIFT_UNKNOWN: (404, "شما چنین هدیه ای دریافت نکرده اید"),
    Refusal.GIFT_UNSOLD: (400, "سرویس این هدیه دیگر ارائه نمی‌شود"),
}
NOBODY = -1  # the document's word for the upstream of an order that is not sent yet


class GiftsView(PanelView):
    """`GET user/gifts` and `POST user/gifts`."""

    def get(self, request):
        """The newest gifts, used and expired ones too."""
        return answer(gifts=[_describe_grant(grant) for grant in list_gifts(request.user)])

    def post(self, request):
        """Use the oldest win of a gift for a link."""
        customer_id = find_customer_id(request.auth, to_order=True)
        given = read_parameters(request)
        gift_id, link = _read_id(given.get("gift_id")), given.get("link")
        if not isinstance(link, str) or not link.strip():
            raise CallRefused(400, BAD_LINK)
        try:
            order_id = use_gift(customer_id, gift_id, link)
        except RewardRefused as refused:
            raise CallRefused(*REFUSALS[refused.code]) from refused
        except OrderRefused as refused:
            if refused.code is OrderRefusal.LINK_BAD:
                raise CallRefused(400, BAD_LINK) from refused
            raise
        return answer(201, order=_describe_order(Order.objects.select_related("service").get(pk=order_id)))


def _read_id(value):
    """The number that a client gave. Raises CallRefused."""
    number = read_plain_whole(value)
    if number is None or not 0 < number <= HIGHEST_ID:
        raise CallRefused(400, BAD_GIFT)
    return number


def _describe_grant(grant):
    gift = grant.gift
    return {
        "gift": {
            "id": gift.pk,
            "service_id": gift.service_id,
            "min": gift.min,
            "max": gift.max,
            "status": int(gift.active),
            "created": unix(gift.created),
            "changed": unix(gift.changed),
            "service": describe_gift_service(gift.service),
        },
        "used": int(grant.used_at is not None),
        "link": grant.link,
        "created": unix(grant.created),
        "changed": unix(grant.changed),
        "expired_at": unix(grant.expires_at),
    }


def _describe_order(order):
    return {
        "uid": order.customer_id,
        "cate_id": order.service.category_id,
        "service_id": order.service_id,
        "service_type": order.service.type,
        "link": order.link,
        "quantity": order.quantity,
        "charge": order.charge,
        "api_provider_id": NOBODY,
        "api_service_id": NOBODY,
        "is_drip_feed": 0,
        "status": "pending",
        "type": "mobile_app_gift",
        "changed": unix(order.changed),
        "created": unix(order.created),
        "id": order.pk,
    }
