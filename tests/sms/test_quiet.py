"""Advertisements wait for the morning and are few a day for a number; nothing else does."""

from datetime import UTC, datetime, time

import pytest

from panel.lib.dates import TEHRAN
from sms import claiming
from sms.claiming import claim_codes, claim_messages
from sms.models import Message
from sms.outbox import queue_message
from sms.quiet import find_midnight, find_next_day, is_quiet
from sms.sends import send_text
from tests.factories import make_customer
from tests.sms.sends import ask, open_shop
from tests.sms.steps import make_all_due
from tests.together import run_together

NIGHT = (time(22), time(8))


def at(hour, minute=0):
    return datetime(2030, 1, 2, hour, minute, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [
        (NIGHT, [True, True, False, False, True]),
        ((time(12), time(14)), [False, False, False, True, False]),
        ((time(0), time(0)), [False] * 5),
    ],
)
def test_quiet_hours_are_tehran_s(settings, hours, quiet):
    settings.SMS_QUIET_HOURS = hours
    moments = [at(0), at(7, 59), at(8), at(13), at(22)]
    assert [is_quiet(moment) for moment in moments] == quiet
    assert [is_quiet(moment.astimezone(UTC)) for moment in moments] == quiet


def test_a_day_begins_at_midnight_in_tehran():
    moment = datetime(2030, 1, 2, 20, 45, tzinfo=UTC)  # 00:15 of the third
    assert find_midnight(moment) == datetime(2030, 1, 3, tzinfo=TEHRAN)
    assert find_next_day(moment) == datetime(2030, 1, 4, tzinfo=TEHRAN)


@pytest.fixture
def advertiser(db, settings):
    """A customer whose texts are advertisements, at a time of day when these may go out."""
    settings.SMS_QUIET_HOURS = (time(0), time(0))
    settings.SMS_ADVERTISING_PER_DAY = 2
    open_shop(advertising=True)
    return make_customer(100_000)


def advertise(customer, *endings):
    send_text(customer.pk, "sms_rest", ask(*endings))


def test_only_advertisements_wait_in_quiet_hours(advertiser, settings):
    settings.SMS_QUIET_HOURS = (time(0), time.max)
    advertise(advertiser, "3001")
    queue_message(key="news", kind="x", to="+989120003001", text="news")
    assert [row.priority for row in claim_messages(10)] == [Message.Priority.EVENT]
    assert (
        Message.objects.filter(state="queued").values_list("priority", flat=True)[0]
        == Message.Priority.ADVERTISING
    )


def test_a_number_gets_no_more_advertisements_a_day_than_its_cap(advertiser):
    for _ in range(3):
        advertise(advertiser, "3001", "3002")
    assert len(claim_messages(10)) == 4
    waiting = Message.objects.filter(state="queued")
    moments = {row.next_try_at for row in waiting}
    assert (len(waiting), moments, {row.tries for row in waiting}) == (
        2,
        {find_next_day(Message.objects.filter(state="sending").first().claimed_at)},
        {0},
    )
    assert (claim_messages(10), Message.objects.filter(claimed_at=None).count()) == ([], 2)


def test_caps_count_what_was_sent_earlier_today_and_forget_yesterday(advertiser):
    for _ in range(2):
        advertise(advertiser, "3001")
        claim_messages(10)
    advertise(advertiser, "3001")
    assert claim_messages(10) == []
    make_all_due()
    Message.objects.filter(state="sending").update(claimed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert len(claim_messages(10)) == 1


def test_codes_and_news_have_no_cap(advertiser):
    for number in range(5):
        queue_message(key=f"news {number}", kind="x", to="+989120003001", text="news")
    assert len(claim_messages(10)) == 5
    assert claim_codes(10) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_together_keep_the_cap(settings, monkeypatch):
    settings.SMS_QUIET_HOURS, settings.SMS_ADVERTISING_PER_DAY = (time(0), time(0)), 1
    open_shop(advertising=True)
    customer = make_customer(100_000)
    for _ in range(8):
        advertise(customer, "3001")
    claimed = run_together(*[lambda: claiming.claim_messages(1)] * 8)
    assert sum(len(rows) for rows in claimed) == 1
