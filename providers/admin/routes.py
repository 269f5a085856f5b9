"""The admin pages of routes: a list of their own, and rows on the page of a provider and of a service."""

import hashlib

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.admin.catalogue import ServiceAdmin, add_service_inline
from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, number_column, show_number
from panel.admin_site.model_admin import CalmAutocompleteMixin, PanelModelAdmin, Tool, add_pages
from panel.admin_site.work_list import WorkLine, add_work
from providers.admin.health import RestingFilter
from providers.admin.route_columns import HEALTH_COLUMNS, resting
from providers.models import Route
from providers.resting import use_again

FIELDS = ("upstream_service", "priority", "cost", "active")
MAY_CHANGE = "providers.change_route"
# A row sends 7 fields, and a form of more than settings.DATA_UPLOAD_MAX_NUMBER_FIELDS is refused as a whole.
MAX_INLINE_ROUTES = 15
MAX_FORM_ROWS = 20  # those, and what is added in one go


def has_few_routes(obj):
    """Whether the routes of this provider or service (None: a new one) fit on its page."""
    return obj is None or obj.routes.count() <= MAX_INLINE_ROUTES


@admin.display(description=_("routes"))
def routes_of_service(service):
    """How many routes the service has, as a link to their list."""
    if service.pk is None:
        return EMPTY
    url = f"{reverse('admin:providers_route_changelist')}?service__id__exact={service.pk}"
    return format_html('<a href="{}">{}</a>', url, show_number(service.routes.count()))


class RouteFormSet(forms.BaseInlineFormSet):
    """Refuses to write over what somebody else, or a sync, changed since the page was shown."""

    @property
    def seen(self):
        """What the page shows of the routes, in short; of a form sent back, what it showed then."""
        return self.data.get(f"{self.prefix}-seen") or _shorten(self.get_queryset())

    def clean(self):
        super().clean()
        sent = self.data.get(f"{self.prefix}-seen")
        # Locked until the transaction of this save ends: of two at one moment the second finds the first's.
        rows = Route.objects.select_for_update(no_key=True).filter(service=self.instance.pk)
        if sent and sent != _shorten(rows.order_by("priority", "id")):
            raise forms.ValidationError(
                _t(
                    "These routes were changed meanwhile, so nothing was saved. Open the page anew and look again."
                )
            )


def _shorten(routes):
    told = ";".join(f"{row.pk} {row.priority} {row.cost} {row.active}" for row in routes)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


class RouteInline(CalmAutocompleteMixin, admin.TabularInline):
    """Not deleted but switched off: dispatches name their route."""

    model = Route
    extra = 0
    max_num = MAX_FORM_ROWS
    can_delete = False
    show_change_link = True
    readonly_fields = HEALTH_COLUMNS

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in FIELDS[:3]:
            # Narrow ones: the columns of health have to fit beside them.
            field.widget.attrs |= {"dir": "ltr", "class": "vIntegerField"}
        if field:
            field.widget.attrs["aria-label"] = capfirst(field.label)  # the rows of a table have no labels
        return field


class RouteOfProviderInline(RouteInline):
    """The services that this provider can do."""

    autocomplete_fields = ("service",)
    fields = ("service", *FIELDS, *HEALTH_COLUMNS)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service", "health")


class RouteOfServiceInline(RouteInline):
    """The ways to have this service done; the lowest priority goes first. They are put in order by dragging, too."""

    template = "admin/routes_inline.html"
    formset = RouteFormSet
    autocomplete_fields = ("provider",)
    fields = ("provider", *FIELDS, *HEALTH_COLUMNS)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("provider", "health").order_by("priority", "id")

    class Media:
        js = ("admin_panel/routes.js",)
        css = {"all": ("admin_panel/routes.css",)}


# A service knows nothing of the applications above it, so its routes are put on its page from here.
add_service_inline(RouteOfServiceInline, fits=has_few_routes)
ServiceAdmin.readonly_fields = (*ServiceAdmin.readonly_fields, routes_of_service)
ServiceAdmin.fieldsets = (
    *ServiceAdmin.fieldsets,
    (_("Routes"), {"fields": ("route_choice", routes_of_service)}),
)


@admin.register(Route)
class RouteAdmin(PanelModelAdmin):
    """All routes, to compare and to search."""

    list_display = (
        "id",
        "service",
        "provider",
        resting,  # early, where the button is seen without scrolling
        "upstream_service",
        "priority",
        number_column("cost", _("cost")),
        "active",
        *(column for column in HEALTH_COLUMNS if column is not resting),
    )
    list_display_links = ("id", "service")
    list_filter = ("active", RestingFilter, "provider")
    ordering = ("service_id", "priority", "id")
    search_fields = ("service__name", "=service__id", "=upstream_service")
    autocomplete_fields = ("service", "provider")
    fields = ("service", "provider", *FIELDS, *HEALTH_COLUMNS)
    readonly_fields = HEALTH_COLUMNS
    ltr_fields = ("upstream_service",)
    tools = (
        Tool(_("Use again now"), "admin:providers_route_use_again", MAY_CHANGE, lambda row: bool(row.rests)),
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("service", "provider", "health")
        return rows.defer("provider__key", "provider__password")

    def lookup_allowed(self, lookup, value, request):
        """The page of a service with many routes leads to their list."""
        return lookup == "service__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        page = ("<int:object_id>/use-again/", self.use_again_view, "providers_route_use_again")
        return add_pages(self, page) + super().get_urls()

    def use_again_view(self, request, object_id):
        """Ends the rest of a route that failed often."""
        return answer_actions(self, request, object_id, [USE_AGAIN])


def _use_again(request, route, data):
    if not use_again(route.pk):
        raise AlreadyDone(_t("It is in use already."))
    return _t("It is used again; waiting orders are looked at within a minute.")


USE_AGAIN = Action(
    title=_("Use this route again"),
    button=_("Use again now"),
    act=_use_again,
    permission=MAY_CHANGE,
    note=_("It failed often and rests. By itself it is tried with one order when the rest is over."),
)
add_work(
    WorkLine(
        label=_("resting routes"),
        count=lambda: Route.objects.filter(rests__gt=0, active=True),
        url_name="admin:providers_route_changelist",
        permission="providers.view_route",
        query="?resting=yes&active__exact=1",
    )
)
