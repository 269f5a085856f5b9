"""What tests of sends start from: prices, a sender number, a phonebook, and requests."""

from django.db import connection

from panel.wallet.audit import find_drifts, list_added_checks, open_snapshot
from sms.drafts import SendRequest
from sms.models import Message, Package, Phonebook, Send, SenderLine
from tests.factories import make_customer

PERSIAN_PRICE, LATIN_PRICE = 120, 250
LINE = "30001234"


def open_shop(advertising=False):
    """A default package and a sender number for everybody."""
    Package.objects.create(
        name="normal", persian_price=PERSIAN_PRICE, latin_price=LATIN_PRICE, is_default=True
    )
    SenderLine.objects.create(number=LINE, advertising=advertising)


def ask(*endings, text="سلام", **fields):
    """A SendRequest of a Persian text of one part to the mobiles with those last four digits."""
    return SendRequest(**{"sender": LINE, "text": text, "numbers": tuple(map(mobile, endings))} | fields)


def make_send(**fields):
    """A queued Send of a new customer, without messages and without a charge."""
    fields = {"channel": "dashboard", "state": "queued", "sender": "3000", "text": "hello"} | fields
    if "customer" not in fields:
        fields["customer"] = make_customer()
    return Send.objects.create(**{"parts": 1, "part_price": 100, "recipients": 1} | fields)


def mobile(ending):
    """A mobile with those last four digits, as people write it."""
    return f"0912000{ending}"


def fill_book(customer_id, count, name="friends"):
    """A phonebook of `count` numbers, none of which means anything to the sandbox."""
    book = Phonebook.objects.create(customer_id=customer_id, name=name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sms_phonebooknumber (book_id, number) SELECT %s,"
            " '+98913' || lpad((n / 6000)::text, 3, '0') || (3000 + n %% 6000) FROM generate_series(1, %s) n",
            [book.pk, count],
        )
    return book


def states_of(send):
    """The states of a send's messages, in the order of their numbers."""
    return list(Message.objects.filter(send=send).order_by("to").values_list("state", flat=True))


def find_all_drifts():
    """What the audit says of sends; outside any transaction."""
    with open_snapshot():
        return [line for check in list_added_checks() for line in find_drifts(check)]
