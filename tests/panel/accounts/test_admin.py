"""The admin of customers and tokens: what staff see, what they may do, and what nobody sees."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from panel.accounts.models import ApiToken, Customer, LoginCode, LoginTry
from panel.accounts.tokens import MAX_KEYS, issue_token, revoke_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.panel.accounts.code_steps import Phone, ask
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
SHOWN_TOKEN = re.compile(r'class="token-once" dir="ltr">([^<]+)<')


@pytest.fixture
def customer():
    return make_customer(toman=500, first_name="Sara", email="Sara@example.com")


def token_page(customer):
    return page_of(Customer, "token", customer.pk)


def issue(browser, customer):
    response = browser.post(token_page(customer), {"contract": "standard", "name": "shop", "act": "1"})
    return response, SHOWN_TOKEN.search(response.content.decode()).group(1)


def changed_fields(customer, **changes):
    """What the customer's form posts: all as it is, but for `changes`."""
    fields = {
        "username": customer.username,
        "mobile": customer.mobile,
        "email": customer.email or "",
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "language": customer.language,
        "discount": customer.discount,
        "is_active": "on",
        "mobile_verified": "on",
    }
    for prefix in ("tokens", "accounts", "identities"):
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return fields | changes


def test_customer_page_shows_tokens_wallets_and_both_buttons(superuser, customer):
    row, token = issue_token(customer, ApiToken.Contract.STANDARD, name="shop")
    customer.set_password("blue-horse-41")
    customer.save()
    html = read(superuser, page_of(Customer, "change", customer.pk))
    assert [words in html for words in (row.prefix, "shop", "<bdi>500</bdi>")] == [True] * 3
    assert [words in html for words in ("Issue an API token", "Credit or debit")] == [True] * 2
    assert (token in html, row.digest.hex() in html, customer.password in html) == (False, False, False)


def test_new_customer_gets_a_clean_mobile_and_a_password_that_works(superuser):
    passwords = {"usable_password": "true", "password1": "blue-horse-41", "password2": "blue-horse-41"}
    superuser.post(page_of(Customer, "add"), {"username": "mina", "mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹", **passwords})
    mina = Customer.objects.get(username="mina")
    assert (mina.mobile, mina.check_password("blue-horse-41")) == ("+989123456789", True)


def test_a_number_that_is_no_mobile_is_refused(superuser, customer):
    before = customer.mobile
    path = page_of(Customer, "change", customer.pk)
    response = superuser.post(path, changed_fields(customer, mobile="02188776655"))
    assert response.context["adminform"].form.errors == {"mobile": ["This is no mobile number."]}
    customer.refresh_from_db()
    assert customer.mobile == before


def test_customer_without_mobile_and_email_keeps_both_empty(superuser, customer):
    path = page_of(Customer, "change", customer.pk)
    response = superuser.post(path, changed_fields(customer, mobile="", email="", discount="7"))
    customer.refresh_from_db()
    seen = (response.status_code, customer.mobile, customer.email, customer.discount)
    assert seen == (302, None, None, 7)


def test_password_is_changed_by_djangos_form(superuser, customer):
    data = {"usable_password": "true", "password1": "blue-horse-41", "password2": "blue-horse-41"}
    path = page_of(Customer, "change", customer.pk).replace("change/", "password/")
    assert superuser.post(path, data | {"set-password": "1"}).status_code == 302
    customer.refresh_from_db()
    assert customer.check_password("blue-horse-41") is True


def test_issued_token_is_shown_once_and_stored_as_digest_only(superuser, customer):
    response, token = issue(superuser, customer)
    row = ApiToken.objects.get()
    seen = (row.customer, row.contract, row.name, bytes(row.digest))
    assert seen == (customer, "standard", "shop", digest_token(token))
    assert "no-store" in response["Cache-Control"]
    pages = [token_page(customer), page_of(Customer, "change", customer.pk), page_of(ApiToken)]
    pages += [page_of(ApiToken, "change", row.pk), page_of(Customer, "history", customer.pk)]
    assert [token in read(superuser, path) for path in pages] == [False] * 5
    assert [token in entry.change_message for entry in LogEntry.objects.all()] == [False]


def test_token_form_without_a_contract_issues_nothing(superuser, customer):
    response = superuser.post(token_page(customer), {"contract": "", "act": "1"})
    assert (response.context["form"].errors, ApiToken.objects.count()) == (
        {"contract": ["This field is required."]},
        0,
    )


def test_no_more_keys_than_a_customer_may_have_are_issued(superuser, customer):
    for _ in range(MAX_KEYS):
        issue_token(customer, ApiToken.Contract.STANDARD)
    response = superuser.post(token_page(customer), {"contract": "standard", "act": "1"})
    errors = response.context["form"].non_field_errors()
    assert (errors, ApiToken.objects.count()) == (["There are 20 live keys already."], MAX_KEYS)


def test_a_token_s_page_shows_what_it_may_and_who_issued_it(superuser, customer):
    networks = ["192.0.2.7/32", "10.0.0.0/8"]
    key, _ = issue_token(customer, "happy_follower", allowed_networks=networks, scopes=["read"])
    token, _ = issue_token(customer, "happy_follower", use="refresh", issued_by=key)
    html = read(superuser, page_of(ApiToken, "change", token.pk))
    shown = ("192.0.2.7, 10.0.0.0/8", "read only", "refresh token", f"{key.prefix}…")
    assert [words in html for words in shown] == [True] * 4


def test_the_customer_s_page_lists_keys_and_not_what_they_issued(superuser, customer):
    key, _ = issue_token(customer, "happy_follower", "inner-key")
    token, _ = issue_token(customer, "happy_follower", "inner-token", use="refresh", issued_by=key)
    html = read(superuser, page_of(Customer, "change", customer.pk))
    assert ("inner-key" in html, "inner-token" in html) == (True, False)


def test_a_token_that_is_made_to_end_takes_along_what_it_issued(superuser, customer):
    key, _ = issue_token(customer, "happy_follower")
    token, _ = issue_token(customer, "happy_follower", use="refresh", issued_by=key)
    data = {"name": "shop", "expires_at_0": "2030-01-02", "expires_at_1": "03:04:05"}
    assert superuser.post(page_of(ApiToken, "change", key.pk), data).status_code == 302
    key.refresh_from_db()
    token.refresh_from_db()
    assert (key.name, f"{key.expires_at:%F %T}", token.expires_at) == (
        "shop",
        "2030-01-01 23:34:05",  # Tehran's clock is 3:30 ahead
        key.expires_at,
    )


def test_a_customer_is_kept_from_ordering_by_a_reason(superuser, customer):
    path = page_of(Customer, "change", customer.pk)
    superuser.post(path, changed_fields(customer, order_block="unpaid invoice"))
    customer.refresh_from_db()
    assert customer.order_block == "unpaid invoice"


def test_revoking_ends_a_token_once(superuser, customer):
    row, _ = issue_token(customer, ApiToken.Contract.STANDARD)
    path = page_of(ApiToken, "revoke", row.pk)
    assert "Its holder is refused" in read(superuser, path)
    first = superuser.post(path, {"act": "1"}, follow=True)
    row.refresh_from_db()
    revoked_at = row.revoked_at
    second = superuser.post(path, {"act": "1"}, follow=True)
    row.refresh_from_db()
    assert (told(first), told(second)) == (
        ["The token is revoked."],
        ["The token was revoked before."],
    )
    assert (timezone.now() - revoked_at < timedelta(minutes=1), row.revoked_at) == (True, revoked_at)


def test_chosen_tokens_are_revoked_and_earlier_ones_keep_their_time(superuser, customer):
    rows = [issue_token(customer, ApiToken.Contract.STANDARD)[0] for _ in range(3)]
    revoke_token(rows[0])
    earlier = ApiToken.objects.get(pk=rows[0].pk).revoked_at
    chosen = [row.pk for row in rows[:2]]
    data = {"action": "revoke_chosen", "_selected_action": chosen}
    response = superuser.post(page_of(ApiToken), data, follow=True)
    assert told(response) == ["1 token is revoked."]
    times = list(ApiToken.objects.order_by("pk").values_list("revoked_at", flat=True))
    assert (times[0], times[1] is None, times[2]) == (earlier, False, None)


def test_customers_and_tokens_can_not_be_deleted_and_tokens_not_added(superuser, customer):
    row, _ = issue_token(customer, ApiToken.Contract.STANDARD)
    paths = [
        page_of(Customer, "delete", customer.pk),
        page_of(ApiToken, "delete", row.pk),
        page_of(ApiToken, "add"),
    ]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403] * 3
    assert (Customer.objects.filter(pk=customer.pk).count(), ApiToken.objects.count()) == (1, 1)


def test_staff_can_not_raise_a_customer_to_staff(customer):
    browser = enter_admin("accounts.change_customer", "accounts.view_customer")
    rights = {"is_staff": "on", "is_superuser": "on", "user_permissions": ["1"]}
    path = page_of(Customer, "change", customer.pk)
    response = browser.post(path, changed_fields(customer, first_name="Mina", **rights))
    customer.refresh_from_db()
    seen = (response.status_code, customer.first_name, customer.is_staff, customer.is_superuser)
    assert seen == (302, "Mina", False, False)
    assert customer.user_permissions.count() == 0


def test_staff_can_not_take_over_a_superuser(superuser):
    names = ("change_customer", "view_customer", "add_apitoken", "change_apitoken")
    browser = enter_admin(*(f"accounts.{name}" for name in names))
    boss = superuser.staff
    change = page_of(Customer, "change", boss.pk)
    answers = [
        browser.post(change, changed_fields(boss, email="thief@example.com")),
        browser.post(change.replace("change/", "password/"), {"password1": "a", "password2": "a"}),
        browser.post(token_page(boss), {"contract": "standard", "act": "1"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert (Customer.objects.get(pk=boss.pk).email, ApiToken.objects.count()) == (None, 0)


def test_issuing_needs_its_own_permission(customer):
    browser = enter_admin("accounts.change_customer", "accounts.view_customer")
    answer = browser.post(token_page(customer), {"contract": "standard", "act": "1"})
    assert (answer.status_code, ApiToken.objects.count()) == (403, 0)
    assert "Issue an API token" not in read(browser, page_of(Customer, "change", customer.pk))


def test_customers_are_found_by_login_name_number_and_name(superuser, customer):
    make_customer(first_name="Ali")
    national = "0" + customer.mobile[3:]
    terms = [national, "SARA@EXAMPLE.COM", customer.username, f"#{customer.pk}", "sar"]
    assert [found_ids(superuser, Customer, q=term) for term in terms] == [[customer.pk]] * 5
    assert found_ids(superuser, Customer, q="nobody at all") == []


def test_lists_take_as_many_statements_for_many_rows_as_for_few(superuser):
    def grow(count):
        for _ in range(count):
            issue_token(make_customer(), ApiToken.Contract.STANDARD)

    grow(2)
    read(superuser, page_of(Customer))  # what is looked up once for each process
    few = [count_queries(superuser, page_of(model)) for model in (Customer, ApiToken)]
    grow(12)
    assert [count_queries(superuser, page_of(model)) for model in (Customer, ApiToken)] == few


def test_login_tries_can_be_seen_and_given_back_but_not_changed(superuser):
    row = LoginTry.objects.create(subject="account:7")
    assert "account:7" in read(superuser, page_of(LoginTry))
    change, add = page_of(LoginTry, "change", row.pk), page_of(LoginTry, "add")
    answers = [superuser.post(path, {"subject": "account:8"}).status_code for path in (change, add)]
    assert (answers, LoginTry.objects.get().subject) == ([403, 403], "account:7")
    superuser.post(page_of(LoginTry, "delete", row.pk), {"post": "yes"})
    assert LoginTry.objects.count() == 0


def test_asks_for_codes_are_seen_without_code_or_digest_and_changed_by_nobody(superuser, customer):
    phone = Phone()
    ask(customer.mobile, phone)
    row = LoginCode.objects.get()
    html = read(superuser, page_of(LoginCode)) + read(superuser, page_of(LoginCode, "change", row.pk))
    assert [text in html for text in (row.subject, phone.code, bytes(row.digest).hex(), "digest")] == [
        True,
        False,
        False,
        False,
    ]
    paths = [page_of(LoginCode, "add"), *(page_of(LoginCode, page, row.pk) for page in ("change", "delete"))]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403] * 3
    assert found_ids(superuser, LoginCode, q=f"mobile:{customer.mobile}") == [row.pk]
