"""Every call of every API with a secret that is not good for it: refused as a made-up one is, and nothing changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.api.docs.contracts import CONTRACTS
from tests.attack.calls import Secrets, list_samples, make_secrets
from tests.attack.rows import Watch
from tests.factories import make_customer
from tests.panel.api.docs.exchange import make_exchange
from tests.panel.api.docs.shelf import fill_orders, fill_talk, fill_texts
from tests.panel.dashboard.conftest import open_browser
from tests.panel.rewards.conftest import rules as rules  # a fixture
from tests.panel.rewards.prizes import make_gift, make_win

pytestmark = pytest.mark.django_db
NOBODYS = Secrets("nobodys-key", "nobodys-token", "nobodys-refresh")
CLOSED = [one for one in list_samples() if not one.is_open]
PAST = timezone.now() - timedelta(minutes=1)
# Which contract speaks there is seen by the token, also by one that has ended (tests/panel/api/test_shared_paths.py).
SHARED = {"/api/v1/order", "/api/v1/services"}
SHARING = {"panel_app", "happy_follower"}
# What a token that may only read does: sessions are opened and ended with it; whoever reads a ticket has read it, and
# whoever asks for the next campaign was shown one.
READING = {
    "happy-follower": {"auth", "ref-auth"},
    "happy-follower-sandbox": {"auth", "ref-auth"},
    "panel-app": {"logout", "ticket"},
    "likenama": {"campaign_next"},
}
# Calls that change what is stored, made with a key that may do everything.
CHANGING = {
    "standard": {"add", "orders", "refill", "cancel"},
    "gray-city": {"create_order_v2", "create_order", "create_watch_time"}
    | {"create_follower", "create_follower_pro", "create_ads"},
    "happy-follower": {"auth", "ref-auth", "order", "cancel", "recheck"},
    "happy-follower-sandbox": {"auth", "ref-auth", "order"},
    "panel-app": {"logout", "user_update", "order_create", "payment", "free_credit", "wheel", "gift_use"}
    | {"ticket", "ticket_open", "ticket_reply", "notifications_read"},
    "likenama": {"campaign_create", "campaign_next", "campaign_like", "campaign_report"}
    | {"product_purchase", "bundle_purchase", "message_send"},
    "sms-rest": {"send", "future_send", "pattern_send", "phonebook_send", "multiple_send"}
    | {"phonebook_create", "phonebook_delete", "numbers_add", "numbers_delete"},
}
FUTURE = {"sendDate": f"{timezone.localdate() + timedelta(days=30)} 08:30:00"}


@pytest.fixture
def holder(db, rules, sandbox, settings):
    """The customer whom all examples are about."""
    settings.SANDBOX_URL, settings.ZARINPAL_URL = sandbox.url, f"{sandbox.url}/bank"
    settings.APARAT_URL = f"{sandbox.url}/aparat"
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    customer = make_customer(toman=10_000_000, email="ehsan@example.com")
    fill_orders(customer)
    fill_texts(customer)
    fill_talk(customer)
    make_exchange(customer)
    make_win(customer, make_gift())
    return customer


def tell(sample, secrets, **more):
    answer = sample.send(secrets, FUTURE, **more)
    return answer.status_code, answer.content


def try_all(secrets_of, closed):
    """`(calls that were answered otherwise than with a made-up secret, tables that changed)`."""
    secrets = {slug: secrets_of(slug) for slug in CONTRACTS}
    watch = Watch()
    faults = [
        (sample.slug, sample.call)
        for sample in closed
        if tell(sample, secrets[sample.slug]) != tell(sample, NOBODYS)
    ]
    return faults, watch.find_changed()


@pytest.mark.parametrize("contract", ApiToken.Contract.values)
def test_a_token_of_another_contract_is_a_made_up_one(holder, contract):
    own = {"happy_sandbox": "happy_follower"}.get(contract, contract)
    closed = [one for one in CLOSED if CONTRACTS[one.slug].contract != own]
    if own in SHARING:
        closed = [one for one in closed if one.route.rstrip("/") not in SHARED]
    assert try_all(lambda slug: make_secrets(slug, holder, contract), closed) == ([], [])


@pytest.mark.parametrize(
    "fields",
    [{"expires_at": PAST}, {"revoked_at": PAST}, {"allowed_networks": ["203.0.113.0/24"]}],
    ids=["expired", "revoked", "of another network"],
)
def test_a_token_that_is_not_good_any_more_or_from_here_is_a_made_up_one(holder, fields):
    faults, changed = try_all(lambda slug: make_secrets(slug, holder, **fields), CLOSED)
    assert set(faults) <= {("happy-follower", "services"), ("happy-follower", "order")}  # see SHARED
    assert changed == []


def list_changing(customer, **fields):
    """`{document: calls that changed what is stored}`, each made with new secrets of the customer's."""
    found = {slug: set() for slug in CONTRACTS}
    watch = Watch()
    for sample in CLOSED:
        ApiToken.objects.filter(customer=customer).delete()
        secrets = make_secrets(sample.slug, customer, **fields)
        watch.find_changed()
        tell(sample, secrets)
        if watch.find_changed():
            found[sample.slug].add(sample.call)
    return found


def test_a_token_that_may_only_read_changes_nothing(holder):
    """Not the profile either, should a login's token ever be one."""
    assert list_changing(holder, scopes=["read"]) == {slug: set() for slug in CONTRACTS} | READING


def test_the_same_calls_change_things_with_a_token_that_may(holder):
    assert list_changing(holder) == CHANGING


def test_no_api_takes_a_browsers_session(holder):
    """Calls of programs have no CSRF token, so a cookie must open nothing."""
    browser = open_browser(holder)
    browser.raise_request_exception = False
    watch = Watch()
    differ = [one for one in CLOSED if tell(one, NOBODYS, through=browser) != tell(one, NOBODYS)]
    assert (differ, watch.find_changed()) == ([], [])
