"""The shop in a restored database: codes that were sold in the time that was lost look unsold."""

from campaigns.models import Product, ProductCode


def stop_sales(gap):
    """Take products with codes in stock off the shop: nobody here knows which of them a buyer has seen."""
    unsold = ProductCode.objects.filter(buyer=None)
    products = Product.objects.filter(active=True, pk__in=unsold.values("product"))
    for product in products.order_by("pk"):
        stock = unsold.filter(product=product.pk).count()
        yield f"product {product.pk} is off the shop: {stock} codes, of which some may be sold; ask their issuer"
    products.update(active=False)
