"""The pages of API keys: what is shown once, what can be done to a key, and by whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.callers import Bearer
from orders.lookup import find_balance
from orders.refusals import OrderRefused
from panel.accounts.browser_sessions import SessionStore
from panel.accounts.models import ApiToken, BrowserSession
from panel.accounts.tokens import MAX_KEYS, issue_token, revoke_token, rotate_token
from panel.dashboard.views.api_keys import SENT_FORM
from panel.lib.form_keys import LENGTH
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

LIST, NEW = "/api-keys/", "/api-keys/new/"
STANDARD = ApiToken.Contract.STANDARD


def make(browser, **fields):
    fields = {
        "name": "shop",
        "contract": "standard",
        "networks": "",
        "read_only": "",
        "form_key": "f1",
    } | fields
    return browser.post(NEW, fields)


def read_key(response):
    return read_text(find_one(response, "bdi", id="new-key"))


def told(response):
    return [
        message
        for kind in ("error", "success")
        for message in read_texts(response, "p", class_=f"alert-{kind}")
    ]


def rows(browser):
    """Each key's cells without the time it was made."""
    return [row[:4] + row[5:7] for row in read_rows(browser.get(LIST))]


@pytest.fixture
def key(customer):
    return issue_token(customer, STANDARD, "shop")[0]


def test_without_keys_the_page_says_so_and_leads_to_the_form(browser):
    page = browser.get(LIST)
    assert "You have no API keys yet." in read_text(find_one(page, "div", class_="empty"))
    assert read_attributes(find_one(page, "a", class_="button"))["href"] == NEW


def test_a_made_key_works_and_is_shown_in_that_answer_alone(browser, customer):
    response = make(browser, networks="۱۹۲.۰.۲.۷\n10.1.2.3/8", read_only="1", contract="gray_city")
    key = read_key(response)
    row = ApiToken.objects.get(digest=digest_token(key))
    seen = (row.customer, row.contract, row.name, row.allowed_networks, row.scopes, row.use)
    assert seen == (customer, "gray_city", "shop", ["192.0.2.7/32", "10.0.0.0/8"], ["read"], "key")
    assert find_balance(Bearer(digest_token(key), "gray_city", "192.0.2.7")) == 100_000
    with pytest.raises(OrderRefused):
        find_balance(Bearer(digest_token(key), "gray_city", "192.0.2.8"))
    assert (response.status_code, "no-store" in response.headers["Cache-Control"]) == (200, True)
    assert read_attributes(find_one(response, "button", data_copy=key))["aria-label"] == "Copy the key"
    pages = [browser.get(path) for path in (LIST, NEW, f"/api-keys/{row.pk}/", "/")]
    assert [key in page.content.decode() for page in pages] == [False] * 4
    kept = [SessionStore().decode(row.data) for row in BrowserSession.objects.all()]
    assert (key in str(kept), key in str(browser.cookies)) == (False, False)


def test_loading_that_answer_again_makes_no_other_key(browser):
    key = read_key(make(browser))
    again = make(browser)
    assert again.headers["Location"] == LIST
    page = browser.get(LIST)
    assert told(page) == ["The key was made before; its text is not shown again."]
    assert (key in page.content.decode(), ApiToken.objects.count()) == (False, 1)
    assert read_key(make(browser, form_key="f2")) != key


def test_a_form_key_of_any_length_fills_no_session(browser):
    make(browser, form_key="x" * 100_000)
    assert len(browser.session[SENT_FORM]) == LENGTH


def test_each_form_has_a_key_of_its_own(browser):
    keys = {read_attributes(find_one(browser.get(NEW), "input", name="form_key"))["value"] for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (
            {"networks": "192.0.2.7, shop.example"},
            "\u2066shop.example\u2069 is neither an address nor a network.",
        ),
        ({"networks": " ".join(f"10.0.0.{n}" for n in range(51))}, "At most 50 addresses and networks fit."),
        (
            {"contract": "happy_sandbox"},
            "Select a valid choice. happy_sandbox is not one of the available choices.",
        ),
        ({"contract": ""}, "This field is required."),
        ({"name": "x" * 65}, "Ensure this value has at most 64 characters (it has 65)."),
        ({"name": "x\x00"}, "Null characters are not allowed."),
    ],
)
def test_what_can_not_be_is_told_beneath_its_field_and_kept(browser, fields, error):
    response = make(browser, **fields)
    assert (response.status_code, read_texts(response, "p", class_="field-error")) == (422, [error])
    assert ApiToken.objects.count() == 0
    if "networks" in fields:
        assert read_text(find_one(response, "textarea", name="networks")) == fields["networks"]


def test_the_twenty_first_live_key_is_refused(persian, customer):
    for _ in range(MAX_KEYS):
        issue_token(customer, STANDARD)
    response = make(persian)
    (error,) = read_texts(response, "p", class_="alert-error")
    assert (response.status_code, "۲۰" in error, ApiToken.objects.count()) == (422, True, MAX_KEYS)


def test_every_state_has_its_word_and_only_living_keys_have_buttons(browser, customer):
    plain, replaced, revoked, expired = (issue_token(customer, STANDARD, name)[0] for name in "abcd")
    fresh, _ = rotate_token(replaced)
    revoke_token(revoked)
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    used = timezone.now() - timedelta(minutes=3, seconds=10)
    ApiToken.objects.filter(pk=plain.pk).update(
        last_used_at=used, scopes=["read"], allowed_networks=[f"10.0.0.{n}/32" for n in range(5)]
    )
    replaced.refresh_from_db()
    found = rows(browser)
    assert [row[0] for row in found] == [f"{name} standard v2" for name in "bdcba"]
    assert [row[1] for row in found] == [
        f"{one.prefix}…" for one in (fresh, expired, revoked, replaced, plain)
    ]
    assert [row[5].split(" lives until ")[0] for row in found] == [
        "Live",
        "Expired",
        "Revoked",
        "Replaced",
        "Live",
    ]
    assert found[0][2:5] == ["everywhere", "everything", "never"]
    assert found[4][2:5] == ["10.0.0.0 10.0.0.1 10.0.0.2 and 2 more", "read only", "3 minutes ago"]
    page = browser.get(LIST)
    named = [read_attributes(one)["id"] for one in find_all(page, "form") if "id" in read_attributes(one)]
    assert named == [
        f"rotate-{fresh.pk}",
        f"revoke-{fresh.pk}",
        f"revoke-{replaced.pk}",
        f"rotate-{plain.pk}",
        f"revoke-{plain.pk}",
    ]


def test_tokens_that_keys_issued_are_not_listed(browser, customer, key):
    issue_token(customer, STANDARD, "inside", use=ApiToken.Use.ACCESS, issued_by=key)
    assert [row[0] for row in rows(browser)] == ["shop standard v2"]


def test_a_replaced_key_lives_on_and_the_new_one_is_shown_once(browser, key):
    path = reverse("dashboard:rotate_api_key", args=[key.pk])
    response = browser.post(path)
    text = read_key(response)
    key.refresh_from_db()
    assert key.replaced_by == ApiToken.objects.get(digest=digest_token(text))
    assert f"{key.prefix}… · lives until" in read_text(find_one(response, "dl"))
    assert "no-store" in response.headers["Cache-Control"]
    again = browser.post(path, follow=True)
    assert told(again) == ["The key has ended or was replaced before."]
    assert (text in again.content.decode(), ApiToken.objects.count()) == (False, 2)
    assert browser.get(path).headers["Location"] == LIST


def test_a_key_s_name_and_networks_change_and_the_rest_stays(browser, customer):
    key, _ = issue_token(customer, STANDARD, "shop", allowed_networks=["192.0.2.7/32", "10.0.0.0/8"])
    path = reverse("dashboard:edit_api_key", args=[key.pk])
    assert read_text(find_one(browser.get(path), "textarea", name="networks")) == "192.0.2.7 10.0.0.0/8"
    fields = {"name": "office", "networks": "2001:db8::/32", "contract": "gray_city", "read_only": "1"}
    assert browser.post(path, fields).headers["Location"] == LIST
    key.refresh_from_db()
    assert (key.name, key.allowed_networks, key.contract, key.scopes) == (
        "office",
        ["2001:db8::/32"],
        "standard",
        [],
    )
    bad = browser.post(path, fields | {"networks": "x"})
    assert (bad.status_code, len(read_texts(bad, "p", class_="field-error"))) == (422, 1)


def test_an_ended_key_is_changed_no_more(browser, key):
    revoke_token(key)
    response = browser.post(f"/api-keys/{key.pk}/", {"name": "office", "networks": ""}, follow=True)
    assert told(response) == ["The key has ended: it can't be changed any more."]
    assert ApiToken.objects.get().name == "shop"


def test_revoking_asks_first_and_ends_the_key(browser, key):
    form = read_attributes(find_one(browser.get(LIST), "form", id=f"revoke-{key.pk}"))
    assert form["data-confirm"].startswith("Revoke this key?")
    assert told(browser.post(form["action"], follow=True)) == ["The key is revoked."]
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert browser.get(form["action"]).status_code == 405


@pytest.mark.parametrize("name", ["edit_api_key", "rotate_api_key", "revoke_api_key"])
def test_another_s_key_and_none_at_all_are_the_same_nothing(stranger, browser, customer, key, name):
    access, _ = issue_token(customer, STANDARD, use=ApiToken.Use.ACCESS)
    before = list(ApiToken.objects.order_by("pk").values())
    tries = [(stranger, key.pk), (browser, key.pk + 1000), (browser, 10**30), (browser, access.pk)]
    answers = [one.post(reverse(f"dashboard:{name}", args=[pk]), {"name": "x"}) for one, pk in tries]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert list(ApiToken.objects.order_by("pk").values()) == before
    assert rows(stranger) == []


@pytest.mark.parametrize("path", [LIST, NEW, "/api-keys/1/", "/api-keys/1/rotate/"])
def test_keys_are_for_customers_only(visitor, path):
    assert visitor.get(path).headers["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", [LIST, NEW])
def test_the_menu_stays_at_the_keys(browser, path):
    current = find_all(browser.get(path), "a", aria_current="page")
    assert {read_attributes(one)["href"] for one in current} == {LIST}


def test_long_lists_have_pages(browser, customer):
    keys = [issue_token(customer, STANDARD)[0] for _ in range(13)]
    for key in keys:
        rotate_token(key)
    first = browser.get(LIST)
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    assert [len(read_rows(page)) for page in (first, browser.get(LIST + older))] == [25, 1]


def count_queries(browser):
    with CaptureQueriesContext(connection) as queries:
        browser.get(LIST)
    return len(queries)


def test_the_list_takes_as_many_statements_for_many_keys(browser, customer):
    issue_token(customer, STANDARD)
    few = count_queries(browser)
    for _ in range(9):
        rotate_token(issue_token(customer, STANDARD)[0])
    assert count_queries(browser) == few


def test_names_are_shown_as_text(browser, customer):
    issue_token(customer, STANDARD, "<b>x</b>")
    assert "<b>x</b>" not in browser.get(LIST).content.decode()
    assert rows(browser)[0][0] == "<b>x</b> standard v2"


def test_two_customers_have_keys_of_their_own(browser, customer, key):
    issue_token(make_customer(), STANDARD, "other")
    assert [row[0] for row in rows(browser)] == ["shop standard v2"]
