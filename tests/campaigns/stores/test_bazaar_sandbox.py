"""The client against the app store that the sandbox plays: every magic word of its table."""

import pytest

from campaigns.stores.base import Bought, NotBought, StoreError, StoreUnclear
from campaigns.stores.bazaar import BazaarStore


@pytest.fixture
def connect(sandbox, http):
    """connect() gives a client of the sandbox's store."""

    def make(secret="sandbox-bazaar-secret", seconds=5):  # noqa: S107 - the sandbox's
        return BazaarStore(f"{sandbox.url}/bazaar/devapi/v2/api", "sandbox.panel", secret, http, seconds)

    return make


def ask(store, token):
    """What validating gives, or the class of its exception."""
    try:
        return store.validate("coins-100", token)
    except StoreError as error:
        return type(error)


@pytest.mark.parametrize(
    ("token", "answers"),
    [
        ("good-1", [Bought(consumed=False)] * 2),
        ("refunded-1", [NotBought] * 2),
        ("bad-token", [NotBought] * 2),
        ("nonsense-1", [StoreUnclear] * 2),
        ("late-1", [StoreUnclear, StoreUnclear, Bought(consumed=False)]),
    ],
)
def test_tokens(connect, token, answers):
    assert [ask(connect(), token) for _ in answers] == answers


def test_a_purchase_that_is_told_after_the_deadline(connect):
    assert ask(connect(seconds=2), "slow-1") is StoreUnclear


def test_consuming_may_be_repeated(connect):
    store = connect()
    for _ in range(2):
        store.consume("good-1")
        assert ask(store, "good-1") == Bought(consumed=True)


def test_consuming_what_nobody_bought(connect):
    with pytest.raises(NotBought):
        connect().consume("bad-token")


def test_another_secret_proves_nothing(connect):
    store = connect("other")
    assert ask(store, "bad-token") is StoreUnclear
    with pytest.raises(StoreUnclear):
        store.consume("good-1")


@pytest.mark.parametrize("kind", ["html", "truncated", "list", "huge", "empty", "500", "429", "reset"])
def test_a_fault_is_asked_about_again(sandbox, connect, kind):
    store = connect()
    sandbox.set_fault("bazaar/validate", kind)
    assert [ask(store, "good-1") for _ in range(2)] == [StoreUnclear, Bought(consumed=False)]


@pytest.mark.parametrize("kind", ["html", "500", "429", "reset"])
def test_a_purchase_whose_consuming_fails_is_consumed_later(sandbox, connect, kind):
    store = connect()
    sandbox.set_fault("bazaar/consume", kind)
    with pytest.raises(StoreUnclear):
        store.consume("good-1")
    store.consume("good-1")
    assert ask(store, "good-1") == Bought(consumed=True)
