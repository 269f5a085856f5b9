"""The order form of what is done in parts: its fields, its price beforehand, and its refusals."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import strip_tags

from orders.models import DripFeed, Order, Subscription
from orders.services import place_order
from panel.dashboard.order_form import read_values
from panel.dashboard.order_prices import preview_charge
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_service
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

PAGE = "/orders/new/"
LINK = "https://instagram.com/p/abc"


@pytest.fixture
def dripped(db):
    return make_service(dripfeed=True)


@pytest.fixture
def followed(db):
    return make_service(type="subscriptions")


def send(browser, service, form_key="key-1", **fields):
    return browser.post(PAGE, {"service": service.pk, "form_key": form_key} | fields)


def drip(browser, service, **fields):
    return send(
        browser, service, **({"link": LINK, "quantity": "100", "runs": "10", "interval": "30"} | fields)
    )


def follow(browser, service, **fields):
    return send(browser, service, **({"username": "someone", "min": "50", "max": "100"} | fields))


def errors(response):
    """`{field name: sentence under it}`."""
    return {
        read_attributes(element)["id"].removeprefix("error-"): read_text(element)
        for element in find_all(response, "p", class_="field-error")
    }


def read_price(browser, service, **fields):
    answer = browser.post("/orders/new/price/", {"service": service.pk} | fields)
    return " ".join(strip_tags(answer.content.decode()).split())


def shown_fields(browser, service):
    response = browser.get("/orders/new/fields/", {"service": service.pk})
    attributes = [read_attributes(one) for one in find_all(response, "input")]
    return [(one["name"], "required" in one) for one in attributes if "id" in one]


def test_drip_feed_is_an_optional_group(browser, dripped):
    plain = [("link", True), ("quantity", True)]
    assert shown_fields(browser, dripped) == [*plain, ("runs", False), ("interval", False)]
    assert shown_fields(browser, make_service()) == plain
    assert shown_fields(browser, make_service(type="package", dripfeed=True)) == [("link", True)]
    page = browser.get(PAGE, {"service": dripped.pk})
    assert read_texts(page, "legend") == ["Drip-feed (optional)"]


def test_a_subscription_has_its_fields(browser, followed):
    assert shown_fields(browser, followed) == [
        ("username", True),
        ("min", True),
        ("max", True),
        ("posts", False),
        ("old_posts", False),
        ("delay", False),
        ("expiry", False),
    ]


def test_a_drip_feed_is_placed_and_charged_for_all_its_runs(browser, customer, dripped):
    drip(browser, dripped, runs="۱۰", interval="۳۰")
    order = Order.objects.get()
    plan = DripFeed.objects.get(pk=order.pk)
    assert (order.quantity, order.charge, read_balance(customer.pk)) == (1000, 2000, 98_000)
    assert (plan.runs, plan.quantity, plan.interval) == (10, 100, 30)


def test_an_empty_group_is_a_plain_order(browser, dripped):
    drip(browser, dripped, runs="", interval="")
    assert list(Order.objects.values_list("quantity", "forwarding")) == [(100, "queued")]
    assert DripFeed.objects.count() == 0


def test_a_double_click_makes_one_drip_feed(browser, dripped):
    first, again = drip(browser, dripped), drip(browser, dripped)
    assert first.headers["Location"] == again.headers["Location"]
    assert DripFeed.objects.count() == 1


def test_a_subscription_is_placed(browser, customer, followed, settings):
    settings.SUBSCRIPTION_POSTS = 7
    follow(browser, followed, username="@someone", delay="۵")
    order = Order.objects.get()
    plan = Subscription.objects.get(pk=order.pk)
    assert (order.charge, read_balance(customer.pk)) == (1400, 98_600)
    assert (plan.username, plan.min, plan.max, plan.posts, plan.delay) == ("someone", 50, 100, 7, 5)
    assert plan.expires_at is None


@pytest.mark.parametrize(
    ("language", "write"),
    [
        ("en", "{0.day}/{0.month}/{0.year}"),
        ("en", "{0.year}/{0.month:02}/{0.day:02}"),
        ("fa", "jalali"),
    ],
)
def test_the_last_day_is_read_as_people_write_it(customer, followed, language, write):
    browser = open_browser(customer, language)
    if write == "jalali":
        page = browser.get(PAGE, {"service": followed.pk})
        typed = read_texts(page, "p", id="hint-expiry")[0].split()[-1]  # the example, thirty days from now
    else:
        typed = write.format(timezone.localtime() + timedelta(days=30))
    follow(browser, followed, expiry=typed)
    expires_at = timezone.localtime(Subscription.objects.get().expires_at)
    assert expires_at.date() == (timezone.localtime() + timedelta(days=30)).date()
    assert (expires_at.hour, expires_at.minute) == (23, 59)


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"interval": ""}, {"interval": "The field “Minutes between runs” is missing. Fill it in."}),
        ({"runs": ""}, {"runs": "The field “Number of runs” is missing. Fill it in."}),
        ({"runs": "1001"}, {"runs": "“Number of runs” can be 1,000 at most."}),
        ({"runs": "ten"}, {"runs": "The field “Number of runs” can't be read. Correct it."}),
        ({"quantity": "9"}, {"quantity": "The quantity is too small. Order at least 10."}),
    ],
)
def test_a_refused_drip_feed_keeps_its_values(browser, customer, dripped, fields, sentences):
    response = drip(browser, dripped, **fields)
    assert (response.status_code, errors(response)) == (422, sentences)
    for name, value in ({"quantity": "100", "runs": "10", "interval": "30"} | fields).items():
        assert (read_attributes(find_one(response, "input", name=name))["value"] or "") == value
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"username": ""}, {"username": "The field “Username” is missing. Fill it in."}),
        ({"min": ""}, {"min": "The field “Least for a post” is missing. Fill it in."}),
        ({"min": "9"}, {"min": "The quantity is too small. Order at least 10."}),
        ({"max": "10001"}, {"max": "The quantity is too large. Order at most 10,000."}),
        ({"max": "49"}, {"max": "The field “Most for a post” can't be read. Correct it."}),
        (
            {"posts": "3", "old_posts": "4"},
            {"old_posts": "“Of these, already published” can be 3 at most."},
        ),
        ({"expiry": "31/2/2027"}, {"expiry": "The field “Last day” can't be read. Correct it."}),
        ({"expiry": "1/1/1400"}, {"expiry": "The field “Last day” can't be read. Correct it."}),
    ],
)
def test_a_refused_subscription_keeps_its_values(browser, customer, followed, fields, sentences):
    response = follow(browser, followed, **fields)
    assert (response.status_code, errors(response)) == (422, sentences)
    for name, value in fields.items():
        assert (read_attributes(find_one(response, "input", name=name))["value"] or "") == value
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"quantity": "100"}, "For 100: 200 toman"),
        ({"quantity": "100", "runs": "10"}, "For 1,000 in 10 runs: 2,000 toman"),
        ({"quantity": "100", "runs": "1", "interval": "5"}, "For 100: 200 toman"),
        ({"quantity": "100", "runs": "0"}, "For 100: 200 toman"),
        ({"quantity": "100", "interval": "5"}, "For 100: 200 toman"),
        ({"quantity": "100", "runs": "1001"}, "The price is shown here."),
        ({"quantity": "100", "runs": "x"}, "The price is shown here."),
        ({"quantity": "", "runs": "10"}, "The price is shown here."),
    ],
)
def test_the_price_of_all_runs_is_shown_while_typing(browser, dripped, fields, price):
    assert read_price(browser, dripped, **fields) == price


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"max": "100"}, "For 10 posts, 1,000 at most: 2,000 toman"),
        ({"max": "100", "posts": "1"}, "For 1 post, 100 at most: 200 toman"),
        ({"max": "۱۰۰", "posts": "۳", "min": "9999"}, "For 3 posts, 300 at most: 600 toman"),
        ({"min": "100"}, "The price is shown here."),
        ({"max": "100", "posts": "x"}, "The price is shown here."),
        ({"max": "100", "posts": "1001"}, "The price is shown here."),
    ],
)
def test_the_price_of_all_posts_is_shown_while_typing(browser, followed, settings, fields, price):
    settings.SUBSCRIPTION_POSTS = 10
    assert read_price(browser, followed, **fields) == price


def test_the_price_shown_is_the_price_charged(db):
    """Rounded once, by odd prices, discounts, quantities and parts."""
    customer = make_customer(toman=50_000_000)
    dripped = {price: make_service(price=price, dripfeed=True) for price in (1, 333, 1_999)}
    followed = {price: make_service(price=price, type="subscriptions") for price in (1, 333, 1_999)}
    for discount in (0, 7, 33):
        customer.discount = discount
        customer.save()
        for price in dripped:
            for quantity, parts in ((10, ""), (10, 1), (11, 2), (17, 3), (333, 7), (9_999, 10), (10_000, 33)):
                runs = {"link": LINK, "quantity": quantity, "runs": parts, "interval": parts and 5}
                posts = {"username": "someone", "min": 10, "max": quantity, "posts": parts}
                assert_price_holds(customer, dripped[price], runs)
                assert_price_holds(customer, followed[price], posts)


def assert_price_holds(customer, service, fields):
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in fields.items()})
    values = read_values(service, data)
    shown = preview_charge(service, values, customer.percent_off)
    placed = place_order(customer.pk, "dashboard", service.pk, values)
    order = Order.objects.get(pk=placed.order_id)
    assert (shown.charge, shown.count) == (order.charge, order.quantity)


def test_the_price_in_persian_has_persian_digits(persian, dripped):
    price = read_price(persian, dripped, quantity="۱۰۰", runs="10")
    assert ("۱٬۰۰۰" in price, "۲٬۰۰۰" in price, "1" in price) == (True, True, False)
