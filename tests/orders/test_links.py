"""Comparing links, and whose turn it is on each."""

import pytest

from orders.callers import Bearer
from orders.links import make_link_key, normalize_link
from orders.models import LinkHold, Order
from orders.refusals import OrderRefused
from orders.services import OrderRequest, cancel_order, place_order, place_orders_by_token
from panel.lib.secrets import digest_token
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.together import run_together

LINK = "https://instagram.com/p/AbC"


@pytest.mark.parametrize(
    "link",
    [
        "http://instagram.com/p/AbC",
        "https://www.instagram.com/p/AbC/",
        "https://INSTAGRAM.com/p/AbC?igsh=xyz&utm_source=a",
        "https://m.instagram.com:443/p/AbC#comments",
    ],
)
def test_spellings_of_one_link_are_one(link):
    assert normalize_link(link) == normalize_link(LINK) == "instagram.com/p/AbC"


@pytest.mark.parametrize(
    "link", ["https://instagram.com/p/abc", "https://instagram.com/p/AbC/x", "https://instagram.com:8/p/AbC"]
)
def test_other_links_stay_apart(link):
    assert normalize_link(link) != normalize_link(LINK)


def test_a_query_that_names_the_content_counts_in_any_order():
    assert normalize_link("https://a.example/w?v=1&list=2") == normalize_link("http://a.example/w?list=2&v=1")
    assert normalize_link("https://a.example/w?v=1") != normalize_link("https://a.example/w?v=2")


def test_usernames_are_compared_without_at_and_case():
    assert normalize_link("@Some.User") == normalize_link("some.user")


def test_kinds_and_services_without_a_kind_have_keys_of_their_own():
    keys = {make_link_key(LINK, *what) for what in [("like", 1), ("view", 1), ("", 1), ("", 2)]}
    assert len(keys) == 4
    assert make_link_key(LINK, "like", 1) == make_link_key(LINK, "like", 2)


def ask(customer, service, link=LINK, key=""):
    return place_order(customer.pk, "dashboard", service.pk, {"link": link, "quantity": 100}, key)


def refuse(*args, **kwargs):
    with pytest.raises(OrderRefused) as caught:
        ask(*args, **kwargs)
    return caught.value.code.value


@pytest.fixture
def picky(db):
    return make_service(same_link="refuse", kind="like")


def test_a_second_order_on_a_link_is_refused_until_the_first_ends(picky):
    first, second = make_customer(toman=1000), make_customer(toman=1000)
    order_id = ask(first, picky).order_id
    assert refuse(second, picky, "http://www.instagram.com/p/AbC/?utm_source=x") == "link_taken"
    assert (read_balance(second.pk), Order.objects.count()) == (1000, 1)
    cancel_order(first.pk, order_id)
    assert not LinkHold.objects.exists()
    assert ask(second, picky).order_id != order_id


def test_another_kind_on_the_link_is_taken(picky):
    buyer = make_customer(toman=1000)
    ask(buyer, picky)
    ask(buyer, make_service(same_link="refuse", kind="view"))
    assert LinkHold.objects.count() == 2


def test_the_same_idempotency_key_is_no_second_order(picky):
    buyer = make_customer(toman=1000)
    first = ask(buyer, picky, key="once")
    assert ask(buyer, picky, key="once").order_id == first.order_id
    assert read_balance(buyer.pk) == 800


def test_an_order_without_funds_holds_nothing(picky):
    assert refuse(make_customer(toman=1), picky) == "funds"
    assert not LinkHold.objects.exists()


def test_a_bulk_of_one_link_places_one(picky):
    buyer = make_customer(toman=1000)
    other = make_service()
    bearer = Bearer(digest_token(make_key(buyer)), "standard")
    values = {"link": LINK, "quantity": 100}
    requests = [OrderRequest(pk, values) for pk in (picky.pk, other.pk, picky.pk)]
    answers = place_orders_by_token(bearer, "standard", requests)
    assert [getattr(answer, "code", None) and answer.code.value for answer in answers] == [
        None,
        None,
        "link_taken",
    ]
    assert read_balance(buyer.pk) == 600


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_link():
    picky = make_service(same_link="refuse", kind="like")
    buyers = [make_customer(toman=1000) for _ in range(8)]
    results = run_together(*[lambda buyer=buyer: ask(buyer, picky) for buyer in buyers])
    refused = [r.code.value for r in results if isinstance(r, OrderRefused)]
    assert refused == ["link_taken"] * 7
    assert sorted(read_balance(buyer.pk) for buyer in buyers) == [800] + [1000] * 7
    assert LinkHold.objects.get().order_id == Order.objects.get().pk


def test_a_service_that_begins_to_refuse_does_so_with_the_next_order(db):
    buyer, service = make_customer(toman=1000), make_service(kind="like")
    ask(buyer, service)
    ask(buyer, service)
    service.same_link = "refuse"
    service.save()
    ask(buyer, service)
    assert refuse(buyer, service) == "link_taken"


def test_a_bulk_after_a_service_began_to_refuse_places_one_of_a_link(db):
    buyer, service = make_customer(toman=1000), make_service(kind="like")
    ask(buyer, service, "https://instagram.com/p/other")  # from here on this process knows the service
    service.same_link = "refuse"
    service.save()
    bearer = Bearer(digest_token(make_key(buyer)), "standard")
    requests = [OrderRequest(service.pk, {"link": LINK, "quantity": 100})] * 2
    answers = place_orders_by_token(bearer, "standard", requests)
    assert [getattr(answer, "code", None) and answer.code.value for answer in answers] == [None, "link_taken"]
    assert LinkHold.objects.get().order_id == answers[0].order_id
    assert read_balance(buyer.pk) == 600
