"""A provider whose list of services is an attack: the rest is taken, and no page runs or turns over its words."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Category, Service
from providers.models import ImportRule, Provider, Route, UpstreamListing
from providers.sync.importing import import_listings, save_rule
from providers.sync.running import Outcome, sync_provider
from tests.attack.markup import BREAKOUT, SCRIPT_LINK, TEMPLATE, find_injected
from tests.factories import make_customer
from tests.panel.admin_visits import page_of
from tests.panel.lib.raw_server import RawServer, http_answer
from tests.providers.sync.steps import service_of, terms

pytestmark = pytest.mark.django_db
MARKUP = f"{BREAKOUT}{TEMPLATE}{SCRIPT_LINK}"
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "\x00\x01\x1b\x7f\x80\x9b"
TURNED = f"a{DIRECTIONS}b{CONTROLS}c\r\nSet-Cookie: evil=1\u2028d\ud800"
KEPT = "\u200cm\u06cc\u200d\u200f"  # Persian joiners and marks stay
LONG = "x" * 100_000
HUGE = "@huge@"  # 5,000 digits, written as a bare number
GOOD = {"type": "Default", "category": "Likes", "rate": "1000", "min": "10", "max": "100"}
LIST = [
    {"service": 1, "name": "Good", **GOOD},
    {"service": 2, **GOOD, "name": MARKUP, "desc": MARKUP, "refill": MARKUP},
    {"service": 3, **GOOD, "name": TURNED + KEPT, "desc": TURNED},
    {"service": 4, **GOOD, "name": LONG, "desc": LONG, "dripfeed": LONG},
    {"service": 5, **GOOD, "name": "No price", "rate": HUGE},
    {"service": 6, **GOOD, "name": "No bounds", "min": HUGE, "max": "1e99"},
    {"service": 7, **GOOD, "name": "Less than nothing", "rate": "-5"},
    {"service": 8, **GOOD, "name": "Dear", "rate": "999999999999999"},
    {"service": 9, **GOOD, "name": "Odd", "type": MARKUP, "rate": {"a": 1}, "min": [], "max": None},
    {"service": 10, "name": {"a": MARKUP}, "category": [MARKUP], "desc": None},
    {"service": 11, **GOOD, "name": "Other shelf", "category": MARKUP},
    {"service": 12, **GOOD, "name": "Turned shelf", "category": TURNED},
    {"service": 13, **GOOD, "name": "Long shelf", "category": LONG},
    {"service": HUGE, **GOOD},
    {"service": MARKUP, **GOOD},
    {"service": "14\x00", **GOOD},
    {"service": None},
    {},
    None,
    MARKUP,
    [[[]]],
    {"service": 99, "name": "Last", **GOOD},
]
TAKEN = [*range(1, 14), 99]
SOLD = [1, 2, 3, 4, 99]  # of the shelf Likes, those with a price and bounds that a service can have


@pytest.fixture
def provider(db, clean_redis):
    """One whose list was read and imported, its shelf Likes by a rule."""
    body = json.dumps(LIST).replace(f'"{HUGE}"', "9" * 5_000)
    with RawServer(http_answer(body)) as server:
        row = Provider.objects.create(name="hostile", url=server.url, key="k")
        assert sync_provider(row.pk) is Outcome.DONE
        save_rule(row, "Likes", Category.objects.create(name="Our likes"), terms())
        import_listings(row, UpstreamListing.objects.all())
        assert sync_provider(row.pk) is Outcome.DONE  # now with routes and prices that follow
    return row


def list_listed():
    return sorted(int(name) for name in UpstreamListing.objects.values_list("upstream_service", flat=True))


def test_whatever_can_be_read_is_taken(provider):
    assert list_listed() == TAKEN
    assert sorted(int(name) for name in Route.objects.values_list("upstream_service", flat=True)) == SOLD
    for pk in (1, 99):
        row = service_of(pk)
        assert (row.price, row.min, row.max, row.active) == (1200, 10, 100, True)
    rows = {row.upstream_service: row for row in UpstreamListing.objects.all()}
    assert [(rows[pk].rate, rows[pk].min, rows[pk].max) for pk in "5678"] == [
        (None, 10, 100),
        (Decimal(1000), None, None),
        (None, 10, 100),
        (None, 10, 100),
    ]
    assert (len(rows["4"].name), len(rows["4"].description), len(rows["13"].category)) == (500, 5000, 300)


def test_texts_are_one_line_that_nothing_turns_over(provider):
    rows = UpstreamListing.objects.values_list("name", "category", "description", "type")
    texts = [text for row in rows for text in row]
    bad = set(DIRECTIONS + CONTROLS + "\r\n\u2028\u2029")
    assert [text for text in texts if bad & set(text)] == []
    row = UpstreamListing.objects.get(upstream_service="3")
    assert row.name == f"abc Set-Cookie: evil=1 d?{KEPT}"
    assert service_of(3).name == row.name


def look(browser, paths):
    """({path: what is wrong}, the pages in one)."""
    faults, texts = {}, []
    for path in paths:
        answer = browser.get(path)
        texts.append(answer.content.decode())
        found = find_injected(answer) + [char for char in DIRECTIONS if char in texts[-1]]
        if found or answer.status_code != 200:
            faults[path] = (answer.status_code, found)
    return faults, "".join(texts)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("who", ["visitor", "customer"])
def test_no_page_on_which_services_are_sold_runs_them(provider, who, language):
    browser = Client(raise_request_exception=False)
    browser.cookies["language"] = language
    ids = [service_of(pk).pk for pk in SOLD]
    paths = ["/services/", *(f"/services/{pk}/" for pk in ids)]
    if who == "customer":
        browser.force_login(make_customer(toman=1_000_000))
        paths += [f"/orders/new/?service={pk}" for pk in ids] + ["/orders/services/", "/orders/mass/"]
        paths += ["/orders/new/services/?q=attack", *(f"/orders/new/fields/?service={pk}" for pk in ids)]
    faults, text = look(browser, paths)
    assert faults == {}
    assert "attack-element" in text


def test_no_page_of_staff_runs_them(provider):
    browser = Client(raise_request_exception=False)
    browser.force_login(make_customer(is_staff=True, is_superuser=True))
    browser.cookies["language"] = "en"
    paths = [page_of(model) for model in (UpstreamListing, Service, Route, Provider, ImportRule)]
    for pk in (2, 3):
        listing = UpstreamListing.objects.get(upstream_service=str(pk))
        paths += [
            page_of(Service, "change", service_of(pk).pk),
            page_of(UpstreamListing, "change", listing.pk),
        ]
    paths += [
        reverse("admin:providers_import", args=[provider.pk]),
        reverse("admin:providers_provider_look", args=[provider.pk]),
    ]
    faults, text = look(browser, paths)
    assert faults == {}
    assert "attack-element" in text


def test_a_list_that_nobody_can_read_is_none(db, clean_redis):
    bodies = [b"[" * 100_000, b'[{"service":' * 100_000, b"\xff\xfe", json.dumps([MARKUP] * 3).encode()]
    with RawServer(*map(http_answer, bodies)) as server:
        row = Provider.objects.create(name="hostile", url=server.url, key="k")
        assert [sync_provider(row.pk) for _body in bodies] == [Outcome.FAILED] * len(bodies)
    assert UpstreamListing.objects.count() == 0
