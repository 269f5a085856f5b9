"""Bringing others: the link, the terms in words, who came and what was earned; and following such a link."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from panel.dashboard.access import customer_required
from panel.rewards.referral_figures import NEWEST, list_months, list_newest
from panel.rewards.referrals import COOKIE, find_code, is_code, sum_earnings
from panel.rewards.rules import read_rules, shares_payments
from panel.wallet.monthly_statements import name_month

LINK_DAYS = 30  # so long a visitor's browser remembers who brought them


@require_safe
@customer_required
def show_referrals(request):
    """The page; while nothing is given for it there is no link, but what was earned stays."""
    language = get_language()
    months = list_months(request.user.pk, language)
    context = {
        **describe_referrals(request, read_rules()),
        "months": [(name_month(row.month, language), row) for row in months],
        "newest": list_newest(request.user.pk),
        "shown": NEWEST,
        "link_days": LINK_DAYS,
    }
    return render(request, "dashboard/referrals.html", context)


@require_safe
def follow_link(request, code):
    """A referral link: remembers who brought the visitor, until they sign up."""
    response = redirect("dashboard:sign_up")
    if is_code(code):
        response.set_cookie(
            COOKIE,
            code.lower(),
            max_age=LINK_DAYS * 86_400,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def describe_referrals(request, rules):
    """The customer's link ("" while nothing is given for it), how many they brought, and the toman earned."""
    brought, earned = sum_earnings(request.user.pk)
    link = ""
    if shares_payments(rules):
        path = reverse("dashboard:referral", args=[find_code(request.user.pk)])
        link = request.build_absolute_uri(path)
    return {"rules": rules, "referral_link": link, "brought": brought, "earned": earned}
