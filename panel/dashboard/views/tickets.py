"""The customer's tickets: the list, a new one, and the conversation with its reply."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from panel.dashboard.access import customer_required
from panel.dashboard.keyset import read_cursor, read_page
from panel.dashboard.order_lists import find_own
from panel.lib.dates import read_digits
from panel.support.models import Ticket
from panel.support.ticket_refusals import Refusal, TicketRefused, describe
from panel.support.tickets import (
    MAX_MESSAGE,
    MAX_SUBJECT,
    Reader,
    add_reply,
    close_own_ticket,
    find_ticket,
    open_ticket,
    read_messages,
)


@customer_required
def list_tickets(request):
    """The tickets, newest first."""
    page = read_page(Ticket.objects.filter(customer=request.user), read_cursor(request))
    return render(request, "dashboard/tickets.html", {"page": page})


@customer_required
def new_ticket(request):
    """The form (GET; `order` and `subject` in the address fill it in), and opening a ticket with it (POST)."""
    given = {name: _read(request, name) for name in ("subject", "description")}
    context = {"given": given, "longest_subject": MAX_SUBJECT, "longest": MAX_MESSAGE}
    if request.method != "POST":
        given["subject"] = _suggest_subject(request)
        return render(request, "dashboard/ticket_new.html", context)
    try:
        ticket = open_ticket(request.user.pk, **given)
    except TicketRefused as refused:
        context["errors"] = {refused.field or "form": describe(refused)}
        return render(request, "dashboard/ticket_new.html", context, status=422)
    messages.success(request, _("Your ticket is sent. The answer will be here."))
    return redirect("dashboard:ticket", ticket.pk)


@customer_required
def show_ticket(request, ticket_id):
    """The conversation, which counts as read from now on (GET), and a reply to it (POST)."""
    if request.method != "POST":
        return _show(request, ticket_id)
    message = _read(request, "message")
    try:
        add_reply(request.user.pk, ticket_id, message)
    except TicketRefused as refused:
        return _show(request, ticket_id, {"reply": message, "error": _word(refused)}, status=422)
    return redirect("dashboard:ticket", ticket_id)


@require_POST
@customer_required
def close(request, ticket_id):
    """Close the ticket."""
    try:
        close_own_ticket(request.user.pk, ticket_id)
    except TicketRefused as refused:
        messages.info(request, _word(refused))
    else:
        messages.success(request, _("The ticket is closed."))
    return redirect("dashboard:ticket", ticket_id)


def _suggest_subject(request):
    number = read_digits(request.GET.get("order", ""))
    if number is not None and find_own(request.user.pk).filter(pk=number).exists():
        return _("About order #%(number)s") % {"number": number}
    return request.GET.get("subject", "").replace("\x00", "").strip()[:MAX_SUBJECT]


def _show(request, ticket_id, refused=None, status=200):
    try:
        ticket = find_ticket(request.user.pk, ticket_id)
    except TicketRefused as error:
        raise Http404 from error
    context = {
        "ticket": ticket,
        "messages_of": read_messages(ticket, Reader.CUSTOMER),
        "longest": MAX_MESSAGE,
    }
    return render(request, "dashboard/ticket.html", context | (refused or {}), status=status)


def _word(refused):
    """The refusal in words; another customer's ticket looks like one that isn't there. Raises Http404."""
    if refused.code in (Refusal.UNKNOWN, Refusal.FOREIGN):
        raise Http404 from refused
    return describe(refused)


def _read(request, name):
    """What was typed in; NUL, which no browser sends, is left out because PostgreSQL takes none."""
    return request.POST.get(name, "").replace("\0", "")
