"""Tickets in the admin: the list, the conversation, answering and closing, and who may."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from panel.support import tickets
from panel.support.models import Ticket, TicketMessage
from sms.models import Message
from tests.factories import make_customer
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, superuser, told  # noqa: F401

MAY_ANSWER = ("support.view_ticket", "support.change_ticket")


@pytest.fixture
def ticket(db):
    return tickets.open_ticket(make_customer(first_name="Sara").pk, "Order 7", "Where <b>is</b>\nit?")


def send(browser, ticket, **values):
    return browser.post(page_of(Ticket, "change", ticket.pk), values, follow=True)


def log_of(ticket):
    return list(
        LogEntry.objects.filter(object_id=str(ticket.pk), content_type__model="ticket").values_list(
            "user_id", "change_message"
        )
    )


def test_who_waits_longest_is_first(superuser):  # noqa: F811
    rows = [tickets.open_ticket(make_customer().pk, str(n), "x") for n in range(5)]
    statuses = ["closed", "new", "answered", "pending", "closed"]
    for age, (row, status) in enumerate(zip(rows, statuses, strict=True)):
        changed = timezone.now() - timedelta(hours=age)
        Ticket.objects.filter(pk=row.pk).update(status=status, changed=changed)
    ids = [row.pk for row in rows]
    assert found_ids(superuser, Ticket) == [ids[3], ids[1], ids[0], ids[2], ids[4]]
    assert found_ids(superuser, Ticket, status__exact="closed") == [ids[0], ids[4]]
    assert found_ids(superuser, Ticket, status__in="new,pending") == [ids[3], ids[1]]


def test_searching(superuser, ticket):  # noqa: F811
    tickets.open_ticket(make_customer().pk, "Refund", "x")
    for words in (str(ticket.pk), f"#{ticket.pk}", ticket.customer.mobile, "order"):
        assert found_ids(superuser, Ticket, q=words) == [ticket.pk]
    assert found_ids(superuser, Ticket, q="nothing") == []


def test_the_conversation_is_shown_clean_and_counts_as_read(ticket):
    tickets.add_reply(ticket.customer_id, ticket.pk, "hello")
    # What never went through the function that stores messages.
    TicketMessage.objects.create(
        ticket=ticket, author=ticket.customer, message="<img src=x onerror=alert(1)>hi"
    )
    looker = enter_admin("support.view_ticket")
    page = read(looker, page_of(Ticket, "change", ticket.pk))
    assert [name for name in ("answer", "close") if f'name="{name}"' in page] == []
    assert TicketMessage.objects.filter(read_at=None).count() == 2
    page = read(enter_admin(*MAY_ANSWER), page_of(Ticket, "change", ticket.pk))
    assert ["Where <b>is</b><br>it?" in page, "hello" in page, "onerror" in page] == [True, True, False]
    assert TicketMessage.objects.filter(read_at=None).count() == 0
    assert not re.search(r"\sstyle=|\son\w+=", page)


def test_answering(ticket):
    browser = enter_admin(*MAY_ANSWER)
    page = send(browser, ticket, answer="1", seen="0", message="<p>Done</p><script>x</script>")
    row = TicketMessage.objects.get()
    assert (row.author_id, row.message, row.ticket.status) == (browser.staff.pk, "<p>Done</p>", "answered")
    assert told(page) == [f"Answered with message {row.pk}."]
    assert log_of(ticket) == [(browser.staff.pk, f"Answered with message {row.pk}.")]
    assert Message.objects.count() == 1


def test_a_form_sent_twice_answers_once_and_shows_what_came_meanwhile(ticket):
    browser = enter_admin(*MAY_ANSWER)
    send(browser, ticket, answer="1", seen="0", message="Done")
    page = send(browser, ticket, answer="1", seen="0", message="Done").content.decode()
    assert "Somebody wrote here meanwhile" in page
    assert (TicketMessage.objects.count(), len(log_of(ticket)), Message.objects.count()) == (1, 1, 1)
    newest = TicketMessage.objects.get().pk
    assert set(re.findall(r'name="seen" value="(\d+)"', page)) == {str(newest)}
    send(browser, ticket, answer="1", seen=str(newest), message="Done again")
    assert TicketMessage.objects.count() == 2


def test_closing(ticket):
    browser = enter_admin(*MAY_ANSWER)
    page = send(browser, ticket, close="1", seen="0")
    again = send(browser, ticket, close="1", seen="0")
    assert (told(page), told(again)) == (["The ticket is closed."], ["The ticket was closed before."])
    assert Ticket.objects.get().status == "closed"
    assert log_of(ticket) == [(browser.staff.pk, "The ticket is closed.")]


def test_an_answer_that_cannot_be_logged_is_not_there(ticket, monkeypatch):
    def fail(*values):
        raise RuntimeError("no log")

    monkeypatch.setattr("panel.support.ticket_admin.TicketAdmin.log_change", fail)
    with pytest.raises(RuntimeError):
        send(enter_admin(*MAY_ANSWER), ticket, answer="1", seen="0", message="Done")
    assert (TicketMessage.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("values", [{"message": ""}, {"message": "<p></p>"}, {"message": "x" * 10_001}])
def test_what_is_no_answer(ticket, values):
    page = send(enter_admin(*MAY_ANSWER), ticket, answer="1", seen="0", **values)
    assert (page.status_code, "errorlist" in page.content.decode()) == (200, True)
    assert (TicketMessage.objects.count(), log_of(ticket)) == (0, [])


def test_permissions(ticket):
    path = page_of(Ticket, "change", ticket.pk)
    looker, nobody = enter_admin("support.view_ticket"), enter_admin()
    assert (nobody.get(path).status_code, nobody.get(page_of(Ticket)).status_code) == (403, 403)
    assert looker.post(path, {"answer": "1", "seen": "0", "message": "x"}).status_code == 403
    assert TicketMessage.objects.count() == 0


def test_what_is_not_there(superuser):  # noqa: F811
    assert [
        superuser.get(f"{page_of(Ticket)}{name}/change/").status_code for name in ("x", "0", "9" * 30)
    ] == [404] * 3


def test_the_front_page_counts_who_waits(ticket):
    page = read(enter_admin(*MAY_ANSWER), "/admin/")
    assert "/admin/support/ticket/?status__in=new,pending" in page
