"""The list of sends, a send's page with its recipients and delivery, and stopping."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.wallet.ledger import read_balance
from sms.models import Message, Send
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_texts
from tests.panel.dashboard.sms.steps import confirm, count_queries, make_send, read_facts

LIST = "/sms/sends/"


def test_without_sends_the_page_says_what_to_do(browser):
    assert read_texts(browser.get(LIST), "div", class_="empty") == [
        "You have sent no SMS yet. Write the first one"
    ]


def test_the_list_tells_how_far_each_got(browser, customer):
    make_send(customer, ["delivered", "failed"], refunded=100)
    make_send(customer, ["queued", "delivered"])
    make_send(customer, state="scheduled", queued_at=None, send_at=timezone.now() + timedelta(days=1))
    make_send(customer, state="refused", queued_at=None)
    rows = read_rows(browser.get(LIST))
    assert [row[1:6] for row in rows] == [
        ["سلام 3000123456", "Refused", "—", "0", "0"],
        ["سلام 3000123456", "Scheduled", "—", "0", "0"],
        ["سلام 3000123456", "Being sent", "2", "200", "0"],
        ["سلام 3000123456", "Sent", "2", "200", "100"],
    ]


def test_the_list_is_filtered_by_state_and_paged(browser, customer):
    for _ in range(27):
        make_send(customer, state="canceled", queued_at=None)
    make_send(customer, ["sent"])
    first = browser.get(f"{LIST}?state=canceled")
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = browser.get(f"{LIST}{older}")
    assert (len(read_rows(first)), len(read_rows(second))) == (25, 2)
    assert read_texts(browser.get(f"{LIST}?state=refused"), "div", class_="empty") == [
        "No send matches. Show all sends"
    ]


def test_the_list_asks_again_while_something_waits(browser, customer):
    def polls():
        page = browser.get(LIST, headers={"HX-Request": "true"})
        return "hx-get" in read_attributes(find_one(page, "div", id="sends"))

    send = make_send(customer, ["queued"])
    assert polls() is True
    Message.objects.filter(send=send).update(state="delivered")
    assert polls() is False


def test_a_send_s_page_tells_counts_and_money(browser, customer):
    send = make_send(customer, ["delivered"] * 6 + ["undelivered", "failed"], refunded=100)
    page = browser.get(f"{LIST}{send.pk}/")
    facts = read_facts(page)
    assert [facts[name] for name in ("Recipients", "Parts", "Charge", "Refunded")] == [
        "8",
        "1",
        "800 toman",
        "100 toman",
    ]
    legend = [texts for texts in read_rows(page) if len(texts) == 2]
    assert legend == [["6", "75 percent"], ["1", "12 percent"], ["1", "12 percent"]]
    drawn = [(one["class"], one["width"]) for one in map(read_attributes, find_all(page, "rect"))]
    assert drawn == [("part-success", "450.00"), ("part-warning", "75.00"), ("part-danger", "75.00")]
    assert find_all(page, "form", id="stop-send") == []


def test_recipients_are_paged_by_number_filtered_and_found(browser, customer):
    send = make_send(customer, ["delivered"] * 26 + ["failed"])
    path = f"{LIST}{send.pk}/"
    first = browser.get(path)
    after = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = [row[0] for row in read_rows(browser.get(path + after)) if len(row) == 3]
    assert second == ["09120000025", "09120000026"]
    failed = [row[:2] for row in read_rows(browser.get(f"{path}?state=failed")) if len(row) == 3]
    assert failed == [["09120000026", "Failed"]]
    found = [row[:2] for row in read_rows(browser.get(f"{path}?q=۰۹۱۲ ۰۰۰ ۰۰۰۳")) if len(row) == 3]
    assert found == [["09120000003", "Delivered"]]
    nothing = browser.get(f"{path}?q=nothing")
    assert read_texts(nothing, "div", class_="empty") == ["No recipient matches. Show all recipients"]


def test_stopping_pays_back_what_was_not_sent(browser, customer):
    confirm(browser)
    send = Send.objects.get()
    Message.objects.filter(to="+989121111111").update(state="sent")
    page = browser.post(f"{LIST}{send.pk}/stop/", follow=True)
    assert [str(one) for one in page.context["messages"]] == [
        "1 message is stopped and its price is back in your wallet."
    ]
    send.refresh_from_db()
    assert (send.refunded, read_balance(customer.pk)) == (200, 99_800)
    again = browser.post(f"{LIST}{send.pk}/stop/", follow=True)
    assert [str(one) for one in again.context["messages"]] == [
        "There was nothing left to stop: all messages are sent."
    ]
    assert read_balance(customer.pk) == 99_800


def test_a_scheduled_send_shows_its_series_and_is_canceled(browser, customer):
    past = make_send(customer, ["sent"], send_at=timezone.now(), repeat_unit="week", repeats_left=3)
    moment = timezone.now() + timedelta(days=7)
    send = make_send(
        customer,
        state="scheduled",
        queued_at=None,
        send_at=moment,
        repeat_unit="week",
        repeats_left=2,
        follows=past,
        numbers=["+989121111111"],
    )
    facts = read_facts(browser.get(f"{LIST}{send.pk}/"))
    assert [facts[name] for name in ("Typed numbers", "Again", "The one before")] == [
        "1",
        "every week, 2 times more after this one",
        f"#{past.pk}",
    ]
    assert read_facts(browser.get(f"{LIST}{past.pk}/"))["The next one"].startswith(f"#{send.pk} ")
    page = browser.post(f"{LIST}{send.pk}/stop/", follow=True)
    send.refresh_from_db()
    assert (send.state, [str(one) for one in page.context["messages"]]) == (
        "canceled",
        ["The send is canceled."],
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("not enough credit", "Your balance is not enough. Add funds, or send to fewer."),
        ("something else", "something else"),
    ],
)
def test_a_refused_send_says_why(browser, customer, reason, words):
    send = make_send(customer, state="refused", queued_at=None, reason=reason)
    page = browser.get(f"{LIST}{send.pk}/")
    assert read_texts(page, "p", class_="alert-error") == [f"It was not sent: {words}"]


def test_nobody_reaches_another_s_send(stranger, visitor, customer):
    send = make_send(customer, ["queued"])
    path = f"{LIST}{send.pk}/"
    assert [stranger.get(path).status_code, stranger.post(f"{path}stop/").status_code] == [404, 404]
    assert read_rows(stranger.get(LIST)) == []
    assert visitor.post(f"{path}stop/").headers["Location"].partition("?")[0] == "/login/"
    assert [stranger.get(f"{path}stop/").status_code, Message.objects.get().state] == [405, "queued"]


def test_queries_do_not_grow(browser, customer):
    def count():
        paths = (LIST, f"{LIST}{Send.objects.first().pk}/")
        return [count_queries(browser, path) for path in paths]

    make_send(customer, ["sent"])
    few = count()
    for _ in range(5):
        make_send(customer, ["sent", "queued", "failed"])
    Message.objects.bulk_create(
        Message(send=Send.objects.first(), to=f"+98913{number:07d}", kind="send") for number in range(20)
    )
    assert count() == few
