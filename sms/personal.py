"""What of texting is about a person: the customer's own data, and the numbers and texts that they sent to others."""

from django.db.models import Q
from django.utils.translation import gettext as _

from panel.lib.personal import MARK, Personal, add_impersonal, add_obstacle, add_personal
from sms.models import Message, Send


def _messages(customer):
    found = Q(customer=customer.pk) | Q(send__customer=customer.pk)
    return found | Q(to=customer.mobile) if customer.mobile else found


PARTS = (
    Personal(
        "sms.SmsAccount",
        owners=("customer",),
        wiped=dict.fromkeys(
            ("company", "fax", "national_code", "certificate", "address", "postal_code", "phone"), ""
        ),
        exported=(
            "company",
            "fax",
            "national_code",
            "certificate",
            "address",
            "postal_code",
            "phone",
            "created",
        ),
    ),
    Personal("sms.Phonebook", owners=("customer",), deleted=True, exported=("id", "name", "created")),
    Personal(
        "sms.PhonebookNumber", owners=("book__customer",), deleted=True, exported=("book", "number", "name")
    ),
    Personal(
        "sms.PhonebookImport",
        owners=("book__customer",),
        deleted=True,
        exported=("book", "file_name", "added", "duplicates", "bad", "created"),
    ),
    Personal(
        "sms.Pattern",
        owners=("customer",),
        wiped={"title": MARK, "body": MARK, "reason": ""},
        kept=("gateway_pattern",),
        exported=("title", "body", "state", "created"),
    ),
    Personal(
        "sms.Send",
        owners=("customer",),
        wiped={"text": "", "values": "", "numbers": [], "reason": ""},
        kept=("channel", "sender"),
        exported=("id", "state", "sender", "text", "numbers", "recipients", "charge", "refunded", "created"),
    ),
    Personal("sms.SendKey", owners=("customer",), deleted=True),
    Personal(
        "sms.Message",
        rows=_messages,
        wiped={"to": "", "text": "", "values": "", "error": ""},
        kept=("kind", "key", "gateway_id"),
        exported=("to", "text", "kind", "send", "state", "parts", "created", "sent_at"),
    ),
)


def _find_waiting(customer_id):
    if Send.objects.filter(customer=customer_id, state=Send.State.SCHEDULED).exists():
        yield _("SMS sends are scheduled: cancel them.")
    open_states = [Message.State.QUEUED, Message.State.SENDING, Message.State.UNCLEAR]
    if Message.objects.filter(send__customer=customer_id, state__in=open_states).exists():
        yield _("SMS are being sent: wait until they are.")


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_obstacle(_find_waiting)
    add_impersonal(
        "gateways, prices and sender numbers of the house", "sms.Package", "sms.Gateway", "sms.SenderLine"
    )
    add_impersonal("texts written by staff", "sms.Template")
