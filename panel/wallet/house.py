"""House accounts: which there are, and what they hold.

They take part in every order, so they keep no running balance: theirs is the sum of closed days plus the
transfers since. A day (UTC) is closed only when no transaction older than its end is still open, because such
a transaction may yet commit a transfer that carries that day's time.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min, Q, Sum

from panel.wallet.models import FIRST_OWNED_ID, Account, Currency, HouseDay, Transfer

HOUSE_KINDS = (
    Account.Kind.SALES,
    Account.Kind.PROVIDER_COST,
    Account.Kind.PROMOTIONS,
    Account.Kind.GATEWAY,
    Account.Kind.ADJUSTMENTS,
)
# The ids are fixed, so that the placing statement can name them.
HOUSE_IDS = {
    (kind, currency): 1 + index * len(HOUSE_KINDS) + offset
    for index, currency in enumerate(Currency)
    for offset, kind in enumerate(HOUSE_KINDS)
}


def house_id(kind, currency=Currency.TOMAN):
    """The id of the house's account of `kind` in `currency`. Raises KeyError when the house has none."""
    return HOUSE_IDS[Account.Kind(kind), Currency(currency)]


def ensure_house_accounts(**_signal):
    """Create the house accounts that are missing; runs after every migrate and is safe to repeat."""
    Account.objects.bulk_create(
        [Account(id=pk, kind=kind, currency=c, balance=None) for (kind, c), pk in HOUSE_IDS.items()],
        ignore_conflicts=True,
    )


def sum_house_days(start, end):
    """`{(account id, day): (debits, credits)}` of house accounts for `start <= created < end`, from transfers."""
    sums = {}
    for side, place in (("debit_id", 0), ("credit_id", 1)):
        rows = (
            Transfer.objects.filter(created__gte=start, created__lt=end, **{f"{side}__lt": FIRST_OWNED_ID})
            .extra(select={"day": "(created AT TIME ZONE 'UTC')::date"})
            .values("day", side)
            .annotate(total=Sum("amount"))
            .order_by()
        )
        for row in rows:
            pair = sums.setdefault((row[side], row["day"]), [0, 0])
            pair[place] = int(row["total"])
    return {key: tuple(pair) for key, pair in sums.items()}


def _midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _oldest_open_transaction():
    """The start of the oldest transaction open on this server, or None; itself not counted.

    Raises PermissionError when this role may not see them all: then nothing can be proved.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start), bool_or(state IS NULL) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        oldest, hidden = cursor.fetchone()
        cursor.execute("SELECT min(prepared) FROM pg_prepared_xacts WHERE database = current_database()")
        prepared = cursor.fetchone()[0]
    if hidden:
        raise PermissionError("grant pg_read_all_stats to this role: open transactions can't be seen")
    return min((t for t in (oldest, prepared) if t), default=None)


def _read_clock():
    """The database's time, which is also what transfers carry: this machine's may be ahead of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def close_house_days(now=None):
    """Store the sums of every day (UTC) that is over and can't change any more; return how many days."""
    today = (now or _read_clock()).astimezone(UTC).date()
    oldest = _oldest_open_transaction()
    closed = 0
    day = _first_open_day()
    while day is not None and day < today:
        end = _midnight(day + timedelta(days=1))
        if oldest is not None and oldest < end:
            break
        _close_day(day, end)
        day += timedelta(days=1)
        closed += 1
    return closed


def _first_open_day():
    last = HouseDay.objects.order_by("-day").values_list("day", flat=True).first()
    if last:
        return last + timedelta(days=1)
    first = Transfer.objects.aggregate(first=Min("created"))["first"]
    return first.astimezone(UTC).date() if first else None


def _close_day(day, end):
    sums = sum_house_days(_midnight(day), end)
    rows = [
        HouseDay(
            account_id=pk,
            day=day,
            debits=sums.get((pk, day), (0, 0))[0],
            credits=sums.get((pk, day), (0, 0))[1],
        )
        for pk in HOUSE_IDS.values()
    ]
    with transaction.atomic():
        HouseDay.objects.bulk_create(rows, ignore_conflicts=True)


def house_balance(kind, currency=Currency.TOMAN):
    """What a house account holds: closed days plus the transfers since. Negative for one that gives."""
    pk = house_id(kind, currency)
    days = HouseDay.objects.filter(account_id=pk)
    last = days.order_by("-day").values_list("day", flat=True).first()
    # A day that is closed from here on still counts among the recent ones, not twice and not never.
    total = days.filter(day__lte=last).aggregate(d=Sum("debits"), c=Sum("credits")) if last else {}
    balance = int(total.get("c", 0) - total.get("d", 0))
    recent = (
        Transfer.objects.filter(created__gte=_midnight(last + timedelta(days=1)))
        if last
        else Transfer.objects
    )
    sums = recent.aggregate(
        debits=Sum("amount", filter=Q(debit_id=pk), default=0),
        credits=Sum("amount", filter=Q(credit_id=pk), default=0),
    )
    return balance + int(sums["credits"] - sums["debits"])
