"""Free credit: a small random amount for whoever asks, within limits (contracts: panel-app-v1, user/freecredit)."""

import secrets

from django.db import transaction
from django.utils import timezone

from panel.rewards.caps import lock_receiver, take_from_cap
from panel.rewards.limits import check_limits
from panel.rewards.models import FreeCredit
from panel.rewards.refusals import Refusal, RewardRefused
from panel.rewards.rules import gives_free_credit, read_rules
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer, WalletEvent


def give_free_credit(customer_id):
    """Give the customer between the least and the most toman of the rules; returns the FreeCredit.

    Row, money, event and the house's cap commit together. Raises RewardRefused (OFF, MONTHLY, SOON, CAP) and
    OrderRefused for who may not order.
    """
    rules = read_rules()
    if not gives_free_credit(rules):
        raise RewardRefused(Refusal.OFF)
    with transaction.atomic():
        lock_receiver(customer_id)
        now = timezone.now()  # after the lock: whoever had it has written an earlier moment
        check_limits(
            FreeCredit.objects.filter(customer_id=customer_id),
            monthly=rules.free_credit_monthly,
            wait_seconds=rules.free_credit_wait,
            now=now,
        )
        amount = rules.free_credit_min + secrets.randbelow(rules.free_credit_max - rules.free_credit_min + 1)
        given = FreeCredit.objects.create(customer_id=customer_id, amount=amount, created=now)
        _pay(given)
        take_from_cap(amount, rules, now)
    return given


def _pay(given):
    moved = transfer(
        debit_id=house_id(Account.Kind.PROMOTIONS),
        credit_id=open_wallet(given.customer_id).pk,
        amount=given.amount,
        kind=Transfer.Kind.REWARD,
        key=f"free-credit:{given.pk}",
    )
    told = {"amount": given.amount, "currency": moved.currency, "transfer": moved.pk}
    WalletEvent.objects.create(customer_id=given.customer_id, kind="reward", data=told)
