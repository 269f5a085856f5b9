"""Keys exchanged for tokens: what they inherit, when they end, and who wins when two renew at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.accounts import sessions
from panel.accounts.models import ApiToken
from panel.accounts.sessions import SessionRefused, find_contract, open_session, renew_token
from panel.accounts.tokens import issue_token, revoke_token, rotate_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.together import run_together

HAPPY, SANDBOX = "happy_follower", "happy_sandbox"
HOME, AWAY = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def key(db):
    return issue_token(make_customer(), HAPPY, name="shop")[0]


def enter(key, contract=HAPPY, address=HOME):
    """Both tokens, or "refused"."""
    try:
        return open_session(bytes(key.digest), HAPPY, contract, address)
    except SessionRefused:
        return "refused"


def renew(session, old=None, contract=HAPPY, address=HOME):
    old = session.token if old is None else old
    try:
        return renew_token(digest_token(session.refresh_token), digest_token(old), contract, address)
    except SessionRefused:
        return "refused"


def row_of(token):
    return ApiToken.objects.get(digest=digest_token(token))


def is_good(token):
    row = row_of(token)
    return row.revoked_at is None and row.expires_at > timezone.now()


def expire(*tokens):
    digests = [digest_token(token) for token in tokens]
    ApiToken.objects.filter(digest__in=digests).update(expires_at=timezone.now() - timedelta(seconds=1))


def lives(row):
    """Whole seconds from its making to its end."""
    return round((row.expires_at - row.created).total_seconds())


@pytest.mark.parametrize("contract", [HAPPY, SANDBOX])
def test_a_key_gives_a_refresh_token_and_a_token(key, contract):
    session = enter(key, contract)
    refresh, access = row_of(session.refresh_token), row_of(session.token)
    assert [(row.use, row.contract, row.customer_id, row.name, lives(row)) for row in (refresh, access)] == [
        ("refresh", contract, key.customer_id, "shop", 30 * 86_400),
        ("access", contract, key.customer_id, "shop", 3600),
    ]
    assert (refresh.issued_by, access.issued_by, access.replaced_by) == (key, refresh, None)


def test_tokens_have_the_networks_and_scopes_of_the_key(key):
    ApiToken.objects.update(allowed_networks=["203.0.113.0/24"], scopes=["read"])
    session = enter(key)
    renewed = renew(session)
    for token in (session.refresh_token, session.token, renewed):
        row = row_of(token)
        assert (row.allowed_networks, row.scopes) == (["203.0.113.0/24"], ["read"])


@pytest.mark.parametrize(
    ("networks", "address", "good"),
    [
        (["203.0.113.7"], HOME, True),
        (["198.51.100.0/24", "203.0.113.0/24"], HOME, True),
        (["2001:db8::/32"], "2001:db8::9", True),
        (["203.0.113.0/24"], AWAY, False),
        (["203.0.113.0/24"], "2001:db8::9", False),
        (["0.0.0.0/0"], "", False),
    ],
)
def test_sessions_open_and_renew_at_the_networks_of_the_key_only(key, networks, address, good):
    before = enter(key)
    ApiToken.objects.update(allowed_networks=networks)
    assert (enter(key, address=address) != "refused", renew(before, address=address) != "refused") == (
        good,
    ) * 2


def test_what_is_no_good_key(key):
    session = enter(key)
    assert enter(row_of(session.refresh_token)) == enter(row_of(session.token)) == "refused"
    assert enter(issue_token(key.customer, "standard")[0]) == "refused"
    assert enter(ApiToken(digest=digest_token("nobody's"))) == "refused"
    ApiToken.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert enter(key) == "refused"
    ApiToken.objects.filter(pk=key.pk).update(expires_at=None, revoked_at=timezone.now())
    assert enter(key) == "refused"


def test_a_locked_customer_gets_no_tokens(key):
    session = enter(key)
    key.customer.is_active = False
    key.customer.save()
    assert (enter(key), renew(session)) == ("refused", "refused")


def test_renewing_ends_the_old_token_and_may_be_done_again(key):
    session = enter(key)
    second = renew(session)
    assert (is_good(session.token), is_good(second)) == (False, True)
    assert row_of(session.token).replaced_by == row_of(second)
    assert row_of(second).issued_by == row_of(session.refresh_token)
    third = renew(session, second)
    assert [is_good(token) for token in (session.token, second, third)] == [False, False, True]
    assert is_good(session.refresh_token)


def test_only_the_newest_token_of_that_session_renews(key):
    session, other = enter(key), enter(key)
    second = renew(session)
    for old in (session.token, other.token, session.refresh_token, "nobody's", ""):
        assert renew(session, old) == "refused"
    assert renew(session, second) != "refused"
    assert is_good(other.token)


def test_an_expired_token_renews_and_an_ended_one_does_not(key):
    session = enter(key)
    expire(session.token)
    second = renew(session)
    assert is_good(second)
    revoke_token(row_of(second))
    assert renew(session, second) == "refused"


def test_a_refresh_token_that_ended_or_is_of_the_other_world_renews_nothing(key):
    expired, revoked, foreign = enter(key), enter(key), enter(key)
    expire(expired.refresh_token)
    revoke_token(row_of(revoked.refresh_token))
    told = [renew(expired), renew(revoked), renew(foreign, contract=SANDBOX)]
    assert told == ["refused"] * 3
    assert is_good(foreign.token)


def test_tokens_die_with_a_revoked_key(key):
    session = enter(key)
    second = renew(session)
    revoke_token(key)
    assert [is_good(token) for token in (session.refresh_token, second)] == [False, False]
    assert renew(session, second) == "refused"


def test_tokens_die_when_a_rotated_key_does(key):
    session = enter(key)
    rotate_token(key)
    key.refresh_from_db()
    second, after = renew(session), enter(key)
    assert [row_of(token).expires_at for token in (session.refresh_token, after.refresh_token)] == [
        key.expires_at
    ] * 2
    assert lives(row_of(second)) == 3600
    ApiToken.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert (renew(session, second), enter(key)) == ("refused", "refused")


def test_beyond_so_many_sessions_the_oldest_die(key, settings):
    settings.SESSIONS_PER_KEY = 3
    opened = [enter(key) for _ in range(5)]
    assert [is_good(session.refresh_token) for session in opened] == [False, False, True, True, True]
    assert [is_good(session.token) for session in opened] == [False, False, True, True, True]
    assert renew(opened[1]) == "refused"


def test_rows_do_not_pile_up(key, settings, monkeypatch):
    settings.SESSIONS_PER_KEY = 2
    monkeypatch.setattr(sessions, "KEPT_SESSIONS", 4)
    monkeypatch.setattr(sessions, "KEPT_TOKENS", 3)
    for _ in range(7):
        session = enter(key)
    token = session.token
    for _ in range(6):
        token = renew(session, token)
    uses = {use: ApiToken.objects.filter(use=use).count() for use in ("key", "refresh", "access")}
    assert uses == {"key": 1, "refresh": 4, "access": 3 + 3}
    assert is_good(token)


def test_the_contract_of_a_token_is_known_also_when_it_ended(key):
    session = enter(key, SANDBOX)
    revoke_token(key)
    told = [
        find_contract(digest_token(token)) for token in (session.token, session.refresh_token, "nobody's")
    ]
    assert told == [SANDBOX, SANDBOX, None]
    assert find_contract(bytes(key.digest)) == HAPPY


@pytest.mark.django_db(transaction=True)
def test_of_renewals_at_the_same_moment_one_wins(key):
    for _ in range(5):
        session = enter(key)
        told = run_together(*[lambda session=session: renew(session)] * 4)
        won = [token for token in told if token != "refused"]
        assert sorted(told) == sorted([*won, "refused", "refused", "refused"])
        assert len(won) == 1
        tokens = ApiToken.objects.filter(issued_by=row_of(session.refresh_token))
        assert (tokens.count(), tokens.filter(revoked_at=None).get()) == (2, row_of(won[0]))


@pytest.mark.django_db(transaction=True)
def test_sessions_opened_at_the_same_moment_keep_the_limit(key, settings):
    settings.SESSIONS_PER_KEY = 2
    run_together(*[lambda: enter(key)] * 6)
    living = ApiToken.objects.filter(use="refresh", revoked_at=None)
    assert (ApiToken.objects.filter(use="refresh").count(), living.count()) == (6, 2)


@pytest.mark.django_db(transaction=True)
def test_no_token_survives_a_key_revoked_at_the_same_moment(key):
    for _ in range(8):
        fresh = issue_token(key.customer, HAPPY)[0]
        session = enter(fresh)
        run_together(
            lambda fresh=fresh: revoke_token(fresh),
            lambda session=session: renew(session),
            lambda fresh=fresh: enter(fresh),
        )
        revoke_token(key)
        assert ApiToken.objects.filter(revoked_at=None).count() == 0
