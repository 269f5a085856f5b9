"""The customer's orders: the list, one order's page, and what can be asked of an order."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.models import Order
from orders.parts.subscriptions import NotNow, pause_subscription, resume_subscription
from orders.refills import can_refill, request_refill
from orders.refusals import OrderRefused, Refusal, describe
from orders.services import CancelAnswer, cancel_order
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.order_form import LABELS
from panel.dashboard.order_lists import can_cancel, describe_rows, find_orders, find_own, tell_steps
from panel.dashboard.order_plans import describe_progress, describe_subscription, list_parts
from panel.dashboard.preferences import read_next
from panel.lib.tracking import make_tracking_id


@customer_required
def list_orders(request):
    """The list, by status and words; asked for as a fragment it is the table alone."""
    status, words = request.GET.get("status", ""), request.GET.get("q", "").replace("\x00", "").strip()[:200]
    page = read_page(find_orders(request.user.pk, status, words), read_cursor(request))
    context = {
        "page": page,
        "rows": describe_rows(page.rows),
        "poll": any(not row.is_final for row in page.rows),
        "status": status,
        "words": words,
        "statuses": Order.Status.choices,
        "filter": urlencode({name: text for name, text in (("status", status), ("q", words)) if text}),
    }
    template = "dashboard/orders_table.html" if request.htmx else "dashboard/orders.html"
    return render(request, template, context)


@customer_required
def show_order(request, order_id):
    """One order with its story and the newest of its parts; 404 for anybody else's."""
    order = get_object_or_404(find_own(request.user.pk), pk=order_id)
    context = {
        "order": order,
        "cancelable": can_cancel(order),
        "steps": tell_steps(order),
        "refills": order.refills.order_by("id"),
        "refillable": order.parent_id is None and can_refill(order),
        "tracking_id": make_tracking_id(order.pk),
        "extra": [(LABELS.get(name, name), text) for name, text in (order.fields or {}).items()],
        "progress": describe_progress(order),
        "subscription": describe_subscription(order),
    }
    if context["progress"]:
        context["page"] = read_page(list_parts(order), read_cursor(request))
    template = "dashboard/order_detail.html" if request.htmx else "dashboard/order.html"
    return render(request, template, context)


@require_POST
@customer_required
def cancel(request, order_id):
    """Cancel the order as far as it can be, and go back to where the button was."""
    try:
        answer = cancel_order(request.user.pk, order_id)
    except OrderRefused as refused:
        if refused.code is Refusal.ORDER_UNKNOWN:
            raise Http404 from None
        messages.error(request, describe(refused))
    else:
        if answer is CancelAnswer.REFUNDED:
            messages.success(request, _("Order #%(number)s is canceled and refunded.") % {"number": order_id})
        else:
            asked = _("Canceling order #%(number)s is requested; money comes back when it is confirmed.")
            messages.info(request, asked % {"number": order_id})
    return redirect(read_next(request, default=reverse("dashboard:orders")))


@require_POST
@customer_required
def refill(request, order_id):
    """Ask for a refill of an ended order, and go back to its page."""
    try:
        wish = request_refill(request.user.pk, order_id)
    except OrderRefused as refused:
        if refused.code is Refusal.ORDER_UNKNOWN:
            raise Http404 from None
        messages.error(request, describe(refused))
    else:
        messages.success(request, _("Refill %(number)s is asked for.") % {"number": wish.pk})
    return redirect("dashboard:order", order_id)


@require_POST
@customer_required
def pause(request, order_id):
    """Pause a subscription, and go back to its page."""
    return _change_subscription(
        request, order_id, pause_subscription, _("The subscription is paused: new posts are not ordered.")
    )


@require_POST
@customer_required
def resume(request, order_id):
    """Let a subscription go on, and go back to its page."""
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
    return redirect("dashboard:order", order_id)
