"""Free credit and the wheel of fortune (contracts: panel-app-v1, user/freecredit and user/wof).

Both give with a GET, as documented. So they answer no HEAD, nothing may keep their answers, and whoever asks needs
a token that may order.
"""

from django.utils.html import escape
from rest_framework.response import Response

from orders.lookup import find_customer_id
from panel.api.panel_app.base import PanelView, unix
from panel.api.rest.views import CallRefused
from panel.rewards.free_credit import give_free_credit
from panel.rewards.refusals import Refusal, RewardRefused
from panel.rewards.wheel import spin_wheel

OFF = "این جایزه در حال حاضر ارائه نمی‌شود"
HOUSE_CAP = "جوایز امروز به پایان رسیده است؛ فردا دوباره تلاش کنید"
CREDIT_SOON = "شما تا {seconds} ثانیه دیگر قادر به ارسال درخواست خواهید بود"
CREDIT_MONTHLY = "به محدودیت درخواست ماهانه رسیده اید"
WHEEL_SOON_DAYS = "شما در هر {days} روز می توانید یک هدیه دریافت کنید."
WHEEL_SOON_HOURS = "شما در هر {hours} ساعت می توانید یک هدیه دریافت کنید."
WHEEL_MONTHLY = "شما به حداکثر تعداد جایزه، در ماه رسیده اید"


class RewardView(PanelView):
    """A GET that gives: what it answers is said once."""

    http_method_names = ["get"]
    words = {}

    def get(self, request):
        """Give, or say why not."""
        customer_id = find_customer_id(request.auth, to_order=True)
        try:
            told = self.give(customer_id)
        except RewardRefused as refused:
            raise CallRefused(429, self.word_reward(refused)) from refused
        return Response(told, headers={"Cache-Control": "no-store"})

    def give(self, customer_id):
        """The body of the answer. Raises RewardRefused and OrderRefused."""
        raise NotImplementedError

    def word_reward(self, refused):
        """The contract's words for a RewardRefused."""
        words = {Refusal.OFF: OFF, Refusal.CAP: HOUSE_CAP} | self.words
        return words[refused.code].format(seconds=refused.seconds, hours=refused.hours)


class FreeCreditView(RewardView):
    """`GET user/freecredit`."""

    words = {Refusal.SOON: CREDIT_SOON, Refusal.MONTHLY: CREDIT_MONTHLY}

    def give(self, customer_id):
        return {"status": 201, "amount": give_free_credit(customer_id).amount}


class WheelView(RewardView):
    """`GET user/wof`."""

    words = {Refusal.SOON: WHEEL_SOON_HOURS, Refusal.MONTHLY: WHEEL_MONTHLY}

    def give(self, customer_id):
        return {"status": 200, "user_gift": describe_win(spin_wheel(customer_id))}

    def word_reward(self, refused):
        if refused.code is Refusal.SOON and refused.hours % 24 == 0:
            return WHEEL_SOON_DAYS.format(days=refused.hours // 24)
        return super().word_reward(refused)


def describe_win(grant):
    """A GiftGrant as the wheel tells it."""
    return {
        "uid": grant.customer_id,
        "gift_id": grant.gift_id,
        "quantity": grant.quantity,
        "created": unix(grant.created),
        "changed": unix(grant.changed),
        "expired_at": unix(grant.expires_at),
        "id": grant.pk,
        "service": describe_gift_service(grant.gift.service),
    }


def describe_gift_service(service):
    """A service within a gift: its description is HTML-escaped, as the document shows it."""
    return {
        "id": service.pk,
        "cate_id": service.category_id,
        "name": service.name,
        "desc": escape(service.description),
        "price": service.price,
        "original_price": service.original_price,
        "min": service.min,
        "max": service.max,
        "dripfeed": int(service.dripfeed),
        "status": int(service.active),
        "changed": unix(service.changed),
        "created": unix(service.created),
    }
