"""The customer's orders: the list with its filters, its file, and what can be asked of orders."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.refills import request_refill
from orders.refusals import OrderRefused, Refusal, describe
from orders.services import CancelAnswer, cancel_order
from panel.dashboard import order_filters
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import PAGE_SIZE, read_cursor
from panel.dashboard.order_export import MOST, WRITERS, start_export
from panel.dashboard.order_lists import describe_rows, read_found
from panel.dashboard.preferences import read_next
from panel.dashboard.templatetags.panel_format import order_number
from panel.jobs.starting import TooManyJobs
from panel.lib.dates import read_digits
from panel.lib.form_keys import new_form_key, read_form_key


@require_safe
@customer_required
def list_orders(request):
    """The list; asked for as a fragment it is the table alone."""
    choice = order_filters.read_choice(request.user.pk, request.GET)
    page, reached = read_found(request.user.pk, choice.wanted, read_cursor(request))
    context = {
        "page": page,
        "reached": reached,
        "rows": describe_rows(page.rows),
        "poll": any(not row.is_final for row in page.rows),
        "choice": choice,
        "filter": choice.query,
        "selectable": True,
    }
    if request.htmx:
        return render(request, "dashboard/orders_table.html", context)
    words = request.GET.get("service_q", "").strip()[: order_filters.MAX_WORDS].replace("\0", "")
    is_open = choice.has_more or bool(words)
    context |= {
        "statuses": order_filters.STATUSES,
        "kinds": order_filters.KIND_WORDS,
        "example": order_filters.give_example(),
        "more": is_open,
        "service_words": words,
        "services": order_filters.search_used_services(request.user.pk, words) if is_open else [],
        "form_key": new_form_key(),
        "most": MOST,
        "any_cancelable": any(row.cancelable for row in page.rows),
    }
    return render(request, "dashboard/orders.html", context)


@require_safe
@customer_required
def list_services(request):
    """The options of the filter by service, for the words asked for."""
    words = request.GET.get("service_q", "").strip()[: order_filters.MAX_WORDS].replace("\0", "")
    context = {
        "choice": order_filters.read_choice(request.user.pk, {"service": request.GET.get("service", "")}),
        "services": order_filters.search_used_services(request.user.pk, words),
    }
    return render(request, "dashboard/orders_services.html", context)


@require_POST
@customer_required
def export(request):
    """Begin the file of the orders that are listed, and go to the page with its progress."""
    choice = order_filters.read_choice(request.user.pk, request.POST)
    back = f"{reverse('dashboard:orders')}?{choice.query}"
    form = request.POST.get("form")
    if form not in WRITERS or choice.errors:
        messages.error(request, _("Choose a kind of file, and mend the filters that can't be read."))
        return redirect(back)
    try:
        job = start_export(request.user.pk, choice.texts, form, read_form_key(request))
    except TooManyJobs:
        messages.error(request, _("Several of your exports are waiting. Begin another when one has ended."))
        return redirect(back)
    return redirect("dashboard:job", job.pk)


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
def cancel_many(request):
    """Cancel the orders that were selected, each by itself, and tell of each what became of it."""
    numbers = [read_digits(text) for text in request.POST.getlist("order")[:PAGE_SIZE]]
    told = {}
    for number in dict.fromkeys(number for number in numbers if number is not None):
        told.setdefault(_cancel_one(request.user.pk, number), []).append(number)
    for (level, sentence), found in told.items():
        shown = format_html_join(" ", "{}", ((order_number(number),) for number in found))
        messages.add_message(request, level, format_html("{} {}", sentence, shown))
    if not told:
        messages.info(request, _("Select the orders to cancel first."))
    return redirect(read_next(request, default=reverse("dashboard:orders")))


def _cancel_one(customer_id, order_id):
    """`(level, sentence)` of what became of the wish."""
    try:
        answer = cancel_order(customer_id, order_id)
    except OrderRefused as refused:
        return messages.ERROR, describe(refused)
    if answer is CancelAnswer.REFUNDED:
        return messages.SUCCESS, _("Canceled and refunded:")
    return messages.INFO, _("Canceling is requested, money comes back when it is confirmed:")


@require_POST
@customer_required
def refill(request, order_id):
    """Ask for a refill of an ended order, and go back to where the button was."""
    try:
        wish = request_refill(request.user.pk, order_id)
    except OrderRefused as refused:
        if refused.code is Refusal.ORDER_UNKNOWN:
            raise Http404 from None
        messages.error(request, describe(refused))
    else:
        messages.success(request, _("Refill %(number)s is asked for.") % {"number": wish.pk})
    return redirect(read_next(request, default=reverse("dashboard:order", args=[order_id])))
