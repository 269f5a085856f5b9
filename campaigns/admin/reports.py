"""The admin page of reports: who complained about what; the review queue is where something is done about it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin.columns import campaign_link
from campaigns.models import Report
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin


@admin.register(Report)
class ReportAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by a campaign's number or by the login name of who reported."""

    list_display = ("id", campaign_link, "campaign_state", "customer", moment_column("created", _("created")))
    list_filter = ("campaign__state",)
    list_select_related = ("customer", "campaign")
    ordering = ("-id",)
    sortable_by = ("id",)
    number_lookups = ("campaign_id",)
    search_help_text = _("Number of a campaign, or a customer's mobile, email or username")
    fields = readonly_fields = list_display[1:]

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "campaign__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("campaign's status"))
    def campaign_state(self, report):
        return report.campaign.get_state_display()
