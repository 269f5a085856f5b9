"""The pages of tickets."""

import pytest
from django.utils.translation import override

from orders.services import place_order
from panel.support import tickets
from panel.support.models import Ticket, TicketMessage
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

PAGE = "/tickets/"


@pytest.fixture
def ticket(customer):
    return tickets.open_ticket(customer.pk, "<i>Order</i>", "Where?\n<b>Here</b><img src=x onerror=alert(1)>")


def test_an_empty_list_leads_to_a_new_ticket(browser):
    page = browser.get(PAGE)
    assert read_texts(page, "div", class_="empty") == [
        "You have no tickets yet. Something unclear or gone wrong? Write to us. Write a ticket"
    ]
    assert {read_text(link) for link in find_all(page, "a", aria_current="page")} == {"Tickets"}


def test_the_list(browser, customer, ticket):
    tickets.open_ticket(make_customer().pk, "another's", "x")
    closed = tickets.open_ticket(customer.pk, "second", "x")
    tickets.close_ticket(closed.pk)
    rows = [row[:3] for row in read_rows(browser.get(PAGE))]
    assert rows == [
        [f"#{closed.pk}", "second", "Closed"],
        [f"#{ticket.pk}", "<i>Order</i>", "New"],
    ]


def test_pages_of_the_list(browser, customer):
    Ticket.objects.bulk_create(
        Ticket(customer=customer, subject=str(number), description="x", status="closed")
        for number in range(26)
    )
    first = browser.get(PAGE)
    second = browser.get(PAGE + read_attributes(find_one(first, "a", rel="next"))["href"])
    assert [row[1] for row in read_rows(first) + read_rows(second)] == [str(n) for n in range(25, -1, -1)]
    assert read_texts(browser.get(PAGE, {"before": "1"}), "div", class_="empty") == [
        "There are no older tickets. Show all tickets"
    ]


def test_a_new_ticket(browser):
    assert find_all(browser.get(f"{PAGE}new/"), "p", class_="field-error") == []
    answer = browser.post(f"{PAGE}new/", {"subject": "Order 7", "description": "one\r\ntwo"})
    row = Ticket.objects.get()
    assert (row.subject, row.description) == ("Order 7", "one\ntwo")
    assert answer.headers["Location"] == f"{PAGE}{row.pk}/"


def test_errors_stand_below_their_fields_and_nothing_typed_is_lost(browser):
    page = browser.post(f"{PAGE}new/", {"subject": "", "description": "</textarea><script>"})
    assert (page.status_code, read_texts(page, "p", id="error-subject")) == (422, ["Write something here."])
    assert "&lt;/textarea&gt;&lt;script&gt;" in page.content.decode()
    page = browser.post(f"{PAGE}new/", {"subject": "x\0", "description": "<p></p>"})
    assert read_texts(page, "p", id="error-description") == ["Write something here."]
    assert Ticket.objects.count() == 0


def test_too_many_open_tickets(browser, ticket, settings):
    settings.TICKETS_OPEN_MAX = 1
    page = browser.post(f"{PAGE}new/", {"subject": "x", "description": "y"})
    assert (page.status_code, read_texts(page, "p", class_="alert")) == (
        422,
        ["You have 1 open tickets already. Close one that is settled first."],
    )


def test_the_conversation(browser, customer, ticket):
    tickets.add_reply(customer.pk, ticket.pk, "mine")
    tickets.answer_ticket(make_customer(is_staff=True), ticket.pk, "<p>theirs</p>")
    page = browser.get(f"{PAGE}{ticket.pk}/")
    assert read_texts(page, "div", class_="said") == ["Where? Here", "mine", "theirs"]
    assert "Where?<br><b>Here</b></div>" in page.content.decode()
    assert len(find_all(page, "li", class_="answer")) == 1
    assert ["onerror" in page.content.decode(), "<i>Order" in page.content.decode()] == [False, False]
    assert [row.read_at is None for row in TicketMessage.objects.all()] == [True, False]


def test_a_reply_and_closing(browser, ticket):
    path = f"{PAGE}{ticket.pk}/"
    assert browser.get(f"{path}close/").status_code == 405
    for _ in range(2):
        assert browser.post(f"{path}close/").headers["Location"] == path
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    assert "The ticket is closed; your reply opens it again." in read_texts(browser.get(path), "p")
    assert browser.post(path, {"message": "again"}).headers["Location"] == path
    ticket.refresh_from_db()
    assert (ticket.status, TicketMessage.objects.get().message) == ("pending", "again")


def test_a_reply_that_is_refused(browser, ticket, settings):
    path = f"{PAGE}{ticket.pk}/"
    page = browser.post(path, {"message": " "})
    assert (page.status_code, read_texts(page, "p", id="error-message")) == (422, ["Write something here."])
    settings.TICKET_MESSAGES_PER_HOUR = 1
    page = browser.post(path, {"message": "typed"})
    words = "You wrote 1 messages within an hour. Write again a little later."
    assert read_texts(page, "p", id="error-message") == [words]
    assert (read_texts(page, "textarea"), TicketMessage.objects.count()) == (["typed"], 0)


def test_another_s_ticket_is_not_found(stranger, ticket):
    path = f"{PAGE}{ticket.pk}/"
    answers = [stranger.get(path), stranger.post(path, {"message": "x"}), stranger.post(f"{path}close/")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert (Ticket.objects.get().status, TicketMessage.objects.count()) == ("new", 0)


def test_visitors_log_in_first(visitor):
    for path in (PAGE, f"{PAGE}new/", f"{PAGE}1/"):
        assert visitor.get(path).headers["Location"] == f"/login/?next={path}"


def test_statuses_in_persian_are_no_moments():
    """English calls the moment of closing and the closed ticket by one word, Persian doesn't."""
    with override("fa"):
        assert Ticket.Status.labels == ["تازه", "در انتظار پشتیبانی", "پاسخ‌داده‌شده", "بسته‌شده"]


def test_a_new_ticket_is_filled_in_from_the_address_with_one_s_own_order_alone(
    browser, stranger, customer, service
):
    values = {"link": "https://instagram.com/p/abc", "quantity": "100"}
    number = place_order(customer.pk, "dashboard", service.pk, values).order_id

    def read_subject(visitor, **query):
        page = visitor.get("/tickets/new/", query)
        return read_attributes(find_one(page, "input", name="subject")).get("value", "")

    assert read_subject(browser, order=str(number)) == f"About order #{number}"
    assert read_subject(stranger, order=str(number)) == ""
    assert read_subject(stranger, order=str(number), subject="My bill") == "My bill"
