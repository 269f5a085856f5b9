"""Steps that tests of the like exchange share: pay a like, count what is where, and prove the books."""

from campaigns.liking import pay_verified
from campaigns.refusals import CampaignRefused
from panel.accounts.identities import link_identity
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.ledger import read_balance
from panel.wallet.models import Account
from tests.factories import make_customer

ADDRESS = "203.0.113.5"
NAMED = "https://www.instagram.com/p/CA2-Sn-n9YX/"


def list_drifts():
    """What the audit of wallets and campaigns finds."""
    with open_snapshot():
        return [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)]


def refusal_of(work, *args, **kwargs):
    """The word of the CampaignRefused that `work` ends with, or None."""
    try:
        work(*args, **kwargs)
    except CampaignRefused as refused:
        return refused.code.value
    return None


def pay_likes(campaign, count):
    """Likes of `count` new people, paid as if the provider had confirmed them; returns those people."""
    likers = [make_customer() for _ in range(count)]
    for liker in likers:
        pay_verified(liker.pk, campaign, ADDRESS)
    return likers


def make_liker(uid):
    """A customer who has linked the account `uid` at the provider."""
    customer = make_customer()
    link_identity(customer.pk, uid, f"name-{uid}")
    return customer


def budget_of(campaign):
    """What the campaign's account holds."""
    return Account.objects.get(pk=campaign.account_id).balance


def purse_of(customer, currency="like"):
    """What the customer's wallet in that currency holds."""
    return read_balance(customer.pk, currency)
