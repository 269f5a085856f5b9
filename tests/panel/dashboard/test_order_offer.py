"""What is said before ordering: the price agreed to, warnings, speed, favourites, and ordering again."""

import pytest
from django.utils import timezone

from orders.favourites import MAX_FAVOURITES, list_favourites
from orders.models import DripFeed, FavouriteService, Order, Service, ServiceSpeed
from orders.services import place_order
from panel.wallet.ledger import read_balance
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

PAGE = "/orders/new/"
LINK = "https://instagram.com/p/abc"
HTMX = {"HX-Request": "true"}


def read_form(response):
    """The values of the order form, as a browser would send them."""
    (form,) = find_all(response, "form", id="order-form")
    fields = [child for child in walk(form) if child.name in ("input", "textarea")]
    return {
        dict(one.attributes)["name"]: dict(one.attributes).get("value") or read_text(one) for one in fields
    }


def walk(element):
    for child in element.children:
        if not isinstance(child, str):
            yield child
            yield from walk(child)


def warnings(response):
    return [read_text(one) for one in find_all(response, "p") if "data-warning" in read_attributes(one)]


def ask_price(browser, service, **fields):
    return browser.post(f"{PAGE}price/", {"service": service.pk, "quantity": "100"} | fields)


def test_a_price_that_rose_while_the_form_was_open_is_asked_about_again(browser, customer, service):
    form = read_form(browser.get(PAGE, {"service": service.pk}))
    assert (form["seen_price"], form["seen_discount"]) == ("2000", "0")
    Service.objects.filter(pk=service.pk).update(price=2500)
    page = browser.post(PAGE, form | {"link": LINK, "quantity": "1000"})
    assert (page.status_code, read_texts(page, "p", role="alert")) == (
        422,
        [
            "The price has risen since this form was opened: it is 2,500 toman now. Nothing was charged. Place the"
            " order again if you agree."
        ],
    )
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)
    again = read_form(page)
    assert (again["link"], again["quantity"], again["seen_price"]) == (LINK, "1000", "2500")
    assert browser.post(PAGE, again).status_code == 302
    assert Order.objects.get().charge == 2500


def test_a_discount_that_ended_meanwhile_counts_as_well(browser, customer, service):
    customer.discount = 10
    customer.save()
    form = read_form(browser.get(PAGE, {"service": service.pk})) | {"link": LINK, "quantity": "1000"}
    customer.discount = 0
    customer.save()
    page = browser.post(PAGE, form)
    assert (page.status_code, read_form(page)["seen_discount"], Order.objects.count()) == (422, "0", 0)


def test_a_price_that_fell_meanwhile_is_charged_as_it_is(browser, service):
    form = read_form(browser.get(PAGE, {"service": service.pk})) | {"link": LINK, "quantity": "1000"}
    Service.objects.filter(pk=service.pk).update(price=1500)
    assert browser.post(PAGE, form).status_code == 302
    assert Order.objects.get().charge == 1500


@pytest.mark.parametrize("seen", [{"seen_price": "x", "seen_discount": "0"}, {"seen_price": "1"}, {}])
def test_terms_that_no_form_of_ours_tells_limit_nothing(browser, service, seen):
    sent = {"service": service.pk, "form_key": "k", "link": LINK, "quantity": "1000"}
    assert browser.post(PAGE, sent | seen).status_code == 302


def test_what_is_missing_is_said_before_ordering(browser, persian, service):
    page = ask_price(browser, service, quantity="51,000")
    assert warnings(page) == ["Your balance is 2,000 toman short of this order. Add funds"]
    assert read_attributes(find_one(page, "a"))["href"] == "/wallet/"
    assert warnings(ask_price(browser, service, quantity="50000")) == []


def test_an_order_on_the_same_link_is_said_before_ordering(browser, customer, service):
    first = place_order(customer.pk, "dashboard", service.pk, {"link": LINK, "quantity": 10}).order_id
    page = ask_price(browser, service, link=LINK)
    (words,) = warnings(page)
    assert words.startswith(
        f"An order of yours for this link is still running: #{first} . Both would run at once"
    )
    assert find_all(page, "a", href=f"/orders/{first}/") != []
    assert warnings(ask_price(browser, service, link=f"{LINK}d")) == []


def test_without_a_script_the_price_and_warnings_are_a_button_away(browser, service):
    form = read_form(browser.get(PAGE, {"service": service.pk}))
    page = browser.post(PAGE, form | {"link": LINK, "quantity": "60000", "check": "yes"})
    assert (page.status_code, Order.objects.count()) == (200, 0)
    assert warnings(page) == ["Your balance is 20,000 toman short of this order. Add funds"]
    assert read_form(page)["quantity"] == "60000"


def test_a_fragment_places_the_order_and_the_page_around_it_hears_of_it(browser, customer, service):
    sent = {"service": service.pk, "form_key": "k", "link": LINK, "quantity": "1000"}
    page = browser.post(PAGE, sent, headers=HTMX)
    order = Order.objects.get()
    assert (page.status_code, page.headers["HX-Trigger"]) == (200, "order-placed")
    assert read_texts(page, "p", role="status") == [f"Order placed: #{order.pk} · 2,000 toman"]
    assert read_texts(page, "span", id="balance") == ["98,000 toman"]
    refused = browser.post(PAGE, sent | {"form_key": "other", "quantity": "1"}, headers=HTMX)
    assert (
        refused.status_code,
        find_all(refused, "main"),
        len(find_all(refused, "form", id="order-form")),
    ) == (200, [], 1)


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (
            (300, 7200),
            "Usually begins within 5 minutes and is done within 2 hours; measured over the last day.",
        ),
        ((90, None), "Usually begins within 2 minutes; none was completed in the last day."),
        (None, "No order of it moved in the last day, so its speed isn't known."),
    ],
)
def test_the_speed_of_the_last_day_is_told_in_words(browser, service, speed, words):
    if speed:
        start, finish = speed
        ServiceSpeed.objects.create(
            service=service,
            start_seconds=start,
            finish_seconds=finish,
            started=1,
            finished=0 if finish is None else 1,
            failed=0,
            waiting=0,
            measured_at=timezone.now(),
        )
    assert read_texts(browser.get(PAGE, {"service": service.pk}), "p", class_="speed") == [words]


def test_abilities_are_told(browser):
    plain = make_service(cancel=False)
    rich = make_service(refill=True, dripfeed=True)
    shown = [
        read_texts(browser.get(PAGE, {"service": one.pk}), "ul", class_="abilities") for one in (plain, rich)
    ]
    assert shown == [["No refill Can't be canceled once sent"], ["With refill Can be canceled Drip-feed"]]


def test_a_star_is_put_and_taken_away_and_comes_first_in_the_list(browser, customer, service):
    other = make_service(name="Another", category=service.category)
    star = {"service": other.pk, "keep": "yes"}
    assert browser.post("/orders/favourites/", star).headers["Location"] == f"/orders/new/?service={other.pk}"
    assert browser.post("/orders/favourites/", star).status_code == 302
    assert list_favourites(customer.pk) == [other.pk]
    page = browser.get(PAGE)
    assert read_texts(page, "optgroup") == [f"{other.pk} · Another", f"{service.pk} · Likes"]
    part = browser.post("/orders/favourites/", star | {"keep": "no"}, headers=HTMX)
    assert read_attributes(find_one(part, "button"))["aria-pressed"] == "false"
    assert (list_favourites(customer.pk), browser.get("/orders/favourites/").status_code) == ([], 405)


def test_favourites_are_one_s_own_and_not_endless(browser, stranger, customer, service):
    rows = [make_service(category=service.category) for _ in range(MAX_FAVOURITES)]
    FavouriteService.objects.bulk_create(FavouriteService(customer=customer, service=row) for row in rows)
    page = browser.post("/orders/favourites/", {"service": service.pk, "keep": "yes"}, headers=HTMX)
    assert read_texts(page, "p", role="alert") == [
        "You have too many favourites. Take the star from one of them first."
    ]
    stranger.post("/orders/favourites/", {"service": rows[0].pk, "keep": "no"})
    assert len(list_favourites(customer.pk)) == MAX_FAVOURITES


def test_an_order_is_filled_in_again(browser, customer):
    comments = make_service(type="custom_comments", min=1)
    values = {"link": LINK, "comments": "one\ntwo"}
    first = place_order(customer.pk, "dashboard", comments.pk, values).order_id
    form = read_form(browser.get(PAGE, {"from": first}))
    assert (form["service"], form["link"], form["comments"].split()) == (
        str(comments.pk),
        LINK,
        ["one", "two"],
    )
    drip = make_service(dripfeed=True)
    parent = place_order(
        customer.pk, "dashboard", drip.pk, {"link": LINK, "quantity": 20, "runs": 3, "interval": 5}
    ).order_id
    form = read_form(browser.get(PAGE, {"from": parent}))
    assert [form[name] for name in ("quantity", "runs", "interval")] == ["20", "3", "5"]
    assert DripFeed.objects.get().quantity == 20


def test_ordering_again_is_for_one_s_own_and_for_what_is_on_sale(browser, stranger, customer, service):
    first = place_order(customer.pk, "dashboard", service.pk, {"link": LINK, "quantity": 10}).order_id
    assert find_all(stranger.get(PAGE, {"from": first}), "form", id="order-form") == []
    Service.objects.filter(pk=service.pk).update(active=False)
    page = browser.get(PAGE, {"from": first})
    assert (page.status_code, read_texts(page, "p", role="alert")) == (
        200,
        ["This service can't be ordered now. Choose another one."],
    )


def test_the_page_takes_at_most_twelve_queries_however_much_there_is(
    browser, customer, service, django_assert_max_num_queries
):
    first = place_order(customer.pk, "dashboard", service.pk, {"link": LINK, "quantity": 10}).order_id
    rows = Service.objects.bulk_create(
        Service(category=service.category, name="x", price=1) for _ in range(50)
    )
    FavouriteService.objects.bulk_create(FavouriteService(customer=customer, service=row) for row in rows)
    browser.get(PAGE)
    with django_assert_max_num_queries(12):
        assert browser.get(PAGE, {"from": first, "q": "likes"}).status_code == 200
