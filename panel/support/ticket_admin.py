"""The admin of tickets: the queue with those who wait first, and who has which."""

from django import forms
from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.db.models import Case, F, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts.models import Customer
from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.support.desk import WAITING, assign_ticket
from panel.support.models import Ticket
from panel.support.ticket_news import ANSWERER
from panel.support.ticket_page import show_ticket
from panel.support.ticket_refusals import TicketRefused, describe


class AssigneeFilter(admin.SimpleListFilter):
    """Whose tickets: mine, nobody's, or others'."""

    title = _("assigned to")
    parameter_name = "assigned"

    def lookups(self, request, model_admin):
        return [("me", _("me")), ("nobody", _("nobody")), ("others", _("others"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(assignee=request.user.pk)
        if self.value() == "nobody":
            return queryset.filter(assignee=None)
        if self.value() == "others":
            return queryset.exclude(assignee=None).exclude(assignee=request.user.pk)
        return queryset


class AssignForm(forms.Form):
    """Who answers it from now on; `had` is who had it when the page was shown."""

    had = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assignee = forms.ModelChoiceField(
        label=_("assigned to"), queryset=Customer.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = ModelBackend().with_perm(ANSWERER).order_by("username")


@admin.register(Ticket)
class TicketAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Whoever waits longest is first. Search by number, by the customer's login name, or by words of the subject."""

    list_display = (
        "id",
        "subject",
        "customer",
        "status",
        "assignee",
        moment_column("created", _("created")),
        moment_column("changed", _("changed")),
    )
    list_display_links = ("id", "subject")
    list_filter = ("status", AssigneeFilter)
    ordering = (
        Case(When(status__in=WAITING, then=F("changed"))).asc(nulls_last=True),
        "-changed",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("customer__order_total", "assignee")

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term or found.exists():
            return found, distinct
        return queryset.filter(subject__icontains=term), distinct

    def get_urls(self):
        page = ("<int:object_id>/assign/", self.assign_view, "support_ticket_assign")
        return add_pages(self, page) + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The conversation with all that is done about it."""
        return show_ticket(self, request, object_id)

    def assign_view(self, request, object_id):
        """Gives it to another of the staff, or to nobody."""
        return answer_actions(self, request, object_id, [ASSIGN])


def _assign(request, ticket, data):
    person = data["assignee"]
    try:
        assign_ticket(ticket.pk, person and person.pk, data["had"])
    except TicketRefused as refused:
        raise ActionRefused(describe(refused)) from refused
    return (
        gettext("The ticket is assigned to %(name)s.") % {"name": person}
        if person
        else gettext("Nobody has it now.")
    )


ASSIGN = Action(
    title=_("Assign the ticket"),
    button=_("Assign"),
    act=_assign,
    permission=ANSWERER,
    form_class=AssignForm,
    note=_("The customer's next messages are told to this person alone."),
    initial=lambda ticket: {"assignee": ticket.assignee_id, "had": ticket.assignee_id},
)


def list_waiting():
    """The tickets that wait for staff."""
    return Ticket.objects.filter(status__in=WAITING)


add_work(
    WorkLine(
        label=_("tickets waiting"),
        count=list_waiting,
        url_name="admin:support_ticket_changelist",
        permission="support.view_ticket",
        query="?status__in=new,pending",
    )
)
