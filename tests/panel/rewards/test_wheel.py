"""The wheel: what can be won, how likely it is, and its limits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.refusals import OrderRefused
from panel.rewards import wheel
from panel.rewards.models import GiftGrant, RewardDay
from panel.rewards.periods import find_month_start
from panel.rewards.refusals import Refusal, RewardRefused
from panel.rewards.wheel import describe_odds, draw_gift, list_drawable, spin_wheel
from tests.factories import make_customer, make_service
from tests.panel.rewards.conftest import change
from tests.panel.rewards.prizes import make_gift, make_win
from tests.together import run_together


def refusal(customer):
    with pytest.raises(RewardRefused) as refused:
        spin_wheel(customer.pk)
    return refused.value


def test_a_spin_is_a_grant_that_expires(rules):
    change(rules, gift_hours=5)
    customer, gift = make_customer(), make_gift(min=30, max=32)
    grants = [spin_wheel(customer.pk) for _ in range(60)]
    assert {grant.quantity for grant in grants} == {30, 31, 32}
    assert {grant.expires_at - grant.created for grant in grants} == {timedelta(hours=5)}
    assert {(g.customer_id, g.gift_id, g.used_at, g.order_id, g.link) for g in GiftGrant.objects.all()} == {
        (customer.pk, gift.pk, None, None, None)
    }
    assert RewardDay.objects.get().given == sum(2 * grant.quantity for grant in grants)


def test_each_gift_is_as_likely_as_its_weight_says(rules, monkeypatch):
    gifts = [make_gift(weight=weight) for weight in (1, 3, 2)]
    drawn = []
    for number in range(6):
        monkeypatch.setattr(wheel.secrets, "randbelow", lambda total, number=number: (total == 6) and number)
        drawn.append(draw_gift(gifts).pk)
    first, second, third = (gift.pk for gift in gifts)
    assert drawn == [first, second, second, second, third, third]


def test_the_published_odds_are_those_weights(rules):
    gifts = [make_gift(weight=weight) for weight in (1, 5)]
    assert [(odds.gift.pk, odds.weight, odds.total, odds.percent) for odds in describe_odds()] == [
        (gifts[0].pk, 1, 6, Decimal("16.67")),
        (gifts[1].pk, 5, 6, Decimal("83.33")),
    ]


def test_what_is_not_on_sale_can_t_be_won(rules):
    make_gift(weight=0)
    make_gift(active=False)
    make_gift(make_service(active=False))
    make_gift(make_service(dripfeed=True))
    make_gift(make_service(type="custom_comments"))
    closed = make_service()
    closed.category.active = False
    closed.category.save()
    make_gift(closed)
    assert (list_drawable(), describe_odds(), refusal(make_customer()).code) == ([], [], Refusal.OFF)
    package = make_gift(make_service(type="package", pack_size=500), min=500, max=500)
    assert spin_wheel(make_customer().pk).gift_id == package.pk


@pytest.mark.parametrize("off", [{"wheel_monthly": 0}, {"daily_cap": 0}, {"gift_hours": 0}])
def test_a_limit_of_nothing_switches_it_off(rules, off):
    make_gift()
    change(rules, **off)
    assert (refusal(make_customer()).code, GiftGrant.objects.count()) == (Refusal.OFF, 0)


@pytest.mark.django_db(transaction=True)
def test_twenty_spins_at_once_are_one_gift(rules):
    change(rules, wheel_wait_hours=24)
    customer = make_customer()
    make_gift()
    answers = run_together(*[lambda: spin_wheel(customer.pk)] * 20)
    refused = [answer for answer in answers if isinstance(answer, RewardRefused)]
    assert ({(one.code, one.hours) for one in refused}, len(refused)) == ({(Refusal.SOON, 24)}, 19)
    assert (GiftGrant.objects.count(), RewardDay.objects.get().given) == (1, 60)


def test_the_wait_and_the_month(rules):
    change(rules, wheel_wait_hours=24, wheel_monthly=3)
    customer, gift = make_customer(), make_gift()
    make_win(customer, gift, age=timedelta(hours=23))
    assert refusal(customer).seconds in (3599, 3600)
    GiftGrant.objects.update(created=timezone.now() - timedelta(hours=24))
    assert spin_wheel(customer.pk).gift_id == gift.pk
    start = find_month_start(timezone.now())
    GiftGrant.objects.update(created=start - timedelta(seconds=1))
    change(rules, wheel_wait_hours=0)
    assert [spin_wheel(customer.pk).quantity for _ in range(3)] == [30] * 3
    assert refusal(customer).code is Refusal.MONTHLY
    assert GiftGrant.objects.filter(created__gte=start).count() == 3


@pytest.mark.django_db(transaction=True)
def test_what_does_not_fit_the_house_s_cap_is_not_given(rules):
    change(rules, daily_cap=130)
    make_gift()
    customers = [make_customer() for _ in range(8)]
    answers = run_together(*[lambda one=one: spin_wheel(one.pk) for one in customers])
    codes = [answer.code for answer in answers if isinstance(answer, RewardRefused)]
    assert codes == [Refusal.CAP] * 6
    assert (GiftGrant.objects.count(), RewardDay.objects.get().given) == (2, 120)


def test_a_package_counts_by_its_piece(rules):
    make_gift(make_service(type="package", price=700, pack_size=500), min=500, max=500)
    spin_wheel(make_customer().pk)
    assert RewardDay.objects.get().given == 700


def test_who_may_not_order_wins_nothing(rules):
    make_gift()
    with pytest.raises(OrderRefused):
        spin_wheel(make_customer(order_block="abuse").pk)
    assert (GiftGrant.objects.count(), RewardDay.objects.count()) == (0, 0)
