"""The pages of webhooks: registering, the secret shown once, deliveries and what can be done to them."""

import re
from datetime import UTC, datetime

import pytest

from orders.models import Order, OrderEvent, WebhookDelivery, WebhookEndpoint
from orders.services import place_order
from orders.webhooks.payloads import write_order_payload
from orders.webhooks.queueing import queue_deliveries
from orders.webhooks.registering import MAX_ENDPOINTS, register_endpoint
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_texts

URL = "http://127.0.0.1:9/hook"
CREATED = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
EMPTY = "You have no webhooks yet: add an address below to be told of your orders."


@pytest.fixture
def webhook(customer):
    return register_endpoint(customer.pk, URL, ["orders"])


def deliver(webhook, event_id="order-5", status="completed", **state):
    """A delivery of order 5, or of what the id says, changed as given."""
    payload = {"id": event_id, "type": event_id.partition("-")[0]}
    if event_id.startswith("order-"):
        payload |= {"type": f"order.{status}", "order": {"id": 5, "status": status}}
    queue_deliveries([webhook.pk], payload)
    found = WebhookDelivery.objects.filter(endpoint=webhook, event_id=event_id)
    found.update(created=CREATED, **{"next_try_at": None} | state)
    return found.get()


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_without_webhooks_the_page_says_so(browser):
    page = browser.get("/webhooks/")
    assert read_texts(page, "div", class_="empty") == [EMPTY]
    assert [read_texts(page, "a", aria_current="page")[0], page.status_code] == ["Webhooks", 200]


def test_adding_shows_the_secret_in_that_answer_alone(browser, customer):
    page = browser.post("/webhooks/", {"url": URL, "topics": ["orders", "catalogue"]})
    row = WebhookEndpoint.objects.get()
    assert (row.customer_id, row.url, row.topics) == (customer.pk, URL, ["orders", "catalogue"])
    assert read_attributes(find_one(page, "button", aria_label="Copy the secret"))["data-copy"] == row.secret
    assert "no-store" in page.headers["Cache-Control"]
    shown = [browser.get(path).content.decode() for path in ("/webhooks/", f"/webhooks/{row.pk}/")]
    assert [row.secret in text for text in shown] == [False, False]
    assert [row.secret in str(dict(browser.session)), row.secret in str(browser.cookies)] == [False, False]


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"url": "https://user:pw@8.8.8.8/x", "topics": "orders"}, "error-url", "can't be read"),
        ({"url": "http://8.8.8.8/x", "topics": "orders"}, "error-url", "https://"),
        ({"url": "https://10.0.0.1/x", "topics": "orders"}, "error-url", "private network"),
        ({"url": "https://8.8.8.8/x"}, "error-topics", "at least one"),
        ({}, "error-topics", "at least one"),
    ],
)
def test_a_refusal_stands_beneath_its_field_and_the_form_keeps_its_values(browser, data, field, sentence):
    page = browser.post("/webhooks/", data)
    assert page.status_code == 422
    [error] = read_texts(page, "p", class_="field-error")
    assert (sentence in error, read_attributes(find_one(page, "p", id=field))["id"]) == (True, field)
    assert read_attributes(find_one(page, "input", name="url"))["value"] == data.get("url", "")
    chosen = [dict(one.attributes)["value"] for one in find_all(page, "input", name="topics", checked=None)]
    assert chosen == ([data["topics"]] if "topics" in data else [])
    assert WebhookEndpoint.objects.count() == 0


def test_the_eleventh_is_refused(browser, customer):
    for number in range(MAX_ENDPOINTS):
        register_endpoint(customer.pk, f"{URL}/{number}", ["orders"])
    page = browser.post("/webhooks/", {"url": URL, "topics": "orders"})
    assert (page.status_code, WebhookEndpoint.objects.count()) == (422, MAX_ENDPOINTS)


def test_the_list_tells_how_each_does(browser, customer):
    for number, state in enumerate(
        [
            {},
            {"last_success_at": CREATED},
            {"last_failure_at": CREATED, "last_failure": "HTTP 500"},
            {"active": False},
        ]
    ):
        row = register_endpoint(customer.pk, f"{URL}/{number}", ["orders", "catalogue"][: 1 + number % 2])
        WebhookEndpoint.objects.filter(pk=row.pk).update(**state)
    orders, both = "Status changes of orders", "Status changes of orders Changes of the catalogue"
    assert read_rows(browser.get("/webhooks/")) == [
        [f"{URL}/0", orders, "On", "—", "—"],
        [f"{URL}/1", both, "On", "2026/11/23 09:00", "—"],
        [f"{URL}/2", orders, "Failing", "—", "2026/11/23 09:00"],
        [f"{URL}/3", both, "Off", "—", "—"],
    ]


def test_deliveries_are_told_newest_first(browser, webhook):
    deliver(webhook, "order-1", "in_progress", state="sent", tries=1, status_code=204)
    deliver(webhook, "order-2", "completed", state="failed", tries=14, error="no complete answer in time")
    deliver(webhook, "catalogue-3", tries=2, status_code=500, error="<b>oops</b>", next_try_at=CREATED)
    deliver(webhook, "test-4", state="failed", tries=1, status_code=404)
    date = "2026/11/23 09:00"
    assert read_rows(browser.get(f"/webhooks/{webhook.pk}/")) == [
        [date, "Test event test-4", "Failed", "404", "1", "—", "Send again"],
        [date, "Changes of the catalogue catalogue-3", "Waiting", "500 <b>oops</b>", "2", date, ""],
        [
            date,
            "Order #5 · Completed order-2",
            "Failed",
            "no complete answer in time",
            "14",
            "—",
            "Send again",
        ],
        [date, "Order #5 · In progress order-1", "Delivered", "204", "1", "—", ""],
    ]
    failed = read_rows(browser.get(f"/webhooks/{webhook.pk}/?state=failed"))
    assert [row[1] for row in failed] == ["Test event test-4", "Order #5 · Completed order-2"]


def test_older_deliveries_are_linked(browser, webhook):
    for number in range(26):
        deliver(webhook, f"order-{number}", state="sent")
    first = browser.get(f"/webhooks/{webhook.pk}/?state=sent")
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = browser.get(f"/webhooks/{webhook.pk}/{older}")
    assert (len(read_rows(first)), [row[1] for row in read_rows(second)]) == (
        25,
        ["Order #5 · Completed order-0"],
    )


def test_the_page_refreshes_itself_while_something_waits(browser, webhook):
    def polls():
        page = browser.get(f"/webhooks/{webhook.pk}/", headers={"HX-Request": "true"})
        return "hx-get" in read_attributes(find_one(page, "div", id="deliveries"))

    assert polls() is False
    delivery = deliver(webhook)
    assert polls() is True
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state="sent")
    assert polls() is False


def test_switching_off_and_on(browser, webhook):
    seen = []
    for active in ("no", "yes"):
        page = browser.post(f"/webhooks/{webhook.pk}/switch/", {"active": active}, follow=True)
        webhook.refresh_from_db()
        seen.append((webhook.active, told(page)))
    assert seen == [(False, ["The webhook is off."]), (True, ["The webhook is on."])]


def test_a_new_secret_is_shown_once(browser, webhook):
    old, path = webhook.secret, f"/webhooks/{webhook.pk}/secret/"
    page = browser.post(path)
    webhook.refresh_from_db()
    copied = read_attributes(find_one(page, "button", aria_label="Copy the secret"))["data-copy"]
    assert (copied == webhook.secret, copied == old) == (True, False)
    again = browser.get(path, follow=True)
    webhook.refresh_from_db()
    assert (again.redirect_chain[0][0], copied in again.content.decode()) == (
        f"/webhooks/{webhook.pk}/",
        False,
    )
    assert webhook.secret == copied


def test_a_test_event_is_queued_and_a_second_one_waits_for_it(browser, webhook):
    path = f"/webhooks/{webhook.pk}/test/"
    assert told(browser.post(path, follow=True)) == ["A test event is on its way."]
    assert told(browser.post(path, follow=True)) == [
        "The last test event is still on its way. Reload the page in a few seconds."
    ]
    assert list(webhook.deliveries.values_list("kind", "state")) == [("test", "pending")]


def test_a_failed_delivery_is_sent_again_and_the_page_stays(browser, webhook):
    delivery = deliver(webhook, state="failed", tries=14)
    back = f"/webhooks/{webhook.pk}/?state=failed"
    page = browser.post(f"/webhooks/deliveries/{delivery.pk}/resend/", {"next": back}, follow=True)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, page.redirect_chain[0][0]) == ("pending", 0, back)
    assert told(page) == ["The delivery is on its way again."]
    again = browser.post(f"/webhooks/deliveries/{delivery.pk}/resend/", follow=True)
    assert told(again) == ["Only a failed delivery can be sent again."]


def test_deleting(browser, webhook):
    deliver(webhook)
    page = browser.post(f"/webhooks/{webhook.pk}/delete/", follow=True)
    assert (told(page), page.redirect_chain[0][0]) == (["The webhook is deleted."], "/webhooks/")
    assert (WebhookEndpoint.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


def test_a_webhook_that_is_off_offers_neither_test_nor_resending(browser, webhook):
    deliver(webhook, state="failed")
    WebhookEndpoint.objects.update(active=False)
    page = browser.get(f"/webhooks/{webhook.pk}/")
    assert [row[-1] for row in read_rows(page)] == [""]
    assert "Send a test event" not in read_texts(page, "button")


def test_nobody_reaches_another_s_webhooks(stranger, visitor, webhook):
    delivery = deliver(webhook, state="failed")
    paths = [
        *(f"/webhooks/{webhook.pk}/{part}" for part in ("switch/", "secret/", "test/", "delete/")),
        f"/webhooks/deliveries/{delivery.pk}/resend/",
    ]
    gets = [stranger.get(f"/webhooks/{webhook.pk}/{part}").status_code for part in ("", "secret/")]
    posts = [stranger.post(path).status_code for path in paths]
    assert (gets, posts) == ([404] * 2, [404] * 5)
    assert read_rows(stranger.get("/webhooks/")) == []
    entry = {visitor.post(path).headers["Location"].partition("?")[0] for path in ["/webhooks/", *paths]}
    assert entry == {"/login/"}
    before = (webhook.secret, webhook.active, delivery.state)
    webhook.refresh_from_db()
    delivery.refresh_from_db()
    assert (webhook.secret, webhook.active, delivery.state) == before


def test_what_changes_something_is_never_a_get(browser, webhook):
    paths = [f"/webhooks/{webhook.pk}/{part}/" for part in ("switch", "test", "delete")]
    assert [browser.get(path).status_code for path in paths] == [405] * 3


def test_pages_keep_the_content_policy_and_their_ids_apart(browser, persian, webhook):
    deliver(webhook, "order-1", state="failed")
    deliver(webhook, "order-2", state="failed")
    pages = [
        one.get(path) for one in (browser, persian) for path in ("/webhooks/", f"/webhooks/{webhook.pk}/")
    ]
    pages.append(browser.post(f"/webhooks/{webhook.pk}/secret/"))
    for page in pages:
        text = page.content.decode()
        assert re.findall(r"<[^>]*\s(?:style|on\w+)\s*=", text) == []
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        labels = [read_attributes(one)["for"] for one in find_all(page, "label")]
        assert sorted(labels) == sorted(re.findall(r'<(?:input|select)[^>]*\sid="([^"]+)"', text))


def test_a_customer_sees_the_payload_s_own_order_words(customer, service, webhook, browser):
    place_order(customer.pk, "dashboard", service.pk, {"link": "https://a.example.com/p", "quantity": "10"})
    order, event = Order.objects.get(), OrderEvent.objects.get()
    queue_deliveries([webhook.pk], write_order_payload(event, order))
    [row] = read_rows(browser.get(f"/webhooks/{webhook.pk}/"))
    assert row[1] == f"Order #{order.pk} · Pending order-{event.pk}"


def test_other_customers_may_register_the_same_address(browser, webhook):
    other = make_customer()
    assert register_endpoint(other.pk, webhook.url, ["orders"]).customer_id == other.pk
    assert len(read_rows(browser.get("/webhooks/"))) == 1
