"""The customer's sends: the list, one with its recipients, and stopping it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.sms import progress
from panel.dashboard.sms.notices import describe_reason, find_standing
from panel.lib.dates import format_number
from sms.models import Message, Send
from sms.sends import stop_send


@require_safe
@customer_required
def list_sends(request):
    """The list, by state; asked for as a fragment it is the table alone."""
    state = request.GET.get("state", "")
    page = read_page(progress.find_sends(request.user.pk, state), read_cursor(request))
    for row in page.rows:
        row.look = progress.look_of_send(row)
    context = {
        "page": page,
        "rows": page.rows,
        "poll": any(row.unsent for row in page.rows),
        "state": state,
        "states": _state_choices(),
        "filter": progress.write_filter(state=state),
    }
    if request.htmx:
        return render(request, "dashboard/sms/sends_table.html", context)
    return render(request, "dashboard/sms/sends.html", context | {"standing": find_standing(request.user)})


@require_safe
@customer_required
def show_send(request, send_id):
    """One send with how far it got and its recipients; as a fragment it is without the recipients."""
    send = progress.find_sends(request.user.pk).filter(pk=send_id).select_related("follows", "next").first()
    if send is None:
        raise Http404
    shares = progress.count_shares(send)
    context = {
        "send": send,
        "look": progress.look_of_send(send),
        "shares": shares,
        "chart": progress.draw_delivery(shares),
        "poll": any(share.state in progress.OPEN for share in shares),
        "waiting": sum(share.count for share in shares if share.state == Message.State.QUEUED),
        "reason": describe_reason(send.reason),
        "next": getattr(send, "next", None),
    }
    if request.htmx:
        return render(request, "dashboard/sms/send_detail.html", context)
    return render(request, "dashboard/sms/send.html", context | _list_recipients(request, send))


def _list_recipients(request, send):
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    return {
        "page": progress.read_recipients(send, state, words, read_cursor(request)),
        "state": state,
        "words": words,
        "states": Message.State.choices,
        "filter": progress.write_filter(state=state, q=words),
        "made": request.GET.get("made") == "yes",
    }


@require_POST
@customer_required
def stop(request, send_id):
    """Stop what was not sent yet, and go back to the send's page."""
    scheduled = Send.objects.filter(
        pk=send_id, customer_id=request.user.pk, state=Send.State.SCHEDULED
    ).exists()
    stopped = stop_send(request.user.pk, send_id)
    if stopped is None:
        raise Http404
    if scheduled:
        messages.success(request, _("The send is canceled."))
    elif stopped:
        words = ngettext(
            "%(count)s message is stopped and its price is back in your wallet.",
            "%(count)s messages are stopped and their price is back in your wallet.",
            stopped,
        )
        messages.success(request, words % {"count": format_number(stopped, get_language())})
    else:
        messages.info(request, _("There was nothing left to stop: all messages are sent."))
    return redirect("dashboard:sms_send_page", send_id)


def _state_choices():
    """Queued is what a send stays once its messages exist: for customers it is sent."""
    return [
        (value, _("sent or being sent") if value == Send.State.QUEUED else label)
        for value, label in Send.State.choices
    ]
