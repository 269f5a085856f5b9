"""Sends whose time comes later: charged then, each once, month after month."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.lib.dates import TEHRAN
from panel.wallet.ledger import read_balance
from sms.gateway.codes import SendState, UserState
from sms.models import Message, Send, SenderLine
from sms.phonebooks import delete_book
from sms.refusals import SmsRefused
from sms.schedules import find_next_time, read_send_time, run_due_sends, schedule_text
from sms.sends import stop_send
from sms.signals import send_refused
from tests.factories import make_customer
from tests.sms.sends import PERSIAN_PRICE, ask, fill_book, find_all_drifts, open_shop
from tests.together import run_together

API = Send.Channel.API


@pytest.fixture
def customer(db):
    open_shop()
    return make_customer(10_000)


def soon():
    return timezone.now() + timedelta(minutes=5)


def let_time_pass(**fields):
    """Every scheduled send is due, since an instant or as `fields` say."""
    Send.objects.filter(state="scheduled").update(**({"send_at": timezone.now()} | fields))


@pytest.mark.parametrize(
    ("text", "moment", "jalali"),
    [
        ("2030-01-02 03:04:05", datetime(2030, 1, 2, 3, 4, 5, tzinfo=TEHRAN), False),
        ("1408-10-12 03:04:05", datetime(2030, 1, 1, 3, 4, 5, tzinfo=TEHRAN), True),
        (" ۱۴۰۸/۱۰/۱۲ ۰۳:۰۴:۰۵ ", datetime(2030, 1, 1, 3, 4, 5, tzinfo=TEHRAN), True),
        ("1403-12-30 00:00:00", datetime(2025, 3, 20, tzinfo=TEHRAN), True),
    ],
)
def test_times_are_tehran_s_in_either_calendar(text, moment, jalali):
    assert read_send_time(text) == (moment, jalali)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2030-01-02",
        "2030-02-30 00:00:00",
        "1404-12-30 00:00:00",
        "2030-01-02 24:00:00",
        "9" * 40,
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(SmsRefused) as refused:
        read_send_time(text)
    assert refused.value.code is SendState.WRONG_TIME


def test_nothing_moves_before_its_time_and_all_of_it_then(customer):
    send = schedule_text(customer.pk, API, ask("3001", "3002"), soon())
    assert (run_due_sends(), Message.objects.count(), read_balance(customer.pk)) == (0, 0, 10_000)
    let_time_pass()
    assert (run_due_sends(), run_due_sends()) == (1, 0)
    send.refresh_from_db()
    assert (send.state, send.recipients, send.numbers, Message.objects.count()) == ("queued", 2, [], 2)
    assert read_balance(customer.pk) == 10_000 - 2 * PERSIAN_PRICE


def test_a_phonebook_is_read_when_the_time_comes(customer):
    book = fill_book(customer.pk, 1)
    schedule_text(customer.pk, API, ask(book_id=book.pk), soon())
    book.numbers.create(number="+989120003001")
    let_time_pass()
    run_due_sends()
    assert Message.objects.count() == 2


def test_a_repeated_send_comes_as_often_as_asked(customer):
    schedule_text(customer.pk, API, ask("3001"), soon(), unit="day", times=3)
    left = []
    while send := Send.objects.filter(state="scheduled").first():
        left.append(send.repeats_left)
        asked = timezone.now()
        let_time_pass(send_at=asked)
        assert run_due_sends() == 1
        later = Send.objects.filter(state="scheduled").first()
        assert later is None or (later.send_at, later.follows_id) == (asked + timedelta(days=1), send.pk)
    assert (left, Send.objects.filter(state="queued").count(), Message.objects.count()) == ([2, 1, 0], 3, 3)


def test_times_that_passed_unseen_are_not_made_up_for(customer):
    send = schedule_text(customer.pk, API, ask("3001"), soon(), unit="hour", times=9)
    asked = timezone.now() - timedelta(hours=5, minutes=30)
    let_time_pass(send_at=asked)
    assert (run_due_sends(), Message.objects.count()) == (1, 1)
    later = Send.objects.get(state="scheduled")
    assert (later.send_at, later.repeats_left, later.follows_id) == (asked + timedelta(hours=6), 7, send.pk)


@pytest.mark.parametrize(
    ("first", "jalali", "day", "following"),
    [
        (datetime(2030, 1, 31, 9, tzinfo=TEHRAN), False, 31, datetime(2030, 2, 28, 9, tzinfo=TEHRAN)),
        (datetime(2030, 2, 28, 9, tzinfo=TEHRAN), False, 31, datetime(2030, 3, 31, 9, tzinfo=TEHRAN)),
        (datetime(2029, 12, 15, 9, tzinfo=TEHRAN), False, 15, datetime(2030, 1, 15, 9, tzinfo=TEHRAN)),
        # 1408-06-31 → 1408-07-30.
        (datetime(2029, 9, 21, 9, tzinfo=TEHRAN), True, 31, datetime(2029, 10, 21, 9, tzinfo=TEHRAN)),
    ],
)
def test_months_keep_their_day_where_they_have_it(first, jalali, day, following):
    send = Send(send_at=first, repeat_unit="month", month_day=day, jalali=jalali)
    assert find_next_time(send) == following


def test_a_send_that_can_t_be_paid_is_not_made_and_the_series_goes_on(customer):
    heard = []
    send_refused.connect(
        lambda send, code, **_: heard.append((send.pk, code)), weak=False, dispatch_uid="test"
    )
    send = schedule_text(customer.pk, API, ask("3001"), soon(), unit="week", times=2)
    Send.objects.update(parts=1000)
    let_time_pass()
    run_due_sends()
    send_refused.disconnect(dispatch_uid="test")
    send.refresh_from_db()
    assert (send.state, send.reason, send.charge) == ("refused", SendState.NO_CREDIT.english, 0)
    assert (heard, Message.objects.count(), read_balance(customer.pk)) == (
        [(send.pk, SendState.NO_CREDIT)],
        0,
        10_000,
    )
    assert Send.objects.get(state="scheduled").follows_id == send.pk


def test_an_account_that_was_closed_meanwhile_sends_nothing(customer):
    schedule_text(customer.pk, API, ask("3001"), soon())
    customer.is_active = False
    customer.save()
    let_time_pass()
    run_due_sends()
    assert list(Send.objects.values_list("state", "reason")) == [("refused", UserState.LOCKED.english)]


def test_one_that_can_t_be_read_is_refused_and_stops_no_other(customer):
    lost, sound = (schedule_text(customer.pk, API, ask("3001"), soon()) for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sms_send SET text = 'of another key' WHERE id = %s", [lost.pk])
    let_time_pass()
    assert run_due_sends() == 2
    states = dict(Send.objects.values_list("pk", "state"))
    assert states == {lost.pk: "refused", sound.pk: "queued"}


@pytest.mark.parametrize(
    ("send_at", "extra", "code"),
    [
        (timezone.now() - timedelta(seconds=1), {}, SendState.WRONG_TIME),
        (timezone.now() + timedelta(days=800), {}, SendState.WRONG_TIME),
        (timezone.now() + timedelta(hours=9), {"unit": "year", "times": 2}, SendState.WRONG_TIME),
        (timezone.now() + timedelta(hours=9), {"unit": "day", "times": 0}, SendState.WRONG_TIME),
        (timezone.now() + timedelta(hours=9), {"unit": "day", "times": 1001}, SendState.WRONG_TIME),
    ],
)
def test_a_time_out_of_bounds_is_refused(customer, send_at, extra, code):
    with pytest.raises(SmsRefused) as refused:
        schedule_text(customer.pk, API, ask("3001"), send_at, **extra)
    assert (refused.value.code, Send.objects.count()) == (code, 0)


def test_the_first_one_has_to_be_affordable(customer):
    with pytest.raises(SmsRefused) as refused:
        schedule_text(customer.pk, API, ask(*map(str, range(3000, 3084))), soon())
    assert (refused.value.code, Send.objects.count()) == (SendState.NO_CREDIT, 0)


def test_a_scheduled_send_can_be_canceled(customer):
    send = schedule_text(customer.pk, API, ask("3001"), soon(), unit="day", times=5)
    assert stop_send(customer.pk, send.pk) == 0
    let_time_pass()
    assert (run_due_sends(), list(Send.objects.values_list("state", flat=True))) == (0, ["canceled"])


@pytest.mark.django_db(transaction=True)
def test_several_workers_make_each_send_once():
    open_shop()
    customer = make_customer(10_000)
    for number in range(6):
        schedule_text(customer.pk, API, ask(f"300{number}"), soon(), unit="day", times=2)
    let_time_pass()
    assert sum(run_together(*[run_due_sends] * 4)) == 6
    assert (Message.objects.count(), read_balance(customer.pk)) == (6, 10_000 - 6 * PERSIAN_PRICE)
    assert (Send.objects.filter(state="scheduled").count(), find_all_drifts()) == (6, [])


@pytest.mark.django_db(transaction=True)
def test_one_that_breaks_stops_no_other():
    open_shop()
    customer = make_customer(10_000)
    broken, sound = (
        schedule_text(customer.pk, API, ask("3001"), soon(), unit="day", times=2) for _ in range(2)
    )
    let_time_pass()
    Send.objects.filter(pk=broken.pk).update(repeat_unit="year")
    assert run_due_sends() == 1
    states = dict(Send.objects.filter(pk__in=(broken.pk, sound.pk)).values_list("pk", "state"))
    assert states == {broken.pk: "scheduled", sound.pk: "queued"}
    assert (read_balance(customer.pk), find_all_drifts()) == (10_000 - PERSIAN_PRICE, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_a_book_deleted_when_its_send_is_due_keeps_neither_waiting(_round):
    open_shop()
    customer = make_customer(10_000_000)
    books = [fill_book(customer.pk, 3_000, name=str(number)) for number in range(3)]
    for book in books:
        schedule_text(customer.pk, API, ask("3001", book_id=book.pk), soon(), unit="day", times=2)
    let_time_pass()
    results = run_together(
        run_due_sends, lambda: [delete_book(customer.pk, book.pk) for book in reversed(books)]
    )
    assert results == [3, [None, None, None]]
    assert list(Send.objects.filter(state="scheduled").values_list("book_id", flat=True)) == [None] * 3
    assert find_all_drifts() == []


def test_a_number_taken_from_the_customer_sends_nothing_more(customer):
    line = SenderLine.objects.get()
    send = schedule_text(customer.pk, API, ask("3001"), soon(), unit="day", times=2)
    SenderLine.objects.filter(pk=line.pk).update(customer=make_customer())
    let_time_pass()
    run_due_sends()
    send.refresh_from_db()
    assert (send.state, send.reason) == ("refused", SendState.WRONG_NUMBER.english)
    assert (Message.objects.count(), read_balance(customer.pk)) == (0, 10_000)


def test_what_a_number_is_for_counts_when_the_time_comes(customer):
    schedule_text(customer.pk, API, ask("3001"), soon())
    SenderLine.objects.update(advertising=True)
    let_time_pass()
    run_due_sends()
    assert [(row.priority, row.send.advertising) for row in Message.objects.all()] == [
        (Message.Priority.ADVERTISING, True)
    ]
