"""Ids that pages read from a query or a form: those of another are as good as none; no field escapes a look."""

import re

import pytest

from panel.accounts.models import Customer
from tests.attack.addresses import list_pages
from tests.attack.possessions import MARK
from tests.attack.reading import GOOD, find_fields
from tests.attack.rows import Watch
from tests.attack.test_pages_of_others import FRESH
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
NOBODY = 999_999_999
# (method, page, field): which of the victim's ids it may name.
NAMING = {
    ("get", "new_order", "from"): "done_order_id",
    ("get", "new_order", "placed"): "order_id",
    ("get", "new_ticket", "order"): "order_id",
    ("get", "rewards", "won"): "gift_id",
    ("get", "sms_write", "book"): "book_id",
    ("get", "sms_write", "pattern"): "pattern_id",
    ("get", "orders", "before"): "order_id",
    ("get", "wallet", "payment"): "payment_id",
    ("post", "cancel_orders", "order"): "order_id",
    ("post", "sms_write", "book"): "book_id",
    ("post", "sms_write", "pattern"): "pattern_id",
    ("post", "sms_send", "book"): "book_id",
    ("post", "sms_send", "pattern"): "pattern_id",
    ("post", "sms_preview", "book"): "book_id",
    ("post", "sms_preview", "pattern"): "pattern_id",
    ("post", "sms_text", "book"): "book_id",
    ("post", "sms_text", "pattern"): "pattern_id",
}
# Names that stand for something of somebody's on the pages above; on all other pages they are words.
NAMES = {field for _method, _page, field in NAMING}
# What names nothing, or what is everybody's; `before` and `after` are cursors within one's own list.
PLAIN = set(
    """active address after again amount at_most before body budget campaign_class category check clock code contract
    coupon currency day description email error first_name flash form form_key format interval keep kind language
    last_name lines link made message mobile month name networks new next numbers old panel phone preset q quantity
    read_only runs seen_discount seen_price sender service service_q show since sku sms state status step subject
    target_url terms text theme times title token topics unit until url username password website year""".split()  # noqa: SIM905 - a list of so many lines says less
)
LEAVING = {"logout", "end_others", "end_session"}


def walk(theirs):
    """`{(method, page): fields}`."""
    browser = open_browser(Customer.objects.get(first_name=MARK))
    good = GOOD | {"service": str(theirs["service_id"])}
    return {
        (method, page.name): find_fields(browser, method, page.fill(theirs), good)
        for page in list_pages()
        if page.name not in LEAVING
        for method in ("get", "post")
    }


def test_every_field_that_a_page_reads_is_said_to_name_somebodys_or_not(theirs):
    read = {name for fields in walk(theirs).values() for name in fields}
    assert read - PLAIN - NAMES == set()


def tell(browser, method, path, given):
    answer = getattr(browser, method)(path, given)
    return answer.status_code, answer.headers.get("Location"), re.sub(FRESH, "", answer.content.decode())


@pytest.mark.parametrize(("method", "name", "field"), NAMING, ids=lambda word: word)
def test_what_is_anothers_is_as_good_as_nothing(theirs, method, name, field):
    browser = open_browser(make_customer(toman=1_000_000))
    path = next(page for page in list_pages() if page.name == name).fill(theirs)
    watch, answers = Watch(), []
    for value in (theirs[NAMING[method, name, field]], NOBODY):
        given = {"sender": GOOD["sender"], "text": "hello", "numbers": "", field: value}
        status, place, text = tell(browser, method, path, given)
        answers.append((status, place, re.sub(rf"\b{value}\b", "ID", text)))
    assert MARK not in answers[0][2]
    assert answers[0] == answers[1]
    assert watch.find_changed() == []
