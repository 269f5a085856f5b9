"""Somebody who has something of everything: what attackers reach for, by the names its ids have in addresses."""

import uuid

from campaigns.shop import buy_product
from orders.lifecycle import settle_order
from orders.models import Order, Refill, WebhookDelivery, WebhookEndpoint
from orders.services import OrderRequest, place_order
from orders.trials import place_trial
from orders.webhooks.registering import register_endpoint, send_test
from panel.accounts.browser_sessions import BrowserSession
from panel.accounts.login_tokens import open_login
from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token
from panel.dashboard.order_export import start_export
from panel.jobs.running import run_jobs
from panel.lib.secrets import digest_token
from panel.lib.tracking import make_tracking_id
from panel.rewards.rules import read_rules
from panel.support.models import Notification
from panel.support.tickets import open_ticket
from panel.wallet.gateways.base import Paid
from panel.wallet.models import Payment
from panel.wallet.payments.asking import Answer, Outcome
from panel.wallet.payments.recording import record_answer
from sms.drafts import SendRequest
from sms.models import Package, Pattern, PhonebookImport, SenderLine
from sms.phonebooks import create_book
from sms.sends import send_text
from tests.campaigns.shopping import make_product
from tests.factories import give, make_campaign, make_customer, make_service
from tests.panel.dashboard.conftest import open_browser
from tests.panel.rewards.prizes import make_gift, make_win

MARK = "victim-mark"  # stands in every text of the victim's: an answer with it in it has told too much
LINE = "3000123456"
POST = f"https://www.instagram.com/p/{MARK}-{{}}/"
NOWHERE = "http://127.0.0.1:9/hook"


def open_house():
    """What is there for everybody: prices of SMS, a number to send from, a service, a product."""
    Package.objects.create(name="all", persian_price=10, latin_price=5, is_default=True)
    SenderLine.objects.create(number=LINE, advertising=False)
    read_rules()
    service = make_service(refill=True, cancel=True, dripfeed=True)
    return {"service_id": service.pk, "product_id": make_product("A-1", "A-2", "A-3").pk}


def make_victim(**fields):
    """A customer with money of each currency whose names and texts all hold MARK."""
    fields = {"first_name": MARK, "email": f"{MARK}@example.com"} | fields
    victim = make_customer(toman=1_000_000, **fields)
    for currency in ("like", "coin"):
        give(victim, 10_000, currency)
    return victim


def fill(victim, house):
    """`{slot: id}` of all that the victim has; nothing of it can be had or named by anybody else."""
    order = _order(victim, house, "open")
    done = _order(victim, house, "done")
    settle_order(Order.objects.get(pk=done), Order.Status.COMPLETED)
    return {
        "order_id": order,
        "done_order_id": done,
        "trial_id": place_trial(victim.pk, OrderRequest(house["service_id"], _wish("trial"))),
        "tracking_id": make_tracking_id(order),
        "refill_id": Refill.objects.create(order_id=done).pk,
        "payment_id": _pay(victim).pk,
        "job_id": _export(victim).pk,
        "ticket_id": open_ticket(victim.pk, MARK, MARK).pk,
        "notification_id": _notify(victim),
        "gift_id": make_win(victim, make_gift()).gift_id,
        **_log_in(victim),
        **_connect(victim),
        **_exchange(victim, house),
        **_write(victim),
    }


def _wish(word):
    return {"link": POST.format(word), "quantity": "100"}


def _order(victim, house, word):
    return place_order(victim.pk, Order.Channel.DASHBOARD, house["service_id"], _wish(word)).order_id


def _pay(victim):
    payment = Payment.objects.create(
        customer=victim, amount=50_000, gateway="zarinpal", authority=f"A-{victim.pk}", state="pending"
    )
    return record_answer(payment.pk, Answer(Outcome.PAID, paid=Paid(MARK, 50_000, MARK)))


def _export(victim):
    """A job that has made its file."""
    job = start_export(victim.pk, {}, "csv", uuid.uuid4().hex)
    run_jobs()
    return job


def _notify(victim):
    return Notification.objects.create(customer=victim, kind="order", message=MARK, key=f"n:{victim.pk}").pk


def _log_in(victim):
    """A key, a browser's session, and a login of the app."""
    browser = open_browser(victim)
    session = BrowserSession.objects.get(digest=digest_token(browser.cookies["sessionid"].value))
    token = ApiToken.objects.get(digest=digest_token(open_login(victim).token))
    key, _text = issue_token(victim, ApiToken.Contract.STANDARD, MARK)
    return {"key_id": key.pk, "session_id": session.pk, "token_id": token.pk}


def _connect(victim):
    webhook = register_endpoint(victim.pk, f"{NOWHERE}?{MARK}", WebhookEndpoint.Topic.values)
    send_test(webhook)
    delivery = WebhookDelivery.objects.get(endpoint=webhook)
    return {"webhook_id": webhook.pk, "delivery_id": delivery.pk}


def _exchange(victim, house):
    own = make_campaign(owner=victim, code=MARK)
    return {"campaign_id": own.pk, "code_id": buy_product(victim.pk, house["product_id"]).pk}


def _write(victim):
    book = create_book(victim.pk, MARK, ["09120000001"])
    done = PhonebookImport.objects.create(
        book=book, file_name=MARK, added=1, duplicates=0, bad=1, faults=[[2, MARK, "too short"]]
    )
    send = send_text(victim.pk, "dashboard", SendRequest(LINE, MARK, numbers=("09120000001",)))
    pattern = Pattern.objects.create(customer=victim, title=MARK, body=MARK, state="approved")
    return {
        "book_id": book.pk,
        "book_name": book.name,
        "import_id": done.pk,
        "send_id": send.pk,
        "message_id": send.messages.get().pk,
        "pattern_id": pattern.pk,
    }
