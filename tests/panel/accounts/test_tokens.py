"""API tokens: shown once, stored as a digest, ended for good."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import (
    MAX_KEYS,
    State,
    TokenEnded,
    TooManyKeys,
    edit_token,
    find_state,
    issue_token,
    purge_issued_tokens,
    revoke_token,
    rotate_token,
)
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.together import run_together

pytestmark = pytest.mark.django_db
STANDARD = ApiToken.Contract.STANDARD
HAPPY = ApiToken.Contract.HAPPY_FOLLOWER
ACCESS, REFRESH = ApiToken.Use.ACCESS, ApiToken.Use.REFRESH


@pytest.fixture
def customer():
    return make_customer()


def test_only_the_digest_is_stored(customer):
    row, token = issue_token(customer, STANDARD, name="shop")
    row.refresh_from_db()
    assert (bytes(row.digest), row.prefix, row.name) == (digest_token(token), token[:6], "shop")
    values = ApiToken.objects.values().get(pk=row.pk)
    assert [name for name, value in values.items() if value == token] == []


def test_every_token_is_another(customer):
    assert len({issue_token(customer, STANDARD)[1] for _ in range(20)}) == 20


def test_a_known_text_gives_its_row_again(customer):
    first = issue_token(customer, STANDARD, token="known")
    assert issue_token(customer, STANDARD, token="known") == first
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_keeps_the_time_it_ended(customer):
    row, _ = issue_token(customer, STANDARD)
    revoke_token(row)
    row.refresh_from_db()
    ended = row.revoked_at
    revoke_token(row)
    row.refresh_from_db()
    assert ended is not None
    assert row.revoked_at == ended


def hours(number):
    return timezone.now() + timedelta(hours=number)


def issue_line(customer, **fields):
    """A key, the refresh token it issued, and the access token that that one issued."""
    key, _ = issue_token(customer, HAPPY, **fields)
    refresh, _ = issue_token(customer, HAPPY, use=REFRESH, issued_by=key, expires_at=hours(720))
    access, _ = issue_token(customer, HAPPY, use=ACCESS, issued_by=refresh, expires_at=hours(1))
    return key, refresh, access


def reload(*rows):
    found = ApiToken.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows]


def states(*rows):
    return [find_state(row) for row in reload(*rows)]


def is_about(moment, expected):
    return abs(moment - expected) < timedelta(minutes=1)


def end(row, **fields):
    ApiToken.objects.filter(pk=row.pk).update(**fields)


def test_a_rotated_key_lives_a_day_beside_its_successor(customer):
    old, first = issue_token(
        customer, STANDARD, "shop", allowed_networks=["192.0.2.0/24"], scopes=[ApiToken.Scope.READ]
    )
    fresh, second = rotate_token(old)
    (old,) = reload(old)
    shared = ("customer_id", "contract", "name", "use", "scopes", "allowed_networks")
    assert [getattr(fresh, name) for name in shared] == [getattr(old, name) for name in shared]
    assert (first == second, bytes(fresh.digest)) == (False, digest_token(second))
    assert (old.replaced_by_id, states(old, fresh)) == (fresh.pk, [State.REPLACED, State.LIVE])
    assert (is_about(old.expires_at, hours(24)), fresh.expires_at) == (True, None)


def test_a_rotated_key_never_outlives_its_own_end(customer):
    old, _ = issue_token(customer, STANDARD, expires_at=hours(2))
    ends = old.expires_at
    fresh, _ = rotate_token(old)
    assert [row.expires_at for row in reload(old, fresh)] == [ends, ends]


def test_what_a_rotated_key_issued_ends_with_it(customer):
    line = issue_line(customer)
    rotate_token(line[0])
    key, refresh, access = reload(*line)
    assert (refresh.expires_at, is_about(access.expires_at, hours(1))) == (key.expires_at, True)


def test_only_a_key_that_is_good_can_be_rotated(customer):
    revoked, expired, replaced = (issue_token(customer, STANDARD)[0] for _ in range(3))
    revoke_token(revoked)
    end(expired, expires_at=hours(-1))
    rotate_token(replaced)
    access, _ = issue_token(customer, HAPPY, use=ACCESS)
    count = ApiToken.objects.count()
    for row in (revoked, expired, replaced, access):
        with pytest.raises(TokenEnded):
            rotate_token(row)
    assert ApiToken.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_a_key_rotated_at_the_same_moment_gets_one_successor(customer):
    old, _ = issue_token(customer, STANDARD)
    answers = run_together(*[lambda: rotate_token(old)] * 6)
    assert sorted(type(answer).__name__ for answer in answers) == ["TokenEnded"] * 5 + ["tuple"]
    (won,) = [answer[0] for answer in answers if isinstance(answer, tuple)]
    assert (reload(old)[0].replaced_by_id, ApiToken.objects.count()) == (won.pk, 2)


def test_revoking_ends_all_that_was_issued_and_nothing_else(customer):
    line, other = issue_line(customer), issue_line(customer)
    revoke_token(line[0])
    assert states(*line, *other) == [State.REVOKED] * 3 + [State.LIVE] * 3
    revoke_token(other[1])
    assert states(*other) == [State.LIVE, State.REVOKED, State.REVOKED]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_issued_by_what_is_being_revoked(customer):
    """Whichever comes first: the token is never made, or it is revoked with its issuer."""
    key, refresh, _ = issue_line(customer)
    works = [lambda: issue_token(customer, HAPPY, use=ACCESS, issued_by=refresh)] * 5
    works.insert(2, lambda: revoke_token(key))
    works.append(lambda: issue_token(customer, HAPPY, use=REFRESH, issued_by=key))
    answers = run_together(*works)
    assert {type(answer) for answer in answers} <= {tuple, TokenEnded, type(None)}
    assert {find_state(row) for row in ApiToken.objects.all()} == {State.REVOKED}


def test_what_is_issued_ends_with_its_issuer_and_may_no_more(customer):
    networks, scopes = ["192.0.2.0/24"], ["read"]
    line = issue_line(customer, expires_at=hours(5), allowed_networks=networks, scopes=scopes)
    key, refresh, access = reload(*line)
    assert [row.issued_by_id for row in (key, refresh, access)] == [None, key.pk, refresh.pk]
    assert (refresh.expires_at, is_about(access.expires_at, hours(1))) == (key.expires_at, True)
    assert [(row.allowed_networks, row.scopes) for row in (refresh, access)] == [(networks, scopes)] * 2
    end(refresh, expires_at=hours(-1))
    for issuer in (refresh, access):
        end(issuer, expires_at=hours(-1))
        with pytest.raises(TokenEnded):
            issue_token(customer, HAPPY, use=ACCESS, issued_by=issuer)


def test_an_edited_key_keeps_what_it_issued_within_its_networks(customer):
    line, other = issue_line(customer), issue_line(customer)
    edit_token(line[0], "office", ["192.0.2.0/24"])
    assert [(row.name, row.allowed_networks) for row in reload(*line)] == [
        ("office", ["192.0.2.0/24"]),
        ("", ["192.0.2.0/24"]),
        ("", ["192.0.2.0/24"]),
    ]
    assert [row.allowed_networks for row in reload(*other)] == [[]] * 3
    revoke_token(line[0])
    with pytest.raises(TokenEnded):
        edit_token(line[0], "again", [])


def test_a_customer_has_so_many_live_keys(customer):
    rows = [issue_token(customer, STANDARD)[0] for _ in range(MAX_KEYS)]
    with pytest.raises(TooManyKeys):
        issue_token(customer, STANDARD)
    issue_token(make_customer(), STANDARD)
    issue_token(customer, HAPPY, use=ACCESS)  # not a key
    rotate_token(rows[0])
    revoke_token(rows[1])
    issue_token(customer, STANDARD)
    assert states(*rows[:3]) == [State.REPLACED, State.REVOKED, State.LIVE]


def test_replaced_keys_that_still_live_are_as_few(customer):
    row, _ = issue_token(customer, STANDARD)
    for _ in range(MAX_KEYS):
        row, _ = rotate_token(row)
    with pytest.raises(TooManyKeys):
        rotate_token(row)
    assert ApiToken.objects.count() == MAX_KEYS + 1


@pytest.mark.django_db(transaction=True)
def test_the_last_free_place_is_given_once(customer):
    for _ in range(MAX_KEYS - 1):
        issue_token(customer, STANDARD)
    answers = run_together(*[lambda: issue_token(customer, STANDARD)] * 5)
    assert sorted(type(answer).__name__ for answer in answers) == ["TooManyKeys"] * 4 + ["tuple"]
    assert ApiToken.objects.count() == MAX_KEYS


def test_issued_tokens_are_forgotten_a_month_after_their_end(customer):
    long_ago, lately = hours(-24 * 30 - 1), hours(-24 * 30 + 1)
    key, refresh, access = issue_line(customer)
    revoked, expired, late = (issue_token(customer, HAPPY, use=ACCESS)[0] for _ in range(3))
    end(key, revoked_at=long_ago)
    end(access, expires_at=long_ago)
    end(revoked, revoked_at=long_ago)
    end(expired, expires_at=long_ago)
    end(late, expires_at=lately, revoked_at=lately)
    assert purge_issued_tokens() == 3
    assert set(ApiToken.objects.all()) == {key, refresh, late}


@pytest.mark.parametrize("discount", [101, 1000])
def test_a_discount_is_at_most_the_whole_price(customer, discount):
    with pytest.raises(IntegrityError, match="customer_discount_percent"), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(discount=discount)


def test_an_email_is_one_customer_s_in_any_case(customer):
    make_customer(email="A@example.com")
    with pytest.raises(IntegrityError, match="customer_email_unique"), transaction.atomic():
        make_customer(email="a@EXAMPLE.com")


def test_many_customers_have_no_email_and_no_mobile():
    rows = [make_customer(email=None, mobile=None) for _ in range(2)]
    assert Customer.objects.filter(pk__in=[row.pk for row in rows], email=None, mobile=None).count() == 2
