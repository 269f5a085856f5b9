"""Coins: bundles, a purchase token typed in by hand, and purchases that wait for the store."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.bundles import sweep_purchases
from campaigns.liking import read_credit
from campaigns.models import Bundle, BundlePurchase
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.likes.steps import count_queries, read_balances, read_errors, read_told
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

COINS = "/coins/"
GOOD = "good-1"  # what the sandbox says was paid


def send(browser, token=GOOD, sku="coins-100", **more):
    return browser.post(COINS, {"sku": sku, "token": token}, **more)


def list_purchases(browser):
    """Coins, free coins and state of each."""
    return [row[1:4] for row in read_rows(browser.get(COINS))]


def test_bundles_are_there_with_price_and_free_coins(browser, persian, store):
    Bundle.objects.create(bazaar_sku="coins-10", price=3_000, coins=10)
    Bundle.objects.create(bazaar_sku="old", price=1, coins=1, active=False)
    page = browser.get(COINS)
    assert read_texts(page, "li", class_="card") == [
        "100 coins 10 coins free on top 20,000 toman",
        "10 coins 3,000 toman",
    ]
    assert [read_attributes(one)["value"] for one in find_all(page, "option")] == ["coins-100", "coins-10"]
    assert "۲۰٬۰۰۰" in read_texts(persian.get(COINS), "li", class_="card")[0]


def test_where_no_store_is_set_up_nothing_is_sold(browser, store, settings):
    settings.BAZAAR_URL = ""
    page = browser.get(COINS)
    assert read_texts(page, "div", class_="empty") == ["Coins can't be bought here at the moment."]
    assert find_all(page, "input", name="token") == []
    refused = send(browser)
    assert (refused.status_code, read_told(refused)) == (422, ["Coins can't be bought here at the moment."])


def test_a_store_without_bundles_says_so(browser, store):
    Bundle.objects.update(active=False)
    assert read_texts(browser.get(COINS), "div", class_="empty") == [
        "There are no coins on sale at the moment."
    ]


def test_a_token_is_credited_once(browser, customer, store):
    answer = send(browser, follow=True)
    assert (answer.redirect_chain, read_told(answer)) == ([(COINS, 302)], ["110 coins are in your wallet."])
    assert read_balances(answer)[1] == "Balance in coins 110"
    send(browser)
    assert (read_credit(customer.pk).coin, list_purchases(browser)) == (110, [["100", "10", "Credited"]])


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"token": "bad-token"}, {"token": "The store knows no such payment."}),
        ({"token": "refunded-1"}, {"token": "The store knows no such payment."}),
        ({"token": ""}, {"token": "This is not a purchase token."}),
        ({"token": "good 1"}, {"token": "This is not a purchase token."}),
        ({"token": "x" * 257}, {"token": "This is not a purchase token."}),
        ({"token": "good-\x00"}, {"token": "This is not a purchase token."}),
        ({"sku": "none"}, {"sku": "There is no such thing here any more."}),
        ({"sku": "\x00"}, {"sku": "There is no such thing here any more."}),
    ],
)
def test_each_refusal_stands_beneath_its_field(browser, customer, store, fields, errors):
    page = send(browser, **fields)
    assert (page.status_code, read_errors(page)) == (422, errors)
    assert read_credit(customer.pk).coin == 0
    assert "no-store" in page.headers["Cache-Control"]


def test_another_s_token_gives_nothing_and_tells_nothing(browser, stranger, customer, store):
    send(browser)
    page = send(stranger)
    assert read_errors(page) == {"token": "The store knows no such payment."}
    assert (list_purchases(stranger), BundlePurchase.objects.count()) == ([], 1)


def test_what_the_store_does_not_confirm_is_pending_explained_and_credited_later(browser, customer, store):
    answer = send(browser, "late-1", follow=True)
    told = "The store gave no clear answer yet. We keep asking; the coins come by themselves."
    assert told in read_told(answer)
    assert list_purchases(browser) == [["100", "10", "Waiting for the store"]]
    page = browser.get(COINS)
    assert "asked about again and again" in read_text(find_one(page, "div", id="purchases"))
    assert read_attributes(find_one(page, "div", id="purchases"))["hx-get"] == COINS
    for _ in range(2):
        BundlePurchase.objects.update(next_ask_at=timezone.now() - timedelta(seconds=1))
        sweep_purchases()
    part = browser.get(COINS, headers={"HX-Request": "true"})
    assert (read_rows(part)[0][3], find_all(part, "h1")) == ("Credited", [])
    assert "hx-get" not in read_attributes(find_one(part, "div", id="purchases"))
    assert read_credit(customer.pk).coin == 110


def test_every_state_of_a_purchase_has_its_word(browser, customer, store):
    bundle = Bundle.objects.get()
    for n, state in enumerate(("pending", "credited", "refused", "expired")):
        BundlePurchase.objects.create(
            customer=customer, bundle=bundle, token=str(n), digest=bytes([n]) * 32, coins=1, state=state
        )
    assert [row[2] for row in list_purchases(browser)] == [
        "Never confirmed",
        "Refused by the store",
        "Credited",
        "Waiting for the store",
    ]


def test_no_token_is_on_any_page(browser, store):
    send(browser, "good-secret")
    assert "good-secret" not in browser.get(COINS).content.decode()


def test_purchases_have_pages_and_take_as_many_statements(browser, customer, store):
    bundle = Bundle.objects.get()

    def buy(n):
        BundlePurchase.objects.create(
            customer=customer, bundle=bundle, token=str(n), digest=bytes([n]) * 32, coins=1, state="credited"
        )

    buy(0)
    few = count_queries(browser, COINS)
    for n in range(1, 27):
        buy(n)
    assert count_queries(browser, COINS) == few
    first = browser.get(COINS)
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    assert [len(read_rows(page)) for page in (first, browser.get(COINS + older))] == [25, 2]


def test_no_other_site_sends_a_token(customer, store):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(customer)
    assert send(strict).status_code == 403
    assert BundlePurchase.objects.count() == 0


def test_the_page_is_for_customers(visitor, store):
    assert visitor.get(COINS).headers["Location"] == f"/login/?next={COINS}"
    assert list_purchases(open_browser(make_customer())) == []
