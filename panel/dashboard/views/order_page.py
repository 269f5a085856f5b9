"""One order's page: all that is known of it, its parts where it has some, and what can be asked of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.models import Refill
from orders.parts.stopping import preview_stop
from orders.parts.subscriptions import NotNow, pause_subscription, resume_subscription
from orders.refills import may_refill
from orders.refusals import OrderRefused
from orders.speeds import find_speed
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.order_form import LABELS
from panel.dashboard.order_lists import can_cancel, measure_percent
from panel.dashboard.order_plans import describe_plan, list_parts, list_waiting_posts
from panel.dashboard.order_reading import read_order
from panel.dashboard.order_story import find_awaited, tell_steps
from panel.dashboard.preferences import read_next
from panel.dashboard.webhook_lists import tell_order_deliveries
from panel.lib.tracking import make_tracking_id


@require_safe
@customer_required
def show_order(request, order_id):
    """One order with its story and the newest of its parts; 404 for anybody else's."""
    found = read_order(request.user.pk, order_id)
    if found is None:
        raise Http404
    order, plan = found.order, describe_plan(found.order)
    refills = list(order.refills.order_by("id")) if found.has_refills and not plan else []
    steps = tell_steps(order, refills)
    context = {
        "order": order,
        "steps": steps,
        "waits": (timezone.now() - steps[-1].moment).total_seconds()
        if steps and not order.is_final
        else None,
        "awaited": find_awaited(order),
        "percent": measure_percent(order),
        "cancelable": can_cancel(order),
        "refillable": may_refill(order) and all(refill.status not in Refill.OPEN for refill in refills),
        "tracking_id": make_tracking_id(order.pk),
        "extra": [(LABELS.get(name, name), text) for name, text in (order.fields or {}).items()],
        "speed": None if order.is_final or plan else find_speed(order.service_id),
        "plan": plan,
        "deliveries": tell_order_deliveries(order) if found.has_webhooks else [],
    }
    if plan:
        context |= _describe_parts(request, order, context["cancelable"])
    template = "dashboard/order_detail.html" if request.htmx else "dashboard/order.html"
    return render(request, template, context)


def _describe_parts(request, order, cancelable):
    page = read_page(list_parts(order), read_cursor(request))
    for part in page.rows:
        part.percent = measure_percent(part)
    return {
        "page": page,
        "waiting_posts": list_waiting_posts(order),
        "comes_back": preview_stop(order) if cancelable else None,
    }


@require_POST
@customer_required
def pause(request, order_id):
    """Pause a subscription, and go back to where the button was."""
    return _change_subscription(
        request, order_id, pause_subscription, _("The subscription is paused: new posts are not ordered.")
    )


@require_POST
@customer_required
def resume(request, order_id):
    """Let a subscription go on, and go back to where the button was."""
    return _change_subscription(
        request, order_id, resume_subscription, _("The subscription goes on with the posts from now on.")
    )


def _change_subscription(request, order_id, change, sentence):
    try:
        change(request.user.pk, order_id)
    except OrderRefused:
        raise Http404 from None
    except NotNow:
        messages.error(request, _("The subscription's state has changed meanwhile. Here is how it is now."))
    else:
        messages.success(request, sentence)
    return redirect(read_next(request, default=reverse("dashboard:order", args=[order_id])))
