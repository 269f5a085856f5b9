"""Who is told of what was written in a ticket. Only rows are written, in the transaction of the message."""

from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext, override

from panel.accounts.news import wants_panel
from panel.support.models import Notification
from panel.support.staff_news import tell_staff as tell_people
from sms.outbox import queue_news

ANSWERER = "support.change_ticket"  # the permission of staff who answer
SUBJECT_SHOWN = 40  # characters of a subject in an SMS
KIND = "ticket"  # of a notification


def tell_staff(ticket, message=None):
    """Tell who has the ticket, or else all who may answer, of a new one or of the customer's new message."""
    about = f"ticket-message:{message.pk}" if message else f"ticket:{ticket.pk}"
    people = ModelBackend().with_perm(ANSWERER).exclude(pk=ticket.customer_id)
    if ticket.assignee_id and people.filter(pk=ticket.assignee_id).exists():
        people = people.filter(pk=ticket.assignee_id)
    tell_people(
        "ticket_waiting",
        key=about,
        describe=lambda language: _describe_to_staff(ticket, message, language),
        values=lambda language: _read_values(ticket),
        shown_kind=KIND,
        among=people.values("pk"),
    )


def tell_customer(ticket, message):
    """Tell the customer of an answer in the panel and, where a mobile is known, by SMS."""
    customer, key, kind = ticket.customer, f"ticket-message:{message.pk}", "ticket_answered"
    if wants_panel(customer.pk, kind):
        with override(customer.language):
            words = gettext("Your ticket %(id)s (%(subject)s) was answered.")
            note = words % {"id": ticket.pk, "subject": ticket.subject}
        row = Notification(customer=customer, kind=KIND, message=note, key=f"{key}:{customer.pk}")
        Notification.objects.bulk_create([row], ignore_conflicts=True)
    queue_news(customer=customer, kind=kind, values=_read_values(ticket), key=key)


def _describe_to_staff(ticket, message, language):
    with override(language):
        words = (
            gettext("New message in ticket %(id)s (%(subject)s).")
            if message
            else gettext("New ticket %(id)s: %(subject)s")
        )
        return words % {"id": ticket.pk, "subject": ticket.subject}


def _read_values(ticket):
    """The values of an SMS about the ticket."""
    subject = ticket.subject
    if len(subject) > SUBJECT_SHOWN:
        subject = f"{subject[: SUBJECT_SHOWN - 1].rstrip()}…"
    return {"id": str(ticket.pk), "subject": subject}
