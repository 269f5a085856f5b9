"""Each notification leads to what it is about: customers to their own pages, staff to the admin's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panel.support.models import Notification
from panel.support.tickets import add_reply, answer_ticket, open_ticket
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.models import Payment, WalletEvent
from panel.wallet.tasks import handle_events as handle_wallet_events
from providers.models import ProviderEvent
from providers.tasks import handle_events as handle_provider_events
from sms.models import Gateway
from sms.routes import pause_gateway
from tests.factories import make_campaign, make_customer, make_provider
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, read_attributes, read_text

PAGE = "/notifications/"


@pytest.fixture
def staff(db):
    return make_customer(is_staff=True, is_superuser=True)


def links(browser, query=""):
    """`(address, words)` of the links in the list, the newest notification's first."""
    lists = find_all(browser.get(PAGE + query), "ul", class_="notices")
    found = [one for each in lists for one in _list_links(each)]
    return [(read_attributes(one)["href"], read_text(one)) for one in found]


def _list_links(element):
    for child in element.children:
        if getattr(child, "name", None) == "a":
            yield child
        elif not isinstance(child, str):
            yield from _list_links(child)


def tell(customer, kind, key="x:1", **fields):
    return Notification.objects.create(customer=customer, kind=kind, message="x", key=key, **fields)


def test_the_wallet_s_news_lead_to_payment_wallet_and_campaign(browser, customer):
    Notification.objects.all().delete()
    payment = Payment.objects.create(customer=customer, gateway="zarinpal", amount=1_000, state="pending")
    campaign = make_campaign(owner=customer)
    WalletEvent.objects.all().update(handled_at="2026-01-01T00:00Z")
    adjust_wallet(customer_id=customer.pk, amount=5, reason="x", key="links")
    for kind, data in (
        ("paid", {"payment": payment.pk, "amount": 1_000}),
        ("campaign", {"campaign": campaign.pk, "state": "ended", "likes": 3}),
        ("bundle", {"coins": 5}),
        ("referral", {"amount": 5}),
    ):
        WalletEvent.objects.create(customer=customer, kind=kind, data=data)
    handle_wallet_events()
    assert {*links(browser)} == {
        ("/wallet/", "Wallet"),
        (f"/wallet/payments/{payment.pk}/", f"Payment #{payment.pk}"),
        (f"/campaigns/{campaign.pk}/", f"Campaign #{campaign.pk}"),
        ("/coins/", "Coins"),
        ("/rewards/referrals/", "Referrals"),
    }
    assert [browser.get(address).status_code for address, _words in links(browser)] == [200] * 5


def test_a_ticket_s_news_lead_each_side_to_its_own_page(browser, customer, staff):
    ticket = open_ticket(customer.pk, "Where is it?", "My order.")
    answer_ticket(staff, ticket.pk, "On its way.")
    assert links(browser) == [(f"/tickets/{ticket.pk}/", f"Ticket #{ticket.pk}")]
    assert links(open_browser(staff)) == [
        (f"/admin/support/ticket/{ticket.pk}/change/", f"Ticket #{ticket.pk}")
    ]


def test_staff_are_led_to_orders_providers_and_gateways_in_the_admin(staff):
    provider = make_provider("http://127.0.0.1:1")
    gateway = Gateway.objects.create(name="Main", kind="rest", url="https://sms.example", sender="3000")
    ProviderEvent.objects.create(provider=provider, kind="paused", data={"reason": "x"})
    ProviderEvent.objects.create(provider=provider, kind="unclear", data={"order": 77})
    handle_provider_events()
    pause_gateway(gateway.pk, "no credit")
    assert {*links(open_browser(staff))} == {
        (f"/admin/providers/provider/{provider.pk}/change/", f"Provider #{provider.pk}"),
        ("/admin/orders/order/77/change/", "Order #77"),
        (f"/admin/sms/gateway/{gateway.pk}/change/", f"SMS gateway #{gateway.pk}"),
    }


def test_who_is_no_staff_any_more_is_led_nowhere_in_the_admin(browser, customer):
    tell(customer, "provider_unclear", "provider-event:1:1", order_id=7)
    tell(customer, "low_stock", "wallet-event:1:1")
    assert links(browser) == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("paid", "wallet-event:1"),
        ("ticket", "ticket-message:1:1"),
        ("x", "x"),
        ("sms_refused", "sms-refused:x"),
    ],
)
def test_what_is_about_nothing_that_can_be_told_has_no_link(browser, customer, kind, key):
    WalletEvent.objects.all().delete()
    tell(customer, kind, key)
    assert links(browser) == []


def test_logins_and_refused_texts_lead_to_their_pages(browser, customer):
    tell(customer, "new_login", "login:9")
    tell(customer, "sms_refused", "sms-refused:31")
    assert links(browser) == [("/sms/sends/31/", "SMS #31"), ("/security/", "Security")]


def test_only_the_unread_are_shown_when_asked_and_the_pages_stay_with_them(browser, customer):
    for number in range(30):
        read = {"read_at": "2026-01-01T00:00Z"} if number % 10 == 0 else {}
        tell(customer, "order_completed", f"x:{number}", order_id=number + 1, **read)
    first = browser.get(PAGE, {"show": "unread"})
    (older,) = [read_attributes(one)["href"] for one in find_all(first, "a", rel="next")]
    shown = [address for query in ("?show=unread", older) for address, _words in links(browser, query)]
    assert older.startswith("?show=unread&before=")
    assert shown == [f"/orders/{number + 1}/" for number in reversed(range(30)) if number % 10]


def test_with_everything_read_the_filter_leads_back_to_all(browser, customer):
    tell(customer, "x", read_at="2026-01-01T00:00Z")
    (empty,) = find_all(browser.get(PAGE, {"show": "unread"}), "div", class_="empty")
    assert read_text(empty) == "You have read everything. All notifications"


def count_queries(browser, path):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_list_takes_as_many_queries_for_many_rows_as_for_few(staff):
    browser, counts = open_browser(staff), []
    for count in (1, 8):  # a page has room for rows of every kind
        for number in range(count):
            ticket = open_ticket(make_customer().pk, f"Question {number}", "x")
            add_reply(ticket.customer_id, ticket.pk, "More.")
            ProviderEvent.objects.create(provider=make_provider("http://127.0.0.1:1"), kind="paused", data={})
            WalletEvent.objects.create(customer=staff, kind="coupon", data={"amount": 1})
        handle_provider_events()
        handle_wallet_events()
        counts.append(count_queries(browser, PAGE))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 9


def test_the_bell_counts_without_a_reload_in_three_queries(browser, customer):
    assert count_queries(browser, f"{PAGE}unread/") == 3
    bell = [read_attributes(one) for one in find_all(browser.get("/wallet/"), "span", id="unread")]
    assert [(one["hx-get"], one["hx-trigger"]) for one in bell] == [(f"{PAGE}unread/", "every 30s")]
    told = []
    for count in (0, 1, 98, 1, 30):
        for _ in range(count):
            tell(customer, "x", f"x:{Notification.objects.count()}")
        (found,) = find_all(browser.get(f"{PAGE}unread/"), "span", id="unread")
        told.append(read_text(found))
    assert told == ["", "1", "99", "99 +", "99 +"]


def test_nobody_s_bell_reloads_the_page_which_then_asks_to_log_in(visitor):
    answer = visitor.get(f"{PAGE}unread/", headers={"HX-Request": "true"})
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
