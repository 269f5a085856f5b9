"""Price levels by what customers have spent."""

import pytest
from django.db import connection, transaction

from orders.models.stats import CustomerTotal
from orders.services import place_order
from panel.accounts.models import Customer
from panel.rewards.levels import apply_levels
from panel.rewards.models import PriceLevel
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db


def make_levels():
    for spent, discount in ((1_000, 5), (10_000, 12), (100_000, 10)):
        PriceLevel.objects.create(name=f"from {spent}", spent_from=spent, discount=discount)


def spend(customer, amount):
    CustomerTotal.objects.update_or_create(customer=customer, defaults={"orders": 1, "amount": amount})


def discounts():
    return list(Customer.objects.order_by("pk").values_list("level_discount", flat=True))


def test_each_has_the_discount_of_the_highest_level_reached():
    make_levels()
    for amount in (999, 1_000, 9_999, 10_000, 100_000, -5):
        spend(make_customer(), amount)
    make_customer()
    assert apply_levels() == 4
    assert discounts() == [0, 5, 5, 12, 10, 0, 0]
    assert apply_levels() == 0


def test_a_level_is_lost_with_the_money_or_the_level():
    make_levels()
    customer = make_customer()
    spend(customer, 10_000)
    apply_levels()
    spend(customer, 5_000)
    assert (apply_levels(), discounts()) == (1, [5])
    PriceLevel.objects.all().delete()
    assert (apply_levels(), discounts()) == (1, [0])


def test_a_level_from_nothing_is_everybody_s():
    PriceLevel.objects.create(name="all", spent_from=0, discount=3)
    make_customer()
    assert (apply_levels(), discounts()) == (1, [3])


def test_orders_cost_what_the_larger_discount_leaves():
    make_levels()
    customer = make_customer(toman=10_000, discount=7)
    spend(customer, 10_000)
    apply_levels()
    values = {"link": "https://instagram.com/p/abc", "quantity": "1000"}
    assert place_order(customer.pk, "dashboard", make_service().pk, values).charge == 1_760


@pytest.mark.django_db(transaction=True)
def test_a_second_run_at_the_same_moment_does_nothing():
    make_levels()
    spend(make_customer(), 1_000)
    with transaction.atomic():
        assert apply_levels() == 1
        assert run_together(apply_levels) == [0]
    assert connection.in_atomic_block is False
    assert discounts() == [5]
