"""What tests of the shop and of bundles start from: products with codes, bundles, buyers."""

from campaigns.models import Bundle, Product
from campaigns.refusals import CampaignRefused
from campaigns.stock import import_codes
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.ledger import read_balance
from panel.wallet.models import Currency
from tests.factories import give, make_customer


def make_product(*codes, **fields):
    """A product at 10 coins with these codes in stock; nobody is told of low stock unless `low_stock` says so."""
    product = Product.objects.create(**{"title": "Top-up", "price": 10, "low_stock": 0} | fields)
    if codes:
        import_codes(product, "\n".join(codes).encode())
    return product


def number_codes(count):
    """`count` different codes."""
    return [f"CODE-{number:05d}" for number in range(1, count + 1)]


def make_buyer(coins=100, **fields):
    """A customer with coins."""
    customer = make_customer(**fields)
    if coins:
        give(customer, coins, "coin")
    return customer


def count_coins(customer):
    """The coins in the customer's wallet."""
    return read_balance(customer.pk, Currency.COIN)


def make_bundle(sku="coins-100", **fields):
    """A bundle of 100 coins and 20 free ones."""
    return Bundle.objects.create(
        **{"bazaar_sku": sku, "price": 5_000, "coins": 100, "free_coins": 20} | fields
    )


def refuse(work, *args):
    """The reason for which `work(*args)` is refused, or its result."""
    try:
        return work(*args)
    except CampaignRefused as refused:
        return refused.code.value


def list_drifts():
    """What the whole audit says; outside any transaction."""
    with open_snapshot():
        return [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)]
