"""The rewards page: free credit, the wheel, gifts that were won, referrals in short and price levels.

Each button is a plain form that works without a script; the wheel's turning only shows what the server drew.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.models.stats import CustomerTotal
from orders.refusals import OrderRefused
from orders.refusals import describe as describe_order_refusal
from panel.dashboard.access import customer_required
from panel.dashboard.views.referrals import describe_referrals
from panel.dashboard.wheel_drawing import draw_slices
from panel.lib.dates import format_number
from panel.rewards.free_credit import give_free_credit
from panel.rewards.gifts import list_gifts, use_gift
from panel.rewards.models import PriceLevel
from panel.rewards.refusals import RewardRefused
from panel.rewards.refusals import describe as describe_reward_refusal
from panel.rewards.rules import gives_free_credit, gives_gifts, read_rules
from panel.rewards.wheel import describe_odds, spin_wheel

PAST_SHOWN = 20


@require_safe
@customer_required
def show_rewards(request):
    """The page; `won` in the address names a gift of the customer's that the wheel turns to."""
    return _show(request)


@require_POST
@customer_required
def ask_credit(request):
    """Give free credit."""
    try:
        given = give_free_credit(request.user.pk)
    except (RewardRefused, OrderRefused) as refused:
        messages.error(request, _describe(refused))
    else:
        words = _("You got %(amount)s toman of free credit.")
        messages.success(request, words % {"amount": format_number(given.amount, get_language())})
    return redirect("dashboard:rewards")


@require_POST
@customer_required
def spin(request):
    """Spin the wheel."""
    try:
        grant = spin_wheel(request.user.pk)
    except (RewardRefused, OrderRefused) as refused:
        messages.error(request, _describe(refused))
        return redirect("dashboard:rewards")
    return redirect(f"{reverse('dashboard:rewards')}?{urlencode({'won': grant.pk})}#wheel")


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def use(request, gift_id):
    """Use the oldest win of a gift for a link; a reload of what an error answered shows the rewards."""
    if request.method != "POST":
        return redirect("dashboard:rewards")
    link = request.POST.get("link", "")
    try:
        order_id = use_gift(request.user.pk, gift_id, link)
    except (RewardRefused, OrderRefused) as refused:
        return _show(request, {"gift_id": gift_id, "link": link, "error": _describe(refused)}, status=422)
    messages.success(request, _("Your gift is on its way."))
    return redirect("dashboard:order", order_id)


def _describe(refused):
    describe = describe_reward_refusal if isinstance(refused, RewardRefused) else describe_order_refusal
    return describe(refused)


def _show(request, refused=None, status=200):
    rules = read_rules()
    context = {
        "credit": gives_free_credit(rules),
        "refused": refused,
        **_describe_wheel(request, rules),
        **describe_referrals(request, rules),
        **_describe_levels(request),
    }
    return render(request, "dashboard/rewards.html", context, status=status)


def _describe_wheel(request, rules):
    all_odds = describe_odds() if gives_gifts(rules) else []
    slices = list(zip(all_odds, draw_slices(all_odds), strict=True))
    grants, now = list_gifts(request.user.pk), timezone.now()
    won = next((grant for grant in grants if str(grant.pk) == request.GET.get("won")), None)
    turns = [piece.turn for odds, piece in slices if won and odds.gift.pk == won.gift_id]
    return {
        "slices": slices,
        "won": won,
        "turn": turns[0] if turns else None,
        "usable": [grant for grant in reversed(grants) if grant.used_at is None and grant.expires_at > now],
        "past": [grant for grant in grants if grant.used_at is not None or grant.expires_at <= now][
            :PAST_SHOWN
        ],
    }


def _describe_levels(request):
    spent = CustomerTotal.objects.filter(customer_id=request.user.pk).values_list("amount", flat=True).first()
    levels = list(PriceLevel.objects.order_by("spent_from"))
    reached = [level for level in levels if level.spent_from <= (spent or 0)]
    return {"levels": levels, "spent": spent or 0, "level": reached[-1] if reached else None}
