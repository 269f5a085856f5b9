"""The admin page of what changed in the catalogue: its log."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models import ServiceEvent
from panel.admin_site.columns import EMPTY, moment_column, show_number
from panel.admin_site.events import EventAdmin, SetAsideFilter, list_set_aside
from panel.admin_site.work_list import WorkLine, add_work

KINDS = {
    "added": _("added"),
    "price_changed": _("price changed"),
    "bounds_changed": _("bounds changed"),
    "paused": pgettext_lazy("what happened to a service", "paused"),
    "resumed": _("resumed"),
}
REASONS = {
    "upstream": _("the upstream's list"),
    "approved": _("approved"),
    "edited": _("edited by hand"),
    "completed": _("its figures were typed in"),
    "bulk": _("a change of many prices"),
    "bulk_undone": _("a change of many prices was undone"),
}


@admin.display(description=_("service"), ordering="service_id")
def service_link(row):
    """The row's service, as a link to its page."""
    url = reverse("admin:orders_service_change", args=[row.service_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, row.service)


@admin.display(description=_("change"), ordering="kind")
def kind_in_words(row):
    """What happened, in the reader's language."""
    return KINDS.get(row.kind, row.kind)


@admin.display(description=_("before → now"))
def figures(row):
    """Old and new numbers; toman per 1,000 (a piece for packages), quantities."""
    old, new = row.data.get("old"), row.data.get("new")
    if old is None or new is None:
        return EMPTY
    if not isinstance(new, dict):
        return format_html("{} → {}", show_number(old), show_number(new))
    names = {"min": _t("minimum"), "max": _t("maximum")}
    changed = [(names[name], show_number(old[name]), show_number(new[name])) for name in names if name in new]
    return format_html_join("; ", "{}: {} → {}", changed)


@admin.display(description=_("reason"))
def reason(row):
    """Why; the reasons of a pause are sentences that the catalogue knows."""
    said = row.data.get("reason")
    return format_html("<bdi>{}</bdi>", REASONS.get(said) or _t(said)) if said else EMPTY


@admin.register(ServiceEvent)
class ServiceEventAdmin(EventAdmin):
    """Every change of a price, of bounds, each pause and its end. Search by the service's number."""

    about = staticmethod(service_link)
    list_filter = (SetAsideFilter,)
    search_fields = ("=service__id",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service")

    def get_list_display(self, request):
        told = [moment_column("created", _("created")), moment_column("handled_at", _("handled"))]
        return ["id", service_link, kind_in_words, figures, reason, *told]


add_work(
    WorkLine(
        label=_("service events set aside"),
        count=lambda: list_set_aside(ServiceEvent),
        url_name="admin:orders_serviceevent_changelist",
        permission="orders.view_serviceevent",
        query="?handling=set_aside",
    )
)
