"""House accounts: fixed ids, days that close only when nothing can change them, and what they hold."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from panel.wallet.house import (
    HOUSE_IDS,
    close_house_days,
    ensure_house_accounts,
    house_balance,
    house_id,
    sum_house_days,
)
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Currency, HouseDay, Transfer
from tests.factories import make_customer

SALES, PROMOTIONS = Account.Kind.SALES, Account.Kind.PROMOTIONS
NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)


@pytest.fixture
def wallet():
    return open_wallet(make_customer().pk)


def give(wallet, amount, when, kind=PROMOTIONS):
    """A transfer from the house that carries the time `when`."""
    return Transfer.objects.create(
        debit_id=house_id(kind, wallet.currency),
        credit_id=wallet.pk,
        amount=amount,
        currency=wallet.currency,
        kind=Transfer.Kind.BONUS,
        key=f"give:{when}:{amount}",
        created=when,
    )


def closed_days(kind=PROMOTIONS):
    rows = HouseDay.objects.filter(account=house_id(kind)).order_by("day")
    return list(rows.values_list("day", "debits", "credits"))


@pytest.fixture
def other_session():
    """A second real connection to the test database."""
    at = connection.settings_dict
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"]
    ) as session:
        yield session


@pytest.mark.django_db
def test_every_kind_and_currency_has_its_row_and_repeating_changes_nothing():
    ensure_house_accounts()
    rows = Account.objects.filter(owner=None).values_list("kind", "currency", "id", "balance")
    assert {(kind, currency): (pk, balance) for kind, currency, pk, balance in rows} == {
        (str(kind), str(currency)): (pk, None) for (kind, currency), pk in HOUSE_IDS.items()
    }


def test_the_ids_that_statements_name_never_move():
    assert [house_id(SALES, currency) for currency in Currency] == [1, 6, 11]
    assert house_id(Account.Kind.ADJUSTMENTS) == 5


@pytest.mark.parametrize(("kind", "error"), [("wallet", KeyError), ("nothing", ValueError)])
def test_the_house_has_no_other_accounts(kind, error):
    with pytest.raises(error):
        house_id(kind)


@pytest.mark.django_db
def test_what_the_house_gives_makes_it_negative(wallet):
    before = house_balance(PROMOTIONS)
    transfer(debit_id=house_id(PROMOTIONS), credit_id=wallet.pk, amount=70, kind="bonus", key="in")
    transfer(debit_id=wallet.pk, credit_id=house_id(PROMOTIONS), amount=20, kind="reversal", key="out")
    assert house_balance(PROMOTIONS) == before - 50
    assert house_balance(PROMOTIONS, Currency.COIN) == 0


@pytest.mark.django_db
def test_sums_are_by_account_and_utc_day(wallet):
    midnight = datetime(2031, 5, 9, tzinfo=UTC)
    give(wallet, 1, midnight - timedelta(microseconds=1))
    give(wallet, 10, midnight)
    give(wallet, 100, midnight + timedelta(hours=23, minutes=59))
    give(wallet, 1000, midnight + timedelta(hours=5), kind=SALES)
    assert sum_house_days(midnight - timedelta(days=1), midnight + timedelta(days=1)) == {
        (house_id(PROMOTIONS), date(2031, 5, 8)): (1, 0),
        (house_id(PROMOTIONS), date(2031, 5, 9)): (110, 0),
        (house_id(SALES), date(2031, 5, 9)): (1000, 0),
    }


@pytest.mark.django_db(transaction=True)
def test_days_close_up_to_yesterday_and_the_balance_stays(wallet):
    give(wallet, 5, NOW - timedelta(days=3))
    give(wallet, 7, NOW - timedelta(days=1))
    give(wallet, 11, NOW)
    assert house_balance(PROMOTIONS) == -23
    assert close_house_days(NOW) == 3
    assert closed_days() == [(date(2031, 5, 7), 5, 0), (date(2031, 5, 8), 0, 0), (date(2031, 5, 9), 7, 0)]
    assert house_balance(PROMOTIONS) == -23
    assert close_house_days(NOW) == 0
    assert HouseDay.objects.count() == 3 * len(HOUSE_IDS)


@pytest.mark.django_db(transaction=True)
def test_the_first_day_is_the_oldest_transfer_s_though_it_was_stored_later(wallet):
    give(wallet, 5, NOW - timedelta(days=1))
    give(wallet, 7, NOW - timedelta(days=2))
    close_house_days(NOW)
    assert closed_days() == [(date(2031, 5, 8), 7, 0), (date(2031, 5, 9), 5, 0)]
    assert house_balance(PROMOTIONS) == -12


@pytest.mark.django_db(transaction=True)
def test_nothing_closes_without_transfers():
    assert close_house_days(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_today_stays_open_by_the_database_s_clock(wallet):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    give(wallet, 5, yesterday)
    give(wallet, 7, datetime.now(UTC))
    assert close_house_days() == 1
    assert closed_days() == [(yesterday.date(), 5, 0)]


@pytest.mark.django_db(transaction=True)
def test_no_day_closes_while_an_older_transaction_is_open(wallet, other_session):
    """The open one may still commit a transfer of that day: it does so here, and no toman is lost."""
    day = datetime.now(UTC)
    tomorrow = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) + timedelta(days=1)
    give(wallet, 5, day)
    other_session.execute(
        "INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, created)"
        " VALUES (%s, %s, 9, 'toman', 'bonus', 'late', %s)",
        [house_id(PROMOTIONS), wallet.pk, day],
    )
    assert close_house_days(tomorrow) == 0
    assert closed_days() == []
    other_session.commit()
    assert close_house_days(tomorrow) == 1
    assert closed_days() == [(day.date(), 14, 0)]
    assert house_balance(PROMOTIONS) == -14


@pytest.mark.django_db(transaction=True)
def test_an_idle_connection_holds_no_day_open(wallet, other_session):
    other_session.execute("SELECT 1")
    other_session.commit()
    give(wallet, 5, NOW - timedelta(days=1))
    assert close_house_days(NOW) == 1
