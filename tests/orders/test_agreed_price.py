"""Nobody pays more than the price that was shown: the engine compares within the transaction that charges."""

import pytest

from orders.mass import place_mass_order
from orders.models import IdempotencyKey, LinkHold, Order, OrderEvent, Service
from orders.refusals import PriceRose
from orders.services import PlacedOrder, place_order
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db
LINK = "https://instagram.com/p/abc"


@pytest.fixture
def customer():
    return make_customer(toman=10_000)


def place(customer, service, at_most, key="", **values):
    asked = {"link": LINK, "quantity": "1000"} | values
    return place_order(customer.pk, "dashboard", service.pk, asked, key, at_most)


def holdings(customer):
    """Everything that an order changes."""
    tables = (Order, OrderEvent, IdempotencyKey, LinkHold)
    charges = Transfer.objects.filter(kind="charge").count()
    return [model.objects.count() for model in tables], charges, read_balance(customer.pk)


NOTHING = ([0, 0, 0, 0], 0, 10_000)


def charge_in_error(work):
    with pytest.raises(PriceRose) as rose:
        work()
    return rose.value.charge


@pytest.mark.parametrize("at_most", [2000, 2001, None])
def test_the_price_agreed_to_or_a_lower_one_is_charged(customer, at_most):
    assert place(customer, make_service(), at_most).charge == 2000
    assert read_balance(customer.pk) == 8000


@pytest.mark.parametrize("same_link", ["allow", "refuse"])
def test_a_dearer_order_is_neither_charged_nor_stored(customer, same_link):
    service = make_service(same_link=same_link)
    assert charge_in_error(lambda: place(customer, service, 1999, "key")) == 2000
    assert holdings(customer) == NOTHING
    assert place(customer, service, 2000, "key").charge == 2000


def test_a_price_that_rose_after_the_service_was_read_is_found_out(customer):
    service = make_service()
    place(customer, service, 2000)
    Service.objects.filter(pk=service.pk).update(price=2001)
    assert charge_in_error(lambda: place(customer, service, 2000)) == 2001
    assert (Order.objects.count(), read_balance(customer.pk)) == (1, 8000)


def test_all_runs_of_a_drip_feed_are_one_price(customer):
    service = make_service(dripfeed=True)
    runs = {"runs": "3", "interval": "5"}
    assert charge_in_error(lambda: place(customer, service, 5999, **runs)) == 6000
    assert (holdings(customer), place(customer, service, 6000, **runs).charge) == (NOTHING, 6000)


def test_a_repeat_is_answered_whatever_it_would_cost_now(customer):
    service = make_service()
    first = place(customer, service, 2000, "key")
    Service.objects.filter(pk=service.pk).update(price=3000)
    assert place(customer, service, 2000, "key") == PlacedOrder(first.order_id, None)
    assert read_balance(customer.pk) == 8000


def test_a_mass_order_has_one_price_for_all_lines(customer):
    service = make_service()
    text = f"{service.pk}|{LINK}|1000\n{service.pk}|{LINK}|500"

    def send(at_most):
        return place_mass_order(customer.pk, "dashboard", text, "form", at_most=at_most)

    assert charge_in_error(lambda: send(2999)) == 3000
    assert holdings(customer) == NOTHING
    assert [answer.charge for answer in send(3000)] == [2000, 1000]
    assert [answer.charge for answer in send(0)] == [None, None]
    assert read_balance(customer.pk) == 7000


def test_a_check_tells_what_each_line_would_cost_and_places_none(customer):
    service = make_service()
    text = f"{service.pk}|{LINK}|1000\n{service.pk}|{LINK}|5\n{service.pk}|{LINK}|5000\nx"
    answers = place_mass_order(customer.pk, "dashboard", text, "form", only_check=True)
    assert [(answer.placed, answer.charge) for answer in answers] == [
        (None, 2000),
        (None, None),
        (None, 10_000),
        (None, None),
    ]
    assert holdings(customer) == NOTHING


@pytest.mark.django_db(transaction=True)
def test_of_one_form_sent_many_times_while_the_price_rises_at_most_one_order_is_placed():
    customer, service = make_customer(toman=100_000), make_service()

    def raise_price():
        Service.objects.filter(pk=service.pk).update(price=2500)

    tries = run_together(*[lambda: place(customer, service, 2000, "key")] * 8, raise_price)[:-1]
    placed = {one.order_id for one in tries if isinstance(one, PlacedOrder)}
    rose = [one for one in tries if isinstance(one, PriceRose)]
    assert (len(placed) or len(rose) == 8) and len(placed) <= 1
    assert sorted({one.charge for one in rose}) in ([], [2500])
    assert (Order.objects.count(), read_balance(customer.pk)) == (len(placed), 100_000 - 2000 * len(placed))
