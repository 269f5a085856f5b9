"""Settling payments against the played bank: what each of its answers does, and what can't be done twice."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from panel.wallet.gateways.base import GatewayUnavailable, NotPaid, Paid
from panel.wallet.gateways.zarinpal import ZarinpalGateway
from panel.wallet.house import house_balance
from panel.wallet.ledger import read_balance
from panel.wallet.models import BonusStep, CouponUse, Payment, WalletEvent
from panel.wallet.payments import verifying
from panel.wallet.payments.recording import wait_before_ask
from panel.wallet.payments.verifying import (
    find_callback_payment,
    settle_on_request,
    settle_payment,
    sweep_payments,
)
from tests.panel.wallet.payments.steps import (
    begin,
    make_coupon,
    make_due,
    make_older,
    moved,
    pay_at_bank,
    reread,
)
from tests.together import run_together

pytestmark = pytest.mark.django_db


def events(kind):
    return list(WalletEvent.objects.filter(kind=kind).order_by("pk").values_list("customer", "data"))


def come_back(payment, query):
    """The callback with that query."""
    found = find_callback_payment(query["Authority"])
    assert found.pk == payment.pk
    return settle_on_request(found, left=query["Status"] == "NOK")


def test_a_paid_payment_is_credited_with_the_amount_of_our_row(bank, customer):
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment))
    row = reread(payment)
    assert moved(customer) == [(f"payment:{row.pk}", 50_000, "payment")]
    assert (row.state, row.bonus, row.card, row.reason, row.next_ask_at) == (
        "paid",
        0,
        "502229******5995",
        "",
        None,
    )
    assert row.reference == str(bank.state.bank.find(row.authority).ref_id)
    assert timezone.now() - row.paid_at < timedelta(minutes=1)
    assert house_balance("gateway") == -50_000
    [(who, told)] = events("paid")
    transfer = told.pop("transfer")
    assert (who, type(transfer)) == (customer.pk, int)
    assert told == {
        "payment": row.pk,
        "amount": 50_000,
        "bonus": 0,
        "currency": "toman",
        "lost_coupon": "",
    }


@pytest.mark.parametrize("outcome", ["pay", "close", "twice"])
def test_paid_is_paid_whether_or_not_the_customer_comes_back(bank, customer, outcome):
    payment = begin(customer)
    pay_at_bank(payment, outcome)
    make_due(payment)
    assert sweep_payments() == 1
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)
    assert sweep_payments() == 0


@pytest.mark.django_db(transaction=True)
def test_every_way_back_at_once_is_one_credit(bank, customer):
    BonusStep.objects.create(amount_from=50_000, percent=10)
    coupon = make_coupon(kind="fixed", value=700)
    payment = begin(customer, coupon="SUMMER")
    query = pay_at_bank(payment)
    make_due(payment)
    ways = [lambda: come_back(payment, query)] * 14
    ways += [lambda: come_back(payment, query | {"Status": "NOK"})] * 2
    ways += [sweep_payments] * 2 + [lambda: settle_payment(reread(payment))] * 2
    answers = run_together(*ways)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert moved(customer) == [
        (f"payment:{payment.pk}", 50_000, "payment"),
        (f"payment:{payment.pk}:bonus", 5_000, "bonus"),
        (f"payment:{payment.pk}:coupon", 700, "bonus"),
    ]
    assert (reread(payment).state, reread(payment).bonus) == ("paid", 5_700)
    assert (len(events("paid")), read_balance(customer.pk)) == (1, 55_700)
    assert list(CouponUse.objects.values_list("coupon", "payment", "amount")) == [
        (coupon.pk, payment.pk, 700)
    ]
    call_command("audit_ledger")


@pytest.mark.parametrize("status", ["OK", "NOK", "", "ok"])
def test_a_forged_status_credits_nothing(bank, customer, status):
    payment = begin(customer)
    come_back(payment, {"Authority": payment.authority, "Status": status})
    row = reread(payment)
    assert (row.state, moved(customer)) == ("canceled" if status == "NOK" else "pending", [])
    assert row.next_ask_at > timezone.now()


def test_a_forged_nok_loses_nothing_of_a_true_payment(bank, customer):
    payment = begin(customer)
    query = pay_at_bank(payment)
    come_back(payment, query | {"Status": "NOK"})
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


@pytest.mark.parametrize("outcome", ["fail", "cancel"])
def test_one_that_came_back_unpaid_is_canceled_and_credited_when_it_is_paid_after_all(
    bank, customer, outcome
):
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment, outcome))
    row = reread(payment)
    assert (row.state, row.reason, moved(customer)) == ("canceled", "not paid (-51)", [])
    pay_at_bank(payment, "close")
    make_due(payment)
    sweep_payments()
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_another_amount_at_the_bank_never_credits(bank, customer):
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment, "mismatch"))
    row = reread(payment)
    assert (row.state, row.reason, row.next_ask_at) == ("mismatch", "the bank has another amount (-50)", None)
    assert events("mismatch") == [(customer.pk, {"payment": payment.pk, "amount": 50_000})]
    settle_payment(row)
    assert (moved(customer), len(events("mismatch"))) == ([], 1)


def test_an_amount_that_the_bank_tells_has_to_be_ours(bank, customer, monkeypatch):
    payment = begin(customer)
    monkeypatch.setattr(ZarinpalGateway, "verify", lambda *args: Paid("1", 49_999, ""))
    settle_payment(payment)
    assert (reread(payment).state, moved(customer)) == ("mismatch", [])
    # What the bank says later changes nothing: a person may have settled it already.
    monkeypatch.setattr(ZarinpalGateway, "verify", lambda *args: Paid("1", 50_000, ""))
    settle_payment(payment)
    assert (reread(payment).state, moved(customer)) == ("mismatch", [])


def test_the_bank_is_asked_about_our_own_amount(bank, customer):
    payment = begin(customer)
    pay_at_bank(payment)
    bank.state.bank.find(payment.authority).amount = 10_000  # 1,000 toman were paid
    settle_payment(payment)
    assert (reread(payment).state, moved(customer)) == ("mismatch", [])


def test_nonsense_of_the_bank_stays_open_and_is_asked_again(bank, customer):
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment, "nonsense"))
    row = reread(payment)
    assert (row.state, row.reason) == ("pending", "the answer can't be understood (HTTP 200)")
    make_due(payment)
    sweep_payments()
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_an_answer_that_comes_too_late_stays_open_and_is_asked_again(bank, settings, customer):
    settings.PAYMENT_DEADLINE_SECONDS = 0.3
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment, "slow"))
    assert (reread(payment).state, moved(customer)) == ("pending", [])
    make_due(payment)
    sweep_payments()
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_a_bank_that_is_away_keeps_the_payment_open(bank, settings, customer):
    payment = begin(customer)
    query = pay_at_bank(payment)
    settings.ZARINPAL_URL = "http://127.0.0.1:9/bank"
    come_back(payment, query)
    assert reread(payment).state == "pending"
    settings.ZARINPAL_MERCHANT_ID = ""
    come_back(payment, query)
    assert (reread(payment).reason, reread(payment).asks) == ("this gateway is not set up any more", 2)


def test_an_authority_that_the_bank_does_not_know_fails_and_is_asked_no_more(bank, customer):
    payment = begin(customer)
    bank.state.bank.clear()
    make_due(payment)
    sweep_payments()
    assert (reread(payment).state, reread(payment).next_ask_at) == ("failed", None)


def test_one_that_failed_is_believed_when_it_is_paid_after_all(bank, customer, monkeypatch):
    payment = begin(customer)
    pay_at_bank(payment)
    with monkeypatch.context() as wrong:
        wrong.setattr(ZarinpalGateway, "verify", _raise(NotPaid("over", final=True)))
        settle_payment(payment)
    assert reread(payment).state == "failed"
    settle_payment(reread(payment))
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_waiting_grows_up_to_an_hour():
    minutes = [wait_before_ask(asks) // timedelta(minutes=1) for asks in range(1, 10)]
    assert minutes == [1, 2, 5, 10, 20, 40, 60, 60, 60]


def test_each_ask_without_a_clear_answer_puts_off_the_next(bank, customer):
    payment = begin(customer)
    waits = []
    for _ in range(3):
        make_due(payment)
        sweep_payments()
        waits.append(round((reread(payment).next_ask_at - timezone.now()) / timedelta(minutes=1)))
    assert (waits, reread(payment).asks) == ([1, 2, 5], 3)


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        (NotPaid("not paid"), "expired", 0),
        (GatewayUnavailable("no connection"), "expired", 1),
    ],
)
def test_after_a_day_it_expires_and_operators_learn_of_an_unclear_one(
    bank, customer, monkeypatch, answer, state, told
):
    payment = begin(customer)
    monkeypatch.setattr(ZarinpalGateway, "verify", _raise(answer))
    make_older(payment, 25)
    make_due(payment)
    sweep_payments()
    row = reread(payment)
    assert (row.state, row.next_ask_at, len(events("payment_unclear"))) == (state, None, told)
    monkeypatch.undo()
    pay_at_bank(payment)
    settle_payment(row)
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_a_canceled_one_stays_canceled_when_its_time_is_over(bank, customer):
    payment = begin(customer)
    come_back(payment, pay_at_bank(payment, "cancel"))
    make_older(payment, 25)
    make_due(payment)
    sweep_payments()
    assert (reread(payment).state, reread(payment).next_ask_at) == ("canceled", None)


def test_a_process_that_dies_between_the_bank_and_the_book_loses_nothing(bank, customer, monkeypatch):
    payment = begin(customer)
    pay_at_bank(payment)
    make_due(payment)
    with monkeypatch.context() as killed:
        killed.setattr(verifying, "record_answer", _raise(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            sweep_payments()
    assert bank.state.bank.find(payment.authority).verified
    assert (reread(payment).state, sweep_payments()) == ("pending", 0)  # leased
    assert reread(payment).next_ask_at > timezone.now() + timedelta(minutes=2)
    make_due(payment)  # the lease is over
    sweep_payments()
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_000)


def test_a_process_that_dies_while_recording_leaves_all_or_nothing(bank, customer, monkeypatch):
    BonusStep.objects.create(amount_from=1, percent=1)
    payment = begin(customer)
    pay_at_bank(payment)
    with monkeypatch.context() as killed:
        killed.setattr(WalletEvent.objects, "create", _raise(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            settle_payment(payment)
    assert (reread(payment).state, moved(customer)) == ("pending", [])
    settle_payment(payment)
    assert (reread(payment).state, read_balance(customer.pk)) == ("paid", 50_500)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_bank_is_asked(bank, customer, monkeypatch):
    payment = begin(customer)
    verify, seen = ZarinpalGateway.verify, []

    def look(self, *args):
        seen.append(connection.in_atomic_block)
        return verify(self, *args)

    monkeypatch.setattr(ZarinpalGateway, "verify", look)
    settle_payment(payment)
    make_due(payment)
    sweep_payments()
    assert seen == [False, False]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_share_the_work(bank, customer):
    for _ in range(20):
        payment = begin(customer, 1_000)
        pay_at_bank(payment)
        make_due(payment)
    assert sum(run_together(sweep_payments, sweep_payments)) == 20
    assert (read_balance(customer.pk), Payment.objects.filter(state="paid").count()) == (20_000, 20)


@pytest.mark.parametrize("place", ["ask_bank", "record_answer"])
def test_one_payment_s_trouble_keeps_no_other_waiting(bank, customer, monkeypatch, caplog, place):
    payments = [begin(customer) for _ in range(3)]
    for payment in payments:
        pay_at_bank(payment)
        make_due(payment)
    work = getattr(verifying, place)

    def stumble(which, *args):
        if getattr(which, "pk", which) == payments[0].pk:
            raise RuntimeError("a fault of ours")
        return work(which, *args)

    monkeypatch.setattr(verifying, place, stumble)
    sweep_payments()
    assert [reread(payment).state for payment in payments] == ["pending", "paid", "paid"]
    assert reread(payments[0]).next_ask_at > timezone.now()
    assert (f"payment {payments[0].pk}" in caplog.text, payments[0].authority in caplog.text) == (True, False)


def test_callbacks_that_come_without_end_are_asked_about_so_often(bank, customer):
    payment = begin(customer)
    Payment.objects.update(asks=verifying.FREE_ASKS)
    come_back(payment, {"Authority": payment.authority, "Status": "OK"})
    assert reread(payment).asks == verifying.FREE_ASKS
    Payment.objects.update(asks=32_000)
    settle_payment(reread(payment))
    assert reread(payment).asks == 1_000


@pytest.mark.parametrize("authority", [None, "", "A" * 65, "a\0b", ["A" * 36], {"a": 1}, 5, "S" + "0" * 35])
def test_unknown_authorities_name_no_payment(bank, customer, authority):
    begin(customer)
    assert find_callback_payment(authority) is None


def _raise(error):
    def fail(*args, **fields):
        raise error

    return fail
