"""Campaigns: one's own, making one, and liking others' (contracts: likenama-v1, Campaigns).

The contract has no pages: the newest LISTED of one's own campaigns are listed. Those that orders became belong to
the house and are nobody's here.
"""

from rest_framework.response import Response

from campaigns.classes import list_classes
from campaigns.creating import create_campaign
from campaigns.liking import like_campaign
from campaigns.models import Campaign
from campaigns.models.classes import TEXTS
from campaigns.refusals import CampaignRefused, Refusal
from campaigns.reporting import report_campaign
from campaigns.showing import find_next
from campaigns.states import list_own
from panel.api.likenama.base import LikenamaView, answer_done, read_id, read_part, read_text
from panel.api.likenama.covers import build_cover_url
from panel.api.likenama.users import describe_user
from panel.api.rest.fields import HIGHEST_ID, read_whole
from panel.lib.client_address import read_client_address
from panel.wallet.models import Currency

LISTED = 1_000
STATUSES = {
    Campaign.State.PENDING: "در انتظار تایید",
    Campaign.State.AVAILABLE: "در حال نمایش",
    Campaign.State.REJECTED: "رد شده",
    Campaign.State.ENDED: "پایان یافته",
    Campaign.State.UNAVAILABLE: "ناموجود",
}


class CampaignsView(LikenamaView):
    """`GET campaigns` and `POST campaigns`."""

    def get(self, request):
        own = list_own(request.user.pk).select_related("campaign_class")
        rows = [_describe_campaign(row) for row in own.order_by("-id")[:LISTED]]
        if not rows:
            raise CampaignRefused(Refusal.UNKNOWN)
        return Response({"campaigns": rows})

    def post(self, request):
        given = read_part(request, "campaign")
        class_id, budget = read_whole(given.get("campaign_class_id")), read_whole(given.get("budget"))
        texts = {name: read_text(given.get(name)) for name in TEXTS}
        try:
            create_campaign(
                request.user.pk, _limit_id(class_id), read_text(given.get("target_url")), budget, texts
            )
        except CampaignRefused as refused:
            if refused.code is Refusal.BUDGET_BAD and budget is not None:
                # Not above 0: too low for a like, which the document has words for.
                raise CampaignRefused(Refusal.BUDGET_LOW, field=refused.field) from refused
            raise
        return answer_done()


class ClassesView(LikenamaView):
    """`GET campaigns/new`: the classes that a campaign can be made of now."""

    http_method_names = ["get", "head"]

    def get(self, request):
        return Response({"campaign_classes": [_describe_class(row) for row in list_classes()]})


class NextView(LikenamaView):
    """`GET campaigns/next`. What is shown goes to the end of the line, so HEAD is not answered."""

    http_method_names = ["get"]

    def get(self, request):
        return Response({"campaign": _describe_shown(find_next(request.user.pk))})


class LikeView(LikenamaView):
    """`POST campaigns/{id}/like`. The access token is asked with once and kept nowhere."""

    http_method_names = ["post"]

    def post(self, request, campaign_id):
        like = request.data.get("like")
        token = like.get("access_token") if isinstance(like, dict) else None
        credit = like_campaign(
            request.user.pk,
            read_id(campaign_id),
            read_client_address(request.META),
            # Never None, which asks about the linked account: here a call without a token is refused.
            token if isinstance(token, str) else "",
        )
        return Response({"user": describe_user(request.user, credit)})


class ReportView(LikenamaView):
    """`POST campaigns/{id}/report`: 201 for the caller's first one of a campaign, then 200."""

    http_method_names = ["post"]

    def post(self, request, campaign_id):
        first = report_campaign(request.user.pk, read_id(campaign_id))
        return answer_done(201 if first else 200)


def _limit_id(number):
    return number if number is not None and 0 < number <= HIGHEST_ID else 0


def _describe_campaign(row):
    return {
        "id": row.pk,
        "target_url": row.target_url,
        "campaign_type": row.campaign_class.campaign_type,
        "payment_type": row.campaign_class.payment_type,
        "status": STATUSES[row.state],
        "budget": row.budget,
        "total_likes": row.likes,
    }


def _describe_class(row):
    return {
        "id": row.pk,
        "campaign_type": row.campaign_type,
        "payment_type": row.payment_type,
        "waiting": row.waiting,
        "max_user_likes": row.max_user_likes,
        "campaign_value": row.campaign_value,
        "fields": row.texts,
    }


def _describe_shown(shown):
    return {
        "id": shown.id,
        "payment_type": shown.payment_type,
        "coin_user_share": shown.share_in(Currency.COIN),
        "like_user_share": shown.share_in(Currency.LIKE),
        "waiting": shown.waiting,
        "cover": build_cover_url(shown.cover),
        "description": shown.description,
        "phone": shown.phone,
        "website": shown.website,
        "address": shown.address,
    }
