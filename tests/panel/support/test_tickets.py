"""Tickets through their functions: statuses, who is told, limits, and what races leave behind."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from panel.support import tickets
from panel.support.models import Notification, Ticket, TicketMessage
from panel.support.ticket_refusals import Refusal, TicketRefused, describe
from panel.support.tickets import Reader
from sms.models import Message
from tests.factories import make_customer
from tests.together import run_together


@pytest.fixture
def customer(db):
    return make_customer()


@pytest.fixture
def staff(db):
    """A member of staff who may answer."""
    row = make_customer(is_staff=True, language="fa")
    row.user_permissions.add(Permission.objects.get(codename="change_ticket"))
    return row


@pytest.fixture
def ticket(customer):
    return tickets.open_ticket(customer.pk, "Order 7", "Where is it?")


def refusal_of(work, *args, **kwargs):
    """`(code, field, limit)` of the refusal that this ends in."""
    with pytest.raises(TicketRefused) as caught:
        work(*args, **kwargs)
    return caught.value.code, caught.value.field, caught.value.limit


def status_of(ticket):
    return Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk)


def told(person):
    return list(
        Notification.objects.filter(customer=person, kind="ticket")
        .order_by("created")
        .values_list("message", flat=True)
    )


def said(ticket):
    return list(TicketMessage.objects.filter(ticket=ticket).values_list("author_id", "message"))


def test_opening(customer, staff):
    clerk = make_customer(is_staff=True)
    former = make_customer(is_staff=True, is_superuser=True, is_active=False)
    chief = make_customer(is_staff=True, is_superuser=True)
    ticket = tickets.open_ticket(customer.pk, "  Order\n 7 <b>", " <p onclick=x>Where?</p> ")
    row = Ticket.objects.get()
    assert (row.pk, row.customer_id, row.subject, row.description, row.status) == (
        ticket.pk,
        customer.pk,
        "Order 7 <b>",
        "<p>Where?</p>",
        "new",
    )
    assert row.created == row.changed
    assert told(chief) == [f"New ticket {ticket.pk}: Order 7 <b>"]
    assert [len(told(person)) for person in (staff, clerk, former, customer)] == [1, 0, 0, 0]


def test_a_conversation(customer, staff, ticket):
    seen = [status_of(ticket)]
    tickets.add_reply(customer.pk, ticket.pk, "Please!")
    seen.append(status_of(ticket))
    tickets.answer_ticket(staff, ticket.pk, "On its way.\n<script>x</script>")
    seen.append(status_of(ticket))
    tickets.add_reply(customer.pk, ticket.pk, "Thanks")
    seen.append(status_of(ticket))
    tickets.close_ticket(ticket.pk)
    seen.append(status_of(ticket))
    last = tickets.add_reply(customer.pk, ticket.pk, "Once more")
    seen.append(status_of(ticket))
    tickets.close_own_ticket(customer.pk, ticket.pk)
    seen.append(status_of(ticket))
    assert seen == ["new", "new", "answered", "pending", "closed", "pending", "closed"]
    assert said(ticket) == [
        (customer.pk, "Please!"),
        (staff.pk, "On its way."),
        (customer.pk, "Thanks"),
        (customer.pk, "Once more"),
    ]
    assert (len(told(staff)), len(told(customer)), Message.objects.count()) == (4, 1, 1)
    assert tickets.find_last_message(ticket.pk) == last.pk


def test_an_answer_is_told_in_the_panel_and_by_sms(staff):
    customer = make_customer(language="en")
    ticket = tickets.open_ticket(customer.pk, "a long subject " * 6, "x")
    row = tickets.answer_ticket(staff, ticket.pk, "Done")
    sms = Message.objects.get()
    assert told(customer) == [f"Your ticket {ticket.pk} ({ticket.subject}) was answered."]
    assert (sms.to, sms.customer_id, sms.key, sms.kind) == (
        customer.mobile,
        customer.pk,
        f"ticket-message:{row.pk}",
        "ticket_answered",
    )
    assert sms.text == "“a long subject a long subject a long su…” was answered; look in the panel."


def test_who_has_no_mobile_is_told_in_the_panel(staff):
    customer = make_customer(mobile=None)
    ticket = tickets.open_ticket(customer.pk, "x", "y")
    tickets.answer_ticket(staff, ticket.pk, "Done")
    assert (len(told(customer)), Message.objects.count()) == (1, 0)


def test_an_answer_that_cannot_be_told_is_not_there(ticket, staff, monkeypatch):
    def fail(**values):
        raise RuntimeError("the outbox is away")

    monkeypatch.setattr("panel.support.ticket_news.queue_news", fail)
    with pytest.raises(RuntimeError):
        tickets.answer_ticket(staff, ticket.pk, "Done")
    assert (status_of(ticket), said(ticket), told(ticket.customer)) == ("new", [], [])


@pytest.mark.parametrize(
    ("subject", "description", "refusal"),
    [
        (" \n", "x", (Refusal.EMPTY, "subject", 0)),
        ("x" * 201, "x", (Refusal.LONG, "subject", 200)),
        ("x", "<p> </p>", (Refusal.EMPTY, "description", 0)),
        ("x", "<script>x</script>", (Refusal.EMPTY, "description", 0)),
        ("x", "x" * 10_001, (Refusal.LONG, "description", 10_000)),
        ("x", '"&' + "<a>x" * 2499, (Refusal.LONG, "description", 10_000)),
        ("x", "&" * 10_000, (Refusal.LONG, "description", 10_000)),
        ("x", "<b>" * 501 + "x", (Refusal.LONG, "description", 10_000)),
    ],
)
def test_what_is_no_ticket(customer, subject, description, refusal):
    assert refusal_of(tickets.open_ticket, customer.pk, subject, description) == refusal
    assert Ticket.objects.count() == 0


def test_the_longest_ticket(customer):
    ticket = tickets.open_ticket(customer.pk, "س" * 200, "م" * 10_000)
    assert (len(ticket.subject), len(ticket.description)) == (200, 10_000)


def test_another_s_ticket(ticket, staff):
    stranger = make_customer()
    for work, more in ((tickets.find_ticket, ()), (tickets.add_reply, ("",)), (tickets.close_own_ticket, ())):
        assert refusal_of(work, stranger.pk, ticket.pk, *more) == (Refusal.FOREIGN, "", 0)
        assert refusal_of(work, stranger.pk, ticket.pk + 1, *more) == (Refusal.UNKNOWN, "", 0)
    assert refusal_of(tickets.answer_ticket, staff, ticket.pk + 1, "x") == (Refusal.UNKNOWN, "", 0)
    assert (status_of(ticket), said(ticket)) == ("new", [])


def test_open_tickets_have_a_limit(customer, ticket, settings):
    settings.TICKETS_OPEN_MAX = 2
    tickets.open_ticket(make_customer().pk, "another's", "x")
    second = tickets.open_ticket(customer.pk, "second", "x")
    assert refusal_of(tickets.open_ticket, customer.pk, "third", "x") == (Refusal.OPEN, "", 2)
    tickets.close_ticket(ticket.pk)
    tickets.open_ticket(customer.pk, "third", "x")
    assert refusal_of(tickets.add_reply, customer.pk, ticket.pk, "open again") == (Refusal.OPEN, "", 2)
    tickets.add_reply(customer.pk, second.pk, "x")
    assert status_of(ticket) == "closed"


def test_messages_of_an_hour_have_a_limit(customer, staff, ticket, settings):
    settings.TICKET_MESSAGES_PER_HOUR = 2
    tickets.answer_ticket(staff, ticket.pk, "does not count")
    tickets.add_reply(customer.pk, ticket.pk, "second")
    assert refusal_of(tickets.add_reply, customer.pk, ticket.pk, "third") == (Refusal.OFTEN, "", 2)
    assert refusal_of(tickets.open_ticket, customer.pk, "x", "third") == (Refusal.OFTEN, "", 2)
    Ticket.objects.update(created=timezone.now() - timedelta(minutes=61))
    tickets.add_reply(customer.pk, ticket.pk, "third")
    assert len(said(ticket)) == 3


def test_reading_marks_what_the_other_side_wrote(customer, staff, ticket):
    tickets.add_reply(customer.pk, ticket.pk, "mine")
    tickets.answer_ticket(staff, ticket.pk, "theirs")

    def read(reader):
        return [row.read_at is not None for row in tickets.read_messages(ticket, reader)]

    readers = (Reader.ONLOOKER, Reader.CUSTOMER, Reader.CUSTOMER, Reader.STAFF, Reader.ONLOOKER)
    assert [read(reader) for reader in readers] == [
        [False, False],
        [False, False],
        [False, True],
        [False, True],
        [True, True],
    ]


def test_the_newest_messages_are_read(customer, ticket, monkeypatch):
    monkeypatch.setattr(tickets, "MESSAGES_SHOWN", 2)
    for word in ("one", "two", "three"):
        tickets.add_reply(customer.pk, ticket.pk, word)
    assert [row.message for row in tickets.read_messages(ticket, Reader.CUSTOMER)] == ["two", "three"]


def test_staff_must_have_seen_the_newest_message(customer, staff, ticket):
    row = tickets.add_reply(customer.pk, ticket.pk, "wait")
    assert refusal_of(tickets.answer_ticket, staff, ticket.pk, "x", seen=0) == (Refusal.MOVED, "", 0)
    assert refusal_of(tickets.close_ticket, ticket.pk, seen=0) == (Refusal.MOVED, "", 0)
    tickets.answer_ticket(staff, ticket.pk, "x", seen=row.pk)
    assert (status_of(ticket), len(said(ticket))) == ("answered", 2)


def test_closing_twice(ticket):
    tickets.close_ticket(ticket.pk)
    assert refusal_of(tickets.close_ticket, ticket.pk) == (Refusal.CLOSED, "", 0)


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_words(code):
    assert "%" not in describe(TicketRefused(code, limit=3))


@pytest.mark.django_db(transaction=True)
def test_two_of_the_staff_answer_at_once():
    customer = make_customer()
    ticket = tickets.open_ticket(customer.pk, "x", "y")
    staff = [make_customer(is_staff=True) for _ in range(4)]
    results = run_together(
        *(lambda one=one: tickets.answer_ticket(one, ticket.pk, "x", seen=0) for one in staff)
    )
    refused = [result.code for result in results if isinstance(result, TicketRefused)]
    assert refused == [Refusal.MOVED] * 3
    assert (status_of(ticket), len(said(ticket)), len(told(customer))) == ("answered", 1, 1)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reply_while_staff_close_is_never_closed_away():
    customer = make_customer()
    opened = [tickets.open_ticket(customer.pk, "x", "y") for _ in range(6)]
    for ticket in opened:
        run_together(
            lambda ticket=ticket: tickets.add_reply(customer.pk, ticket.pk, "wait"),
            lambda ticket=ticket: tickets.close_ticket(ticket.pk, seen=0),
        )
        # Either the reply came first and closing was refused, or it opened the closed ticket again.
        assert said(ticket) == [(customer.pk, "wait")]
        assert status_of(ticket) in ("new", "pending")


@pytest.mark.django_db(transaction=True)
def test_limits_hold_in_a_race(settings):
    settings.TICKETS_OPEN_MAX, settings.TICKET_MESSAGES_PER_HOUR = 3, 5
    customer = make_customer()
    opened = run_together(*[lambda: tickets.open_ticket(customer.pk, "x", "y")] * 8)
    ticket = next(result for result in opened if isinstance(result, Ticket))
    replied = run_together(*[lambda: tickets.add_reply(customer.pk, ticket.pk, "x")] * 8)
    codes = [[row.code for row in rows if isinstance(row, TicketRefused)] for rows in (opened, replied)]
    assert codes == [[Refusal.OPEN] * 5, [Refusal.OFTEN] * 6]
    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (3, 2)
