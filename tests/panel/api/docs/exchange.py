"""What the examples of likenama speak of: a campaign of the reader's own, another's, a product and a bundle."""

from django.db import connection

from campaigns.covers import keep_cover
from campaigns.creating import create_campaign
from campaigns.models import Bundle, Campaign, Product
from campaigns.stock import import_codes
from panel.api.docs.likenama_calls import CAMPAIGN, CAMPAIGN_ID, CLASS_ID, PRODUCT_ID, SKU
from providers.sandbox.instagram_pictures import draw_picture
from tests.factories import give, make_campaign, make_class


def make_exchange(customer, codes=1):
    """Make it, with credit for all examples and `codes` codes of the product."""
    for currency in ("like", "coin"):
        give(customer, 100_000, currency)
    likes = make_class(id=CLASS_ID)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE campaigns_campaign_id_seq RESTART WITH %s", [CAMPAIGN_ID - 1])
    create_campaign(customer.pk, likes.pk, CAMPAIGN["target_url"], 1000, {})
    others = make_campaign(likes)
    Campaign.objects.filter(pk=others.pk).update(cover=keep_cover(draw_picture("1")))
    product = Product.objects.create(id=PRODUCT_ID, title="Top-up", price=10, description="A code.")
    import_codes(product, "\n".join(f"code-{number}" for number in range(codes)).encode())
    Bundle.objects.create(bazaar_sku=SKU, price=20_000, coins=100, free_coins=10)
