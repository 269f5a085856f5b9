"""The customer's webhooks: the list, one webhook with its deliveries, and what can be done to both.

A secret is shown in the answer to the form that made it and nowhere else.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks import registering
from orders.webhooks.refusals import Refusal, WebhookRefused, describe
from orders.webhooks.upkeep import resend_delivery
from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.preferences import read_next
from panel.dashboard.webhook_lists import find_deliveries, find_webhooks, tell_deliveries


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def list_webhooks(request):
    """The list with the form for one more."""
    if request.method == "POST":
        return _register(request)
    return _show_list(request, topics=[WebhookEndpoint.Topic.ORDERS])


@require_safe
@customer_required
def show_webhook(request, webhook_id):
    """One webhook with its deliveries; asked for as a fragment it is the deliveries alone."""
    webhook = _find(request, webhook_id)
    state = request.GET.get("state", "")
    page = read_page(find_deliveries(webhook, state), read_cursor(request))
    context = {
        "webhook": webhook,
        "page": page,
        "lines": tell_deliveries(webhook, page.rows),
        "poll": webhook.active and any(row.state == WebhookDelivery.State.PENDING for row in page.rows),
        "state": state,
        "states": WebhookDelivery.State.choices,
        "topics": _name_topics(webhook),
        "filter": urlencode({"state": state}) if state else "",
    }
    template = "dashboard/webhook_deliveries.html" if request.htmx else "dashboard/webhook.html"
    return render(request, template, context)


@require_POST
@customer_required
def switch(request, webhook_id):
    """Switch the webhook on or off."""
    active = request.POST.get("active") == "yes"
    registering.switch_endpoint(_find(request, webhook_id), active)
    messages.success(request, _("The webhook is on.") if active else _("The webhook is off."))
    return redirect("dashboard:webhook", webhook_id)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def replace_secret(request, webhook_id):
    """Make a new secret and show it; a reload shows it no more."""
    webhook = _find(request, webhook_id)
    if request.method != "POST":
        return redirect("dashboard:webhook", webhook_id)
    secret = registering.replace_secret(webhook)
    return render(request, "dashboard/webhook_secret.html", {"webhook": webhook, "secret": secret})


@require_POST
@customer_required
def send_test(request, webhook_id):
    """Queue a test event."""
    try:
        registering.send_test(_find(request, webhook_id))
    except WebhookRefused as refused:
        messages.error(request, describe(refused))
    else:
        messages.success(request, _("A test event is on its way."))
    return redirect("dashboard:webhook", webhook_id)


@require_POST
@customer_required
def delete(request, webhook_id):
    """Delete the webhook with its deliveries."""
    registering.delete_endpoint(_find(request, webhook_id))
    messages.success(request, _("The webhook is deleted."))
    return redirect("dashboard:webhooks")


@require_POST
@customer_required
def resend(request, delivery_id):
    """Send a failed delivery again."""
    own = WebhookDelivery.objects.filter(endpoint__customer_id=request.user.pk).select_related("endpoint")
    delivery = get_object_or_404(own, pk=delivery_id)
    try:
        resend_delivery(delivery)
    except WebhookRefused as refused:
        messages.error(request, describe(refused))
    else:
        messages.success(request, _("The delivery is on its way again."))
    return redirect(read_next(request, reverse("dashboard:webhook", args=[delivery.endpoint_id])))


def _find(request, webhook_id):
    webhook = find_webhooks(request.user.pk).filter(pk=webhook_id).first()
    if webhook is None:
        raise Http404
    return webhook


def _register(request):
    url, topics = request.POST.get("url", "").replace("\x00", ""), request.POST.getlist("topics")
    try:
        webhook = registering.register_endpoint(request.user.pk, url, topics)
    except WebhookRefused as refused:
        return _show_list(request, url=url, topics=topics, refused=refused)
    return render(request, "dashboard/webhook_secret.html", {"webhook": webhook, "secret": webhook.secret})


def _show_list(request, topics, url="", refused=None):
    field = refused and ("topics" if refused.code is Refusal.TOPICS_MISSING else "url")
    context = {
        "webhooks": [(row, _name_topics(row)) for row in find_webhooks(request.user.pk)],
        "choices": [(value, label, value in topics) for value, label in WebhookEndpoint.Topic.choices],
        "url": url,
        "longest": registering.MAX_URL,
        "errors": {field: describe(refused)} if refused else {},
    }
    return render(request, "dashboard/webhooks.html", context, status=422 if refused else 200)


def _name_topics(webhook):
    return [WebhookEndpoint.Topic(topic).label for topic in webhook.topics]
