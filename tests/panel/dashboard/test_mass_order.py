"""The mass order page: a line each, all or none, every line answered."""

import pytest

from orders.models import Order
from panel.accounts.models import Customer
from panel.wallet.ledger import read_balance
from tests.factories import make_service
from tests.panel.dashboard.pages import find_one, read_attributes, read_rows, read_text, read_texts

PAGE = "/orders/mass/"
LINK = "https://instagram.com/p/abc"


def send(browser, lines, form_key="key-1"):
    return browser.post(PAGE, {"lines": "\r\n".join(lines), "form_key": form_key})


def alerts(response, kind="error"):
    return read_texts(response, "p", class_=f"alert-{kind}")


def test_the_form_says_what_a_line_is(browser):
    page = browser.get(PAGE)
    assert read_texts(page, "p", id="lines-hint") == [
        "Service number, link and quantity: 12|https://instagram.com/p/abc|1000 · at most 1,000 lines"
    ]
    assert (alerts(page), read_rows(page)) == ([], [])
    assert read_texts(browser.get("/orders/new/"), "a", href=PAGE) == ["Mass order"]


def test_all_lines_are_placed_and_told(browser, customer, service):
    lines = [f"{service.pk}|{LINK}|100", f"{service.pk}|{LINK}|1500"]
    page = send(browser, lines)
    first, second = Order.objects.order_by("id")
    assert (page.status_code, alerts(page, "success")) == (200, ["2 orders placed: 3,200 toman"])
    assert read_rows(page) == [
        ["1", lines[0], "200", f"#{first.pk}"],
        ["2", lines[1], "3,000", f"#{second.pk}"],
    ]
    assert (first.channel, read_balance(customer.pk)) == ("dashboard", 100_000 - 3200)
    assert read_text(find_one(page, "textarea", name="lines")) == ""
    again = send(browser, lines)
    assert (read_rows(again), alerts(again, "success")) == (read_rows(page), alerts(page, "success"))
    assert (Order.objects.count(), read_balance(customer.pk)) == (2, 100_000 - 3200)


def test_a_bad_line_keeps_all_back(browser, customer, service):
    comments = make_service(type="custom_comments")
    lines = [
        f"{service.pk}|{LINK}|100",
        f"{service.pk}|{LINK}|5",
        f"{comments.pk}|{LINK}|100",
        "<b>hello</b>",
        f"{service.pk}|{LINK}|50000",
    ]
    page = send(browser, lines)
    assert (page.status_code, alerts(page)) == (
        422,
        ["No order was placed and nothing was charged. Correct the lines marked below and send them again."],
    )
    assert [row[1:] for row in read_rows(page)] == [
        [lines[0], "200", "Right, not placed"],
        [f"{lines[1]} The quantity is too small. Order at least 10.", "—", "Wrong"],
        [f"{lines[2]} The field “Comments” is missing. Fill it in.", "—", "Wrong"],
        [f"{lines[3]} Write the line as service | link | quantity.", "—", "Wrong"],
        [f"{lines[4]} The quantity is too large. Order at most 10,000.", "—", "Wrong"],
    ]
    assert read_text(find_one(page, "textarea", name="lines")).split() == " ".join(lines).split()
    assert read_attributes(find_one(page, "input", name="form_key"))["value"] == "key-1"
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)


def test_a_form_that_was_sent_with_other_lines_gets_another_key(browser, service):
    send(browser, [f"{service.pk}|{LINK}|100"])
    page = send(browser, [f"{service.pk}|{LINK}|200"])
    line = f"{service.pk}|{LINK}|200"
    reused = "This form was already sent with other contents. Reload the page and try again."
    assert read_rows(page) == [["1", f"{line} {reused}", "—", "Wrong"]]
    assert read_attributes(find_one(page, "input", name="form_key"))["value"] != "key-1"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([" "], "There is no line. Write at least one order."),
        (["1|x|1"] * 1001, "There are too many lines. Send at most 1,000 at once."),
    ],
)
def test_texts_that_are_no_mass_order(browser, lines, sentence):
    page = send(browser, lines)
    assert (page.status_code, alerts(page), read_rows(page)) == (422, [sentence], [])


def test_lines_are_checked_and_priced_before_they_are_placed(browser, customer, service):
    lines = [f"{service.pk}|{LINK}|100", f"{service.pk}|{LINK}|1500"]
    form = {"lines": "\r\n".join(lines), "form_key": "key-1"}
    page = browser.post(PAGE, form | {"check": "yes"})
    assert (page.status_code, Order.objects.count(), alerts(page, "success")) == (200, 0, [])
    assert [row[1:] for row in read_rows(page)] == [[lines[0], "200", "Right"], [lines[1], "3,000", "Right"]]
    assert read_texts(page, "div", class_="price") == [
        "All 2 lines are right. Together they cost 3,200 toman"
    ]
    agreed = read_attributes(find_one(page, "input", name="at_most"))["value"]
    assert (agreed, read_attributes(find_one(page, "input", name="form_key"))["value"]) == ("3200", "key-1")
    service.price = 3000
    service.save()
    risen = browser.post(PAGE, form | {"at_most": agreed})
    assert (risen.status_code, alerts(risen)) == (
        422,
        ["The lines cost 4,800 toman by now. Nothing was charged. Look at the prices again."],
    )
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 100_000)
    placed = browser.post(PAGE, form | {"at_most": "4800"}, headers={"HX-Request": "true"})
    assert alerts(placed, "success") == ["2 orders placed: 4,800 toman"]
    assert read_texts(placed, "span", id="balance") == ["95,200 toman"]


def test_what_the_balance_lacks_for_all_lines_is_told(browser, service):
    lines = [f"{service.pk}|{LINK}|10000"] * 6
    page = browser.post(PAGE, {"lines": "\n".join(lines), "form_key": "k", "check": "yes"})
    assert (page.status_code, alerts(page, "warning")) == (
        422,
        ["Your balance is 20,000 toman short of this order. Add funds"],
    )
    assert [row[2] for row in read_rows(page)] == ["20,000"] * 6


def test_who_may_not_order(browser, customer, service):
    Customer.objects.update(order_block="owes")
    page = send(browser, [f"{service.pk}|{LINK}|100"])
    assert alerts(page) == ["You can't place orders at the moment. Write to support."]
    assert Order.objects.count() == 0


def test_a_visitor_is_sent_to_the_login(visitor):
    assert send(visitor, ["1|x|1"]).headers["Location"].startswith("/login/")
