"""The admin of patterns: staff approve or reject them, and say which pattern of a gateway is the same."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import PanelModelAdmin, Tool, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from sms.models import Pattern
from sms.patterns import MAX_REASON, PatternRefused, approve_pattern, list_waiting, reject_pattern

MAY_CHANGE = "sms.change_pattern"


class ReasonForm(forms.Form):
    """Why the pattern is not sent; the customer reads it."""

    reason = forms.CharField(
        label=_("reason"), max_length=MAX_REASON, widget=forms.TextInput(attrs={"class": "vTextField"})
    )


@admin.register(Pattern)
class PatternAdmin(IndexedSearchMixin, PanelModelAdmin):
    """Customers write patterns; here only what a gateway calls them is edited. Search by customer or number."""

    list_display = ("id", "title", "customer", "state", moment_column("created", _("created")))
    list_display_links = ("id", "title")
    list_select_related = ("customer",)
    list_filter = ("state",)
    ordering = ("-id",)
    readonly_fields = (
        "customer",
        "title",
        "body",
        "state",
        "reason",
        moment_column("created", _("created")),
        moment_column("decided_at", _("decided")),
    )
    fields = (*readonly_fields, "gateway", "gateway_pattern")
    ltr_fields = ("gateway_pattern",)
    tools = (
        Tool(
            _("Approve"),
            "admin:sms_pattern_approve",
            MAY_CHANGE,
            lambda pattern: pattern.state != Pattern.State.APPROVED,
        ),
        Tool(
            _("Reject"),
            "admin:sms_pattern_reject",
            MAY_CHANGE,
            lambda pattern: pattern.state != Pattern.State.REJECTED,
        ),
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """Only what was edited: the state may have changed since the page was opened."""
        obj.save(update_fields=form.changed_data)

    def get_urls(self):
        pages = (
            ("<int:object_id>/approve/", self.approve_view, "sms_pattern_approve"),
            ("<int:object_id>/reject/", self.reject_view, "sms_pattern_reject"),
        )
        return add_pages(self, *pages) + super().get_urls()

    def approve_view(self, request, object_id):
        """Lets the customer send the pattern."""
        return answer_actions(self, request, object_id, [APPROVE], context=_show_body)

    def reject_view(self, request, object_id):
        """Tells the customer why the pattern can't be sent."""
        return answer_actions(self, request, object_id, [REJECT], context=_show_body)


def _show_body(pattern):
    return {"evidence": [(_t("text"), pattern.body)]}


def _approve(request, pattern, data):
    if not approve_pattern(pattern.pk):
        raise AlreadyDone(_t("It is approved already."))
    return _t("The customer can send it now.")


def _reject(request, pattern, data):
    try:
        rejected = reject_pattern(pattern.pk, data["reason"])
    except PatternRefused as refused:
        raise ActionRefused(str(refused)) from refused
    if not rejected:
        raise AlreadyDone(_t("It is rejected already."))
    return _t("The customer can't send it, and reads why.")


APPROVE = Action(
    title=_("Approve this pattern"),
    button=_("Approve"),
    act=_approve,
    permission=MAY_CHANGE,
    note=_("The customer may send this text, with any values, to anybody."),
)
REJECT = Action(
    title=_("Reject this pattern"),
    button=_("Reject"),
    act=_reject,
    permission=MAY_CHANGE,
    form_class=ReasonForm,
    note=_("It can't be sent any more; messages that are queued go out."),
    danger=True,
)

add_work(
    WorkLine(
        label=_("SMS patterns that wait for approval"),
        count=list_waiting,
        url_name="admin:sms_pattern_changelist",
        permission="sms.view_pattern",
        query="?state__exact=pending",
    )
)
