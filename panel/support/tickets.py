"""Tickets: a customer's questions and what staff answer (contracts: panel-app-v1, user/tickets).

A ticket is `new` until staff answer (`answered`); the customer's next message makes it `pending`, a closed one too.
Customers' writes lock their row, then the ticket's; staff lock the ticket's only. A message, the status and whom it
is told to are one transaction.
"""

from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from panel.accounts.models import Customer
from panel.support.models import Ticket, TicketMessage
from panel.support.safe_html import clean_html, has_words
from panel.support.ticket_news import tell_customer, tell_staff
from panel.support.ticket_refusals import Refusal, TicketRefused

MAX_SUBJECT = Ticket._meta.get_field("subject").max_length  # characters
MAX_MESSAGE = 10_000  # characters, as they were written
MAX_CLEANED = 4 * MAX_MESSAGE  # escaping and closing tags make it longer; hostile HTML must not make it huge
MAX_TAGS = 500  # unclosed ones multiply each other: 10,000 characters of them become 6,000,000 within seconds
MESSAGES_SHOWN = 200  # the newest of a ticket
HOUR = timedelta(hours=1)


class Reader(Enum):
    """Who looks at a conversation."""

    CUSTOMER = "customer"
    STAFF = "staff"  # who may answer
    ONLOOKER = "onlooker"  # staff who may only look: nothing counts as read


def open_ticket(customer_id, subject, description):
    """The new Ticket; `subject` is plain text, `description` text or HTML. Raises TicketRefused."""
    subject = _read_subject(subject)
    description = _read_message(description, "description")
    with transaction.atomic():
        _lock_customer(customer_id)
        _refuse_too_often(customer_id)
        _refuse_too_many_open(customer_id)
        ticket = Ticket.objects.create(customer_id=customer_id, subject=subject, description=description)
        tell_staff(ticket)
    return ticket


def add_reply(customer_id, ticket_id, message):
    """The customer's new TicketMessage; a closed ticket opens again. Raises TicketRefused."""
    find_ticket(customer_id, ticket_id)
    message = _read_message(message, "message")
    with transaction.atomic():
        _lock_customer(customer_id)
        _refuse_too_often(customer_id)
        ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)
        if ticket.status == Ticket.Status.CLOSED:
            _refuse_too_many_open(customer_id)
        if ticket.status != Ticket.Status.NEW:
            ticket.status = Ticket.Status.PENDING
        row = _add_message(ticket, customer_id, message)
        tell_staff(ticket, row)
    return row


def answer_ticket(staff, ticket_id, message, seen=None):
    """The TicketMessage of `staff` (a Customer), told to the customer in the panel and by SMS.

    `seen` is the newest message that `staff` has read (0: only the description; None: whatever): with a newer one
    it is refused, so two people don't answer the same and one form doesn't answer twice. A ticket that nobody has is
    theirs with that. Raises TicketRefused.
    """
    message = _read_message(message, "message")
    with transaction.atomic():
        ticket = _lock_seen(ticket_id, seen)
        ticket.status = Ticket.Status.ANSWERED
        ticket.assignee_id = ticket.assignee_id or staff.pk
        row = _add_message(ticket, staff.pk, message)
        tell_customer(ticket, row)
    return row


def close_ticket(ticket_id, seen=None):
    """Close for staff; `seen` as for `answer_ticket`. Raises TicketRefused."""
    with transaction.atomic():
        _close(_lock_seen(ticket_id, seen))


def close_own_ticket(customer_id, ticket_id):
    """Close for the customer. Raises TicketRefused."""
    find_ticket(customer_id, ticket_id)
    with transaction.atomic():
        _close(Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id))


def find_ticket(customer_id, ticket_id):
    """The customer's Ticket. Raises TicketRefused (UNKNOWN, FOREIGN)."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketRefused(Refusal.UNKNOWN)
    if ticket.customer_id != customer_id:
        raise TicketRefused(Refusal.FOREIGN)
    return ticket


def read_messages(ticket, reader):
    """The newest MESSAGES_SHOWN messages, oldest first, as they were before this reading.

    What the other side of `reader` (a Reader) wrote among them counts as read from now on.
    """
    newest = TicketMessage.objects.filter(ticket=ticket).select_related("author").order_by("-id")
    rows = list(newest[:MESSAGES_SHOWN])[::-1]
    for row in rows:
        row.by_customer = row.author_id == ticket.customer_id
    theirs = {Reader.CUSTOMER: False, Reader.STAFF: True}.get(reader)
    unread = [row.pk for row in rows if row.read_at is None and row.by_customer == theirs]
    if unread:
        TicketMessage.objects.filter(pk__in=unread, read_at=None).update(read_at=Now())
    return rows


def find_last_message(ticket_id):
    """The id of the newest message, 0 where there is none: the `seen` of a form that shows it."""
    ids = TicketMessage.objects.filter(ticket_id=ticket_id).order_by("-id").values_list("pk", flat=True)
    return ids.first() or 0


def _add_message(ticket, author_id, message):
    row = TicketMessage.objects.create(ticket=ticket, author_id=author_id, message=message)
    ticket.changed = row.created
    ticket.save(update_fields=["status", "assignee", "changed"])
    return row


def _close(ticket):
    if ticket.status == Ticket.Status.CLOSED:
        raise TicketRefused(Refusal.CLOSED)
    Ticket.objects.filter(pk=ticket.pk).update(status=Ticket.Status.CLOSED, changed=Now())


def _lock_customer(customer_id):
    """Whoever counts the customer's tickets and messages does so alone."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)


def _lock_seen(ticket_id, seen):
    ticket = Ticket.objects.select_for_update(no_key=True).filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketRefused(Refusal.UNKNOWN)
    if seen is not None and find_last_message(ticket_id) != seen:
        raise TicketRefused(Refusal.MOVED)
    return ticket


def _refuse_too_many_open(customer_id):
    limit = settings.TICKETS_OPEN_MAX
    if Ticket.objects.filter(customer_id=customer_id).exclude(status=Ticket.Status.CLOSED).count() >= limit:
        raise TicketRefused(Refusal.OPEN, limit=limit)


def _refuse_too_often(customer_id):
    """A description is a message as well."""
    limit, since = settings.TICKET_MESSAGES_PER_HOUR, timezone.now() - HOUR
    opened = Ticket.objects.filter(customer_id=customer_id, created__gt=since).count()
    # By the customer's tickets, which an index finds; `author` has one only for its key.
    replies = TicketMessage.objects.filter(
        ticket__customer_id=customer_id, author_id=customer_id, created__gt=since
    )
    if opened + replies.count() >= limit:
        raise TicketRefused(Refusal.OFTEN, limit=limit)


def _read_subject(subject):
    subject = " ".join(subject.split())
    if not subject:
        raise TicketRefused(Refusal.EMPTY, field="subject")
    if len(subject) > MAX_SUBJECT:
        raise TicketRefused(Refusal.LONG, field="subject", limit=MAX_SUBJECT)
    return subject


def _read_message(message, field):
    message = message.strip()
    if len(message) > MAX_MESSAGE or message.count("<") > MAX_TAGS:
        raise TicketRefused(Refusal.LONG, field=field, limit=MAX_MESSAGE)
    cleaned = clean_html(message)
    if len(cleaned) > MAX_CLEANED:
        raise TicketRefused(Refusal.LONG, field=field, limit=MAX_MESSAGE)
    if not has_words(cleaned):
        raise TicketRefused(Refusal.EMPTY, field=field)
    return cleaned
