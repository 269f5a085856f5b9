"""One ticket in the admin: its conversation, the customer's facts, notes of the staff, and what is done about it."""

from dataclasses import replace

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.lib.dates import read_digits
from panel.support.canned import write_answer
from panel.support.desk import add_note, assign_ticket, find_neighbours, reopen_ticket
from panel.support.models import CannedAnswer, Ticket
from panel.support.ticket_forms import AnswerForm, CloseForm, NoteForm, TakeForm
from panel.support.ticket_news import ANSWERER
from panel.support.ticket_refusals import Refusal, TicketRefused, describe
from panel.support.tickets import Reader, answer_ticket, close_ticket, read_messages
from panel.wallet.ledger import read_balance

RECENT_ORDERS = 5


def show_ticket(model_admin, request, object_id):
    """The page, with forms for who may answer. What is shown to them counts as read."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if read_digits(object_id) is None:
        raise Http404
    may_answer = request.user.has_perm(ANSWERER)
    if request.method != "POST":
        return _answer_page(model_admin, request, object_id, may_answer)
    if not may_answer:
        raise PermissionDenied
    with transaction.atomic():  # an answer and its line in the log are there both or neither
        return _answer_page(model_admin, request, object_id, may_answer)


def _answer_page(model_admin, request, object_id, may_answer):
    answer = _insert_canned(request, object_id) if "insert" in request.POST else ANSWER
    return answer_actions(
        model_admin,
        request,
        object_id,
        [answer, CLOSE, REOPEN, TAKE, RELEASE, NOTE] if may_answer else [],
        title=_("Ticket"),
        context=lambda ticket: _show_conversation(request, ticket, may_answer),
        back=_find_back(request, object_id),
        template="admin/ticket.html",
    )


def _find_back(request, object_id):
    """Where it goes on: this page after small things, the next in the queue where asked for, else the list."""
    if request.POST.keys() & {"note", "take", "release", "reopen"}:
        return request.path
    if request.POST.get("then_next"):
        ticket = Ticket.objects.filter(pk=object_id).first()
        following = ticket and find_neighbours(ticket, request.user.pk)[1]
        if following:
            return reverse("admin:support_ticket_change", args=[following])
    return reverse("admin:support_ticket_changelist")


def _insert_canned(request, object_id):
    """ANSWER with the chosen text below what was typed: nothing is sent yet."""
    ticket = Ticket.objects.select_related("customer").filter(pk=object_id).first()
    chosen = CannedAnswer.objects.filter(pk=read_digits(request.POST.get("canned", "")), active=True).first()
    added = write_answer(chosen, ticket) if ticket and chosen else ""
    values = {
        "message": "\n\n".join(filter(None, (request.POST.get("message", "").strip(), added))),
        "then_next": bool(request.POST.get("then_next")),
    }
    return replace(ANSWER, initial=lambda row: _fill_seen(row) | values)


def _show_conversation(request, ticket, may_answer):
    before, after = find_neighbours(ticket, request.user.pk)
    customer = ticket.customer
    return {
        "conversation": {"ticket": ticket, "messages": _read(ticket, may_answer)},
        "notes": ticket.notes.select_related("author"),
        "balance": read_balance(customer.pk),
        "total": getattr(customer, "order_total", None),
        "orders": Order.objects.filter(customer=customer, parent=None)
        .select_related("service")
        .order_by("-id")[:RECENT_ORDERS],
        "before": before,
        "after": after,
        "may_answer": may_answer,
        "is_mine": ticket.assignee_id == request.user.pk,
        "opened_box": "insert" in request.POST,
    }


def _read(ticket, may_answer=True):
    """The messages, read once for the page: the forms' `seen` is the newest of exactly what is shown."""
    if not hasattr(ticket, "shown"):
        ticket.shown = read_messages(ticket, Reader.STAFF if may_answer else Reader.ONLOOKER)
    return ticket.shown


def _fill_seen(ticket):
    messages = _read(ticket)
    return {"seen": messages[-1].pk if messages else 0}


def _fill_had(ticket):
    return {"had": ticket.assignee_id}


def _refuse(refused, done=()):
    """The admin's exception for a TicketRefused: what is `done` already is no error."""
    raised = AlreadyDone if refused.code in done else ActionRefused
    return raised(describe(refused))


def _answer(request, ticket, data):
    try:
        row = answer_ticket(request.user, ticket.pk, data["message"], seen=data["seen"])
    except TicketRefused as refused:
        raise _refuse(refused) from refused
    return gettext("Answered with message %(id)s.") % {"id": row.pk}


def _close(request, ticket, data):
    try:
        close_ticket(ticket.pk, seen=data["seen"])
    except TicketRefused as refused:
        raise _refuse(refused, done=[Refusal.CLOSED]) from refused
    return gettext("The ticket is closed.")


def _reopen(request, ticket, data):
    try:
        reopen_ticket(ticket.pk)
    except TicketRefused as refused:
        raise _refuse(refused, done=[Refusal.OPENED]) from refused
    return gettext("The ticket is open again and waits for staff.")


def _take(request, ticket, data):
    try:
        assign_ticket(ticket.pk, request.user.pk, data["had"])
    except TicketRefused as refused:
        raise _refuse(refused, done=[Refusal.TAKEN]) from refused
    return gettext("The ticket is yours.")


def _release(request, ticket, data):
    try:
        assign_ticket(ticket.pk, None, request.user.pk)
    except TicketRefused as refused:
        raise _refuse(refused, done=[Refusal.TAKEN]) from refused
    return gettext("Nobody has it now.")


def _note(request, ticket, data):
    try:
        add_note(request.user.pk, ticket.pk, data["text"])
    except TicketRefused as refused:
        raise _refuse(refused) from refused
    return gettext("The note is kept, for staff alone.")


ANSWER = Action(
    title=_("Answer"),
    button=_("Send the answer"),
    act=_answer,
    permission=ANSWERER,
    form_class=AnswerForm,
    note=_("The customer is told in the panel and by SMS. Text, or simple HTML: p, b, i, lists, links."),
    name="answer",
    initial=_fill_seen,
)
CLOSE = Action(
    title=_("Close"),
    button=_("Close the ticket"),
    act=_close,
    permission=ANSWERER,
    form_class=CloseForm,
    note=_("A reply of the customer opens it again."),
    name="close",
    initial=_fill_seen,
)
REOPEN = Action(
    title=_("Open again"),
    button=_("Open it again"),
    act=_reopen,
    permission=ANSWERER,
    form_class=forms.Form,
    note=_("It waits for staff then, at the end of the queue."),
    name="reopen",
)
TAKE = Action(
    title=_("Take"),
    button=_("Take it"),
    act=_take,
    permission=ANSWERER,
    form_class=TakeForm,
    name="take",
    initial=_fill_had,
)
RELEASE = Action(
    title=_("Give back"),
    button=_("Give it back"),
    act=_release,
    permission=ANSWERER,
    form_class=forms.Form,
    name="release",
)
NOTE = Action(
    title=_("Note for staff"),
    button=_("Keep the note"),
    act=_note,
    permission=ANSWERER,
    form_class=NoteForm,
    name="note",
)
