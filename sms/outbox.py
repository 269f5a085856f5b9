"""Putting messages into the outbox: a row, in the same transaction as what caused it."""

import json

from panel.accounts.news import wants_sms
from panel.lib.tracing import current_trace
from panel.lib.wakeups import wake
from sms.models import Message
from sms.parts import count_parts
from sms.texts import write_text

SEND_TASK = "sms.tasks.send_messages"


def queue_message(
    *, key, kind, to, text, customer_id=None, expires_at=None, template_id=None, values=None, trace=None
):
    """Queue one SMS (`to` as E.164) and wake the sender; the same `key` again changes nothing.

    With `expires_at` it goes before all others, is not sent after that moment, and its text is kept no longer than
    it is needed. `values` (texts by name) are what the Template `template_id` was filled with;
    `trace` is of the request that caused it, this one unless given.
    """
    row = Message(
        key=key,
        kind=kind,
        to=to,
        text=text,
        customer_id=customer_id,
        expires_at=expires_at,
        priority=Message.Priority.CODE if expires_at else Message.Priority.EVENT,
        parts=count_parts(text),
        template_id=template_id,
        # Wanted only where a template is sent as a gateway's pattern.
        values=json.dumps(values, ensure_ascii=False) if template_id and values else "",
        trace=trace or current_trace(),
    )
    Message.objects.bulk_create([row], ignore_conflicts=True)
    wake(SEND_TASK)


def queue_news(*, customer, kind, values, key, event=None, trace=None):
    """Queue the SMS about an event (the name of sms.events, the kind's unless given) where the customer wants it.

    `kind` is a name of panel.accounts.news; values are as in write_text. Without a mobile nothing is queued.
    """
    if not customer.mobile or not wants_sms(customer.pk, kind):
        return
    written = write_text(event or kind, customer.language, values)
    own = {"key": key, "kind": kind, "to": customer.mobile, "customer_id": customer.pk, "trace": trace}
    queue_message(**own, **written._asdict())
