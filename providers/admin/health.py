"""The admin page of routes' health: how each did in the last days, the worst first."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from providers.admin.route_columns import (
    failure_rate,
    finish_rate,
    median_time,
    refusal_rate,
    resting,
    score,
)
from providers.models import RouteHealth


@admin.display(description=_("route"), ordering="route_id")
def route_link(row):
    """The service and where it goes, as a link to the route's page."""
    url = reverse("admin:providers_route_change", args=[row.route_id])
    return format_html('<a href="{}"><bdi>#{}</bdi> {}</a>', url, row.route_id, row.route.service.name)


@admin.display(description=_("provider"), ordering="route__provider_id")
def provider_name(row):
    """Whose route it is."""
    return row.route.provider.name


class RestingFilter(admin.SimpleListFilter):
    """Routes that are left out for failing often."""

    title = _("resting")
    parameter_name = "resting"
    lookup = "rests__gt"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(**{self.lookup: 0})
        if self.value() == "no":
            return queryset.exclude(**{self.lookup: 0})
        return queryset


class RestingRouteFilter(RestingFilter):
    """The same for rows about routes."""

    lookup = "route__rests__gt"


@admin.register(RouteHealth)
class RouteHealthAdmin(ViewOnlyAdmin):
    """Measured every ten minutes; the choice of routes by health goes by it."""

    list_display = (
        route_link,
        provider_name,
        number_column("sent", _("sent")),
        finish_rate,
        refusal_rate,
        failure_rate,
        median_time,
        score,
        resting,
        moment_column("measured_at", _("measured")),
    )
    list_display_links = None
    list_filter = (RestingRouteFilter, "route__provider")
    ordering = ("score", "route_id")
    search_fields = ("route__service__name", "=route__service__id", "=route__upstream_service")
    fields = (
        route_link,
        provider_name,
        number_column("sent", _("sent")),
        number_column("finished", _("finished")),
        number_column("cut_short", _("partial or canceled")),
        number_column("refused", _("refused")),
        number_column("failed", _("unavailable or unclear")),
        median_time,
        score,
        resting,
        moment_column("measured_at", _("measured")),
    )
    readonly_fields = fields

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("route__service", "route__provider")
        return rows.defer("route__provider__key", "route__provider__password")
