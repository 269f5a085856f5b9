"""Sending a customer's texts: all of it or nothing, charged by parts and recipients."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from sms.gateway.codes import PhonebookState, SendState, UserState
from sms.models import Gateway, Message, Pattern, Send, SenderLine, SmsAccount
from sms.refusals import SmsRefused
from sms.sends import send_text, stop_send
from tests.factories import make_customer
from tests.sms.sends import (
    LATIN_PRICE,
    PERSIAN_PRICE,
    ask,
    fill_book,
    find_all_drifts,
    mobile,
    open_shop,
)
from tests.together import run_together

PURSE = 10_000
API = Send.Channel.API


@pytest.fixture
def customer(db):
    open_shop()
    return make_customer(PURSE)


def refuse(customer, request):
    """The code that a request is refused with, which changes nothing."""
    before = (
        read_balance(customer.pk),
        Send.objects.count(),
        Message.objects.count(),
        Transfer.objects.count(),
    )
    with pytest.raises(SmsRefused) as refused:
        send_text(customer.pk, API, request)
    assert (
        read_balance(customer.pk),
        Send.objects.count(),
        Message.objects.count(),
        Transfer.objects.count(),
    ) == before
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "parts", "price"),
    [
        ("سلام", 1, PERSIAN_PRICE),
        ("س" * 71, 2, PERSIAN_PRICE),
        ("hello", 1, LATIN_PRICE),
        ("h" * 161, 2, LATIN_PRICE),
    ],
)
def test_a_send_costs_its_parts_for_each_recipient(customer, text, parts, price):
    send = send_text(customer.pk, API, ask("3001", "3002", "3003", text=text))
    send.refresh_from_db()
    assert (send.state, send.recipients, send.parts, send.part_price) == ("queued", 3, parts, price)
    assert (send.charge, read_balance(customer.pk)) == (3 * parts * price, PURSE - 3 * parts * price)
    rows = Message.objects.order_by("to").values_list(
        "to", "state", "priority", "parts", "customer_id", "text"
    )
    assert list(rows) == [
        (f"+98912000{end}", "queued", Message.Priority.SEND, parts, None, "")
        for end in ("3001", "3002", "3003")
    ]
    assert list(Transfer.objects.filter(kind="sms").values_list("key", "amount", "reference")) == [
        (f"sms:{send.pk}:charge", send.charge, str(send.pk))
    ]


def test_each_number_once_from_list_and_phonebook(customer):
    book = fill_book(customer.pk, 3)
    known = book.numbers.order_by("number").first().number
    send = send_text(
        customer.pk, API, ask("3001", "3001", book_id=book.pk, numbers=(known, mobile("3001"), known))
    )
    assert (send.recipients, Message.objects.count(), send.charge) == (4, 4, 4 * PERSIAN_PRICE)


def test_an_advertising_line_sends_advertisements(customer):
    SenderLine.objects.create(number="1000", advertising=True)
    send_text(customer.pk, API, ask("3001", sender="1000"))
    assert Message.objects.get().priority == Message.Priority.ADVERTISING


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": " \n"}, SendState.EMPTY_MESSAGE),
        ({"text": "x" * 1501}, SendState.MISMATCH),
        ({"text": "a\x00b"}, SendState.MISMATCH),
        ({"numbers": ()}, SendState.NO_RECIPIENTS),
        ({"numbers": ("0912000300", "09120003001")}, SendState.MISMATCH),
        ({"numbers": tuple(mobile(3000 + n) for n in range(1001))}, SendState.TOO_MANY_RECIPIENTS),
        ({"numbers": tuple(mobile(3000 + n) for n in range(84))}, SendState.NO_CREDIT),
        ({"sender": "3000999"}, SendState.WRONG_NUMBER),
        ({"sender": ""}, SendState.WRONG_NUMBER),
        ({"book_id": 0}, PhonebookState.NOT_FOUND),
        ({"pattern_id": 0}, SendState.PATTERN_INACTIVE),
    ],
)
def test_a_bad_request_changes_nothing(customer, changes, code):
    assert refuse(customer, ask("3001", **changes)) is code


def test_others_phonebooks_lines_and_patterns_are_unknown(customer):
    stranger = make_customer(PURSE)
    SenderLine.objects.create(number="5000", customer=stranger)
    pattern = Pattern.objects.create(customer=stranger, title="x", body="hi", state="approved")
    book = fill_book(stranger.pk, 1)
    assert [
        refuse(customer, ask("3001", **changes))
        for changes in ({"book_id": book.pk}, {"sender": "5000"}, {"pattern_id": pattern.pk})
    ] == [PhonebookState.NOT_FOUND, SendState.WRONG_NUMBER, SendState.PATTERN_INACTIVE]
    assert send_text(stranger.pk, API, ask("3001", sender="5000", book_id=book.pk)).recipients == 2


def test_without_any_gateway_nothing_is_taken(customer, settings):
    settings.SMS_GATEWAY_URL = ""
    assert refuse(customer, ask("3001")) is SendState.OPERATOR_ERROR
    gateway = Gateway.objects.create(
        name="one", kind="rest", url="https://example.com", sender="1", active=False
    )
    assert refuse(customer, ask("3001")) is SendState.OPERATOR_ERROR
    Gateway.objects.update(active=True, paused_until=timezone.now() + timedelta(hours=1))
    assert send_text(customer.pk, API, ask("3001")).recipients == 1
    gateway.delete()


def test_an_empty_phonebook_has_no_recipients(customer):
    assert refuse(customer, ask(book_id=fill_book(customer.pk, 0).pk)) is SendState.NO_RECIPIENTS


def test_a_phonebook_that_is_too_large_is_refused(customer, settings):
    settings.SMS_MAX_RECIPIENTS = 2
    assert refuse(customer, ask(book_id=fill_book(customer.pk, 3).pk)) is SendState.TOO_MANY_RECIPIENTS


@pytest.mark.parametrize(
    ("account", "customer_fields", "state"),
    [
        ({"closed_at": "2020-01-01T00:00Z"}, {}, UserState.NOT_FOUND),
        ({"trial": True}, {}, UserState.TRIAL),
        ({}, {"is_active": False}, UserState.LOCKED),
        ({"expires_at": "2020-01-01T00:00Z"}, {}, UserState.EXPIRED),
        ({}, {"mobile_verified": False}, UserState.UNVERIFIED),
        ({"access": False}, {}, UserState.NO_ACCESS),
    ],
)
def test_only_active_accounts_send(customer, account, customer_fields, state):
    SmsAccount.objects.create(customer=customer, **account)
    for name, value in customer_fields.items():
        setattr(customer, name, value)
    customer.save()
    assert refuse(customer, ask("3001")) is state


def test_what_was_not_sent_yet_can_be_stopped_and_is_paid_back_once(customer):
    send = send_text(customer.pk, API, ask("3001", "3002", "3003"))
    Message.objects.filter(to__endswith="3001").update(state="sending")
    assert [stop_send(customer.pk, send.pk) for _ in range(2)] == [2, 0]
    send.refresh_from_db()
    assert (send.refunded, read_balance(customer.pk)) == (2 * PERSIAN_PRICE, PURSE - PERSIAN_PRICE)
    assert stop_send(make_customer().pk, send.pk) is None


def test_a_send_to_many_takes_no_more_statements_than_one_to_few(customer):
    few, many = fill_book(customer.pk, 2, "few"), fill_book(customer.pk, 50, "many")
    send_text(customer.pk, API, ask(book_id=few.pk))
    counts = []
    for book in (few, many):
        with CaptureQueriesContext(connection) as queries:
            send_text(customer.pk, API, ask(book_id=book.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_on_a_wallet_for_five():
    open_shop()
    customer = make_customer(5 * PERSIAN_PRICE + 10)
    answers = run_together(*[lambda: send_text(customer.pk, API, ask("3001"))] * 20)
    codes = [getattr(answer, "code", None) for answer in answers]
    assert (codes.count(None), codes.count(SendState.NO_CREDIT)) == (5, 15)
    assert (read_balance(customer.pk), Send.objects.count(), Message.objects.count()) == (10, 5, 5)
    assert find_all_drifts() == []
