"""One send for each key, however many ask for it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.wallet.ledger import read_balance
from panel.wallet.models import Transfer
from sms.drafts import SendRequest
from sms.gateway.codes import SendState
from sms.keys import purge_keys, send_once
from sms.models import Message, Package, Send, SenderLine, SendKey
from sms.refusals import SmsRefused
from sms.sends import send_text
from tests.factories import make_customer

REQUEST = SendRequest(sender="3000", text="Hello", numbers=("09121111111", "09122222222"))


@pytest.fixture
def customer(db):
    Package.objects.create(name="Default", persian_price=100, latin_price=200, is_default=True)
    SenderLine.objects.create(number="3000", advertising=False)
    return make_customer(toman=500)


def ask(customer, key="k", given="same"):
    return send_once(customer.pk, key, given, lambda: send_text(customer.pk, "dashboard", REQUEST))


def test_the_same_key_gives_back_the_first(customer):
    first, second = ask(customer), ask(customer)
    assert (first.pk, Send.objects.count(), read_balance(customer.pk)) == (second.pk, 1, 100)


def test_the_same_key_with_other_input_is_refused(customer):
    ask(customer)
    with pytest.raises(SmsRefused) as refused:
        ask(customer, given="other")
    assert (refused.value.code, Send.objects.count()) == (SendState.MISMATCH, 1)


def test_a_key_is_one_customer_s(customer):
    other = make_customer(toman=500)
    assert ask(customer).customer_id == customer.pk
    assert ask(other).customer_id == other.pk


def test_a_refused_send_leaves_its_key_unused(customer):
    ask(customer, "first")
    with pytest.raises(SmsRefused) as refused:
        ask(customer)
    assert (refused.value.code, list(SendKey.objects.values_list("key", flat=True))) == (
        SendState.NO_CREDIT,
        ["first"],
    )


def test_old_keys_are_forgotten(customer, settings):
    ask(customer)
    assert (purge_keys(), SendKey.objects.count()) == (0, 1)
    SendKey.objects.update(created=timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS, seconds=1))
    assert (purge_keys(), SendKey.objects.count(), Send.objects.count()) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_at_once_one_is_made_and_all_get_it(customer):
    def race(_):
        try:
            return ask(customer).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(race, range(6)))
    assert ids == {Send.objects.get().pk}
    assert (Message.objects.count(), read_balance(customer.pk)) == (2, 100)
    assert Transfer.objects.filter(kind=Transfer.Kind.SMS).count() == 1
