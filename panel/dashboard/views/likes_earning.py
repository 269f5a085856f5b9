"""Earning: one campaign at a time to like, skip or report.

The session remembers which one is shown: whoever comes back from Instagram finds the same, even if the phone has
loaded the page again meanwhile.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.earning import count_wait, find_shown
from campaigns.liking import like_campaign, read_credit
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.reporting import report_campaign
from campaigns.showing import find_next
from panel.accounts.identities import find_identity
from panel.accounts.oauth import is_offered
from panel.dashboard.access import customer_required
from panel.lib.client_address import read_client_address

SHOWN = "earning"
# After these the same campaign can be tried again; after all others it is over for this person.
AGAIN = (
    Refusal.SOON,
    Refusal.DAY,
    Refusal.ADDRESS,
    Refusal.TOKEN,
    Refusal.IDENTITY,
    Refusal.NOT_LIKED,
    Refusal.UNCLEAR,
)


@require_safe
@customer_required
def show_next(request):
    """The campaign to like now, or what to do first."""
    return _show(request)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def like(request, campaign_id):
    """Have the like verified and paid; a reload of what an error answered shows the page (GET)."""
    if request.method != "POST":
        return redirect("dashboard:earn")
    try:
        like_campaign(request.user.pk, campaign_id, read_client_address(request.META))
    except CampaignRefused as refused:
        if refused.code is Refusal.UNKNOWN:
            raise Http404 from None
        if refused.code not in AGAIN:
            _forget(request)
        return _show(request, error=describe(refused))
    _forget(request)
    if request.htmx:
        return _show(request, done=_("Your like is paid."))
    messages.success(request, _("Your like is paid."))
    return redirect("dashboard:earn")


@require_POST
@customer_required
def skip(request, campaign_id):
    """Show another campaign than this one."""
    _forget(request)
    if request.htmx:
        return _show(request, skipped=campaign_id)
    _remember(request, _find(request, campaign_id))
    return redirect("dashboard:earn")


@require_POST
@customer_required
def report(request, campaign_id):
    """Write the person's complaint, and go on with another campaign."""
    try:
        report_campaign(request.user.pk, campaign_id)
    except CampaignRefused:
        raise Http404 from None
    messages.success(request, _("Thank you. This campaign is not shown to you any more; we look at it."))
    return redirect("dashboard:earn")


def _show(request, *, error="", done="", skipped=0):
    """The page, or for htmx the part of it that changes. That one is 200 always, or it would not be shown."""
    identity = find_identity(request.user.pk)
    shown = _find(request, skipped) if identity else None
    _remember(request, shown)
    context = {
        "identity": identity,
        "offered": is_offered(),
        "shown": shown,
        "wait": count_wait(request.user.pk, shown.id) if shown else 0,
        "credit": read_credit(request.user.pk),
        "error": error,
        "done": done,
    }
    if request.htmx:
        return render(request, "dashboard/likes/earn_card.html", context)
    return render(request, "dashboard/likes/earn.html", context, status=422 if error else 200)


def _find(request, skipped):
    """The Shown campaign that is remembered, or the next one, or None when there is none."""
    remembered = request.session.get(SHOWN)
    try:
        if remembered is not None:
            return find_shown(request.user.pk, remembered)
    except CampaignRefused:
        pass  # liked, reported or ended meanwhile: the next one
    try:
        return find_next(request.user.pk, skipped)
    except CampaignRefused:
        return None


def _remember(request, shown):
    if shown is None:
        _forget(request)
    elif request.session.get(SHOWN) != shown.id:
        request.session[SHOWN] = shown.id


def _forget(request):
    request.session.pop(SHOWN, None)
