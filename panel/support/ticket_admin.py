"""The admin of tickets: the list with those who wait first, and the page of one with its conversation."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, When
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import read_digits
from panel.support.models import Ticket
from panel.support.ticket_news import ANSWERER
from panel.support.ticket_refusals import Refusal, TicketRefused, describe
from panel.support.tickets import (
    MAX_MESSAGE,
    Reader,
    answer_ticket,
    close_ticket,
    find_last_message,
    read_messages,
)

WAITING = (Ticket.Status.NEW, Ticket.Status.PENDING)


class SeenField(forms.IntegerField):
    """The newest message on the page that the form is part of; a page shown again shows newer ones."""

    widget = forms.HiddenInput

    def bound_data(self, data, initial):
        return initial


class CloseForm(forms.Form):
    """Closing, after all that was seen."""

    seen = SeenField(min_value=0)


class AnswerForm(CloseForm):
    """An answer to what was seen."""

    message = forms.CharField(
        label=_("answer"), max_length=MAX_MESSAGE, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )


@admin.register(Ticket)
class TicketAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Whoever waits longest is first. Search by number, by the customer's login name, or by words of the subject."""

    list_display = (
        "id",
        "subject",
        "customer",
        "status",
        moment_column("created", _("created")),
        moment_column("changed", _("changed")),
    )
    list_display_links = ("id", "subject")
    list_select_related = ("customer",)
    list_filter = ("status",)
    ordering = (
        Case(When(status__in=WAITING, then=F("changed"))).asc(nulls_last=True),
        "-changed",
    )

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term or found.exists():
            return found, distinct
        return queryset.filter(subject__icontains=term), distinct

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The conversation, and for who may answer a box for it and a button to close. What is shown is read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if read_digits(object_id) is None:
            raise Http404
        may_answer = request.user.has_perm(ANSWERER)
        if request.method == "POST" and not may_answer:
            raise PermissionDenied
        with transaction.atomic():  # an answer and its line in the log are there both or neither
            return answer_actions(
                self,
                request,
                object_id,
                [ANSWER, CLOSE] if may_answer else [],
                title=_("Ticket"),
                context=lambda ticket: _show_conversation(ticket, may_answer),
                back=reverse("admin:support_ticket_changelist"),
            )


def _show_conversation(ticket, may_answer):
    ticket.refresh_from_db()
    reader = Reader.STAFF if may_answer else Reader.ONLOOKER
    evidence = [
        (_("customer"), ticket.customer),
        (_("subject"), ticket.subject),
        (_("status"), ticket.get_status_display()),
    ]
    return {
        "evidence": evidence,
        "conversation": {"ticket": ticket, "messages": read_messages(ticket, reader)},
    }


def _answer(request, ticket, data):
    try:
        row = answer_ticket(request.user, ticket.pk, data["message"], seen=data["seen"])
    except TicketRefused as refused:
        raise ActionRefused(describe(refused)) from refused
    return gettext("Answered with message %(id)s.") % {"id": row.pk}


def _close(request, ticket, data):
    try:
        close_ticket(ticket.pk, seen=data["seen"])
    except TicketRefused as refused:
        raised = AlreadyDone if refused.code is Refusal.CLOSED else ActionRefused
        raise raised(describe(refused)) from refused
    return gettext("The ticket is closed.")


def _fill_seen(ticket):
    return {"seen": find_last_message(ticket.pk)}


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


def count_waiting():
    """How many tickets wait for staff."""
    return Ticket.objects.filter(status__in=WAITING).count()


add_work(
    WorkLine(
        label=_("tickets waiting"),
        count=count_waiting,
        url_name="admin:support_ticket_changelist",
        permission="support.view_ticket",
        query="?status__in=new,pending",
    )
)
