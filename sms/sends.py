"""Sending a customer's texts: the row, its messages and its charge in one transaction, or nothing of them."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from panel.lib.tracing import current_trace
from panel.lib.wakeups import wake
from panel.wallet.house import house_id
from panel.wallet.ledger import InsufficientFunds, open_wallet, read_balance, transfer
from panel.wallet.models import Account, Transfer
from sms.drafts import draft_send
from sms.gateway.codes import SendState
from sms.models import Message, PhonebookNumber, Send
from sms.outbox import SEND_TASK
from sms.phonebooks import lock_book
from sms.refunding import refund_messages
from sms.refusals import SmsRefused

KIND = "send"
STOPPED = "stopped by the customer"
_FILL = """
INSERT INTO sms_message (send_id, "to", text, kind, state, gateway_id, tries, error, "values", priority, parts,
    trace)
SELECT %(send)s, number, '', %(kind)s, 'queued', '', 0, '', '', %(priority)s, %(parts)s, %(trace)s::uuid
FROM (
    SELECT unnest(%(numbers)s::text[]) AS number
    UNION SELECT number FROM sms_phonebooknumber WHERE book_id = %(book)s
) recipient
"""


def send_text(customer_id, channel, request):
    """Charge and queue a SendRequest; returns its Send. Raises SmsRefused (codes 1–6, 21–25, 27–29, 40)."""
    draft = draft_send(customer_id, channel, request)
    with transaction.atomic():
        send = make_send(draft, Send.State.QUEUED)
        queue_send(send, draft.numbers)
    return send


def make_send(draft, state, **fields):
    """The stored Send of a Draft, without messages and charge yet. Within the caller's transaction."""
    if draft.book_id is not None:
        lock_book(draft.customer_id, draft.book_id)  # which nobody deletes until the send refers to it
    return Send.objects.create(
        customer_id=draft.customer_id,
        channel=draft.channel,
        state=state,
        sender=draft.line.number,
        gateway_id=draft.line.gateway_id,
        advertising=draft.line.advertising,
        text=draft.text,
        flash=draft.flash,
        pattern=draft.pattern,
        values=draft.values,
        book_id=draft.book_id,
        parts=draft.parts,
        part_price=draft.part_price,
        trace=current_trace(),
        **fields,
    )


def queue_send(send, numbers):
    """Make the messages of a Send to `numbers` (E.164) and its phonebook, and charge for them.

    Within the caller's transaction. The wallet is locked last, so that it is locked briefly however many there are.
    Raises SmsRefused: no recipients, too many, no credit.
    """
    _check_size(send, numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            _FILL,
            {
                "send": send.pk,
                "kind": KIND,
                "priority": Message.Priority.ADVERTISING if send.advertising else Message.Priority.SEND,
                "parts": send.parts,
                "trace": send.trace,
                "numbers": list(numbers),
                "book": send.book_id,
            },
        )
        send.recipients = cursor.rowcount
    if not send.recipients:
        raise SmsRefused(SendState.NO_RECIPIENTS)
    send.charge = send.part_price * send.parts * send.recipients
    send.state, send.queued_at, send.numbers = Send.State.QUEUED, timezone.now(), []
    send.save(update_fields=["recipients", "charge", "state", "queued_at", "numbers", "part_price"])
    if send.charge:
        _charge(send)
    wake(SEND_TASK)


def _check_size(send, numbers):
    """Refuse early what can't be; the charge decides when others spend at the same time."""
    in_book = PhonebookNumber.objects.filter(book_id=send.book_id).count() if send.book_id else 0
    if max(in_book, len(numbers)) > settings.SMS_MAX_RECIPIENTS:
        raise SmsRefused(SendState.TOO_MANY_RECIPIENTS)
    check_credit(send.customer_id, send.part_price * send.parts * max(in_book, len(numbers)))


def check_credit(customer_id, toman):
    """Raises SmsRefused(NO_CREDIT) when the wallet holds less."""
    if toman and read_balance(customer_id) < toman:
        raise SmsRefused(SendState.NO_CREDIT)


def _charge(send):
    try:
        transfer(
            debit_id=open_wallet(send.customer_id).pk,
            credit_id=house_id(Account.Kind.SALES),
            amount=send.charge,
            kind=Transfer.Kind.SMS,
            key=f"sms:{send.pk}:charge",
            reference=str(send.pk),
        )
    except InsufficientFunds as error:
        raise SmsRefused(SendState.NO_CREDIT) from error


def stop_send(customer_id, send_id):
    """Take back what was not sent yet: a scheduled send is canceled, queued messages fail and are paid back.

    Returns how many messages that were, or None when the customer has no such send to stop.
    """
    with transaction.atomic():
        rows = Send.objects.select_for_update().only("state")
        send = rows.filter(pk=send_id, customer_id=customer_id).first()
        if send is None:
            return None
        if send.state == Send.State.SCHEDULED:
            Send.objects.filter(pk=send_id).update(state=Send.State.CANCELED)
            return 0
        queued = Message.objects.select_for_update(skip_locked=True).filter(
            send_id=send_id, state=Message.State.QUEUED
        )
        ids = list(queued.values_list("pk", flat=True))
        Message.objects.filter(pk__in=ids).update(state=Message.State.FAILED, error=STOPPED, next_try_at=None)
        if ids:
            refund_messages(send_id, ids)
        return len(ids)
