"""Strings made to break things, through every field that any page or call reads: refused or kept, never a fault."""

import json

import pytest
from django.test import Client

from panel.accounts.models import Customer
from panel.api.docs.contracts import CONTRACTS
from tests.attack.addresses import list_pages
from tests.attack.calls import client, list_samples, make_secrets
from tests.attack.markup import BREAKOUT, SCRIPT_LINK, TEMPLATE, find_injected
from tests.attack.possessions import MARK
from tests.attack.reading import GOOD, find_fields
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
SQL = "1' OR '1'='1'; SELECT pg_sleep(9)--\\' \" %s %(x)s $1 ) ::int"
MIXED = f"1 {BREAKOUT} {TEMPLATE} {SQL}"
CONTROL = "a\x00b\r\nSet-Cookie: evil=1\r\n\r\n\u202egnp.exe\u2028\x1b[31m\x7f\ufeff"
LONG = "9" * 100_000
HALF = b"%ED%A0%80%FF%FE"  # half a character, and bytes that are no UTF-8
STRINGS = {
    "mixed": MIXED,
    "control": CONTROL,
    "long": LONG,
    "link": SCRIPT_LINK,
    "least": "-9223372036854775809",
    "float": "1e309",
    "digits": "\u06f1\u06f2\u0663\u00b2",
    "empty": "",
}
# Ends the browser's own session, so that the rest would be visited by nobody.
LEAVING = {"logout", "end_others", "end_session", "password", "mobile"}
PAGES = [page for page in list_pages() if page.name not in LEAVING]


@pytest.fixture
def browser(theirs):
    """The victim's own browser: whose pages have something on them."""
    browser = Client(raise_request_exception=False)
    browser.force_login(Customer.objects.get(first_name=MARK))
    return browser


def ask(browser, method, path, given):
    """What went wrong with one request, or nothing."""
    answer = getattr(browser, method)(path, given)
    faults = find_injected(answer)
    return [answer.status_code, *faults] if answer.status_code >= 500 or faults else []


def ask_half(browser, method, path, fields):
    """The same with every field half a character."""
    query = b"&".join(name.encode() + b"=" + HALF for name in sorted(fields)).decode()
    if method == "get":
        return browser.get(f"{path}?{query}").status_code
    return browser.post(path, query, "application/x-www-form-urlencoded").status_code


def attack(browser, method, path, good):
    """`{what was sent: what went wrong}`: each string in all fields at once, and one in each field by itself."""
    fields = find_fields(browser, method, path, good)
    if not fields:
        return {}
    whole = {name: good.get(name, "1") for name in fields}
    sent = {word: dict.fromkeys(fields, text) for word, text in STRINGS.items()}
    sent |= {name: whole | {name: MIXED + CONTROL} for name in fields}
    found = {word: ask(browser, method, path, given) for word, given in sent.items()}
    if ask_half(browser, method, path, fields) >= 500:
        found["half"] = ["500"]
    return {word: faults for word, faults in found.items() if faults}


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_breaks_or_shows_what_was_typed_as_markup(browser, theirs, method):
    good = GOOD | {"service": str(theirs["service_id"])}
    found = {page.name: attack(browser, method, page.fill(theirs), good) for page in PAGES}
    assert {name: faults for name, faults in found.items() if faults} == {}


def list_values(sample):
    """The places of a call's values: slots of its path, and names of its query, form or JSON, inner ones too."""
    names = {*sample.path, *dict(sample.query), *(sample.form or {})} - {"key"}

    def walk(value):
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            for name, inner in value.items():
                names.add(name)
                walk(inner)

    walk(sample.json)
    return sorted(names - {"key"})


VALUES = [
    MIXED,
    CONTROL,
    LONG,
    "\ud800",
    -(2**63) - 1,
    10**400,
    1.5e300,
    True,
    None,
    [],
    [[[[1]]]],
    {"a": {"$ne": 1}},
    ["1", "1"],
]


@pytest.mark.parametrize("slug", CONTRACTS)
def test_no_call_breaks_by_what_stands_in_its_fields(db, settings, sandbox, slug):
    settings.API_CALLS_PER_MINUTE = {0: 1_000_000}
    settings.LOGIN_CODES_PER_ADDRESS = 1_000_000
    settings.SANDBOX_URL, settings.ZARINPAL_URL = sandbox.url, f"{sandbox.url}/bank"
    secrets = make_secrets(slug, make_customer(toman=1_000_000))
    found = {}
    for sample in list_samples():
        for name in list_values(sample) if sample.slug == slug else ():
            for value in VALUES:
                text = value if sample.form is None and sample.json is not None else _as_text(value)
                answer = sample.send(secrets, {name: text}, **_numbered(sample))
                if answer.status_code >= 500:
                    found[sample.call, name, repr(value)[:20]] = answer.status_code
    assert found == {}


def _as_text(value):
    """As it stands in a path, a query or a form, where there are no other types and no halves of characters."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()[:5_000]


def _numbered(sample):
    return {"Idempotency-Key": MIXED.replace("\n", " ")} if sample.method == "POST" else {}


def test_a_query_that_is_no_text_breaks_no_call(db):
    query = f"key={HALF.decode()}&action=%00&{'a' * 5_000}&&==&%&{HALF.decode()}"
    found = {}
    for sample in list_samples():
        path = sample.route.replace("{", "").replace("}", "")
        answer = client.generic(sample.method, f"{path}?{query}", headers=dict(sample.headers))
        if answer.status_code >= 500:
            found[path] = answer.status_code
    assert found == {}
