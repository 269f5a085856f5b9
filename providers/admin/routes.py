"""The admin pages of routes: a list of their own, and rows on the page of a provider and of a service."""

from django.contrib import admin

from orders.admin.catalogue import ServiceAdmin
from panel.admin_site.model_admin import PanelModelAdmin
from providers.models import Route

FIELDS = ("upstream_service", "priority", "cost", "active")
# A row sends 7 fields, and a form of more than settings.DATA_UPLOAD_MAX_NUMBER_FIELDS is refused as a whole.
MAX_INLINE_ROUTES = 15
MAX_FORM_ROWS = 20  # those, and what is added in one go


class RouteInline(admin.TabularInline):
    """Not deleted but switched off: dispatches name their route."""

    model = Route
    extra = 0
    max_num = MAX_FORM_ROWS
    can_delete = False
    show_change_link = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in FIELDS[:3]:
            field.widget.attrs["dir"] = "ltr"
        return field


class RouteOfProviderInline(RouteInline):
    """The services that this provider can do."""

    autocomplete_fields = ("service",)
    fields = ("service", *FIELDS)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service")


class RouteOfServiceInline(RouteInline):
    """The ways to have this service done; the lowest priority goes first."""

    autocomplete_fields = ("provider",)
    fields = ("provider", *FIELDS)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("provider")


# A service knows nothing of the applications above it, so its routes are put on its page from here.
ServiceAdmin.inlines = (*ServiceAdmin.inlines, RouteOfServiceInline)


@admin.register(Route)
class RouteAdmin(PanelModelAdmin):
    """All routes, to compare and to search."""

    list_display = ("id", "service", "provider", "upstream_service", "priority", "cost", "active")
    list_display_links = ("id", "service")
    list_filter = ("active", "provider")
    ordering = ("service_id", "priority", "id")
    search_fields = ("service__name", "=service__id", "=upstream_service")
    autocomplete_fields = ("service", "provider")
    fields = ("service", "provider", *FIELDS)
    ltr_fields = ("upstream_service",)

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("service", "provider")
        return rows.defer("provider__key", "provider__password")

    def has_delete_permission(self, request, obj=None):
        return False
