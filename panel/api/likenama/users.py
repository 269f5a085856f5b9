"""The caller (contracts: likenama-v1, User)."""

from rest_framework.response import Response

from campaigns.liking import read_credit
from panel.accounts.identities import find_identity
from panel.api.likenama.base import LikenamaView


class SelfView(LikenamaView):
    """`GET users/self`."""

    def get(self, request):
        return Response({"user": describe_user(request.user, read_credit(request.user.pk))})


def describe_user(customer, credit):
    """The document's keys of a Customer with that Credit, named as at Instagram where that is known."""
    identity = find_identity(customer.pk)
    return {
        "username": (identity and identity.username) or customer.username,
        "like_credit": credit.like,
        "coin_credit": credit.coin,
    }
