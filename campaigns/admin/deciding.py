"""What a person can do to a campaign, each on a page that says what will happen."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import approve_campaign, end_campaign, pause_for_review, reject_campaign
from panel.admin_site.actions import Action, AlreadyDone
from panel.admin_site.model_admin import Tool

MAY_DECIDE = "campaigns.change_campaign"
MOST_REASON = 300
State = Campaign.State
OPEN = (State.PENDING, State.AVAILABLE)


class ReasonForm(forms.Form):
    """Why, for the owner."""

    reason = forms.CharField(
        label=_("reason"), max_length=MOST_REASON, help_text=_("The owner reads it beside the campaign.")
    )


def say_state(campaign_id):
    """Where the campaign stands now, for who came too late."""
    state = Campaign.objects.get(pk=campaign_id).get_state_display()
    return _t("Somebody has decided about campaign %(id)s already: %(state)s.") % {
        "id": campaign_id,
        "state": state,
    }


def _decide(step, campaign, *given):
    """Take the step, unless somebody was quicker."""
    try:
        step(campaign.pk, *given)
    except CampaignRefused:
        raise AlreadyDone(say_state(campaign.pk)) from None


def _approve(request, campaign, data):
    _decide(approve_campaign, campaign)
    return say_approved(campaign)


def say_approved(campaign):
    """The sentence of the log and of the page."""
    return _t("Campaign %(id)s is shown.") % {"id": campaign.pk}


def _reject(request, campaign, data):
    _decide(reject_campaign, campaign, data["reason"])
    return say_rejected(campaign, data["reason"])


def say_rejected(campaign, reason):
    """The sentence of the log and of the page."""
    return _t("Campaign %(id)s is rejected: %(reason)s") % {"id": campaign.pk, "reason": reason}


def _stop(request, campaign, data):
    _decide(end_campaign, campaign, data["reason"])
    words = _t("Campaign %(id)s is stopped: %(reason)s")
    return words % {"id": campaign.pk, "reason": data["reason"]}


def _pause(request, campaign, data):
    if not pause_for_review(campaign.pk):
        raise AlreadyDone(say_state(campaign.pk))
    return _t("Campaign %(id)s waits for review and is not shown.") % {"id": campaign.pk}


_REST = _("What is left of its budget goes back to where it came from, at once. It can't be taken back.")
ACTIONS = {
    "approve": Action(
        title=_("Approve this campaign"),
        button=_("Approve"),
        act=_approve,
        permission=MAY_DECIDE,
        note=_("It is shown to everybody from now on."),
    ),
    "reject": Action(
        title=_("Reject this campaign"),
        button=_("Reject"),
        act=_reject,
        permission=MAY_DECIDE,
        form_class=ReasonForm,
        note=_REST,
        danger=True,
    ),
    "stop": Action(
        title=_("Stop this campaign"),
        button=_("Stop the campaign"),
        act=_stop,
        permission=MAY_DECIDE,
        form_class=ReasonForm,
        note=_REST,
        danger=True,
    ),
    "pause": Action(
        title=_("Let this campaign wait for review"),
        button=_("Pause it"),
        act=_pause,
        permission=MAY_DECIDE,
        note=_("Nobody is shown it until somebody approves it again; its budget stays."),
    ),
}


def _fits(*states):
    return lambda campaign: campaign.state in states


_PAGE = "admin:campaigns_campaign_decide_"
TOOLS = (
    Tool(_("Approve…"), _PAGE + "approve", MAY_DECIDE, _fits(State.PENDING)),
    Tool(_("Reject…"), _PAGE + "reject", MAY_DECIDE, _fits(*OPEN)),
    Tool(_("Stop…"), _PAGE + "stop", MAY_DECIDE, _fits(*OPEN)),
    Tool(_("Pause…"), _PAGE + "pause", MAY_DECIDE, _fits(State.AVAILABLE)),
)
