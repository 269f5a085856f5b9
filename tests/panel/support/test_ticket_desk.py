"""A ticket's page as a desk: the queue, taking, canned answers, notes that no customer sees."""

import re

import pytest
from django.test import Client

from orders.services import place_order
from panel.accounts.models import ApiToken
from panel.support import tickets
from panel.support.desk import add_note, assign_ticket
from panel.support.models import CannedAnswer, Ticket, TicketMessage, TicketNote
from tests.factories import make_customer, make_key, make_service
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, superuser, told

__all__ = ["superuser"]
pytestmark = pytest.mark.django_db
MAY_ANSWER = ("support.view_ticket", "support.change_ticket")
NOTE = "writes in capitals, be patient"


@pytest.fixture
def ticket():
    return tickets.open_ticket(make_customer(5000, first_name="Sara").pk, "Order 7", "Where is it?")


@pytest.fixture
def browser():
    return enter_admin(*MAY_ANSWER)


def send(browser, ticket, **values):
    return browser.post(page_of(Ticket, "change", ticket.pk), values, follow=True)


def test_the_page_shows_the_customer_beside_the_conversation(browser, ticket):
    values = {"link": "https://example.com/p", "quantity": "100"}
    order = place_order(ticket.customer_id, "dashboard", make_service(name="Hearts").pk, values).order_id
    html = read(browser, page_of(Ticket, "change", ticket.pk))
    shown = ("Sara", ticket.customer.mobile, "Hearts", f"/admin/orders/order/{order}/change/", "4,800")
    assert [words for words in shown if words not in html] == []


def test_taking_giving_back_and_giving_to_another(browser, ticket):
    other = enter_admin(*MAY_ANSWER)
    assert told(send(browser, ticket, take="1", had="")) == ["The ticket is yours."]
    assert told(send(other, ticket, take="1", had="")) == ["It was given to somebody else meanwhile."]
    assert Ticket.objects.get().assignee == browser.staff
    assert told(send(browser, ticket, release="1")) == ["Nobody has it now."]
    assign = f"/admin/support/ticket/{ticket.pk}/assign/"
    data = {"act": "1", "assignee": str(other.staff.pk), "had": ""}
    assert told(browser.post(assign, data, follow=True)) == [f"The ticket is assigned to {other.staff}."]
    assert Ticket.objects.get().assignee == other.staff


def test_only_who_may_answer_can_be_given_a_ticket(browser, ticket):
    assign = f"/admin/support/ticket/{ticket.pk}/assign/"
    data = {"act": "1", "assignee": str(ticket.customer_id), "had": ""}
    assert "Select a valid choice" in browser.post(assign, data).content.decode()
    assert enter_admin("support.view_ticket").post(assign, data).status_code == 403
    assert Ticket.objects.get().assignee is None


def test_the_list_is_filtered_by_who_has_them(superuser):
    mine, nobodys, others = (tickets.open_ticket(make_customer().pk, "x", "x") for _ in range(3))
    assign_ticket(mine.pk, superuser.staff.pk, None)
    assign_ticket(others.pk, enter_admin(*MAY_ANSWER).staff.pk, None)
    shown = [found_ids(superuser, Ticket, assigned=name) for name in ("me", "nobody", "others")]
    assert shown == [[mine.pk], [nobodys.pk], [others.pk]]


def test_a_canned_answer_goes_into_the_box_and_nothing_is_sent(browser, ticket):
    canned = CannedAnswer.objects.create(title="Wait", text_en="Dear {name}, we look at ticket {ticket}.")
    gone = CannedAnswer.objects.create(title="Old", text_en="x", active=False)
    html = send(
        browser, ticket, insert="1", seen="0", canned=str(canned.pk), message="Hello"
    ).content.decode()
    box = re.search(r"<textarea name=\"message\"[^>]*>(.*?)</textarea>", html, re.DOTALL)[1].strip()
    assert box == f"Hello\n\nDear Sara, we look at ticket {ticket.pk}."
    assert (TicketMessage.objects.count(), ">Old<" in html) == (0, False)
    html = send(browser, ticket, insert="1", seen="0", canned=str(gone.pk), message="Hello").content.decode()
    assert (
        re.search(r"<textarea name=\"message\"[^>]*>(.*?)</textarea>", html, re.DOTALL)[1].strip() == "Hello"
    )


def test_after_answering_the_next_one_that_waits_is_opened(browser, ticket):
    waiting = tickets.open_ticket(make_customer().pk, "Next", "x")
    answer = {"answer": "1", "seen": "0", "message": "Done", "then_next": "on"}
    assert send(browser, ticket, **answer).redirect_chain == [(page_of(Ticket, "change", waiting.pk), 302)]
    assert send(browser, waiting, **answer).redirect_chain == [(page_of(Ticket), 302)]


def test_a_closed_ticket_is_opened_again(browser, ticket):
    tickets.close_ticket(ticket.pk)
    html = read(browser, page_of(Ticket, "change", ticket.pk))
    assert ['name="close"' in html, 'name="reopen"' in html] == [False, True]
    assert told(send(browser, ticket, reopen="1")) == ["The ticket is open again and waits for staff."]
    assert Ticket.objects.get().status == "pending"


def test_a_note_is_kept_and_seen_by_staff(browser, ticket):
    html = send(browser, ticket, note="1", text=f"<b>{NOTE}</b>").content.decode()
    assert f"&lt;b&gt;{NOTE}&lt;/b&gt;" in html
    assert TicketNote.objects.get().author == browser.staff
    html = send(browser, ticket, note="1", text="  ").content.decode()
    assert "This field is required." in html
    assert TicketNote.objects.count() == 1


def test_no_customer_sees_a_note_in_pages_or_in_the_api(ticket):
    add_note(make_customer(is_staff=True).pk, ticket.pk, NOTE)
    customer = Client()
    customer.force_login(ticket.customer)
    key = make_key(ticket.customer, ApiToken.Contract.PANEL_APP)
    api = {"headers": {"Authorization": f"Bearer {key}"}}
    pages = [
        customer.get("/tickets/"),
        customer.get(f"/tickets/{ticket.pk}/"),
        customer.get("/notifications/"),
        customer.get("/api/v1/user/tickets", **api),
        customer.get(f"/api/v1/user/tickets/{ticket.pk}", **api),
    ]
    assert [page.status_code for page in pages] == [200] * 5
    assert [NOTE in page.content.decode() for page in pages] == [False] * 5
    assert "Where is it?" in pages[4].content.decode()


def test_who_may_only_look_sees_notes_and_no_forms(ticket):
    add_note(make_customer(is_staff=True).pk, ticket.pk, NOTE)
    looker = enter_admin("support.view_ticket")
    html = read(looker, page_of(Ticket, "change", ticket.pk))
    forms = ("answer", "insert", "close", "take", "note")
    assert (NOTE in html, [name for name in forms if f'name="{name}"' in html]) == (True, [])
    assert [send(looker, ticket, **{name: "1", "text": "x"}).status_code for name in forms] == [403] * 5


def test_the_page_takes_as_many_statements_for_many_rows(browser, ticket):
    page = page_of(Ticket, "change", ticket.pk)
    few = count_queries(browser, page)
    for number in range(30):
        tickets.answer_ticket(browser.staff, ticket.pk, "x")
        add_note(browser.staff.pk, ticket.pk, str(number))
        CannedAnswer.objects.create(title=str(number), text_en="x")
        tickets.open_ticket(make_customer().pk, "x", "x")
    assert (count_queries(browser, page), few <= 12) == (few, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text_en": "", "text_fa": ""}, "Write it in one language at least."),
        (
            {"text_en": "Dear {customer}"},
            "{customer} stands for nothing. Known are {name}, {ticket}, {balance}.",
        ),
    ],
)
def test_a_canned_answer_that_cannot_be_given_is_refused(superuser, values, words):
    data = {"title": "Wait", "text_fa": "", "text_en": "x", "active": "on"} | values
    assert words in superuser.post(page_of(CannedAnswer, "add"), data).content.decode()
    assert CannedAnswer.objects.count() == 0
