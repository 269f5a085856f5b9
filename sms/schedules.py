"""Sends whose time comes later, once or again and again.

Each is charged when its time comes, at the price of that moment; one that can't be paid then is not made, its
customer is told, and the next of the series comes all the same.
"""

import logging
from calendar import monthrange
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from persiantools.jdatetime import JalaliDate, JalaliDateTime

from panel.lib.dates import TEHRAN, to_latin_digits
from panel.lib.secrets import InvalidToken
from sms.accounts import require_package
from sms.drafts import draft_send, price_part
from sms.gateway.codes import OtherState, SendState
from sms.lines import find_line
from sms.models import Phonebook, Send
from sms.refusals import SmsRefused
from sms.sends import check_credit, make_send, queue_send
from sms.signals import send_refused

log = logging.getLogger(__name__)
MAX_TIMES = 1_000
MAX_AHEAD = timedelta(days=366 * 2)
FIRST_GREGORIAN_YEAR = 1700  # a smaller one is Jalali
STEPS = {
    Send.Unit.HOUR: timedelta(hours=1),
    Send.Unit.DAY: timedelta(days=1),
    Send.Unit.WEEK: timedelta(weeks=1),
}


def read_send_time(text):
    """`(moment, whether it is Jalali)` of `YYYY-MM-DD HH:MM:SS` in Tehran («sendDate»).

    Raises SmsRefused(WRONG_TIME) for anything else.
    """
    try:
        day, clock = to_latin_digits(text.strip()).replace("/", "-").replace("T", " ").split(" ")
        year, month, date = map(int, day.split("-"))
        hour, minute, second = map(int, clock.split(":"))
        jalali = year < FIRST_GREGORIAN_YEAR
        if jalali:
            naive = JalaliDateTime(year, month, date, hour, minute, second).to_gregorian()
        else:
            naive = datetime(year, month, date, hour, minute, second)
        return naive.replace(tzinfo=TEHRAN), jalali
    except (ValueError, OverflowError) as error:
        raise SmsRefused(SendState.WRONG_TIME) from error


def schedule_text(customer_id, channel, request, send_at, *, unit="", times=1, jalali=False):
    """Keep a SendRequest until `send_at`, then once every `unit` until it was sent `times` times; returns its Send.

    Nothing is charged yet, but the first one must be affordable now. Raises SmsRefused as `send_text` does, and
    WRONG_TIME for the past, an unknown unit, or a number of times out of bounds.
    """
    now = timezone.now()
    fits = (
        now < send_at <= now + MAX_AHEAD
        and 1 <= times <= MAX_TIMES
        and (unit in Send.Unit.values or (not unit and times == 1))
    )
    if not fits:
        raise SmsRefused(SendState.WRONG_TIME)
    draft = draft_send(customer_id, channel, request)
    check_credit(customer_id, draft.part_price * draft.parts * max(1, len(draft.numbers)))
    local = send_at.astimezone(TEHRAN)
    with transaction.atomic():
        return make_send(
            draft,
            Send.State.SCHEDULED,
            numbers=draft.numbers,
            send_at=send_at,
            repeat_unit=unit if times > 1 else "",
            repeats_left=times - 1,
            month_day=JalaliDate(local.date()).day if jalali else local.day,
            jalali=jalali,
        )


def run_due_sends():
    """Queue every scheduled send whose time has come; returns how many. Safe to run anywhere, any number of times.

    One that breaks is tried again by the next run and keeps no other waiting.
    """
    due = Send.objects.filter(state=Send.State.SCHEDULED, send_at__lte=timezone.now()).order_by("send_at")
    done = 0
    for pk, book_id in list(due.values_list("pk", "book_id")):
        try:
            done += _run_due(pk, book_id)
        except Exception:
            log.exception("the scheduled send %s could not be queued", pk)
            connection.close_if_unusable_or_obsolete()
    return done


def _run_due(pk, book_id):
    """Whether this send was still to be run, and free."""
    with transaction.atomic():
        if book_id is not None:
            # Before the send, as whoever deletes the book does; the next of a series refers to it as well.
            Phonebook.objects.select_for_update(no_key=True).filter(pk=book_id).first()
        send = (
            Send.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, state=Send.State.SCHEDULED)
            .defer("text", "values")  # read below, where what can't be read stops nothing but itself
            .first()
        )
        if send is None:
            return False
        try:
            _run(send)
        except InvalidToken:
            _refuse(send, OtherState.SERVER_TROUBLE)
        return True


def _run(send):
    """Queue a send whose time has come, or refuse it, and plan the next of its series."""
    numbers = list(send.numbers)
    try:
        with transaction.atomic():
            send.part_price = price_part(require_package(send.customer_id), send.text)
            _read_line(send)
            queue_send(send, numbers)
    except SmsRefused as refused:
        _refuse(send, refused.code)
    if send.repeats_left:
        _schedule_next(send, numbers)


def _read_line(send):
    """What its sender number is now: it may have been given to another customer, or be for advertising."""
    line = find_line(send.customer_id, send.sender)
    send.gateway_id, send.advertising = line.gateway_id, line.advertising
    send.save(update_fields=["gateway", "advertising"])


def _refuse(send, code):
    Send.objects.filter(pk=send.pk).update(state=Send.State.REFUSED, reason=code.english)
    send.refresh_from_db(fields=["state", "reason", "charge", "recipients", "part_price"])
    send_refused.send(sender=Send, send=send, code=code)


def _schedule_next(send, numbers):
    """The next of the series. Times that passed while no worker ran are left out, not made up for."""
    moment, now = find_next_time(send), timezone.now()
    while moment <= now:
        send.send_at = moment
        moment = find_next_time(send)
    same = (
        "customer_id channel sender gateway_id advertising text flash pattern_id values book_id parts part_price"
        " repeat_unit month_day jalali trace"
    )
    Send.objects.create(
        **{name: getattr(send, name) for name in same.split()},
        state=Send.State.SCHEDULED,
        numbers=numbers,
        send_at=moment,
        repeats_left=send.repeats_left - 1,
        follows_id=send.pk,
    )


def find_next_time(send):
    """When a repeated send comes again. Months are of the calendar in which its first time was written."""
    if send.repeat_unit != Send.Unit.MONTH:
        return send.send_at + STEPS[send.repeat_unit]
    local = send.send_at.astimezone(TEHRAN)
    if send.jalali:
        day = JalaliDate(local.date())
        year, month = _add_month(day.year, day.month)
        date = JalaliDate(
            year, month, min(send.month_day, JalaliDate.days_in_month(month, year))
        ).to_gregorian()
    else:
        year, month = _add_month(local.year, local.month)
        date = local.date().replace(
            year=year, month=month, day=min(send.month_day, monthrange(year, month)[1])
        )
    return datetime.combine(date, local.time(), TEHRAN)


def _add_month(year, month):
    return (year, month + 1) if month < 12 else (year + 1, 1)
