"""Using gifts: one free order for each win, whatever happens at once."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from orders import gifting
from orders.blocking import forget_blocked
from orders.models import BlockedTerm, LinkHold, Order, OrderEvent
from orders.refusals import OrderRefused
from orders.refusals import Refusal as OrderRefusal
from orders.services import cancel_order, place_order
from panel.rewards.gifts import list_gifts, use_gift
from panel.rewards.models import GiftGrant
from panel.rewards.refusals import Refusal, RewardRefused
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.panel.rewards.prizes import LINK, make_gift, make_win
from tests.together import run_together

pytestmark = pytest.mark.django_db


def refusal(customer, gift_id, link=LINK):
    with pytest.raises((RewardRefused, OrderRefused)) as refused:
        use_gift(customer.pk, gift_id, link)
    return refused.value.code


@pytest.mark.django_db(transaction=True)
def test_a_gift_is_a_free_order_below_the_service_s_minimum():
    customer = make_customer(toman=500)
    gift = make_gift(make_service(min=100), min=30, max=60)
    win = make_win(customer, gift, quantity=42)
    order = Order.objects.get(pk=use_gift(customer.pk, gift.pk, f" {LINK} "))
    win.refresh_from_db()
    assert (order.customer_id, order.service_id, order.channel) == (customer.pk, gift.service_id, "gift")
    assert (order.link, order.quantity, order.charge) == (LINK, 42, 0)
    assert (order.status, order.forwarding, order.next_try_at is None) == ("pending", "queued", False)
    assert (win.order_id, win.link, win.used_at == win.changed) == (order.pk, LINK, True)
    assert list(OrderEvent.objects.values_list("order_id", "kind")) == [(order.pk, "placed")]
    assert read_balance(customer.pk) == 500
    assert list(Transfer.objects.values_list("kind", flat=True)) == ["adjustment"]
    call_command("audit_ledger")


def test_a_package_has_its_own_size():
    customer = make_customer()
    gift = make_gift(make_service(type="package", pack_size=500), min=500, max=500)
    make_win(customer, gift)
    assert Order.objects.get(pk=use_gift(customer.pk, gift.pk, LINK)).quantity == 500


@pytest.mark.parametrize("wins", [1, 3])
@pytest.mark.django_db(transaction=True)
def test_twenty_uses_at_once_are_one_order_for_each_win(wins):
    customer, gift = make_customer(), make_gift()
    for _ in range(wins):
        make_win(customer, gift)
    answers = run_together(*[lambda: use_gift(customer.pk, gift.pk, LINK)] * 20)
    orders = {answer for answer in answers if isinstance(answer, int)}
    codes = {answer.code for answer in answers if not isinstance(answer, int)}
    assert (len(orders), codes) == (wins, {Refusal.GIFT_ENDED})
    assert set(Order.objects.values_list("pk", flat=True)) == orders
    assert set(GiftGrant.objects.values_list("order_id", flat=True)) == orders


def test_the_oldest_that_is_still_good_is_used():
    customer, gift = make_customer(), make_gift()
    make_win(customer, gift, age=timedelta(hours=30), quantity=31)  # expired
    newest = make_win(customer, gift, age=timedelta(hours=1), quantity=33)
    oldest = make_win(customer, gift, age=timedelta(hours=5), quantity=32)
    quantities = [Order.objects.get(pk=use_gift(customer.pk, gift.pk, LINK)).quantity for _ in range(2)]
    assert quantities == [oldest.quantity, newest.quantity]
    assert refusal(customer, gift.pk) is Refusal.GIFT_ENDED


def test_another_s_gift_is_unknown_to_everybody_else():
    gift = make_gift()
    make_win(make_customer(), gift)
    stranger = make_customer()
    assert [refusal(stranger, gift.pk), refusal(stranger, gift.pk + 1)] == [Refusal.GIFT_UNKNOWN] * 2
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


@pytest.mark.parametrize(
    ("service", "link", "code"),
    [
        ({}, "instagram", OrderRefusal.LINK_BAD),
        ({"link_hosts": ["youtube.com"]}, LINK, OrderRefusal.LINK_RULE),
        ({}, "https://blocked.example/p/1", OrderRefusal.LINK_BLOCKED),
        ({"active": False}, LINK, Refusal.GIFT_UNSOLD),
        ({"type": "custom_comments"}, LINK, Refusal.GIFT_UNSOLD),
    ],
)
def test_links_and_services_are_judged_as_for_any_order(service, link, code):
    BlockedTerm.objects.create(kind="link", text="blocked.example")
    forget_blocked()
    customer, gift = make_customer(), make_gift(make_service(**service))
    make_win(customer, gift)
    assert refusal(customer, gift.pk, link) is code
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None, order=None).count()) == (0, 1)


def test_a_service_that_changed_since_it_was_remembered_is_read_again():
    customer, gift = make_customer(), make_gift()
    make_win(customer, gift)
    make_win(customer, gift)
    use_gift(customer.pk, gift.pk, LINK)
    gift.service.link_hosts = ["youtube.com"]
    gift.service.save()
    assert refusal(customer, gift.pk) is OrderRefusal.LINK_RULE
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (1, 1)


def test_a_video_that_is_too_short_uses_nothing(monkeypatch):
    def check_video(item):
        raise OrderRefused(OrderRefusal.VIDEO_SHORT, field="link", limit=120)

    monkeypatch.setattr(gifting, "check_video", check_video)
    customer, gift = make_customer(), make_gift(make_service(min_video_seconds=120))
    make_win(customer, gift)
    assert refusal(customer, gift.pk) is OrderRefusal.VIDEO_SHORT
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


def test_a_link_that_is_taken_stays_taken_and_the_gift_stays_unused():
    customer = make_customer(toman=10_000)
    gift = make_gift(make_service(same_link="refuse"))
    make_win(customer, gift)
    make_win(customer, gift)
    values = {"link": LINK, "quantity": "100"}
    first = place_order(make_customer(toman=10_000).pk, "dashboard", gift.service_id, values)
    assert refusal(customer, gift.pk) is OrderRefusal.LINK_TAKEN
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (1, 2)
    assert LinkHold.objects.get().order_id == first.order_id
    other = use_gift(customer.pk, gift.pk, f"{LINK}d")
    assert set(LinkHold.objects.values_list("order_id", flat=True)) == {first.order_id, other}
    with pytest.raises(OrderRefused) as refused:
        place_order(customer.pk, "dashboard", gift.service_id, values | {"link": f"{LINK}d"})
    assert refused.value.code is OrderRefusal.LINK_TAKEN


@pytest.mark.django_db(transaction=True)
def test_two_customers_race_for_one_link_and_one_gift_is_used():
    gift = make_gift(make_service(same_link="refuse"))
    customers = [make_customer() for _ in range(8)]
    for one in customers:
        make_win(one, gift)
    answers = run_together(*[lambda one=one: use_gift(one.pk, gift.pk, LINK) for one in customers])
    codes = [answer.code for answer in answers if not isinstance(answer, int)]
    assert codes == [OrderRefusal.LINK_TAKEN] * 7
    assert list(GiftGrant.objects.exclude(order=None).values_list("order_id", flat=True)) == list(
        Order.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_active": False}, OrderRefusal.CUSTOMER_LOCKED),
        ({"order_block": "abuse"}, OrderRefusal.CUSTOMER_BLOCKED),
    ],
)
def test_who_may_not_order_uses_nothing(fields, code):
    customer, gift = make_customer(**fields), make_gift()
    make_win(customer, gift)
    assert refusal(customer, gift.pk) is code
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_canceling_gives_neither_money_nor_another_gift():
    customer, gift = make_customer(), make_gift()
    win = make_win(customer, gift)
    order_id = use_gift(customer.pk, gift.pk, LINK)
    cancel_order(customer.pk, order_id)
    win.refresh_from_db()
    assert (win.order_id, read_balance(customer.pk), Transfer.objects.count()) == (order_id, 0, 0)
    assert refusal(customer, gift.pk) is Refusal.GIFT_ENDED
    call_command("audit_ledger")


def test_the_list_is_the_customer_s_own_newest_first(django_assert_num_queries):
    customer, gift = make_customer(), make_gift()
    old, new = make_win(customer, gift, age=timedelta(hours=3)), make_win(customer, gift)
    make_win(make_customer(), gift)
    with django_assert_num_queries(1):
        assert [(win.pk, win.gift.service.name) for win in list_gifts(customer.pk)] == [
            (new.pk, "Likes"),
            (old.pk, "Likes"),
        ]
