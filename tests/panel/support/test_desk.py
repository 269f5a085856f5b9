"""The desk: whose queue, who has which ticket, opening again, notes, and canned answers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from panel.support import tickets
from panel.support.canned import find_unknown, write_answer
from panel.support.desk import add_note, assign_ticket, find_neighbours, list_queue, reopen_ticket
from panel.support.models import CannedAnswer, Notification, Ticket, TicketNote
from panel.support.ticket_refusals import TicketRefused
from tests.factories import make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_answerer()


@pytest.fixture
def ticket():
    return tickets.open_ticket(make_customer().pk, "Order 7", "Where is it?")


def make_answerer():
    person = make_customer(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_ticket"))
    return person


def open_aged(hours, **columns):
    """A ticket that has waited for so many hours."""
    row = tickets.open_ticket(make_customer().pk, "x", "x")
    Ticket.objects.filter(pk=row.pk).update(changed=timezone.now() - timedelta(hours=hours), **columns)
    row.refresh_from_db()
    return row


def refusal_of(work):
    with pytest.raises(TicketRefused) as refused:
        work()
    return refused.value.code.value


def test_the_queue_is_mine_and_nobodys_with_the_longest_wait_first(staff):
    other = make_answerer()
    rows = [
        open_aged(1),
        open_aged(3, assignee=staff, status="pending"),
        open_aged(5, assignee=other),
        open_aged(2, status="answered"),
        open_aged(4),
    ]
    assert [row.pk for row in list_queue(staff.pk)] == [rows[4].pk, rows[1].pk, rows[0].pk]


def test_neighbours_lead_through_the_queue(staff, django_assert_num_queries):
    first, second, third = open_aged(3), open_aged(2), open_aged(1)
    closed = open_aged(9, status="closed")
    assert find_neighbours(first, staff.pk) == (None, second.pk)
    with django_assert_num_queries(1):
        assert find_neighbours(second, staff.pk) == (first.pk, third.pk)
    assert find_neighbours(third, staff.pk) == (second.pk, None)
    assert find_neighbours(closed, staff.pk) == (None, first.pk)


def test_tickets_of_one_moment_are_told_apart_by_their_numbers(staff):
    rows = [open_aged(1) for _ in range(3)]
    Ticket.objects.update(changed=timezone.now())
    for row in rows:
        row.refresh_from_db()
    ids = [row.pk for row in rows]
    assert [find_neighbours(row, staff.pk) for row in rows] == [
        (None, ids[1]),
        (ids[0], ids[2]),
        (ids[1], None),
    ]


def test_who_answers_first_has_the_ticket(ticket, staff):
    tickets.answer_ticket(staff, ticket.pk, "Soon")
    tickets.answer_ticket(make_answerer(), ticket.pk, "Now")
    tickets.add_reply(ticket.customer_id, ticket.pk, "Thanks")
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.status) == (staff, "pending")


def test_assigning_heeds_what_others_did_meanwhile(ticket, staff):
    other = make_answerer()
    assign_ticket(ticket.pk, staff.pk, None)
    assert refusal_of(lambda: assign_ticket(ticket.pk, other.pk, None)) == "taken"
    assign_ticket(ticket.pk, staff.pk, None)  # it is theirs already
    assign_ticket(ticket.pk, other.pk, staff.pk)
    assert Ticket.objects.get().assignee == other
    assign_ticket(ticket.pk, None, other.pk)
    assert Ticket.objects.get().assignee is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_one_moment_one_has_it():
    row = tickets.open_ticket(make_customer().pk, "x", "x")
    people = [make_answerer() for _ in range(4)]
    answers = run_together(*[lambda pk=person.pk: assign_ticket(row.pk, pk, None) for person in people])
    assert [type(answer) for answer in answers].count(TicketRefused) == 3
    assert Ticket.objects.get().assignee == people[answers.index(None)]


def test_new_messages_are_told_to_who_has_the_ticket(ticket, staff):
    other = make_answerer()
    Notification.objects.all().delete()
    assign_ticket(ticket.pk, staff.pk, None)
    tickets.add_reply(ticket.customer_id, ticket.pk, "Hello?")
    assert list(Notification.objects.values_list("customer", flat=True)) == [staff.pk]
    staff.user_permissions.clear()
    Notification.objects.all().delete()
    tickets.add_reply(ticket.customer_id, ticket.pk, "Hello??")
    assert list(Notification.objects.values_list("customer", flat=True)) == [other.pk]


def test_a_closed_ticket_is_opened_again_once(ticket):
    tickets.close_ticket(ticket.pk)
    reopen_ticket(ticket.pk)
    assert Ticket.objects.get().status == "pending"
    assert refusal_of(lambda: reopen_ticket(ticket.pk)) == "opened"


def test_notes_are_plain_text_and_tell_nobody(ticket, staff):
    Notification.objects.all().delete()
    add_note(staff.pk, ticket.pk, "  <b>rude</b> ")
    assert list(TicketNote.objects.values_list("text", "author")) == [("<b>rude</b>", staff.pk)]
    assert Notification.objects.count() == 0
    assert refusal_of(lambda: add_note(staff.pk, ticket.pk, " ")) == "empty"
    assert refusal_of(lambda: add_note(staff.pk, ticket.pk, "x" * 2001)) == "long"


def test_a_canned_answer_is_filled_in_the_customers_language():
    customer = make_customer(1234, first_name="<i>Sara", language="fa")
    row = tickets.open_ticket(customer.pk, "x", "x")
    canned = CannedAnswer(text_fa="{name}، {ticket}: {balance} {other}", text_en="Dear {name}")
    assert write_answer(canned, row) == f"&lt;i&gt;Sara، {row.pk}: ۱٬۲۳۴ {{other}}"
    customer.language = "en"
    row.customer = customer
    assert write_answer(canned, row) == "Dear &lt;i&gt;Sara"
    canned.text_en = ""
    assert write_answer(canned, row) == f"&lt;i&gt;Sara، {row.pk}: 1,234 {{other}}"
    assert find_unknown("{name} {customer.password} {other} {}") == ["other", ""]
