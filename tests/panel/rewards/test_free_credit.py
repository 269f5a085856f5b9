"""Free credit: its limits, its money, and twenty asks at once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from orders.refusals import OrderRefused
from orders.refusals import Refusal as OrderRefusal
from panel.lib.tehran_days import find_day
from panel.rewards import free_credit
from panel.rewards.free_credit import give_free_credit
from panel.rewards.models import FreeCredit, RewardDay
from panel.rewards.periods import find_month_start
from panel.rewards.refusals import Refusal, RewardRefused
from panel.wallet.house import house_balance, house_id
from panel.wallet.ledger import LedgerError, read_balance
from panel.wallet.models import Account, Transfer, WalletEvent
from tests.factories import make_customer
from tests.panel.rewards.conftest import change
from tests.together import run_together


def refusal(customer):
    with pytest.raises(RewardRefused) as refused:
        give_free_credit(customer.pk)
    return refused.value


@pytest.mark.django_db(transaction=True)
def test_the_money_comes_from_promotions_under_a_key_of_its_own(rules):
    customer = make_customer(toman=1_000)
    given = give_free_credit(customer.pk)
    row = Transfer.objects.get(key=f"free-credit:{given.pk}")
    promotions = house_id(Account.Kind.PROMOTIONS)
    wallet = Account.objects.get(owner=customer)
    told = WalletEvent.objects.get(kind="reward")
    assert (row.debit_id, row.credit_id, row.amount, row.kind) == (promotions, wallet.pk, 100, "reward")
    assert (wallet.balance, house_balance(Account.Kind.PROMOTIONS)) == (1_100, -100)
    assert (told.customer_id, told.data) == (
        customer.pk,
        {"amount": 100, "currency": "toman", "transfer": row.pk},
    )
    assert list(RewardDay.objects.values_list("day", "given")) == [(find_day(given.created), 100)]
    call_command("audit_ledger")


def test_amounts_reach_both_bounds_and_no_further(rules):
    change(rules, free_credit_min=7, free_credit_max=9)
    customer = make_customer()
    amounts = [give_free_credit(customer.pk).amount for _ in range(60)]
    assert set(amounts) == {7, 8, 9}
    assert read_balance(customer.pk) == sum(amounts)


@pytest.mark.django_db(transaction=True)
def test_twenty_asks_at_once_are_one_gift(rules):
    change(rules, free_credit_wait=120)
    customer = make_customer()
    answers = run_together(*[lambda: give_free_credit(customer.pk)] * 20)
    refused = [answer for answer in answers if isinstance(answer, RewardRefused)]
    assert ({one.code for one in refused}, len(refused)) == ({Refusal.SOON}, 19)
    assert all(110 < one.seconds <= 120 for one in refused)
    assert FreeCredit.objects.count() == Transfer.objects.filter(kind="reward").count() == 1
    assert read_balance(customer.pk) == 100
    assert RewardDay.objects.get().given == 100


def test_the_wait_ends_with_its_last_second(rules):
    change(rules, free_credit_wait=120)
    customer = make_customer()
    given = give_free_credit(customer.pk)
    FreeCredit.objects.filter(pk=given.pk).update(created=timezone.now() - timedelta(seconds=90))
    assert refusal(customer).seconds == 30
    FreeCredit.objects.filter(pk=given.pk).update(created=timezone.now() - timedelta(seconds=120))
    assert give_free_credit(customer.pk).amount == 100


def test_a_month_is_the_jalali_one_in_tehran(rules):
    change(rules, free_credit_monthly=2)
    customer = make_customer()
    start = find_month_start(timezone.now())
    for created in (start - timedelta(seconds=1), start - timedelta(days=1), start):
        FreeCredit.objects.create(customer=customer, amount=100, created=created)
    assert give_free_credit(customer.pk).amount == 100
    assert refusal(customer).code is Refusal.MONTHLY
    assert FreeCredit.objects.filter(customer=customer, created__gte=start).count() == 2


@pytest.mark.parametrize("off", [{"free_credit_monthly": 0}, {"daily_cap": 0}])
def test_a_limit_of_nothing_switches_it_off(rules, off):
    change(rules, **off)
    customer = make_customer()
    assert refusal(customer).code is Refusal.OFF
    assert (FreeCredit.objects.count(), read_balance(customer.pk)) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_house_never_gives_more_than_its_cap_however_many_ask(rules):
    change(rules, daily_cap=350)
    customers = [make_customer() for _ in range(12)]
    answers = run_together(*[lambda one=one: give_free_credit(one.pk) for one in customers])
    refused = [answer for answer in answers if isinstance(answer, RewardRefused)]
    assert ({one.code for one in refused}, len(refused)) == ({Refusal.CAP}, 9)
    assert (RewardDay.objects.get().given, FreeCredit.objects.count()) == (300, 3)
    assert sum(read_balance(one.pk) for one in customers) == 300
    call_command("audit_ledger")


def test_yesterday_s_gifts_are_not_today_s(rules):
    change(rules, daily_cap=100)
    RewardDay.objects.create(day=find_day(timezone.now()) - timedelta(days=1), given=100)
    assert give_free_credit(make_customer().pk).amount == 100
    assert refusal(make_customer()).code is Refusal.CAP


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_active": False}, OrderRefusal.CUSTOMER_LOCKED),
        ({"order_block": "abuse"}, OrderRefusal.CUSTOMER_BLOCKED),
    ],
)
def test_who_may_not_order_gets_nothing(rules, fields, code):
    customer = make_customer(**fields)
    with pytest.raises(OrderRefused) as refused:
        give_free_credit(customer.pk)
    assert refused.value.code is code
    assert (FreeCredit.objects.count(), RewardDay.objects.count()) == (0, 0)


def test_a_gift_that_breaks_halfway_leaves_nothing(rules, monkeypatch):
    customer = make_customer()

    def break_down(*_args):
        raise LedgerError("the power went")

    monkeypatch.setattr(free_credit, "take_from_cap", break_down)
    with pytest.raises(LedgerError):
        give_free_credit(customer.pk)
    left = (FreeCredit, Transfer, WalletEvent, RewardDay)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]
    assert read_balance(customer.pk) == 0
