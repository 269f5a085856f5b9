"""The demo's like exchange: two classes, campaigns of the other customer, and a shop with codes and bundles."""

from campaigns.creating import create_campaign
from campaigns.models import Bundle, Campaign, CampaignClass, Like, Product
from campaigns.states import approve_campaign, list_own
from campaigns.stock import import_codes
from panel.accounts.models import Customer
from panel.demo_data.links import LINKS
from panel.demo_data.people import CUSTOMER, OTHER
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer

LIKE_LINE, COIN_LINE = "instagram-like", "instagram-coin"
CLASSES = {
    LIKE_LINE: {"payment_type": "like", "campaign_value": 10, "user_share": 5},
    COIN_LINE: {"payment_type": "coin", "campaign_value": 5, "user_share": 3, "waiting": 15},
}
ALL_TEXTS = {"has_description": True, "has_phone": True, "has_website": True, "has_address": True}
CLASSES[COIN_LINE] |= ALL_TEXTS
BUDGET = 50_000  # likes: pays 5,000 likes
REVIEW_BUDGET = 500  # coins
REVIEW_LINK = "https://www.instagram.com/p/demo-review/"
REVIEW_TEXTS = {
    "description": "گلدان‌های دست‌ساز، هر کدام یکی.\nارسال به همهٔ شهرها.",
    "phone": "02112345678",
    "website": "https://shop.example/",
    "address": "تهران، خیابان نمونه، پلاک ۱",
}
# A word of the facts: title, type, price in coins, description, codes in stock.
PRODUCTS = {
    "cheap": ("شارژ ۱٬۰۰۰ تومانی", "mobiletopup", 10, "کد شارژ را همان لحظه می‌گیرید.", 50),
    "topup": ("شارژ ۲۰٬۰۰۰ تومانی", "mobiletopup", 180, "کد شارژ را همان لحظه می‌گیرید.", 20),
    "gift_card": ("کارت هدیهٔ ۱۰۰٬۰۰۰ تومانی", "giftcard", 850, "در فروشگاه‌های همکار خرج کنید.", 5),
}
# A word of the facts: SKU, price in toman, coins, free coins.
BUNDLES = {
    "small": ("coins-100", 10_000, 100, 0),
    "medium": ("coins-500", 45_000, 500, 25),
    "large": ("coins-2000", 160_000, 2_000, 200),
}


def load_exchange():
    """Store what is missing; what was changed by hand stays.

    There is always a campaign that CUSTOMER can be paid for: one that ended, or that they liked, gets a successor.
    """
    for line, values in CLASSES.items():
        if not CampaignClass.objects.filter(line=line).exists():
            CampaignClass.objects.create(line=line, **values)
    _load_campaigns()
    for title, kind, price, description, codes in PRODUCTS.values():
        values = {"product_type": kind, "price": price, "description": description}
        row, is_new = Product.objects.get_or_create(title=title, defaults=values)
        if is_new:
            import_codes(row, _make_codes(row, codes))
    for sku, price, coins, free in BUNDLES.values():
        values = {"price": price, "coins": coins, "free_coins": free}
        Bundle.objects.get_or_create(bazaar_sku=sku, defaults=values)


def describe_campaigns():
    """Ids: the classes that can be chosen, None once taken off the list, and the campaign to like."""
    lines = dict(CampaignClass.objects.filter(current=True).values_list("line", "pk"))
    available = _find_available()
    return {
        "like_class": lines.get(LIKE_LINE),
        "coin_class": lines.get(COIN_LINE),
        "available": available and available.pk,
    }


def describe_products():
    """`{word: product id}`."""
    ids = dict(Product.objects.values_list("title", "pk"))
    return {word: ids.get(row[0]) for word, row in PRODUCTS.items()}


def describe_bundles():
    """`{word: SKU}`."""
    return {word: row[0] for word, row in BUNDLES.items()}


def _load_campaigns():
    owner = Customer.objects.get(username=OTHER.username)
    own = list_own(owner.pk)
    if _find_available() is None and (kind := _find_class(LIKE_LINE)):
        number = own.filter(campaign_class__line=LIKE_LINE).count() + 1
        campaign = _make_campaign(owner, kind, LINKS["post"], BUDGET, {}, number)
        approve_campaign(campaign.pk)
    if not own.filter(campaign_class__line=COIN_LINE).exists() and (kind := _find_class(COIN_LINE)):
        _make_campaign(owner, kind, REVIEW_LINK, REVIEW_BUDGET, REVIEW_TEXTS, 1)


def _find_available():
    """The other's campaign that is shown and that CUSTOMER has not liked yet, or None."""
    done = Like.objects.filter(customer__username=CUSTOMER.username).values("campaign")
    shown = Campaign.objects.filter(state=Campaign.State.AVAILABLE, order_key=None)
    shown = shown.filter(owner__username=OTHER.username, campaign_class__line=LIKE_LINE)
    return shown.exclude(pk__in=done).order_by("id").first()


def _find_class(line):
    return CampaignClass.objects.filter(line=line, current=True).first()


def _make_campaign(owner, kind, link, budget, texts, number):
    """A campaign whose budget is given for it, so that what the owner has spent does not matter."""
    transfer(
        debit_id=house_id(Account.Kind.ADJUSTMENTS, kind.payment_type),
        credit_id=open_wallet(owner.pk, kind.payment_type).pk,
        amount=budget,
        kind=Transfer.Kind.ADJUSTMENT,
        key=f"demo:{owner.pk}:{kind.line}:{number}",
        reference="demo",
    )
    return create_campaign(owner.pk, kind.pk, link, budget, texts)


def _make_codes(product, count):
    """A file of made-up codes, as staff would import one."""
    return "\n".join(f"DEMO-{product.pk:04d}-{number:06d}" for number in range(1, count + 1)).encode()
