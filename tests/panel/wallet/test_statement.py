"""Statements: whatever is asked for, each transfer has the balance that adding all of them up gives."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from panel.wallet.adjustments import adjust_wallet
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, AccountMark, Transfer
from panel.wallet.statement import (
    find_span,
    list_all,
    read_balances,
    read_entries,
    sum_between,
    sum_moved,
)
from tests.factories import make_customer
from tests.together import run_together

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fill(count, customer=None, step=timedelta(hours=1)):
    """A wallet with so many transfers, an hour apart: three times 10 in as refund or payment, then 7 out."""
    wallet = open_wallet((customer or make_customer()).pk)
    house = house_id(Account.Kind.SALES)
    rows = [
        Transfer(
            debit_id=wallet.pk if n % 4 == 3 else house,
            credit_id=house if n % 4 == 3 else wallet.pk,
            amount=7 if n % 4 == 3 else 10,
            currency="toman",
            kind="charge" if n % 4 == 3 else ("refund" if n % 4 else "payment"),
            key=f"order:{wallet.pk}{n:05d}:x",
            created=NOON + n * step,
        )
        for n in range(count)
    ]
    Transfer.objects.bulk_create(rows)
    Account.objects.filter(pk=wallet.pk).update(balance=sum(-7 if n % 4 == 3 else 10 for n in range(count)))
    return wallet


def add_up(wallet):
    """Every transfer of the wallet with the balance it left, newest first, the slow way."""
    lines, balance = [], 0
    for row in Transfer.objects.order_by("id"):
        if wallet.pk in (row.debit_id, row.credit_id):
            balance += row.amount if row.credit_id == wallet.pk else -row.amount
            lines.append((row.id, row.kind, balance))
    return lines[::-1]


@pytest.fixture
def wallet(db):
    """One of 400 transfers, among those of another."""
    other = make_customer()
    fill(100, other)
    wallet = fill(400)
    return wallet


def test_every_transfer_has_the_balance_it_left(wallet):
    assert [(one.id, one.kind, one.balance) for one in list_all(wallet)] == add_up(wallet)
    assert AccountMark.objects.filter(account=wallet).count() in (6, 7)


@pytest.mark.parametrize("kind", ["payment", "refund", "charge", "bonus"])
def test_of_one_kind_they_have_the_same_balances(wallet, kind):
    expected = [line for line in add_up(wallet) if line[1] == kind]
    assert [(one.id, one.kind, one.balance) for one in list_all(wallet, kind=kind)] == expected


@pytest.mark.parametrize("account_has_marks", [True, False])
def test_marks_only_make_it_quick(wallet, account_has_marks):
    if not account_has_marks:
        AccountMark.objects.all().delete()
    expected = {line[0]: line[2] for line in add_up(wallet)}
    assert read_balances(wallet, expected) == expected
    assert read_balances(wallet, [0]) == {0: 0}


@pytest.mark.parametrize(
    ("since", "until"), [(0, 400), (100, 200), (150, 150.5), (399, 500), (500, 600), (-9, 0)]
)
def test_a_span_is_what_happened_between_two_moments(wallet, since, until):
    ids = [line[0] for line in reversed(add_up(wallet))]
    span = find_span(wallet, NOON + since * timedelta(hours=1), NOON + until * timedelta(hours=1))
    expected = [id for n, id in enumerate(ids) if since <= n < until]
    assert [one.id for one in list_all(wallet, span)][::-1] == expected
    plus = sum(10 for n in range(400) if since <= n < until and n % 4 != 3)
    minus = sum(7 for n in range(400) if since <= n < until and n % 4 == 3)
    assert sum_moved(wallet, span) == (plus, minus)


def test_a_span_without_an_end_has_what_comes(wallet):
    span = find_span(wallet, since=NOON + timedelta(hours=398))
    assert (len(list(list_all(wallet, span))), span.upto) == (2, None)
    assert find_span(wallet, until=NOON + timedelta(hours=2)).after == 0


def test_sums_between_moments_add_up_to_everything(wallet):
    moments = [NOON + timedelta(hours=hours) for hours in (0, 4, 8, 300)]
    assert sum_between(wallet, [*moments, None]) == [(30, 7), (30, 7), (2190, 511), (750, 175)]


def test_a_page_begins_below_the_row_it_is_told(wallet):
    lines = add_up(wallet)
    page = read_entries(wallet, before=lines[9][0], size=3)
    assert [(one.id, one.balance) for one in page] == [(line[0], line[2]) for line in lines[10:13]]


def test_a_balance_that_no_transfer_explains_is_in_every_line(db):
    wallet = fill(5)
    Account.objects.filter(pk=wallet.pk).update(balance=1_033)
    assert [one.balance for one in list_all(wallet)] == [1_033, 1_023, 1_030, 1_020, 1_010]


def test_entries_name_what_they_are_for(db):
    wallet, house = open_wallet(make_customer().pk), house_id(Account.Kind.SALES)
    keys = {
        "order:12:charge": ("order", 12, ""),
        "payment:13": ("payment", 13, "bank-7"),
        "payment:14:bonus": ("payment", 14, "bank-7"),
        "sms:15:charge": ("sms", 15, ""),
        "campaign:16:budget": ("campaign", 16, ""),
        "like:17:user": ("", None, ""),
        "test:18": ("", None, "bank-7"),
    }
    for key in keys:
        Transfer.objects.create(
            debit_id=house,
            credit_id=wallet.pk,
            amount=1,
            currency="toman",
            kind="bonus",
            key=key,
            reference="bank-7",
        )
    told = [(one.topic, one.topic_id, one.note) for one in list_all(wallet)]
    assert told[::-1] == list(keys.values())


@pytest.mark.django_db(transaction=True)
def test_marks_of_many_at_once_are_right(db):
    customer = make_customer()
    wallet = open_wallet(customer.pk)

    def pay(worker):
        for n in range(40):
            adjust_wallet(customer_id=customer.pk, amount=3, reason="race", key=f"race:{worker}:{n}")

    assert run_together(*[lambda worker=worker: pay(worker) for worker in range(4)]) == [None] * 4
    marks = list(AccountMark.objects.filter(account=wallet).order_by("transfer_id"))
    ids = sorted(Transfer.objects.values_list("id", flat=True))
    assert len(ids) == 160
    assert [mark.transfer_id for mark in marks] == [id for id in ids if id % 61 == 0]
    assert [mark.gained for mark in marks] == [3 * (ids.index(mark.transfer_id) + 1) for mark in marks]


def test_a_plan_goes_by_indexes_alone(wallet):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM wallet_transfer WHERE credit_id = %s AND credit_id >= 1000 AND kind = 'payment'"
            " AND id < 1000000 ORDER BY id DESC LIMIT 26",
            [wallet.pk],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert ("transfer_credit_kind" in plan, "Sort" in plan) == (True, False)


def test_nothing_is_marked_for_the_house(wallet):
    assert AccountMark.objects.filter(account_id__lt=1000).count() == 0
    assert AccountMark.objects.filter(account=wallet).count() > 0
