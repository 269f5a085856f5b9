"""The desk of staff who answer tickets: the queue, who has which ticket, and notes for each other.

Whoever answers a ticket that nobody has takes it with that (panel/support/tickets.py).
"""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from panel.support.models import Ticket, TicketNote
from panel.support.ticket_refusals import Refusal, TicketRefused

WAITING = (Ticket.Status.NEW, Ticket.Status.PENDING)
MAX_NOTE = TicketNote._meta.get_field("text").max_length  # characters


def list_queue(staff_id):
    """The tickets that wait for this person: their own and nobody's, who waits longest first."""
    mine = Q(assignee=staff_id) | Q(assignee=None)
    return Ticket.objects.filter(mine, status__in=WAITING).order_by("changed", "id")


def find_neighbours(ticket, staff_id):
    """(id before, id after) this ticket in the person's queue, None for none; in one statement.

    A ticket that waits for nobody stands before the whole queue.
    """
    queue = list_queue(staff_id).exclude(pk=ticket.pk)
    if ticket.status not in WAITING:
        return None, queue.values_list("pk", flat=True).first()
    older = Q(changed__lt=ticket.changed) | Q(changed=ticket.changed, pk__lt=ticket.pk)
    before = queue.filter(older).order_by("-changed", "-id").values_list("pk", "changed")[:1]
    after = queue.exclude(older).values_list("pk", "changed")[:1]
    found = [(changed, pk) for pk, changed in before.union(after)]
    place = (ticket.changed, ticket.pk)
    older_ids = [pk for changed, pk in found if (changed, pk) < place]
    newer_ids = [pk for changed, pk in found if (changed, pk) > place]
    return next(iter(older_ids), None), next(iter(newer_ids), None)


def assign_ticket(ticket_id, staff_id, had):
    """Give the ticket to a person (None: to nobody) if it is still with whom the page showed, `had` (an id or None).

    Raises TicketRefused (UNKNOWN, TAKEN). Giving it to who has it already changes nothing.
    """
    with transaction.atomic():
        ticket = _lock(ticket_id)
        if ticket.assignee_id != staff_id:
            if ticket.assignee_id != had:
                raise TicketRefused(Refusal.TAKEN)
            Ticket.objects.filter(pk=ticket_id).update(assignee=staff_id)


def reopen_ticket(ticket_id):
    """Put a closed ticket into the queue again. Raises TicketRefused (UNKNOWN, OPENED)."""
    with transaction.atomic():
        if _lock(ticket_id).status != Ticket.Status.CLOSED:
            raise TicketRefused(Refusal.OPENED)
        Ticket.objects.filter(pk=ticket_id).update(status=Ticket.Status.PENDING, changed=Now())


def add_note(staff_id, ticket_id, text):
    """The new TicketNote, plain text for staff alone. Raises TicketRefused (EMPTY, LONG)."""
    text = text.strip()
    if not text:
        raise TicketRefused(Refusal.EMPTY, field="text")
    if len(text) > MAX_NOTE:
        raise TicketRefused(Refusal.LONG, field="text", limit=MAX_NOTE)
    return TicketNote.objects.create(ticket_id=ticket_id, author_id=staff_id, text=text)


def _lock(ticket_id):
    ticket = Ticket.objects.select_for_update(no_key=True).filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketRefused(Refusal.UNKNOWN)
    return ticket
