"""The admin of sends: seen with how far their messages got, and changed by nobody."""

import pytest

from sms.models import Message, Send
from tests.panel.admin_visits import count_queries, found_ids, page_of, read
from tests.panel.admin_visits import superuser as superuser
from tests.sms.sends import make_send

pytestmark = pytest.mark.django_db


def add_messages(send, *states):
    Message.objects.bulk_create(
        Message(send=send, kind="send", to=f"+98912000{number:04d}", state=state, delivery_code=code)
        for number, (state, code) in enumerate(states)
    )


def test_messages_are_counted_by_state_and_linked(superuser):
    send, other = make_send(), make_send()
    add_messages(send, ("sent", None), ("sent", 1), ("failed", None))
    add_messages(other, ("delivered", 4))
    link = '<a href="{}?send__id__exact={}&amp;state__exact={}">{}: <bdi>{}</bdi></a>'
    for html in (read(superuser, page_of(Send)), read(superuser, page_of(Send, "change", send.pk))):
        plain = html.replace("&state", "&amp;state")
        for state, count in (("sent", 2), ("failed", 1)):
            assert link.format(page_of(Message), send.pk, state, state, count) in plain
    asked = {"send__id__exact": send.pk, "state__exact": "sent"}
    assert sorted(found_ids(superuser, Message, **asked)) == sorted(
        Message.objects.filter(send=send, state="sent").values_list("pk", flat=True)
    )


def test_the_text_is_shown_on_its_page_alone(superuser):
    send = make_send(text="words of a customer")
    pages = [read(superuser, path) for path in (page_of(Send), page_of(Send, "change", send.pk))]
    assert ["words of a customer" in html for html in pages] == [False, True]


def test_sends_are_not_added_changed_or_deleted_by_hand(superuser):
    send = make_send()
    paths = [page_of(Send, "add"), page_of(Send, "change", send.pk), page_of(Send, "delete", send.pk)]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403] * 3
    assert Send.objects.get() == send


def test_sends_are_found_by_number_and_customer(superuser):
    rows = [make_send(), make_send()]
    terms = (f"#{rows[0].pk}", rows[1].customer.username)
    assert [found_ids(superuser, Send, q=term) for term in terms] == [[rows[0].pk], [rows[1].pk]]


def test_the_list_takes_as_many_statements_for_many_sends_as_for_few(superuser):
    def grow(count):
        for _ in range(count):
            add_messages(make_send(), ("sent", None), ("failed", None))

    grow(2)
    read(superuser, page_of(Send))  # what is looked up once for each process
    few = count_queries(superuser, page_of(Send))
    grow(10)
    assert count_queries(superuser, page_of(Send)) == few
