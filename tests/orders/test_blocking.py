"""Blocked links and words, link rules, and customers who may not order."""

import pytest

from orders.blocking import forget_blocked
from orders.models import BlockedTerm
from orders.refusals import OrderRefused, describe
from orders.services import place_order
from tests.factories import make_customer, make_service

LINK = "https://instagram.com/p/abc"


@pytest.fixture(autouse=True)
def _fresh_list(db):
    forget_blocked()
    yield
    forget_blocked()


@pytest.fixture
def buyer(db):
    return make_customer(toman=100_000)


def block(kind, text):
    BlockedTerm.objects.create(kind=kind, text=text)
    forget_blocked()


def ask(buyer, service, link=LINK, **values):
    try:
        place_order(buyer.pk, "dashboard", service.pk, {"link": link, "quantity": 100} | values)
    except OrderRefused as refused:
        return refused.code.value, refused.field
    return None


@pytest.mark.parametrize("blocked", ["bad.example", "https://bad.example", "www.bad.example/"])
def test_a_blocked_host_is_blocked_below_too(buyer, blocked):
    block("link", blocked)
    service = make_service()
    links = [
        "https://bad.example/x",
        "http://WWW.bad.example",
        "https://a.bad.example/x",
        "https://notbad.example/x",
    ]
    assert [ask(buyer, service, link) for link in links] == [("link_blocked", "link")] * 3 + [None]


def test_a_blocked_path_blocks_what_lies_below(buyer):
    block("link", "instagram.com/someone")
    service = make_service()
    links = [
        "https://www.instagram.com/someone/",
        "https://instagram.com/someone/reels",
        "https://instagram.com/someone2",
    ]
    assert [ask(buyer, service, link) for link in links] == [("link_blocked", "link")] * 2 + [None]


def test_a_blocked_word_is_found_whole_in_links_and_fields(buyer):
    block("word", "قمار")
    block("word", "casino")
    comments = make_service(type="custom_comments", min=1)
    assert ask(buyer, comments, comments="good\nسایت قمار") == ("word_blocked", "comments")
    assert ask(buyer, comments, comments="CASINO!") == ("word_blocked", "comments")
    assert ask(buyer, comments, comments="casinos") is None
    assert ask(buyer, make_service(), "https://x.example/casino/1") == ("word_blocked", "link")


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("https://www.instagram.com/p/abc/", None),
        ("https://instagram.com/reel/abc", None),
        ("https://instagram.com/someone", ("link_rule", "link")),
        ("https://notinstagram.com/p/abc", ("link_rule", "link")),
    ],
)
def test_a_services_own_rule_for_links(buyer, link, answer):
    service = make_service(
        link_hosts=["instagram.com"],
        link_pattern="/(p|reel)/[^/]+",
        link_example="https://www.instagram.com/p/CxYz",
    )
    assert ask(buyer, service, link) == answer


def test_the_refusal_shows_the_example(buyer):
    service = make_service(link_hosts=["t.me"], link_example="https://t.me/channel")
    with pytest.raises(OrderRefused) as caught:
        place_order(buyer.pk, "dashboard", service.pk, {"link": LINK, "quantity": 100})
    assert "https://t.me/channel" in describe(caught.value)


def test_a_username_fits_every_rule_of_its_service(buyer):
    service = make_service(link_format="url_or_username", link_hosts=["instagram.com"], link_pattern="/p/.+")
    assert ask(buyer, service, "someone") is None


def test_a_blocked_customer_orders_nothing(buyer):
    buyer.order_block = "chargebacks"
    buyer.save()
    assert ask(buyer, make_service()) == ("customer_blocked", "")
