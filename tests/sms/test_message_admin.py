"""The admin of the outbox: texts of codes stay hidden, and only what surely failed is sent again."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from panel.support.models import Notification
from sms.models import Message, Send
from tests.factories import make_customer
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser
from tests.sms.sends import make_send
from tests.sms.steps import queue

pytestmark = pytest.mark.django_db


MOMENT = datetime(2026, 5, 21, 5, 30, tzinfo=UTC)


def make_message(key, kind="order_completed", **fields):
    values = {"to": "+989120001111", "text": f"text of {key}", "kind": kind} | fields
    return Message.objects.create(key=key, **values)


def test_a_text_is_shown_but_never_that_of_a_code(superuser):
    plain, code = make_message("one"), make_message("two", kind="code_login")
    pages = [read(superuser, page_of(Message, "change", row.pk)) for row in (plain, code)]
    assert ["text of" in html for html in pages] == [True, False]
    assert "hidden: it holds a code" in pages[1]
    assert "text of" not in read(superuser, page_of(Message))


def test_a_text_whose_key_is_gone_breaks_no_page(superuser):
    row = make_message("one")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sms_message SET text = 'of another key'")
    assert "its key is no longer among FIELD_KEYS" in read(superuser, page_of(Message, "change", row.pk))
    assert found_ids(superuser, Message) == [row.pk]


def test_messages_are_found_by_mobile_in_any_spelling(superuser):
    row = make_message("one")
    make_message("two", to="+989120002222")
    assert [found_ids(superuser, Message, q=term) for term in ("09120001111", "۰۹۱۲۰۰۰۱۱۱۱")] == [
        [row.pk]
    ] * 2


def test_messages_are_not_added_changed_or_deleted_by_hand(superuser):
    row = queue()
    paths = [page_of(Message, "add"), page_of(Message, "change", row.pk), page_of(Message, "delete", row.pk)]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403] * 3
    assert Message.objects.get().state == "queued"


def test_only_failed_messages_without_a_code_are_sent_again(superuser):
    rows = [
        make_message("failed", state="failed", tries=12, next_try_at=None),
        make_message("unclear", state="unclear", tries=1, next_try_at=None),
        make_message("sent", state="sent", tries=1, next_try_at=None),
        make_message("code", kind="code_login", state="failed", tries=12, next_try_at=None),
    ]
    data = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    response = superuser.post(page_of(Message), data, follow=True)
    assert told(response) == ["1 message is queued again."]
    assert [(row.state, row.tries, row.next_try_at is None) for row in Message.objects.order_by("pk")] == [
        ("queued", 0, False),
        ("unclear", 1, True),
        ("sent", 1, True),
        ("failed", 12, True),
    ]


def test_a_failed_message_of_a_send_was_paid_back_and_is_not_sent_again(superuser):
    row = make_message("", state="failed", next_try_at=None, send=make_send())
    data = {"action": "send_again", "_selected_action": [row.pk]}
    assert told(superuser.post(page_of(Message), data, follow=True)) == ["0 messages are queued again."]
    assert Message.objects.get().state == "failed"


def make_unclear(key, **fields):
    fields = {
        "state": "unclear",
        "tries": 1,
        "next_try_at": None,
        "claimed_at": MOMENT,
        "error": "gone",
    } | fields
    return make_message(key, **fields)


def settle(browser, action, rows, **sure):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | sure
    return browser.post(page_of(Message), data, follow=True)


def history_of(row):
    return [
        (entry.user, entry.get_change_message())
        for entry in LogEntry.objects.filter(content_type__model="message", object_id=str(row.pk))
    ]


@pytest.mark.parametrize(
    ("action", "words", "state"),
    [
        ("it_arrived", "1 message counts as sent.", ("sent", 1, MOMENT, True, "")),
        ("it_did_not", "1 message is queued again.", ("queued", 0, None, False, "")),
    ],
)
def test_unclear_messages_are_decided_after_one_question(superuser, action, words, state):
    rows = [
        make_unclear("unclear"),
        make_unclear("code", kind="code_login"),
        make_unclear("failed", state="failed"),
    ]
    page = settle(superuser, action, rows)
    assert page.context["rows"].get() == rows[0]
    assert [row.state for row in Message.objects.order_by("pk")] == ["unclear", "unclear", "failed"]
    assert told(settle(superuser, action, rows, sure="yes")) == [words]
    unclear, code, failed = Message.objects.order_by("pk")
    assert (unclear.tries, unclear.sent_at) == state[1:3]
    assert (unclear.state, unclear.next_try_at is None, unclear.error) == (state[0], *state[3:])
    assert [code.state, failed.state] == ["unclear", "failed"]
    assert [history_of(row) for row in rows] == [[(superuser.staff, words)], [], []]


def test_who_comes_too_late_decides_nothing(superuser):
    row = make_unclear("one")
    Message.objects.update(state="sent")
    answer = settle(superuser, "it_did_not", [row], sure="yes")
    assert told(answer) == ["None of these messages is unclear, or they hold codes."]
    assert (Message.objects.get().state, history_of(row)) == ("sent", [])


def test_an_unclear_message_of_a_send_can_be_decided(superuser):
    row = make_unclear("", send=make_send())
    settle(superuser, "it_arrived", [row], sure="yes")
    assert Message.objects.get().state == "sent"


def test_only_who_may_change_messages_decides():
    browser = enter_admin("sms.view_message")
    row = make_unclear("one")
    settle(browser, "it_did_not", [row], sure="yes")
    assert Message.objects.get().state == "unclear"


def test_a_message_of_a_send_shows_its_text_and_leads_there(superuser):
    send = make_send(text="of the send")
    row = make_message("", send=send)
    html = read(superuser, page_of(Message, "change", row.pk))
    assert ("of the send" in html, page_of(Send, "change", send.pk) in html) == (True, True)


def test_the_front_page_counts_failed_and_unclear_messages(superuser):
    for key, state in (("one", "failed"), ("two", "failed"), ("three", "sent"), ("four", "unclear")):
        make_message(key, state=state)
    make_message("five", state="unclear", kind="code_login")
    make_message("", state="failed", send=make_send())
    html = read(superuser, "/admin/")
    failed = f"{page_of(Message)}?state__exact=failed&amp;send__isnull=True"
    unclear = f"{page_of(Message)}?state__exact=unclear"
    assert f'<a href="{failed}"><strong><bdi>2</bdi></strong> failed SMS</a>' in html
    assert f'<a href="{unclear}"><strong><bdi>1</bdi></strong> unclear SMS</a>' in html
    assert len(found_ids(superuser, Message, state__exact="failed", send__isnull="True")) == 2


def test_lists_take_as_many_statements_for_many_rows_as_for_few(superuser):
    def grow(start, end):
        for number in range(start, end):
            customer = make_customer()
            make_message(f"sms {number}", customer=customer)
            Notification.objects.create(customer=customer, kind="x", message="hello", key=f"note {number}")

    grow(0, 2)
    read(superuser, page_of(Message))  # what is looked up once for each process
    few = [count_queries(superuser, page_of(model)) for model in (Message, Notification)]
    grow(2, 14)
    assert [count_queries(superuser, page_of(model)) for model in (Message, Notification)] == few


def test_notifications_are_found_by_order_and_customer_and_only_seen(superuser):
    customer = make_customer()
    rows = [
        Notification.objects.create(
            customer=person, kind="x", message="hello", key=str(number), order_id=number
        )
        for number, person in ((41, customer), (42, make_customer()))
    ]
    terms = ("#42", customer.username)
    assert [found_ids(superuser, Notification, q=term) for term in terms] == [[rows[1].pk], [rows[0].pk]]
    paths = [page_of(Notification, page, rows[0].pk) for page in ("change", "delete")]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403, 403]
    assert Notification.objects.count() == 2
