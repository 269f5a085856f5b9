"""Customer B opens every page of the dashboard with the ids of A's things: nothing is there, told or changed."""

import re

import pytest

from panel.accounts.models import Customer
from tests.attack.addresses import list_pages
from tests.attack.possessions import MARK
from tests.attack.rows import Watch
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser

pytestmark = pytest.mark.django_db
NOBODY = 999_999_999  # no row has this id
NO_UUID = "00000000-0000-4000-8000-000000000000"
# Tokens and keys of forms, and the ids that were asked for.
FRESH = r'[A-Za-z0-9]{64}|(?<=key" value=")[^"]+|(?<=/)[0-9]+(?=/)'
# Slots that name something of one customer's alone.
OWNED = {
    "order_id",
    "payment_id",
    "job_id",
    "ticket_id",
    "notification_id",
    "gift_id",
    "key_id",
    "session_id",
    "token_id",
    "webhook_id",
    "delivery_id",
    "campaign_id",
    "code_id",
    "book_id",
    "import_id",
    "send_id",
    "pattern_id",
}
# What everybody may name: the catalogue, announcements, the shop, links that are shared, one's own months.
SHARED = {"service_id", "announcement_id", "product_id", "code", "slug", "year", "month", "digest"}
# Pages on which a campaign is everybody's to like, and who may see and do what there is tested with liking.
EVERYBODYS = {"earn_like", "earn_skip", "earn_report"}
PAGES = [one for one in list_pages() if one.slots]
OF_ONE = [one for one in PAGES if set(one.slots) & OWNED and one.name not in EVERYBODYS]


@pytest.fixture
def attacker(theirs):
    return open_browser(make_customer(toman=1_000))


def test_every_slot_of_an_address_is_said_to_be_somebodys_or_everybodys():
    assert {slot for page in PAGES for slot in page.slots} == OWNED | SHARED


def ask(browser, method, page, values, **more):
    answer = getattr(browser, method)(page.fill(values), **more)
    told = answer.content.decode() if not answer.streaming else ""
    return answer.status_code, answer.headers.get("Location"), re.sub(FRESH, "", told)


def try_page(attacker, page, theirs):
    """What went wrong on a page: another answer than for an id of nobody, or something was told or changed."""
    nobodys = {slot: NO_UUID if slot in ("job_id", "notification_id") else NOBODY for slot in theirs}
    watch, faults = Watch(), []
    for method in ("get", "post"):
        for headers in ({}, {"HX-Request": "true"}):
            there = ask(attacker, method, page, theirs, headers=headers)
            nowhere = ask(attacker, method, page, nobodys, headers=headers)
            if there != nowhere or there[0] not in (302, 404, 405, 422) or MARK in there[2]:
                faults.append((method, *headers, there[0]))
    return faults + watch.find_changed()


def test_what_is_anothers_is_neither_found_nor_told_nor_changed(attacker, theirs):
    assert {page.name: try_page(attacker, page, theirs) for page in OF_ONE} == {
        page.name: [] for page in OF_ONE
    }


def test_the_owner_finds_all_of_it(theirs):
    """Otherwise the test above would be satisfied with pages that nobody finds."""
    owner = open_browser(Customer.objects.get(first_name=MARK))
    found = {page.name: owner.get(page.fill(theirs)).status_code for page in OF_ONE}
    assert {name: status for name, status in found.items() if status == 404} == {}
