"""Our money at the providers: stored as told, and a low one told once."""

from decimal import Decimal

import pytest

from panel.support.models import Notification
from providers.adapters.base import Balance, Unavailable
from providers.balances import read_all_balances, read_provider_balance, store_balance
from providers.models import Provider, ProviderEvent
from providers.tasks import handle_events
from sms.models import Message
from tests.factories import make_customer, make_provider
from tests.together import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(db, sandbox, clean_redis):
    return make_provider(sandbox.url, low_balance=Decimal(1000))


def store(provider, *amounts):
    for amount in amounts:
        store_balance(provider.pk, Balance(Decimal(amount), "IRT"))


def list_alerts():
    return list(ProviderEvent.objects.order_by("id").values_list("kind", "data"))


def test_the_balance_is_read_and_stored(provider):
    told = read_provider_balance(provider.pk)
    row = Provider.objects.get()
    assert (row.balance, row.balance_at is None, list_alerts()) == (told.amount, False, [])


def test_one_that_does_not_answer_stops_no_other(provider):
    silent = make_provider("http://127.0.0.1:1")
    read_all_balances()
    found = dict(Provider.objects.values_list("pk", "balance_at"))
    assert (found[silent.pk], found[provider.pk] is None) == (None, False)
    with pytest.raises(Unavailable):
        read_provider_balance(silent.pk)


def test_a_low_balance_is_told_once(provider):
    store(provider, "999.99", "999.99", "3")
    assert list_alerts() == [("low_balance", {"balance": "999.99", "currency": "IRT"})]


def test_a_balance_at_the_limit_is_not_low(provider):
    store(provider, "1000", "1000.000001")
    assert list_alerts() == []


def test_it_is_told_again_after_it_was_topped_up(provider):
    store(provider, "999", "1000", "10", "9")
    assert [data["balance"] for _kind, data in list_alerts()] == ["999", "10"]


def test_without_a_limit_nothing_is_told(provider):
    Provider.objects.update(low_balance=None)
    store(provider, "-5", "0")
    assert list_alerts() == []


def test_a_limit_that_is_taken_away_and_set_again_tells_again(provider):
    store(provider, "5")
    Provider.objects.update(low_balance=None)
    store(provider, "5")
    Provider.objects.update(low_balance=1000)
    store(provider, "5")
    assert len(list_alerts()) == 2


def test_staff_are_told_in_the_panel_and_by_sms_once(provider):
    make_customer()  # is told nothing
    boss = make_customer(is_staff=True)
    make_customer(is_staff=True, mobile=None)
    make_customer(is_staff=True, is_active=False)
    store(provider, "1.50", "1.50")
    for _ in range(2):
        handle_events()
    words = f"Our balance at {provider.name} is low: 1.50 IRT left. Top it up there."
    assert [(row.to, row.text, row.kind) for row in Message.objects.all()] == [
        (boss.mobile, words, "provider_low_balance")
    ]
    assert list(Notification.objects.values_list("message", flat=True)) == [words] * 2


def test_zeros_behind_the_point_are_left_out(provider):
    boss = make_customer(is_staff=True, language="fa")
    store(provider, "900.000000")
    for _ in range(2):
        handle_events()
    words = f"موجودی ما نزد {provider.name} کم است: ۹۰۰ IRT مانده. آن‌جا شارژش کنید."
    assert [(row.to, row.text) for row in Message.objects.all()] == [(boss.mobile, words)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_read_the_same_tell_once(provider):
    run_together(*[lambda: store(provider, "5")] * 4)
    assert list_alerts() == [("low_balance", {"balance": "5", "currency": "IRT"})]
    assert Provider.objects.get().balance == 5
