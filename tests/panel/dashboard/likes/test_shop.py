"""The shop: buying, a code that is shown in its answer and once more, and in no other place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.liking import read_credit
from campaigns.models import Product, ProductCode
from campaigns.shop import buy_product
from campaigns.stock import import_codes
from panel.accounts.browser_sessions import SessionStore
from panel.accounts.models import BrowserSession
from tests.factories import give, make_customer
from tests.panel.dashboard.likes.steps import count_queries, read_balances, read_told
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

SHOP = "/shop/"


def make_product(codes=("SECRET-1",), **fields):
    product = Product.objects.create(**{"title": "Top-up", "price": 100, "low_stock": 0} | fields)
    if codes:
        import_codes(product, "\n".join(codes).encode())
    return product


def buy(browser, product, form_key="f1", **more):
    return browser.post(f"/shop/{product.pk}/buy/", {"form_key": form_key}, **more)


@pytest.fixture
def product(db):
    return make_product([f"SECRET-{n}" for n in range(1, 4)], description="For your phone")


def test_products_are_there_with_their_price_and_buying_asks_first(browser, persian, rich, product):
    make_product((), title="Sold out")
    make_product(("X",), title="Off", active=False)
    page = browser.get(SHOP)
    (card,) = find_all(page, "li", class_="card")
    assert read_text(card) == "Top-up 100 coins For your phone Buy"
    form = read_attributes(find_one(page, "form", id=f"buy-{product.pk}"))
    assert (form["data-confirm"], "data-once" in form) == ("Buy “Top-up” for 100 coins?", True)
    assert read_balances(page) == ["Balance in likes 1,000", "Balance in coins 500"]
    (card,) = find_all(persian.get(SHOP), "li", class_="card")
    assert "۱۰۰" in read_text(card)


def test_an_empty_shop_says_so(browser):
    assert read_texts(browser.get(SHOP), "div", class_="empty") == ["There is nothing to buy at the moment."]


def test_a_bought_code_is_in_that_answer_alone(browser, rich, product):
    page = buy(browser, product)
    assert read_text(find_one(page, "bdi", id="code")) == "SECRET-1"
    assert read_attributes(find_one(page, "button", data_copy="SECRET-1"))["aria-label"] == "Copy the code"
    assert (page.status_code, "no-store" in page.headers["Cache-Control"]) == (200, True)
    assert read_credit(rich.pk).coin == 400
    pages = [browser.get(path) for path in (SHOP, "/wallet/?currency=coin", "/notifications/", "/")]
    assert ["SECRET" in one.content.decode() for one in pages] == [False] * 4
    assert all("no-store" in one.headers["Cache-Control"] for one in pages)
    kept = [SessionStore().decode(row.data) for row in BrowserSession.objects.all()]
    assert ("SECRET" in str(kept), "SECRET" in str(browser.cookies)) == (False, False)
    assert browser.get(f"/shop/{product.pk}/buy/").headers["Location"] == SHOP


def test_loading_that_answer_again_buys_nothing_more(browser, rich, product):
    buy(browser, product)
    again = buy(browser, product, follow=True)
    assert read_told(again) == ["This was bought before. You can see its code once more below."]
    assert ("SECRET" in again.content.decode(), read_credit(rich.pk).coin) == (False, 400)
    assert read_text(find_one(buy(browser, product, "f2"), "bdi", id="code")) == "SECRET-2"


def test_a_code_is_shown_once_more_and_then_no_more(browser, rich, product):
    buy(browser, product)
    code = ProductCode.objects.get(buyer=rich)
    form = read_attributes(find_one(browser.get(SHOP), "form", id=f"show-{code.pk}"))
    assert form["data-confirm"] == "Show this code once more? After that it is not shown again."
    page = browser.post(form["action"])
    assert read_text(find_one(page, "bdi", id="code")) == "SECRET-1"
    assert "no-store" in page.headers["Cache-Control"]
    again = browser.post(form["action"], follow=True)
    assert read_told(again) == ["This code was shown before. Write to support if you need it again."]
    assert ("SECRET" in again.content.decode(), find_all(again, "form", id=f"show-{code.pk}")) == (False, [])
    assert "was shown again" in read_rows(again)[0][3]
    assert browser.get(form["action"]).headers["Location"] == SHOP


def test_another_s_purchase_and_one_that_is_none_are_no_pages(browser, stranger, rich, product):
    buy(browser, product)
    bought = ProductCode.objects.get(buyer=rich)
    unsold = ProductCode.objects.filter(buyer=None).first()
    tries = [(stranger, bought.pk), (browser, unsold.pk), (browser, 10**17), (browser, 10**30)]
    assert [one.post(f"/shop/codes/{pk}/show/").status_code for one, pk in tries] == [404] * 4
    assert ProductCode.objects.exclude(shown_again_at=None).count() == 0
    assert read_rows(stranger.get(SHOP)) == []


def test_each_refusal_has_its_words_and_takes_no_coins(browser, stranger, rich, product):
    poor = buy(stranger, product)
    assert (poor.status_code, read_told(poor)) == (
        422,
        ["You don't have enough credit for this. Earn · Buy coins"],
    )
    empty, off = make_product(()), make_product(("X",), active=False)
    sold_out = buy(browser, empty)
    assert (sold_out.status_code, read_told(sold_out)) == (422, ["This product is out of stock."])
    assert [buy(browser, off).status_code, browser.post("/shop/99999999/buy/").status_code] == [404] * 2
    assert (read_credit(rich.pk).coin, ProductCode.objects.exclude(buyer=None).count()) == (500, 0)


def test_a_refused_form_can_be_sent_again(browser, customer, product):
    assert buy(browser, product).status_code == 422
    give(customer, 100, "coin")
    assert buy(browser, product).status_code == 200


def test_no_other_site_buys_or_shows(rich, product):
    code = buy_product(rich.pk, product.pk)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rich)
    paths = (f"/shop/{product.pk}/buy/", f"/shop/codes/{code.pk}/show/")
    assert [strict.post(path).status_code for path in paths] == [403] * 2
    assert read_credit(rich.pk).coin == 400


def test_purchases_have_pages_and_take_as_many_statements(browser, customer):
    product = make_product([f"S-{n}" for n in range(30)], price=1)
    give(customer, 30, "coin")
    buy_product(customer.pk, product.pk)
    few = count_queries(browser, SHOP)
    for _ in range(26):
        buy_product(customer.pk, product.pk)
    assert count_queries(browser, SHOP) == few
    oldest = ProductCode.objects.exclude(buyer=None).order_by("pk").last()  # sold first, imported last
    ProductCode.objects.filter(pk=oldest.pk).update(sold_at=timezone.now() - timedelta(days=1))
    first = browser.get(SHOP)
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = browser.get(SHOP + older)
    assert (len(read_rows(first)), len(read_rows(second))) == (25, 2)
    assert find_one(second, "form", id=f"show-{oldest.pk}")
    assert [browser.get(f"{SHOP}?before={x}").status_code for x in ("9" * 18, "x", "0")] == [200] * 3


def test_titles_are_shown_as_text(browser, rich):
    product = make_product(("A", "B"), title="<b>x</b>", description="<i>y</i>")
    buy_product(rich.pk, product.pk)
    page = browser.get(SHOP).content.decode() + buy(browser, product).content.decode()
    assert ("<b>x</b>" in page, "<i>y</i>" in page) == (False, False)


def test_the_shop_is_for_customers(visitor, product):
    assert visitor.get(SHOP).headers["Location"] == f"/login/?next={SHOP}"
    assert buy(visitor, product).headers["Location"].startswith("/login/")
    assert make_customer().product_codes.count() == 0
