"""The order form: from the choice of a service to the order and its charge."""

import pytest
from django.utils.html import strip_tags

from orders.models import Order, OrderEvent
from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from tests.factories import make_service
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

PAGE = "/orders/new/"
LINK = "https://instagram.com/p/abc"


def send(browser, service, form_key="key-1", **fields):
    good = {"service": service.pk, "form_key": form_key, "link": LINK, "quantity": "1000"}
    return browser.post(PAGE, good | fields)


def holdings(customer):
    """Everything that an order could have changed."""
    kept = (Order.objects.count(), OrderEvent.objects.count(), Transfer.objects.filter(kind="charge").count())
    return (*kept, read_balance(customer.pk))


def read_fragment(response):
    """The text of an answer that is no whole page."""
    return " ".join(strip_tags(response.content.decode()).split())


def errors(response):
    """`{field name: sentence under it}`."""
    return {
        read_attributes(element)["id"].removeprefix("error-"): read_text(element)
        for element in find_all(response, "p", class_="field-error")
    }


def test_an_order_is_charged_to_the_toman_and_told(browser, customer, service):
    customer.discount = 7
    customer.save()
    response = send(browser, service, quantity="333")
    order = Order.objects.get()
    assert response.headers["Location"] == f"/orders/new/?service={service.pk}&placed={order.pk}"
    assert (order.customer_id, order.channel, order.link, order.quantity) == (
        customer.pk,
        "dashboard",
        LINK,
        333,
    )
    assert order.charge == 620  # 333 × 2,000 ÷ 1,000 less 7 % is 619.38
    assert read_balance(customer.pk) == 100_000 - 620
    page = browser.get(response.headers["Location"])
    assert read_texts(page, "p", class_="alert-success") == [f"Order placed: #{order.pk} · 620 toman"]
    assert read_texts(page, "a", href=f"/orders/{order.pk}/") == ["Open the order"]
    again = find_one(page, "a", href=f"/orders/new/?service={service.pk}")
    assert (read_text(again), find_all(page, "form", id="order-form")) == ("Another one", [])


@pytest.mark.parametrize("quantity", ["1000", "۱۰۰۰", "۱٬۰۰۰", "1,000", " 1000 "])
def test_quantities_are_read_in_both_scripts(browser, service, quantity):
    send(browser, service, quantity=quantity)
    assert list(Order.objects.values_list("quantity", "charge")) == [(1000, 2000)]


def test_a_double_click_makes_one_order(browser, customer, service):
    first, second = send(browser, service), send(browser, service)
    assert first.headers["Location"] == second.headers["Location"]
    assert holdings(customer) == (1, 1, 1, 98_000)
    assert send(browser, service, form_key="key-2").status_code == 302
    assert holdings(customer) == (2, 2, 2, 96_000)


def test_every_form_has_a_key_of_its_own_and_keeps_it_over_an_error(browser, service):
    address = f"{PAGE}?service={service.pk}"
    keys = [read_attributes(find_one(browser.get(address), "input", name="form_key"))["value"] for _ in "ab"]
    assert len({*keys}) == 2
    again = send(browser, service, form_key=keys[0], quantity="1")
    assert read_attributes(find_one(again, "input", name="form_key"))["value"] == keys[0]


def test_a_form_changed_after_it_was_sent_gets_a_new_key(browser, customer, service):
    send(browser, service)
    response = send(browser, service, quantity="500")
    assert response.status_code == 422
    assert read_texts(response, "p", role="alert") == [
        "This form was already sent with other contents. Reload the page and try again."
    ]
    assert read_attributes(find_one(response, "input", name="form_key"))["value"] != "key-1"
    assert holdings(customer) == (1, 1, 1, 98_000)


REFUSALS = [
    (
        {"quantity": "9"},
        "quantity",
        "The quantity is too small. Order at least 10.",
        "تعداد کم است. دست‌کم ۱۰ عدد سفارش دهید.",
    ),
    (
        {"quantity": "10001"},
        "quantity",
        "The quantity is too large. Order at most 10,000.",
        "تعداد بیش از اندازه است. حداکثر ۱۰٬۰۰۰ عدد سفارش دهید.",
    ),
    (
        {"quantity": "ten"},
        "quantity",
        "The field “Quantity” can't be read. Correct it.",
        "مقدار «تعداد» درست نیست. آن را اصلاح کنید.",
    ),
    (
        {"link": ""},
        "link",
        "The field “Link” is missing. Fill it in.",
        "«لینک» خالی است. آن را پر کنید.",
    ),
]


@pytest.mark.parametrize(("fields", "place", "english", "persian_words"), REFUSALS)
def test_a_refused_order_keeps_its_values_and_says_why(
    browser, persian, customer, service, fields, place, english, persian_words
):
    before = holdings(customer)
    for visit, sentence in ((browser, english), (persian, persian_words)):
        response = send(visit, service, **fields)
        assert (response.status_code, errors(response)) == (422, {place: sentence})
        for name, value in ({"link": LINK, "quantity": "1000"} | fields).items():
            shown = read_attributes(find_one(response, "input", name=name))
            assert (shown["value"] or "", "aria-invalid" in shown) == (value, name == place)
    assert holdings(customer) == before


def test_a_bad_link_is_refused_under_its_field(browser, service):
    response = send(browser, service, link="javascript:alert(1)")
    assert errors(response) == {
        "link": "This link can't be used. Copy the whole address, beginning with https://."
    }


def test_an_order_dearer_than_the_balance_is_refused_and_leads_to_the_wallet(browser, persian, customer):
    dear = make_service(price=200_000)
    before = holdings(customer)
    response = send(browser, dear)
    alert = "Your balance is not enough for this order. Add funds or order less. Wallet"
    assert (response.status_code, read_texts(response, "p", role="alert"), errors(response)) == (
        422,
        [alert],
        {},
    )
    assert read_texts(send(persian, dear), "p", role="alert") == [
        "موجودی شما برای این سفارش کافی نیست. کیف پول را شارژ کنید یا کمتر سفارش دهید. کیف پول"
    ]
    assert holdings(customer) == before


def test_a_service_that_is_off_sale_is_refused(browser, customer, service):
    type(service).objects.filter(pk=service.pk).update(active=False)
    before = holdings(customer)
    response = send(browser, service)
    sentence = "This service can't be ordered now. Choose another one."
    assert (response.status_code, read_texts(response, "p", role="alert")) == (422, [sentence])
    assert holdings(customer) == before


def test_the_fields_follow_the_type(browser, service):
    def shown(row):
        response = browser.get("/orders/new/fields/", {"service": row.pk})
        controls = [*find_all(response, "input"), *find_all(response, "textarea")]
        return [read_attributes(one)["name"] for one in controls if "id" in read_attributes(one)]

    assert shown(service) == ["link", "quantity"]
    assert shown(make_service(type="package")) == ["link"]
    assert shown(make_service(type="custom_comments")) == ["link", "comments"]
    assert shown(make_service(type="poll")) == ["link", "answer_number", "quantity"]


def test_comments_are_counted_by_line(browser, customer):
    service = make_service(type="custom_comments", min=2)
    one = send(browser, service, comments="خیلی خوب")
    assert errors(one) == {"comments": "The quantity is too small. Order at least 2."}
    assert read_texts(one, "textarea", name="comments") == ["خیلی خوب"]
    send(browser, service, comments="خیلی خوب\r\n\r\nnice\r\n")
    order = Order.objects.get()
    assert (order.quantity, order.charge, order.fields) == (2, 4, {"comments": "خیلی خوب\nnice"})


@pytest.mark.parametrize(
    ("language", "quantity", "price"),
    [
        ("en", "1500", "For 1,500: 3,000 toman"),
        ("fa", "۱۵۰۰", "برای ۱٬۵۰۰ عدد: ۳٬۰۰۰ تومان"),
        ("en", "", "The price is shown here."),
        ("en", "x", "The price is shown here."),
        ("en", "-5", "The price is shown here."),
    ],
)
def test_the_price_is_shown_while_typing(customer, service, language, quantity, price):
    browser = open_browser(customer, language)
    response = browser.post("/orders/new/price/", {"service": service.pk, "quantity": quantity})
    assert read_fragment(response) == price
    assert Order.objects.count() == 0


def test_the_price_shown_is_the_price_charged(browser, customer):
    customer.discount = 33
    customer.save()
    service = make_service(price=1_999)
    shown = read_fragment(browser.post("/orders/new/price/", {"service": service.pk, "quantity": "777"}))
    send(browser, service, quantity="777")
    charge = Order.objects.get().charge
    assert shown == f"For 777: without your discount: 1,554 {charge:,} toman"


def test_the_search_answers_with_options_and_a_hint(browser, service):
    make_service(name="Followers")
    response = browser.get("/orders/new/services/", {"q": "foll"})
    options = read_texts(response, "option")
    assert (len(options), options[0]) == (2, "Choose a service")
    assert options[1].endswith("· Followers")
    assert read_texts(response, "p", id="service-hint") == ["All that match are listed."]
    nothing = browser.get("/orders/new/services/", {"q": "nothing like it"})
    assert read_texts(nothing, "p", id="service-hint") == [
        "No service matches. Try fewer words or another category."
    ]


def test_the_choice_survives_without_a_script(browser, service):
    page = browser.get(PAGE, {"category": service.category_id, "q": "lik", "service": service.pk})
    selected = [read_text(one) for one in find_all(page, "option") if "selected" in read_attributes(one)]
    assert selected == [service.category.name, f"{service.pk} · Likes"]
    assert read_attributes(find_one(page, "input", name="q"))["value"] == "lik"
    assert read_texts(page, "p", class_="terms") == ["Price per 1,000: 2,000 toman From 10 to 10,000"]


@pytest.mark.parametrize(
    "query", ["service=x", "service=99999999999999999999", "category=x&q=%00", "placed=9"]
)
def test_odd_addresses_show_the_empty_form(browser, query):
    page = browser.get(f"{PAGE}?{query}")
    assert (page.status_code, find_all(page, "p", class_="alert")) == (200, [])


def test_nobody_is_told_of_another_s_order(browser, stranger, service):
    send(browser, service)
    page = stranger.get(PAGE, {"placed": Order.objects.get().pk})
    assert find_all(page, "p", class_="alert-success") == []
