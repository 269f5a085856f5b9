"""What is said of a link before ordering for it is what then happens."""

import pytest

from orders.link_use import LOOKED_AT, LinkUse, Outcome, find_link_use
from orders.links import hold_link, make_link_key
from orders.models import Order
from orders.refusals import OrderRefused, Refusal
from orders.services import place_order
from tests.factories import make_customer, make_service

pytestmark = pytest.mark.django_db
LINK = "https://instagram.com/p/abc"
SAME = "http://www.instagram.com/p/abc/?igsh=1"


@pytest.fixture
def customer():
    return make_customer(toman=100_000)


def place(customer, service, link=LINK, **values):
    return place_order(customer.pk, "dashboard", service.pk, {"link": link, "quantity": 10} | values).order_id


def hold(order_id):
    """What forwarding does when it claims the order."""
    order = Order.objects.select_related("service").get(pk=order_id)
    assert hold_link(make_link_key(order.link, order.service.kind, order.service_id), order_id)


def test_a_free_link_says_nothing(customer):
    service = make_service(same_link="queue")
    place(customer, service, "https://instagram.com/p/other")
    assert [
        find_link_use(customer.pk, service, link) for link in (LINK, "", " ", "https://[x", "a\x00b")
    ] == [None] * 5


@pytest.mark.parametrize(
    ("same_link", "outcome"),
    [("queue", Outcome.WAITS), ("refuse", Outcome.REFUSED), ("allow", Outcome.BESIDE)],
)
def test_one_s_own_order_that_has_the_link_is_named(customer, same_link, outcome):
    first, service = (
        make_service(kind="like", same_link="queue"),
        make_service(kind="like", same_link=same_link),
    )
    order_id = place(customer, first)
    hold(order_id)
    assert find_link_use(customer.pk, service, SAME) == LinkUse(outcome, order_id)
    if outcome is Outcome.REFUSED:
        with pytest.raises(OrderRefused) as refused:
            place(customer, service, SAME)
        assert refused.value.code is Refusal.LINK_TAKEN


@pytest.mark.parametrize(
    ("same_link", "outcome"), [("queue", Outcome.WAITS), ("refuse", Outcome.WAITS), ("allow", Outcome.BESIDE)]
)
def test_one_s_own_order_that_waits_to_be_sent_is_named(customer, same_link, outcome):
    first, service = make_service(kind="like"), make_service(kind="like", same_link=same_link)
    order_id = place(customer, first)
    assert find_link_use(customer.pk, service, SAME) == LinkUse(outcome, order_id)


@pytest.mark.parametrize(
    ("same_link", "use"),
    [
        ("queue", LinkUse(Outcome.WAITS, None)),
        ("refuse", LinkUse(Outcome.REFUSED, None)),
        ("allow", None),
    ],
)
def test_another_s_order_is_told_of_only_where_it_decides_and_never_named(customer, same_link, use):
    service = make_service(same_link="queue", kind="like")
    hold(place(make_customer(toman=1000), service))
    assert find_link_use(customer.pk, make_service(same_link=same_link, kind="like"), LINK) == use


def test_an_order_that_ended_and_one_of_another_kind_are_no_matter(customer):
    service = make_service(kind="like", same_link="queue")
    Order.objects.filter(pk=place(customer, service)).update(status="completed")
    place(customer, make_service(kind="view"))
    assert find_link_use(customer.pk, service, LINK) is None


def test_a_run_is_told_of_as_its_drip_feed(customer):
    service = make_service(kind="like", same_link="queue", dripfeed=True)
    parent = place(customer, service, runs=2, interval=5)
    part = Order.objects.create(
        customer=customer,
        service=service,
        parent_id=parent,
        link=LINK,
        quantity=10,
        charge=0,
        channel="dashboard",
    )
    hold(part.pk)
    assert find_link_use(customer.pk, service, LINK) == LinkUse(Outcome.WAITS, parent)


def test_however_many_orders_there_are_the_look_is_bounded(customer, django_assert_num_queries):
    service = make_service(same_link="queue")
    place(customer, service)
    newer = {"customer": customer, "service": service, "quantity": 10, "charge": 20, "channel": "dashboard"}
    Order.objects.bulk_create(Order(link=f"{LINK}{n}", **newer) for n in range(LOOKED_AT))
    with django_assert_num_queries(2) as queries:
        assert find_link_use(customer.pk, service, LINK) is None
    assert f"LIMIT {LOOKED_AT}" in queries[-1]["sql"]
