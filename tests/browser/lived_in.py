"""A customer in whose account there is something of everything, so that no page is empty."""

import uuid
from datetime import timedelta

from django.utils import timezone

from campaigns.creating import create_campaign
from campaigns.shop import buy_product
from orders.models import Order, Service
from orders.services import place_order
from orders.webhooks.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.registering import register_endpoint, send_test
from panel.accounts.models import ApiToken, Customer
from panel.dashboard.order_export import start_export
from panel.rewards.models import Gift, GiftGrant
from panel.rewards.referrals import find_code
from panel.support.announcements.models import Announcement
from panel.support.models import CannedAnswer
from panel.support.tickets import answer_ticket, open_ticket
from panel.wallet.models import Payment
from providers.models import Provider
from sms.drafts import SendRequest
from sms.models import PhonebookImport
from sms.phonebooks import create_book
from sms.sends import send_text

POST = "https://www.instagram.com/p/every-{}/"
# In the addresses of what is only sent (POST): what stands there is never looked for.
SENT_ALONE = ("pattern_id", "session_id", "token_id")


def fill_account(panel):
    """Ids by the name that they have in addresses, of the demo's first customer."""
    facts = panel.facts
    customer = Customer.objects.get(email=facts["customer"]["email"])
    staff = Customer.objects.get(username=facts["admin"]["username"])
    today = timezone.now()
    orders = [_order(customer, facts["services"]["default"], word) for word in ("plain", "stuck", "partial")]
    drips = Service.objects.filter(dripfeed=True, active=True).values_list("pk", flat=True)[0]
    _order(customer, drips, "drip", runs="3", interval="60")
    payment = Payment.objects.create(customer=customer, amount=50_000, gateway="zarinpal")
    return {
        **dict.fromkeys(SENT_ALONE, 1),
        "order_id": orders[0],
        "payment_id": payment.pk,
        "key_id": ApiToken.objects.filter(customer=customer, use="key").values_list("pk", flat=True)[0],
        "service_id": facts["services"]["default"],
        "customer_id": customer.pk,
        "provider_id": Provider.objects.order_by("pk").values_list("pk", flat=True)[0],
        "notification_id": uuid.uuid4(),
        "code": find_code(customer.pk),
        "year": today.year,
        "month": today.month,
        "slug": "standard",
        "job_id": start_export(customer.pk, {}, "csv", uuid.uuid4().hex).pk,
        **_talk(customer, staff),
        **_connect(customer, panel),
        **_exchange(customer, facts),
        **_write(customer, facts),
    }


def _order(customer, service, word, **more):
    values = {"link": POST.format(word), "quantity": "100", **more}
    return place_order(customer.pk, Order.Channel.DASHBOARD, service, values).order_id


def _talk(customer, staff):
    """A ticket with an answer, and an announcement."""
    CannedAnswer.objects.create(title="On its way", text_fa="در راه است.", text_en="It is on its way.")
    ticket = open_ticket(customer.pk, "About an order", "Where is it?")
    answer_ticket(staff, ticket.pk, "It is on its way.")
    words = {
        "title_fa": "نوروز مبارک",
        "title_en": "Happy new year",
        "text_fa": "تعطیل نیستیم.",
        "text_en": "Open.",
    }
    return {"ticket_id": ticket.pk, "announcement_id": Announcement.objects.create(**words).pk}


def _connect(customer, panel):
    """A webhook with a delivery."""
    webhook = register_endpoint(customer.pk, f"{panel.sandbox.url}/nowhere", WebhookEndpoint.Topic.values)
    send_test(webhook)
    delivery = WebhookDelivery.objects.filter(endpoint=webhook).values_list("pk", flat=True)[0]
    return {"webhook_id": webhook.pk, "delivery_id": delivery}


def _exchange(customer, facts):
    """A campaign, a code of the shop, and a gift."""
    campaign = create_campaign(
        customer.pk, facts["campaigns"]["like_class"], POST.format("campaign"), 100, {}
    )
    code = buy_product(customer.pk, facts["products"]["cheap"])
    gift = GiftGrant.objects.create(
        customer=customer,
        gift=Gift.objects.all()[0],
        quantity=100,
        expires_at=timezone.now() + timedelta(days=30),
    )
    return {
        "campaign_id": campaign.pk,
        "product_id": facts["products"]["cheap"],
        "code_id": code.pk,
        "gift_id": gift.pk,
    }


def _write(customer, facts):
    """A phonebook with an import, and a send to it."""
    book = create_book(customer.pk, "Friends", ["09120000001", "09120000002"])
    faults = [[2, "0912", "too short"]]
    done = PhonebookImport.objects.create(
        book=book, file_name="friends.csv", added=2, duplicates=0, bad=1, faults=faults
    )
    send = send_text(customer.pk, "dashboard", SendRequest(facts["sms_from"], "سلام", book_id=book.pk))
    return {"book_id": book.pk, "import_id": done.pk, "send_id": send.pk}
