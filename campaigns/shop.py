"""The shop: coins for codes. One code is sold once, however many buy at once."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.models import Product, ProductCode
from campaigns.refusals import CampaignRefused, Refusal
from panel.wallet.house import house_id
from panel.wallet.ledger import InsufficientFunds, open_wallet, transfer
from panel.wallet.models import Account, Currency, Transfer, WalletEvent


def list_products():
    """The Products that can be bought now: active, with a code in stock."""
    stock = ProductCode.objects.filter(product=OuterRef("pk"), buyer=None)
    return list(Product.objects.filter(Exists(stock), active=True).order_by("id"))


def buy_product(customer_id, product_id):
    """Buy one for coins; returns the sold ProductCode with its product, the code readable.

    Code and coins go in one transaction; then staff are told where few are left. Raises CampaignRefused (UNKNOWN,
    OUT_OF_STOCK, FUNDS).
    """
    product = Product.objects.filter(pk=product_id, active=True).first()
    if product is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    wallet = open_wallet(customer_id, Currency.COIN)
    if wallet.balance < product.price:
        # Not left to the transfer: no code is held, however shortly, by who can't pay.
        raise _refuse_funds() if _list_stock(product.pk).exists() else CampaignRefused(Refusal.OUT_OF_STOCK)
    try:
        code = _sell(product, wallet, _take_code) or _sell(product, wallet, _wait_for_code)
    except InsufficientFunds as error:
        raise _refuse_funds() from error
    if code is None:
        raise CampaignRefused(Refusal.OUT_OF_STOCK)
    _tell_low_stock(product, customer_id)
    return code


def list_bought(customer_id):
    """What the customer bought, the newest first, as a queryset with products."""
    return (
        ProductCode.objects.filter(buyer_id=customer_id).select_related("product").order_by("-sold_at", "-id")
    )


def show_again(customer_id, code_id):
    """The customer's own bought ProductCode, shown once more. Raises CampaignRefused (UNKNOWN, SHOWN)."""
    own = ProductCode.objects.filter(pk=code_id, buyer_id=customer_id)
    if not own.filter(shown_again_at=None).update(shown_again_at=timezone.now()):
        raise CampaignRefused(Refusal.SHOWN if own.exists() else Refusal.UNKNOWN)
    return own.select_related("product").get()


def _refuse_funds():
    return CampaignRefused(Refusal.FUNDS, field="coin_credit")


def _list_stock(product_id):
    return ProductCode.objects.filter(product=product_id, buyer=None).order_by("id")


@transaction.atomic
def _sell(product, wallet, take):
    """The code that `take(product)` locks, sold to the wallet's owner; None without one. Raises InsufficientFunds."""
    code = take(product)
    if code is None:
        return None
    code.product = product
    code.buyer_id, code.price, code.sold_at = wallet.owner_id, product.price, timezone.now()
    code.save(update_fields=["buyer", "price", "sold_at"])
    transfer(
        debit_id=wallet.pk,
        credit_id=house_id(Account.Kind.SALES, Currency.COIN),
        amount=product.price,
        kind=Transfer.Kind.PURCHASE,
        key=f"product-code:{code.pk}",
        reference=str(product.pk),
    )
    return code


def _take_code(product):
    """A code that nobody else is buying at this moment."""
    return _list_stock(product.pk).select_for_update(skip_locked=True).first()


def _wait_for_code(product):
    """A code that comes back from others: somebody who spends the same coins twice at once gets one code only.

    A look keeps the locks of all rows that it passed, sold ones too. So one person at a time waits, and not in the
    transaction that looked before: else two could wait for each other.
    """
    free = _list_stock(product.pk)
    if not free.exists():
        return None
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    return free.select_for_update().first()


def _tell_low_stock(product, customer_id):
    """Tell staff once, until codes are imported again, that few are left.

    After the sale, since two at once don't see each other's before. A process that dies between leaves it to the
    next sale.
    """
    if _count_few(product) >= product.low_stock:
        return
    with transaction.atomic():
        # Counted again under the lock that an import holds: what it brings is no longer low.
        untold = Product.objects.select_for_update(no_key=True).filter(pk=product.pk, low_stock_told_at=None)
        if untold.first() is None or (left := _count_few(product)) >= product.low_stock:
            return
        untold.update(low_stock_told_at=timezone.now())
        data = {"product": product.title, "left": left}
        WalletEvent.objects.create(customer_id=customer_id, kind="low_stock", data=data)


def _count_few(product):
    """How many codes are in stock, counted up to `low_stock`."""
    return len(_list_stock(product.pk).values_list("pk", flat=True)[: product.low_stock])
