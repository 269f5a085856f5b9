"""Notifications and tickets over panel-app: every documented answer, its keys, and another's ticket."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token
from panel.api.panel_app.base import unix
from panel.api.panel_app.errors import FAULTS
from panel.api.panel_app.users import describe_user
from panel.support import tickets
from panel.support.models import Notification, Ticket, TicketMessage
from tests.factories import make_customer, make_key

NOTIFICATIONS, TICKETS = "/api/v1/user/notifications", "/api/v1/user/tickets"
CLEARED = "اطلاع رسانی ها با موفقیت پاک شدند"
BAD = "پارامتر های وارد شده اشتباه هستند"
FORBIDDEN = {"status": 403, "message": "منع دسترسی"}
UNKNOWN = {"status": 404, "message": "تیکت مورد نظر یافت نشد"}
client = Client()


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def key(customer):
    return make_key(customer, ApiToken.Contract.PANEL_APP)


@pytest.fixture
def ticket(customer):
    return tickets.open_ticket(customer.pk, "test", "one\n<b>two</b>")


def ask(path, key, body=None):
    """`(HTTP status, JSON)`; with a body it is a POST."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if body is None:
        response = client.get(path, headers=headers)
    else:
        response = client.post(path, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def tell(customer, message, **fields):
    return Notification.objects.create(
        customer=customer, kind="x", message=message, key=str(uuid.uuid4()), **fields
    )


def describe(ticket):
    """The ticket as the list shows it."""
    ticket.refresh_from_db()
    return {
        "id": ticket.pk,
        "ids": None,
        "uid": ticket.customer_id,
        "description": ticket.description,
        "subject": ticket.subject,
        "status": ticket.status,
        "created": unix(ticket.created),
        "changed": unix(ticket.changed),
    }


def test_notifications(customer, key):
    first = tell(customer, "first", read_at=timezone.now())
    second = tell(customer, "<b>second</b>")
    tell(make_customer(), "another's")
    lines = [
        {"id": str(row.pk), "message": row.message, "created_at": unix(row.created)}
        for row in (second, first)
    ]
    assert ask(f"{NOTIFICATIONS}/unread", key) == (200, {"status": 200, "notifications": lines[:1]})
    lines[0]["read_at"], lines[1]["read_at"] = None, unix(first.read_at)
    assert ask(NOTIFICATIONS, key) == (200, {"status": 200, "notifications": lines})


def test_the_newest_hundred_notifications(customer, key):
    moment = timezone.now()
    Notification.objects.bulk_create(
        Notification(customer=customer, kind="x", message=str(n), key=str(n), created=moment)
        for n in range(101)
    )
    newest = tell(customer, "newest")
    for path in (NOTIFICATIONS, f"{NOTIFICATIONS}/unread"):
        listed = ask(path, key)[1]["notifications"]
        assert (len(listed), listed[0]["id"]) == (100, str(newest.pk))


def test_marking_all_read(customer, key):
    before = tell(customer, "first", read_at=timezone.now())
    tell(customer, "second")
    other = tell(make_customer(), "another's")
    assert ask(NOTIFICATIONS, key, {}) == (200, {"status": 200, "message": CLEARED})
    assert list(Notification.objects.filter(read_at=None)) == [other]
    assert Notification.objects.get(pk=before.pk).read_at == before.read_at
    assert ask(f"{NOTIFICATIONS}/unread", key)[1] == {"status": 200, "notifications": []}


@pytest.mark.parametrize("body", ["[", "[1]", "x", "[" * 100_000], ids=["open", "list", "word", "deep"])
def test_an_unreadable_body_marks_nothing(customer, key, body):
    unread = tell(customer, "first")
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post(NOTIFICATIONS, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"status": 400, "message": FAULTS[400]})
    assert list(Notification.objects.filter(read_at=None)) == [unread]


def test_the_list_of_tickets(customer, key, ticket):
    closed = tickets.open_ticket(customer.pk, "second", "x")
    tickets.close_ticket(closed.pk)
    tickets.open_ticket(make_customer().pk, "another's", "x")
    assert ask(TICKETS, key) == (200, {"status": 200, "tickets": [describe(closed), describe(ticket)]})


def test_opening_a_ticket(customer, key):
    status, body = ask(TICKETS, key, {"subject": "تست", "description": "<p onclick=x>متن</p>\nدوم"})
    row = Ticket.objects.get()
    told = {
        "subject": "تست",
        "description": "<p>متن</p>\nدوم",
        "uid": customer.pk,
        "changed": unix(row.changed),
        "created": unix(row.created),
        "id": row.pk,
        "user": [describe_user(customer)],
        "messages": [],
    }
    assert (status, body) == (200, {"status": 201, "ticket": told})
    assert row.description == "<p>متن</p>\nدوم"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, f"{BAD}: subject"),
        ({"description": "x"}, f"{BAD}: subject"),
        ({"subject": " ", "description": "x"}, f"{BAD}: subject"),
        ({"subject": ["x"], "description": "x"}, f"{BAD}: subject"),
        ({"subject": True, "description": "x"}, f"{BAD}: subject"),
        ({"subject": "\0", "description": "x"}, f"{BAD}: subject"),
        ({"subject": "\ud800", "description": "x"}, f"{BAD}: subject"),
        ({"subject": "x" * 201, "description": "x"}, f"{BAD}: subject حداکثر 200 نویسه است"),
        ({"subject": "x"}, f"{BAD}: description"),
        ({"subject": "x", "description": {"a": [1]}}, f"{BAD}: description"),
        ({"subject": "x", "description": "<script>x</script>"}, f"{BAD}: description"),
        ({"subject": "x", "description": "x" * 1_000_000}, f"{BAD}: description حداکثر 10000 نویسه است"),
    ],
)
def test_what_is_no_ticket(key, body, words):
    assert ask(TICKETS, key, body) == (200, {"status": 400, "message": words})
    assert Ticket.objects.count() == 0


def test_a_form_opens_a_ticket_too(customer, key):
    response = client.post(
        f"{TICKETS}/",
        "subject=1&description=2",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert (response.json()["status"], Ticket.objects.get().subject) == (201, "1")


def test_a_ticket_with_its_messages(customer, key, ticket):
    staff = make_customer(is_staff=True)
    mine = tickets.add_reply(customer.pk, ticket.pk, "mine")
    theirs = tickets.answer_ticket(staff, ticket.pk, "<p>theirs</p>")
    lines = [
        {
            "id": row.pk,
            "ids": None,
            "uid": author.pk,
            "ticket_id": ticket.pk,
            "message": text,
            "is_read": 0,
            "changed": unix(row.changed),
            "created": unix(row.created),
        }
        for row, author, text in ((mine, customer, "mine"), (theirs, staff, "<p>theirs</p>"))
    ]
    told = describe(ticket) | {"user": [describe_user(customer)], "messages": lines}
    assert ask(f"{TICKETS}/{ticket.pk}", key) == (200, {"status": 200, "ticket": told})
    lines[1]["is_read"] = 1  # read by the call before
    persian = "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in str(ticket.pk))
    assert ask(f"{TICKETS}/{persian}/", key) == (200, {"status": 200, "ticket": told})
    assert told["status"] == "answered"


def test_a_reply(customer, key, ticket):
    tickets.close_ticket(ticket.pk)
    status, body = ask(f"{TICKETS}/{ticket.pk}", key, {"message": "test"})
    row = TicketMessage.objects.get()
    told = {
        "uid": customer.pk,
        "ticket_id": str(ticket.pk),
        "is_read": 0,
        "message": "test",
        "changed": unix(row.changed),
        "created": unix(row.created),
        "id": row.pk,
    }
    assert (status, body) == (200, {"status": 201, "ticket_message": told})
    assert (describe(ticket)["status"], describe(ticket)["changed"]) == ("pending", unix(row.created))


@pytest.mark.parametrize("message", [None, "", "<p></p>", [], {"a": 1}])
def test_what_is_no_reply(key, ticket, message):
    answered = ask(f"{TICKETS}/{ticket.pk}", key, {"message": message})
    assert answered == (200, {"status": 400, "message": f"{BAD}: message"})
    assert TicketMessage.objects.count() == 0


def test_another_s_ticket_tells_nothing(ticket):
    stranger = make_key(make_customer(), ApiToken.Contract.PANEL_APP)
    path, unknown = f"{TICKETS}/{ticket.pk}", f"{TICKETS}/{ticket.pk + 1}"
    tickets.answer_ticket(make_customer(is_staff=True), ticket.pk, "secret")
    before = describe(ticket)
    for body in (None, {"message": "x"}, {"message": ""}, {}):
        assert ask(path, stranger, body) == (200, FORBIDDEN)
        assert ask(unknown, stranger, body) == (200, UNKNOWN)
    assert (describe(ticket), TicketMessage.objects.get().read_at) == (before, None)


@pytest.mark.parametrize("name", ["autem", "0", "-1", "9" * 19, "9" * 18, "1.0", "1e3"])
def test_an_id_that_is_none(key, name):
    assert ask(f"{TICKETS}/{name}", key) == (200, UNKNOWN)
    assert ask(f"{TICKETS}/{name}", key, {"message": "x"}) == (200, UNKNOWN)


def test_limits(key, ticket, settings):
    settings.TICKETS_OPEN_MAX = 1
    words = "شما 1 تیکت باز دارید؛ پیش از ثبت تیکت تازه، یکی از آن‌ها باید بسته شود"
    assert ask(TICKETS, key, {"subject": "x", "description": "y"}) == (200, {"status": 429, "message": words})
    settings.TICKET_MESSAGES_PER_HOUR = 1
    words = "در هر ساعت حداکثر 1 پیام می‌توانید بفرستید؛ کمی بعد دوباره تلاش کنید"
    assert ask(f"{TICKETS}/{ticket.pk}", key, {"message": "x"}) == (200, {"status": 429, "message": words})
    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (1, 0)


def test_a_token_that_may_only_read(customer, ticket):
    row = tell(customer, "x")
    key = issue_token(customer, ApiToken.Contract.PANEL_APP, scopes=[ApiToken.Scope.READ])[1]
    for path in (NOTIFICATIONS, TICKETS, f"{TICKETS}/{ticket.pk}"):
        assert ask(path, key, {"subject": "x", "description": "y", "message": "z"}) == (200, FORBIDDEN)
        assert ask(path, key)[1]["status"] == 200
    row.refresh_from_db()
    assert (row.read_at, Ticket.objects.count(), TicketMessage.objects.count()) == (None, 1, 0)


@pytest.mark.parametrize("path", [NOTIFICATIONS, f"{NOTIFICATIONS}/unread", TICKETS, f"{TICKETS}/1"])
def test_who_has_no_token(db, path):
    words = "توکن اشتباه یا منقضی شده است"
    assert ask(path, None) == (401, {"status": 401, "message": words})
