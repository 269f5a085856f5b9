"""Coins through an app store (contracts: likenama-v1, Bundles)."""

from rest_framework.response import Response

from campaigns.bundles import buy_bundle, list_bundles
from campaigns.refusals import CampaignRefused, Refusal
from panel.api.likenama.base import LikenamaView, answer_done, read_part


class BundlesView(LikenamaView):
    """`GET bundles`: what is on sale; prices are in toman."""

    http_method_names = ["get", "head"]

    def get(self, request):
        bundles = list_bundles()
        if not bundles:
            raise CampaignRefused(Refusal.UNKNOWN)
        return Response({"bundles": [_describe_bundle(row) for row in bundles]})


class BuyBundleView(LikenamaView):
    """`POST bundles/{sku}/purchase`: 201 once the coins are there; the same token again gives none."""

    http_method_names = ["post"]

    def post(self, request, sku):
        if "\0" in sku:  # which PostgreSQL can't even look for
            raise CampaignRefused(Refusal.UNKNOWN)
        buy_bundle(request.user.pk, sku, read_part(request, "bundle").get("purchase_token"))
        return answer_done()


def _describe_bundle(row):
    return {
        "bazaar_sku": row.bazaar_sku,
        "price": row.price,
        "coins": row.coins,
        "free_coins": row.free_coins,
    }
