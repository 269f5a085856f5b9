"""The review queue: one waiting campaign at a time, with what a person decides by, and keys to decide quickly."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.admin.deciding import MAY_DECIDE, ReasonForm, say_approved, say_rejected, say_state
from campaigns.models import Campaign, Report
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.reviewing import approve_waiting, find_waiting, list_waiting, name_round, reject_waiting
from panel.lib.dates import read_digits

SHOWN_REPORTS = 20
REVIEW = "admin:campaigns_campaign_review"


def show_review(model_admin, request):
    """The next campaign that waits, behind number `after`; a POST decides and goes on to the one behind."""
    if not request.user.has_perm(MAY_DECIDE):
        raise PermissionDenied
    form = None
    if request.method == "POST":
        campaign_id = read_digits(request.POST.get("campaign", "")) or 0
        form = ReasonForm(request.POST if "reject" in request.POST else None)
        if not form.is_bound or form.is_valid():
            _decide(model_admin, request, campaign_id, form)
            return HttpResponseRedirect(f"{reverse(REVIEW)}?after={campaign_id}")
        # The reason is missing: the same campaign once more, if it still waits.
        form.fields["reason"].widget.attrs["autofocus"] = True
        campaign = find_waiting(campaign_id - 1)
        if campaign is None or campaign.pk != campaign_id:
            messages.warning(request, _say_late(campaign_id))
            return HttpResponseRedirect(f"{reverse(REVIEW)}?after={campaign_id}")
    else:
        campaign = find_waiting(read_digits(request.GET.get("after", "")) or 0)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Campaigns to review"),
        "opts": model_admin.opts,
        "waiting": list_waiting().count(),
        "campaign": campaign,
        "form": form or ReasonForm(),
        **(_describe(campaign) if campaign else {}),
    }
    return TemplateResponse(request, "admin/campaign_review.html", context)


def _describe(campaign):
    reports = Report.objects.filter(campaign=campaign)
    return {
        "round": name_round(campaign),
        "reported": reports.count(),
        "reports": reports.select_related("customer").order_by("-id")[:SHOWN_REPORTS],
        "owners_campaigns": Campaign.objects.filter(owner=campaign.owner_id).count(),
    }


def _decide(model_admin, request, campaign_id, form):
    """Do it and write it into the campaign's history, or say that somebody else was quicker."""
    seen_round = request.POST.get("round", "")
    try:
        with transaction.atomic():
            if form.is_bound:
                reject_waiting(campaign_id, seen_round, form.cleaned_data["reason"])
            elif "approve" in request.POST:
                approve_waiting(campaign_id, seen_round)
            else:
                return
            campaign = Campaign.objects.get(pk=campaign_id)
            words = say_rejected(campaign, campaign.reason) if form.is_bound else say_approved(campaign)
            model_admin.log_change(request, campaign, words)
    except CampaignRefused:
        messages.warning(request, _say_late(campaign_id))
    else:
        messages.success(request, words)


def _say_late(campaign_id):
    if not Campaign.objects.filter(pk=campaign_id).exists():
        return describe(CampaignRefused(Refusal.UNKNOWN))
    if list_waiting().filter(pk=campaign_id).exists():
        return _t("Campaign %(id)s has changed since you saw it. Look again.") % {"id": campaign_id}
    return say_state(campaign_id)
