"""The wallet's statement."""

from itertools import pairwise

from orders.services import cancel_order, place_order
from panel.dashboard.statement import read_account
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.ledger import read_balance
from panel.wallet.statement import find_wallet
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts


def place(customer, service, quantity=1000):
    values = {"link": "https://instagram.com/p/abc", "quantity": str(quantity)}
    return place_order(customer.pk, "dashboard", service.pk, values).order_id


def figures(response):
    """Every row of the statement without its date."""
    return [row[1:] for row in read_rows(response) if len(row) == 4]


def test_every_transfer_is_there_with_the_balance_it_left(browser, persian, customer, service):
    kept, canceled = place(customer, service, 500), place(customer, service)
    cancel_order(customer.pk, canceled)
    adjust_wallet(customer_id=customer.pk, amount=-9_000, reason="mistake", key="k1")
    assert figures(browser.get("/wallet/")) == [
        ["Manual adjustment mistake", "-9,000", "90,000"],
        [f"Refund Order #{canceled}", "2,000", "99,000"],
        [f"Order #{canceled}", "-2,000", "97,000"],
        [f"Order #{kept}", "-1,000", "99,000"],
        ["Manual adjustment test", "100,000", "100,000"],
    ]
    assert figures(persian.get("/wallet/"))[0] == ["اصلاح دستی mistake", "−۹٬۰۰۰", "۹۰٬۰۰۰"]
    assert read_balance(customer.pk) == 90_000


def test_the_balance_at_the_top_is_that_of_the_first_row(browser, customer, service):
    place(customer, service)
    page = browser.get("/wallet/")
    assert read_text(find_one(page, "span", class_="figure-value")) == "98,000 toman"
    assert figures(page)[0][-1] == "98,000"


def test_balances_run_on_over_pages_whatever_happens_meanwhile(customer, service):
    for n in range(1, 8):
        order_id = place(customer, service, n * 10)
        if n % 3 == 0:
            cancel_order(customer.pk, order_id)
    entries, before = [], None
    while before != "":
        page = read_account(find_wallet(customer.pk), before and int(before), size=3)
        entries += page.rows
        before = page.older
        place(customer, service, 10)  # newer ones must not shift what older pages say
    assert len(entries) == 1 + 7 + 2
    assert entries[0].balance == 100_000 - sum(20 * n for n in (1, 2, 4, 5, 7))
    assert [newer.balance - newer.moved == older.balance for newer, older in pairwise(entries)] == [True] * 9
    assert (entries[-1].balance, entries[-1].moved) == (100_000, 100_000)


def test_the_statement_is_two_queries_beside_finding_the_wallet(customer, service, django_assert_num_queries):
    place(customer, service)
    with django_assert_num_queries(3):
        read_account(find_wallet(customer.pk))


def test_pages_are_linked(browser, customer, service):
    for _ in range(26):
        place(customer, service, 10)
    first = browser.get("/wallet/")
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = browser.get(f"/wallet/{older}")
    assert (len(figures(first)), len(figures(second))) == (25, 2)
    assert find_all(second, "a", rel="next") == []
    assert read_texts(second, "nav", class_="pages") == ["Newest"]


def test_nobody_sees_another_s_transfers(stranger, customer):
    assert figures(stranger.get("/wallet/")) == [["Manual adjustment test", "50,000", "50,000"]]


def test_a_wallet_that_was_never_used_says_so(db):
    page = open_browser(make_customer()).get("/wallet/")
    assert read_texts(page, "div", class_="empty") == ["Nothing has moved in your wallet yet."]
    assert read_text(find_one(page, "span", class_="figure-value")) == "0 toman"
