"""Who is told of what was written in a ticket. Only rows are written, in the transaction of the message."""

from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext, override

from panel.support.models import Notification
from sms.outbox import queue_message

ANSWERER = "support.change_ticket"  # the permission of staff who answer
SUBJECT_SHOWN = 40  # characters of a subject in an SMS
KIND = "ticket"


def tell_staff(ticket, message=None):
    """Tell all who may answer, in the panel, of a new ticket or of the customer's new message."""
    about = f"ticket-message:{message.pk}" if message else f"ticket:{ticket.pk}"
    people = ModelBackend().with_perm(ANSWERER).filter(is_staff=True).exclude(pk=ticket.customer_id)
    rows = [
        Notification(
            customer=person,
            kind=KIND,
            message=_describe_to_staff(ticket, message, person.language),
            key=f"{about}:{person.pk}",
        )
        for person in people.order_by("pk")
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def tell_customer(ticket, message):
    """Tell the customer of an answer in the panel and, where a mobile is known, by SMS."""
    customer, key = ticket.customer, f"ticket-message:{message.pk}"
    with override(customer.language):
        words = gettext("Your ticket %(id)s (%(subject)s) was answered.")
        note = words % {"id": ticket.pk, "subject": ticket.subject}
        words = gettext("“%(subject)s” was answered; look in the panel.")
        text = words % {"subject": _shorten(ticket.subject)}
    row = Notification(customer=customer, kind=KIND, message=note, key=f"{key}:{customer.pk}")
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    if customer.mobile:
        queue_message(key=key, kind="ticket_answered", to=customer.mobile, text=text, customer_id=customer.pk)


def _describe_to_staff(ticket, message, language):
    with override(language):
        words = (
            gettext("New message in ticket %(id)s (%(subject)s).")
            if message
            else gettext("New ticket %(id)s: %(subject)s")
        )
        return words % {"id": ticket.pk, "subject": ticket.subject}


def _shorten(subject):
    return subject if len(subject) <= SUBJECT_SHOWN else f"{subject[: SUBJECT_SHOWN - 1].rstrip()}…"
