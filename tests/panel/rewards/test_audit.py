"""The audit finds rewards without their money, and money without its reward."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from panel.rewards.free_credit import give_free_credit
from panel.rewards.gifts import use_gift
from panel.rewards.models import FreeCredit, GiftGrant, ReferralReward
from panel.wallet.audit import list_added_checks
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account
from tests.factories import make_customer
from tests.panel.rewards.prizes import LINK, make_gift, make_win
from tests.panel.rewards.test_referrals import make_pair, pay, tell


def drifts():
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit_ledger", stdout=out)
    return {line.strip() for line in out.getvalue().splitlines() if line.startswith("  ")}


def give(customer, kind, key):
    promotions, wallet = house_id(Account.Kind.PROMOTIONS), open_wallet(customer.pk)
    return transfer(debit_id=promotions, credit_id=wallet.pk, amount=7, kind=kind, key=key)


def test_the_command_knows_the_checks():
    assert [check.name for check in list_added_checks() if "used" in check.name] == ["gifts used"]
    assert {"free credits", "referral shares"} < {check.name for check in list_added_checks()}


@pytest.mark.django_db(transaction=True)
def test_a_free_credit_that_is_not_its_transfer(rules):
    customer = make_customer()
    given = give_free_credit(customer.pk)
    FreeCredit.objects.update(amount=99)
    bare = FreeCredit.objects.create(customer=customer, amount=5)
    stray = give(customer, "reward", "free-credit:nobody")
    assert drifts() == {
        f"free credit {bare.pk}: 5 toman without a transfer",
        f"free credit {given.pk}: 99 toman for customer {customer.pk}, its transfer gives 100 to {customer.pk}",
        f"transfer {stray.pk}: no free credit stands behind it",
    }


@pytest.mark.django_db(transaction=True)
def test_a_referral_share_that_is_not_its_transfer(rules):
    referrer, brought = make_pair()
    payment = pay(brought)
    tell()
    share = ReferralReward.objects.get()
    ReferralReward.objects.update(amount=1)
    bare = ReferralReward.objects.create(referral=share.referral, payment=pay(brought), amount=3)
    stray = give(referrer, "referral", "referral:payment:0")
    assert payment.pk == share.payment_id
    assert drifts() == {
        f"referral share {share.pk}: 1 toman for customer {referrer.pk}, its transfer gives 1000 to {referrer.pk}",
        f"referral share {bare.pk}: 3 toman without a transfer",
        f"transfer {stray.pk}: no referral share stands behind it",
    }


@pytest.mark.django_db(transaction=True)
def test_a_gift_order_that_nobody_won(rules):
    customer, gift = make_customer(), make_gift()
    win = make_win(customer, gift)
    order_id = use_gift(customer.pk, gift.pk, LINK)
    GiftGrant.objects.filter(pk=win.pk).update(order=None)
    assert drifts() == {
        f"gift won {win.pk}: used, and its order is missing",
        f"order {order_id}: a gift order that nobody won",
    }
