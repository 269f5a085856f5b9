"""The reference for its readers: public, in both languages, within the content policy, with their key's prefix."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token, revoke_token, rotate_token
from panel.api.docs.contracts import CONTRACTS
from panel.middleware import is_api_path
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

pytestmark = pytest.mark.django_db
ADDRESSES = ["/api/docs/", "/api/docs/webhooks/", *(f"/api/docs/{slug}/" for slug in CONTRACTS)]


def open_browser(language="en", customer=None):
    browser = Client()
    browser.cookies["language"] = language
    if customer is not None:
        browser.force_login(customer)
    return browser


def read_snippets(page):
    return [read_text(one) for one in find_all(page, "pre")]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_visitors_read_it_in_their_language(address, language, direction):
    page = open_browser(language).get(address)
    html = read_attributes(find_one(page, "html"))
    assert (page.status_code, html["lang"], html["dir"]) == (200, language, direction)


def test_it_is_persian_until_somebody_chooses():
    assert read_attributes(find_one(Client().get("/api/docs/"), "html"))["lang"] == "fa"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("is_customer", [False, True])
def test_pages_keep_the_policy_and_load_only_what_is_ours(address, is_customer):
    page = open_browser(customer=make_customer() if is_customer else None).get(address)
    assert page.headers["Content-Security-Policy"] == settings.CONTENT_SECURITY_POLICY
    assert page.headers["X-Frame-Options"] == "DENY"
    assert find_all(page, "style") == []
    assert re.findall(r"<[^>]*\s(?:style|on\w+)\s*=", page.content.decode()) == []
    loaded = [read_attributes(one)["src"] for one in find_all(page, "script")]
    loaded += [read_attributes(one)["href"] for one in find_all(page, "link")]
    assert [one for one in loaded if not one.startswith("/static/")] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_ids_are_unique_and_the_contents_lead_to_them(address):
    text = open_browser().get(address).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_code_runs_left_to_right_on_every_page(slug):
    blocks = find_all(open_browser("fa").get(f"/api/docs/{slug}/"), "pre")
    assert {read_attributes(one)["dir"] for one in blocks} == {"ltr"}


def test_a_contract_shows_calls_fields_answers_and_errors():
    page = open_browser().get("/api/docs/standard/")
    titles = read_texts(page, "h2")
    assert titles == [
        "On this page",
        "First steps",
        "services",
        "add",
        "orders",
        "status",
        "refill",
        "refill_status",
        "cancel",
        "balance",
        "The same in a query",
        "Errors of every call",
    ]
    (add,) = find_all(page, "section", id="call-add")
    text = read_text(add)
    for told in (
        "Web Traffic",
        "google_keyword",
        '{ "order": 23501 }',
        "Not enough funds on balance",
        "curl",
    ):
        assert told in text


def test_a_contract_that_is_none_is_not_found():
    for address in ("/api/docs/nothing/", "/api/docs/nothing/openapi.json", "/api/docs/nothing/postman.json"):
        assert open_browser().get(address).status_code == 404


def test_the_address_without_a_slash_leads_there():
    answer = Client().get("/api/docs")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/docs/")


def test_only_reading_is_possible():
    for address in (*ADDRESSES, "/api/docs/standard/openapi.json", "/api/docs/standard/postman.json"):
        assert Client().post(address).status_code == 405


def test_visitors_get_a_placeholder_for_the_key():
    code = read_snippets(open_browser().get("/api/docs/gray-city/"))[0]
    assert "-H 'Authorization: Token YOUR-KEY'" in code


def test_readers_get_the_prefix_of_their_newest_living_key():
    customer = make_customer()
    for _ in range(2):
        key, _token = issue_token(customer, ApiToken.Contract.GRAY_CITY)
    newest, _token = issue_token(customer, ApiToken.Contract.GRAY_CITY)
    issue_token(customer, ApiToken.Contract.STANDARD)
    issue_token(make_customer(), ApiToken.Contract.GRAY_CITY)
    browser = open_browser(customer=customer)

    def read_key():
        page = browser.get("/api/docs/gray-city/")
        assert page.headers["Cache-Control"].split(", ")[-1] == "private"
        return re.search(r"Authorization: Token ([^']+)'", read_snippets(page)[0])[1]

    assert read_key() == f"{newest.prefix}…YOUR-KEY"
    revoke_token(newest)
    assert read_key() == f"{key.prefix}…YOUR-KEY"
    replacing, _token = rotate_token(key)
    assert read_key() == f"{replacing.prefix}…YOUR-KEY"


def test_whoever_is_logged_in_keeps_the_menu():
    browser = open_browser(customer=make_customer())
    for address in ADDRESSES:
        current = find_all(browser.get(address), "a", aria_current="page")
        assert [read_attributes(one)["href"] for one in current] == ["/api/docs/"] * 2  # sidebar and drawer


@pytest.mark.parametrize("slug", CONTRACTS)
def test_openapi_comes_in_the_readers_language(slug):
    for language in ("fa", "en"):
        answer = open_browser(language).get(f"/api/docs/{slug}/openapi.json")
        document = json.loads(answer.content)
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert (document["info"]["x-language"], document["openapi"]) == (language, "3.1.0")
        assert {"Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_openapi_of_the_two_languages_differs_in_words_only():
    def load(language):
        return json.loads(open_browser(language).get("/api/docs/gray-city/openapi.json").content)

    persian, english = load("fa"), load("en")
    assert persian["info"]["description"] != english["info"]["description"]
    assert list(persian["paths"]) == list(english["paths"])


@pytest.mark.parametrize("slug", CONTRACTS)
def test_nobodys_key_is_in_a_download(slug):
    customer = make_customer()
    prefix = issue_token(customer, CONTRACTS[slug].contract)[0].prefix
    for name in ("openapi", "postman"):
        answer = open_browser(customer=customer).get(f"/api/docs/{slug}/{name}.json")
        assert prefix not in answer.content.decode()


def test_the_prefix_rule_stays_for_all_other_api_paths():
    assert [
        is_api_path(path)
        for path in (
            "/api/v2",
            "/api/docs",
            "/api/docsx/",
            "/api/order/create/",
            "/api/docs/",
            "/",
            "/orders/",
        )
    ] == [True, True, True, True, False, False, False]
    assert "Content-Security-Policy" not in Client().get("/api/v2").headers
