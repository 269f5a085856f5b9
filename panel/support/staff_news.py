"""Telling staff what needs them, each by the channels that person chose. Only rows are written."""

from panel.accounts.news import list_staff
from panel.support.models import Notification
from sms.outbox import queue_message
from sms.texts import write_text


def tell_staff(kind, *, key, describe, values=None, shown_kind=None, order_id=None, among=None):
    """Tell all active staff, or those `among` them (a queryset), who want to hear of `kind`, once for each `key`.

    `describe(language)` is the sentence for the panel, `values(language)` fills the SMS; a kind without an SMS
    needs none. `shown_kind` is the notification's kind where it differs.
    """
    people = {channel: list_staff(kind, channel) for channel in ("panel", "sms")}
    if among is not None:
        people = {channel: rows.filter(pk__in=among) for channel, rows in people.items()}
    notes = [
        Notification(
            customer=person,
            kind=shown_kind or kind,
            message=describe(person.language),
            key=f"{key}:{person.pk}",
            order_id=order_id,
        )
        for person in people["panel"]
    ]
    Notification.objects.bulk_create(notes, ignore_conflicts=True)
    for person in people["sms"].exclude(mobile=None).exclude(mobile=""):
        written = write_text(kind, person.language, values(person.language))
        own = {"key": f"{key}:{person.pk}", "to": person.mobile, "customer_id": person.pk}
        queue_message(kind=kind, **own, **written._asdict())
