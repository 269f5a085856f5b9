"""The customer's own campaigns: the list, making one, one with its progress, and stopping it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.classes import list_classes
from campaigns.creating import create_campaign
from campaigns.liking import read_credit
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.states import stop_campaign
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.likes import creating
from panel.dashboard.likes.campaigns import count_days, describe_rows, draw_days, find_own
from panel.dashboard.preferences import read_next
from panel.dashboard.statement import read_account
from panel.lib.form_keys import new_form_key, read_form_key

SENT_FORM = "sent_campaign_form"


@require_safe
@customer_required
def list_campaigns(request):
    """The list; asked for as a fragment it is the table alone."""
    page = read_page(find_own(request.user.pk), read_cursor(request))
    rows = describe_rows(page.rows)
    context = {"page": page, "rows": rows, "poll": any(row.open for row in rows)}
    if request.htmx:
        return render(request, "dashboard/likes/campaigns_table.html", context)
    return render(
        request, "dashboard/likes/campaigns.html", context | {"credit": read_credit(request.user.pk)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def new_campaign(request):
    """The form (GET), and making a campaign of it, or counting what it says so far, by `step` (POST)."""
    if request.method != "POST":
        return _show_form(request, creating.read_wish(request.GET))
    wish = creating.read_wish(request.POST)
    if request.POST.get("step") == "check":
        return _show_form(request, wish)
    form_key = read_form_key(request)
    if form_key == request.session.get(SENT_FORM):  # the form was sent again
        messages.info(request, _("This campaign was made before."))
        return redirect("dashboard:campaigns")
    try:
        made = create_campaign(request.user.pk, wish.class_id, wish.target_url, wish.amount, wish.texts)
    except CampaignRefused as refused:
        no_funds = refused.code is Refusal.FUNDS
        return _show_form(request, wish, creating.place_refusal(refused), no_funds, status=422)
    request.session[SENT_FORM] = form_key
    messages.success(request, _("Your campaign is there. It is shown as soon as somebody has looked at it."))
    return redirect("dashboard:campaign", made.pk)


@require_POST
@customer_required
def count_likes(request):
    """How many likes the form's budget pays for."""
    return render(request, "dashboard/likes/campaign_count.html", _describe_form(request.POST))


@require_POST
@customer_required
def show_texts(request):
    """The part of the form that depends on the class: its texts, and what the budget pays for."""
    return render(request, "dashboard/likes/campaign_terms.html", _describe_form(request.POST))


@require_safe
@customer_required
def show_campaign(request, campaign_id):
    """One campaign with its progress; as a fragment it is without its days and its statement."""
    campaign = get_object_or_404(find_own(request.user.pk), pk=campaign_id)
    describe_rows([campaign])
    if request.htmx:
        return render(request, "dashboard/likes/campaign_detail.html", {"campaign": campaign})
    days = count_days(campaign)
    context = {
        "campaign": campaign,
        "days": days,
        "chart": draw_days(days),
        "page": read_account(campaign.account, read_cursor(request)),
        "currency": campaign.campaign_class.payment_type,
    }
    return render(request, "dashboard/likes/campaign.html", context)


@require_POST
@customer_required
def stop(request, campaign_id):
    """End one's own campaign, and go back to where the button was."""
    try:
        stop_campaign(campaign_id, request.user.pk)
    except CampaignRefused as refused:
        if refused.code is Refusal.UNKNOWN:
            raise Http404 from None
        messages.error(request, describe(refused))
    else:
        messages.success(request, _("The campaign has ended. What was left of its budget is in your wallet."))
    return redirect(read_next(request, default=reverse("dashboard:campaigns")))


def _describe_form(data, errors=None):
    return _describe_wish(list_classes(), creating.read_wish(data), errors or {})


def _describe_wish(classes, wish, errors):
    chosen = creating.find_chosen(classes, wish)
    likes, rest = creating.count_wish(chosen, wish)
    return {
        "wish": wish,
        "chosen": chosen,
        "texts": creating.describe_texts(chosen, wish, errors),
        "likes": likes,
        "rest": rest,
        "errors": errors,
    }


def _show_form(request, wish, errors=None, no_funds=False, status=200):
    classes = list_classes()
    context = _describe_wish(classes, wish, errors or {}) | {
        "classes": classes,
        "credit": read_credit(request.user.pk),
        "no_funds": no_funds,
        "form_key": new_form_key(),
    }
    return render(request, "dashboard/likes/new_campaign.html", context, status=status)
