"""The customer's page in the admin: everything in one place, by the rights of who looks, in few queries."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign
from orders.models import CustomerTotal, Order
from orders.services import place_order
from panel.rewards.models import Referral
from panel.staff.models import CustomerNote
from panel.staff.roles import CATALOGUE, FINANCE, OWNER, SUPPORT
from panel.support.models import Ticket
from panel.wallet.models import Payment
from sms.models import Send
from tests.factories import make_campaign, make_customer, make_key, make_service
from tests.panel.staff.steps import act_as, enter_as, written

pytestmark = pytest.mark.django_db
ALL = [
    "Notes",
    "Person",
    "Money",
    "Orders",
    "Payments",
    "Tickets",
    "SMS",
    "Campaigns",
    "API keys",
    "Referrals",
    "What staff did",
]


def page_of(customer):
    return reverse("admin:accounts_customer_change", args=[customer.pk])


def titles(browser, customer):
    return [str(block["title"]) for block in browser.get(page_of(customer)).context["customer_blocks"]]


def fill(customer, count):
    """`count` rows of everything."""
    service = make_service()
    for number in range(count):
        values = {"link": f"https://instagram.com/p/{number}", "quantity": "10"}
        place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values)
        Ticket.objects.create(customer=customer, subject=f"Question {number}", description="x")
        Payment.objects.create(customer=customer, amount=1000, gateway="zarinpal", channel="dashboard")
        CustomerNote.objects.create(customer=customer, text=f"note {number}")
        Referral.objects.create(customer=make_customer(), referrer=customer)
        make_campaign(owner=customer, likes=10)
        make_key(customer, "standard") if number < 5 else None


def find_block(browser, customer, title):
    blocks = browser.get(page_of(customer)).context["customer_blocks"]
    content = next(block["content"] for block in blocks if str(block["title"]) == title)
    facts = {str(label): str(value) for label, value in content.facts}
    return facts, [[str(cell) for cell in row] for row in content.rows]


def test_the_owner_sees_everything_in_one_place():
    customer = make_customer(toman=70_000)
    assert titles(enter_as(OWNER), customer) == ALL


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (FINANCE, {"Tickets", "API keys", "What staff did"}),
        (SUPPORT, {"What staff did"}),
    ],
)
def test_others_see_what_their_role_may(role, missing):
    assert set(ALL) - set(titles(enter_as(role), make_customer())) == missing


def test_the_catalogues_people_see_no_customers():
    assert enter_as(CATALOGUE).get(page_of(make_customer())).status_code == 403


def test_money_and_orders_say_what_the_books_say():
    customer, owner = make_customer(toman=70_000), enter_as(OWNER)
    fill(customer, 6)
    CustomerTotal.objects.create(customer=customer, orders=6, amount=120)
    facts, rows = find_block(owner, customer, "Orders")
    assert facts == {
        "orders in all": "<bdi>6</bdi>",
        "toman spent": "<bdi>120</bdi>",
        "open among the newest 1,000": "<bdi>6</bdi>",
    }
    newest = list(Order.objects.order_by("-id").values_list("pk", flat=True)[:5])
    assert [row[0].partition("#")[2].partition("<")[0] for row in rows] == [str(pk) for pk in newest]
    facts, rows = find_block(owner, customer, "Money")
    assert facts["toman"] == "<bdi>69,880</bdi>"
    assert len(rows) == 5


def test_the_terms_that_were_accepted_are_told():
    moment, version = datetime(2026, 5, 4, 9, 30, tzinfo=UTC), datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    people = [
        make_customer(),
        make_customer(terms_accepted_at=moment),
        make_customer(terms_accepted_at=moment, terms_version=version),
    ]
    owner = enter_as(OWNER)
    facts = [find_block(owner, one, "Person")[0] for one in people]
    assert [(one["terms accepted"], one["version of the terms"]) for one in facts] == [
        ("–", "–"),
        ("<bdi>2026/05/04 13:00</bdi>", "the panel's own, before the operator wrote any"),
        ("<bdi>2026/05/04 13:00</bdi>", "<bdi>2026/04/01 11:30</bdi>"),
    ]


def test_it_takes_as_many_queries_for_many_rows_as_for_few():
    owner = enter_as(OWNER)
    counts = []
    for count in (1, 12):
        customer = make_customer(toman=70_000)
        fill(customer, count)
        owner.get(page_of(customer))
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(page_of(customer)).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= 40
    assert (Send.objects.count(), Campaign.objects.count()) == (0, 13)


def test_a_note_is_written_from_the_page_and_names_its_author():
    customer, support = make_customer(), enter_as(SUPPORT, username="helper")
    opened = support.get(reverse("admin:staff_customernote_for", args=[customer.pk]), follow=True)
    assert opened.context["adminform"].form.initial["customer"] == str(customer.pk)
    answer = support.post(
        reverse("admin:staff_customernote_add"),
        {"customer": customer.pk, "text": "Pays late", "pinned": "on"},
    )
    assert answer["Location"] == page_of(customer)
    note = CustomerNote.objects.get()
    assert (note.author, note.text, note.pinned) == (support.staff, "Pays late", True)
    assert written("action", "customer", "object_type")[-1] == ("add", customer.pk, "staff.customernote")
    assert "<strong>Pays late</strong>" in support.get(page_of(customer)).content.decode()


def test_only_its_author_changes_a_note():
    customer, author, colleague = make_customer(), enter_as(SUPPORT), enter_as(SUPPORT)
    note = CustomerNote.objects.create(customer=customer, author=author.staff, text="old")
    path = reverse("admin:staff_customernote_change", args=[note.pk])
    assert colleague.post(path, {"text": "forged"}).status_code == 403
    assert author.post(path, {"text": "new"}).status_code == 302
    note.refresh_from_db()
    assert (note.text, note.customer) == ("new", customer)


def test_the_customer_never_sees_notes():
    customer, support = make_customer(), enter_as(SUPPORT)
    CustomerNote.objects.create(customer=customer, text="a secret remark")
    act_as(support, customer)
    pages = [support.get(path).content.decode() for path in ("/", "/wallet/", "/tickets/", "/orders/")]
    assert [page for page in pages if "secret remark" in page] == []


def test_staff_have_no_button_to_act_as_staff():
    owner, target = enter_as(OWNER), enter_as(SUPPORT).staff
    button = "Log in as this customer"
    assert button not in owner.get(page_of(target)).content.decode()
    assert button in owner.get(page_of(make_customer())).content.decode()
