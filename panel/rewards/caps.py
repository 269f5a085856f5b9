"""Who may get a reward, and how much the whole house gives away a day: held by rows, however many ask at once."""

from django.db.models import F

from orders.refusals import OrderRefused
from orders.refusals import Refusal as OrderRefusal
from panel.accounts.models import Customer
from panel.lib.tehran_days import find_day
from panel.rewards.models import RewardDay
from panel.rewards.refusals import Refusal, RewardRefused


def lock_receiver(customer_id):
    """Let one transaction at a time give something to the customer.

    Raises OrderRefused with CUSTOMER_LOCKED or CUSTOMER_BLOCKED: who may not order gets nothing either.
    """
    # Without the key: rows that name the customer, such as orders, are placed meanwhile.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if not customer.is_active:
        raise OrderRefused(OrderRefusal.CUSTOMER_LOCKED)
    if customer.order_block:
        raise OrderRefused(OrderRefusal.CUSTOMER_BLOCKED)


def take_from_cap(toman, rules, now):
    """Count `toman` against what the house gives away on the day (Tehran) of `now`.

    Part of the transaction that gives, and its last step: everybody's rewards queue for the day's one row. Raises
    RewardRefused(CAP) when less is left, which undoes the whole gift.
    """
    day = RewardDay.objects.filter(day=find_day(now))
    room = day.filter(given__lte=rules.daily_cap - toman)
    if room.update(given=F("given") + toman):
        return
    RewardDay.objects.bulk_create([RewardDay(day=find_day(now))], ignore_conflicts=True)
    if not room.update(given=F("given") + toman):
        raise RewardRefused(Refusal.CAP)
