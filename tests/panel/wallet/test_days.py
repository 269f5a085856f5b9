"""The money of each day in Tehran, measured from the ledger."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from panel.lib.dates import TEHRAN
from panel.lib.tehran_days import KEPT_BACK, find_today, start_of
from panel.wallet.adjustments import adjust_wallet
from panel.wallet.days import measure_money, read_money, sum_wallets
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Currency, MoneyDay, Transfer
from panel.wallet.tasks import measure_days
from tests.factories import give, make_customer

pytestmark = pytest.mark.django_db
TODAY = find_today()


def move(customer, kind, amount, house=Account.Kind.SALES, takes=False, currency=Currency.TOMAN, moment=None):
    """A transfer between the house and the customer's wallet, at that moment."""
    wallet, house = open_wallet(customer.pk, currency).pk, house_id(house, currency)
    debit, credit = (wallet, house) if takes else (house, wallet)
    row = transfer(debit_id=debit, credit_id=credit, amount=amount, kind=kind, key=f"test:{kind}:{amount}")
    if moment:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE wallet_transfer DISABLE TRIGGER USER")
            Transfer.objects.filter(pk=row.pk).update(created=moment)
            cursor.execute("ALTER TABLE wallet_transfer ENABLE TRIGGER USER")


def sums(day=TODAY):
    return MoneyDay.objects.filter(day=day).values_list("sales", "refunds", "deposits").get()


def test_every_kind_of_transfer_counts_where_it_belongs():
    customer = make_customer(100_000)
    move(customer, "charge", 1000, takes=True)
    move(customer, "sms", 200, takes=True)
    move(customer, "refund", 30)
    move(customer, "sms_refund", 7)
    move(customer, "payment", 50_000, Account.Kind.GATEWAY)
    move(customer, "bonus", 5000, Account.Kind.PROMOTIONS)
    move(customer, "reward", 400, Account.Kind.PROMOTIONS)
    measure_money()
    assert sums() == (1200, 37, 50_000)


def test_the_sums_are_those_of_the_ledger_and_of_the_wallets():
    """The sums by day of all that ever was are the house's own; what is held is every wallet together."""
    people = [make_customer(10_000) for _ in range(3)]
    for number, person in enumerate(people, 1):
        move(person, "charge", number * 100, takes=True)
        move(person, "refund", number * 10)
    give(people[0], 30, "like")
    measure_money()
    charged = sum(Transfer.objects.filter(kind="charge").values_list("amount", flat=True))
    returned = sum(Transfer.objects.filter(kind="refund").values_list("amount", flat=True))
    assert sums()[:2] == (charged, returned) == (600, 60)
    held = MoneyDay.objects.get(day=TODAY).held
    toman = sum(Account.objects.filter(kind="wallet", currency="toman").values_list("balance", flat=True))
    assert held == sum_wallets() == {"toman": toman, "like": 30, "coin": 0}
    assert toman == 30_000 - 600 + 60


def test_a_day_begins_at_midnight_in_tehran():
    customer, midnight = make_customer(100_000), start_of(TODAY)
    move(customer, "charge", 1, takes=True, moment=midnight)
    move(customer, "charge", 10, takes=True, moment=midnight - timedelta(seconds=1))
    move(customer, "charge", 100, takes=True, moment=midnight - timedelta(days=1))
    move(customer, "charge", 1000, takes=True, moment=midnight - timedelta(days=1, seconds=1))
    measure_money()
    found = [sums(TODAY - timedelta(days=back))[0] for back in range(3)]
    assert found == [1, 110, 1000]


def test_measuring_again_changes_nothing_and_finds_what_came_late():
    customer = make_customer(100_000)
    move(customer, "charge", 100, takes=True)
    assert measure_money() == KEPT_BACK + 1
    assert (measure_money(), sums()) == (2, (100, 0, 0))
    move(customer, "charge", 11, takes=True, moment=start_of(TODAY) - timedelta(hours=1))
    measure_days()
    assert (sums(), sums(TODAY - timedelta(days=1))) == ((100, 0, 0), (11, 0, 0))


def test_yesterday_keeps_what_was_held_then():
    MoneyDay.objects.create(day=TODAY - timedelta(days=1), held={"toman": 5, "like": 0, "coin": 0})
    make_customer(100)
    measure_money()
    held = [row.held["toman"] for row in MoneyDay.objects.order_by("day")]
    assert held == [5, 100]


def test_after_a_long_pause_every_day_between_is_measured():
    MoneyDay.objects.create(day=TODAY - timedelta(days=40))
    assert (measure_money(), MoneyDay.objects.count()) == (41, 41)


def test_other_currencies_are_no_toman():
    customer = make_customer()
    adjust_wallet(customer_id=customer.pk, amount=90, reason="test", key="coins", currency=Currency.COIN)
    move(customer, "charge", 50, takes=True, currency=Currency.COIN)
    measure_money()
    assert sums() == (0, 0, 0)


def test_days_that_nobody_measured_are_empty():
    days = [TODAY - timedelta(days=1), TODAY]
    before = timezone.now()
    measure_money()
    MoneyDay.objects.filter(day=days[0]).delete()
    rows = read_money(days)
    assert list(rows) == days
    assert (rows[days[0]].sales, rows[days[0]].measured_at) == (0, None)
    assert rows[TODAY].measured_at >= before - timedelta(seconds=1)


def test_the_day_of_a_moment_is_that_of_tehran():
    assert start_of(TODAY) == datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=TEHRAN)
