"""The shop (contracts: likenama-v1, Shop)."""

from rest_framework.response import Response

from campaigns.refusals import CampaignRefused, Refusal
from campaigns.shop import buy_product, list_products
from panel.api.likenama.base import LikenamaView, read_id


class ProductsView(LikenamaView):
    """`GET products`: what can be bought now."""

    http_method_names = ["get", "head"]

    def get(self, request):
        products = list_products()
        if not products:
            raise CampaignRefused(Refusal.UNKNOWN)
        return Response({"products": [_describe_product(row) for row in products]})


class BuyProductView(LikenamaView):
    """`POST products/{id}/purchase`: this answer alone tells the code."""

    http_method_names = ["post"]

    def post(self, request, product_id):
        sold = buy_product(request.user.pk, read_id(product_id))
        detail = {"code": sold.code, "product": _describe_product(sold.product)}
        return Response({"detail": detail}, headers={"Cache-Control": "no-store"})


def _describe_product(row):
    return {
        "id": row.pk,
        "title": row.title,
        "product_type": row.product_type,
        "price": row.price,
        "description": row.description,
    }
