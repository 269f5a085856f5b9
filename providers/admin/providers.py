"""The admin pages of providers, and of what they told operators."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column, show_number
from panel.admin_site.events import EventAdmin, SetAsideFilter, list_set_aside
from panel.admin_site.model_admin import PanelModelAdmin, Tool, add_pages
from panel.admin_site.secret_fields import SecretsAdminMixin
from panel.admin_site.work_list import WorkLine, add_work
from providers.adapters.base import AdapterError
from providers.admin.looking import show_calls, show_look
from providers.admin.provider_form import ProviderForm
from providers.admin.routes import RouteOfProviderInline, has_few_routes
from providers.admin.speeds import hour_errors, hour_speed, read_last_hour
from providers.balances import read_provider_balance
from providers.models import Provider, ProviderEvent
from providers.pausing import pause_provider, resume_provider

MAY_CHANGE = "providers.change_provider"
balance = number_column("balance", _("balance"))
balance_at = moment_column("balance_at", _("balance read"))
low_balance_told_at = moment_column("low_balance_told_at", _("told of low balance"))
paused_at = moment_column("paused_at", _("paused"))
created = moment_column("created", _("created"))


@admin.display(description=_("routes"))
def routes_link(provider):
    """How many routes lead to it, as a link to their list."""
    if provider.pk is None:
        return EMPTY
    url = f"{reverse('admin:providers_route_changelist')}?provider__id__exact={provider.pk}"
    return format_html('<a href="{}">{}</a>', url, show_number(provider.routes.count()))


@admin.display(description=_("calls"))
def look_link(provider):
    """The way to the page that shows how it does."""
    url = reverse("admin:providers_provider_look", args=[provider.pk])
    return format_html('<a href="{}">{}</a>', url, _t("Calls and speed"))


class PausedFilter(admin.SimpleListFilter):
    """Providers to which nothing is sent until somebody lets them go on."""

    title = _("paused")
    parameter_name = "paused"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(paused_at__isnull=self.value() == "no")
        return queryset


@admin.register(Provider)
class ProviderAdmin(SecretsAdminMixin, PanelModelAdmin):
    """Never deleted, for dispatches name it: `active` ends its use."""

    form = ProviderForm
    list_display = (
        "name",
        "dialect",
        ltr_column("url", _("address")),
        "active",
        paused_at,
        balance,
        balance_at,
        hour_errors,
        hour_speed,
        look_link,
    )
    list_filter = ("active", PausedFilter, "dialect")
    search_fields = ("name",)
    ordering = ("name",)
    ltr_fields = ("url", "username", "currency")
    fieldsets = (
        (None, {"fields": ("name", "dialect", "url", "active", routes_link)}),
        (_("Login there"), {"fields": ("key", "username", "password")}),
        (
            _("Money"),
            {"fields": ("currency", "rate", balance, balance_at, "low_balance", low_balance_told_at)},
        ),
        (_("Calls"), {"fields": ("honours_idempotency_key", "calls_per_second")}),
        (_("Pause"), {"fields": (paused_at, "pause_reason", created)}),
    )
    readonly_fields = (
        routes_link,
        balance,
        balance_at,
        low_balance_told_at,
        paused_at,
        "pause_reason",
        created,
    )
    tools = (
        Tool(_("Calls, speed and money"), "admin:providers_provider_look", "providers.view_provider"),
        Tool(_("Test call"), "admin:providers_provider_test", MAY_CHANGE),
        Tool(_("Pause"), "admin:providers_provider_pause", MAY_CHANGE, lambda row: row.paused_at is None),
        Tool(
            _("Resume"), "admin:providers_provider_resume", MAY_CHANGE, lambda row: row.paused_at is not None
        ),
    )

    def has_delete_permission(self, request, obj=None):
        return False

    def get_inlines(self, request, obj):
        """Its routes, while they are few; else they are edited in their own list."""
        return [RouteOfProviderInline] if has_few_routes(obj) else []

    def get_urls(self):
        pages = add_pages(
            self,
            ("<int:object_id>/look/", self.look_view, "providers_provider_look"),
            ("<int:object_id>/calls/", self.calls_view, "providers_provider_calls"),
            ("<int:object_id>/test/", self.test_view, "providers_provider_test"),
            ("<int:object_id>/pause/", self.pause_view, "providers_provider_pause"),
            ("<int:object_id>/resume/", self.resume_view, "providers_provider_resume"),
        )
        return pages + super().get_urls()

    def get_changelist_instance(self, request):
        """The rows get the counts of their calls, all with one question to Redis."""
        changelist = super().get_changelist_instance(request)
        hours = read_last_hour([row.pk for row in changelist.result_list])
        for row in changelist.result_list:
            row.hour = hours.get(row.pk)
        return changelist

    def look_view(self, request, object_id):
        """All that is known of it, and the log of calls."""
        return show_look(self, request, object_id, TEST_CALL)

    def calls_view(self, request, object_id):
        """The log alone."""
        return show_calls(self, request, object_id)

    def test_view(self, request, object_id):
        """Asks the provider for our balance."""
        return answer_actions(self, request, object_id, [TEST_CALL])

    def pause_view(self, request, object_id):
        """Stops sending to it, with a reason."""
        return answer_actions(self, request, object_id, [PAUSE])

    def resume_view(self, request, object_id):
        """Lets a paused one go on."""
        return answer_actions(self, request, object_id, [RESUME])


class PauseForm(forms.Form):
    """Why nothing is to be sent."""

    reason = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"})
    )


def _test_call(request, provider, data):
    try:
        answer = read_provider_balance(provider.pk)
    except AdapterError as error:
        raise ActionRefused(
            _t("It did not tell our balance: %(reason)s") % {"reason": error.reason}
        ) from None
    amount = show_number(answer.amount)
    return format_html(
        _t("It answered. Our balance there: {} {}"), amount, answer.currency or provider.currency
    )


def _pause(request, provider, data):
    if not pause_provider(provider.pk, data["reason"]):
        raise AlreadyDone(_t("It was paused already."))
    return _t("Nothing more is sent to it until it is resumed.")


def _resume(request, provider, data):
    resume_provider(provider.pk)
    return _t("It is used again; waiting orders are looked at within a minute.")


TEST_CALL = Action(
    title=_("Test call"),
    button=_("Ask for our balance"),
    act=_test_call,
    permission=MAY_CHANGE,
    note=_("Reads our balance there and stores it. It orders nothing."),
    talks=True,
)
PAUSE = Action(
    title=_("Pause this provider"),
    button=_("Pause"),
    act=_pause,
    permission=MAY_CHANGE,
    form_class=PauseForm,
    note=_("Orders go to the next route, or wait. Orders it has already are still followed."),
    danger=True,
)
RESUME = Action(
    title=_("Resume this provider"),
    button=_("Resume"),
    act=_resume,
    permission=MAY_CHANGE,
    note=_("Make sure that the reason of the pause is gone."),
)


@admin.display(description=_("provider"), ordering="provider_id")
def provider_link(row):
    """The provider's name, as a link to its page."""
    url = reverse("admin:providers_provider_change", args=[row.provider_id])
    return format_html('<a href="{}">{}</a>', url, row.provider.name)


@admin.register(ProviderEvent)
class ProviderEventAdmin(EventAdmin):
    """Pauses, unclear orders, statuses nobody knows."""

    about = staticmethod(provider_link)
    list_filter = (SetAsideFilter, "provider")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider")
        return rows.defer("provider__key", "provider__password")


add_work(
    WorkLine(
        label=_("paused providers"),
        count=lambda: Provider.objects.filter(paused_at__isnull=False),
        url_name="admin:providers_provider_changelist",
        permission="providers.view_provider",
        query="?paused=yes",
    )
)
add_work(
    WorkLine(
        label=_("provider events set aside"),
        count=lambda: list_set_aside(ProviderEvent),
        url_name="admin:providers_providerevent_changelist",
        permission="providers.view_providerevent",
        query="?handling=set_aside",
    )
)
