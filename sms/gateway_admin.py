"""The admin of what SMS goes through and what it costs: gateways, sender numbers, packages, accounts."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import PanelModelAdmin, Tool, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.secret_fields import SecretsAdminMixin, SecretsForm, secret_field
from panel.admin_site.work_list import WorkLine, add_work
from sms.models import Gateway, Package, SenderLine, SmsAccount
from sms.routes import resume_gateway

MAY_CHANGE = "sms.change_gateway"
paused_until = moment_column("paused_until", _("paused until"))
created = moment_column("created", _("created"))


def list_paused():
    """The gateways that would be asked but for a pause."""
    return Gateway.objects.filter(active=True, paused_until__gt=timezone.now())


class GatewayForm(SecretsForm):
    """Where a gateway is and what opens it."""

    secrets = ("token", "password")
    url = forms.URLField(
        label=capfirst(_("address")),
        help_text=Gateway._meta.get_field("url").help_text,
        max_length=300,
        assume_scheme="https",
        widget=AdminURLFieldWidget(attrs={"dir": "ltr"}),
    )
    token = secret_field(_("token"))
    password = secret_field(_("password"))

    class Meta:
        model = Gateway
        fields = forms.ALL_FIELDS

    def clean(self):
        data = super().clean()
        by_name = data.get("kind") == Gateway.Kind.REST and data.get("username") and data["password"]
        if not data["token"] and not by_name and "token" not in self.errors:
            self.add_error("token", _t("Write its token; REST may have a username and a password instead."))
        return data


class PausedFilter(admin.SimpleListFilter):
    """Gateways that are let be for a while because of trouble with our account there."""

    title = _("paused")
    parameter_name = "paused"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(pk__in=list_paused())
        return queryset.exclude(pk__in=list_paused()) if self.value() == "no" else queryset


@admin.register(Gateway)
class GatewayAdmin(SecretsAdminMixin, PanelModelAdmin):
    """Never deleted, for messages name it: `active` ends its use."""

    form = GatewayForm
    list_display = (
        "name",
        "kind",
        "priority",
        ltr_column("url", _("address")),
        ltr_column("sender", _("sends from")),
        number_column("part_cost", _("cost of a part")),
        "active",
        paused_until,
    )
    list_filter = ("active", PausedFilter, "kind")
    ordering = ("priority", "id")
    ltr_fields = ("username", "sender")
    fieldsets = (
        (None, {"fields": ("name", "kind", "url", "sender", "priority", "active")}),
        (_("Login there"), {"fields": ("token", "username", "password")}),
        (_("Calls"), {"fields": ("each_delivery", "part_cost")}),
        (_("Pause"), {"fields": (paused_until, "pause_reason", created)}),
    )
    readonly_fields = (paused_until, "pause_reason", created)
    tools = (
        Tool(
            _("Resume"),
            "admin:sms_gateway_resume",
            MAY_CHANGE,
            lambda row: row.paused_until is not None and row.paused_until > timezone.now(),
        ),
    )

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        pages = add_pages(self, ("<int:object_id>/resume/", self.resume_view, "sms_gateway_resume"))
        return pages + super().get_urls()

    def resume_view(self, request, object_id):
        """Asks a paused one again."""
        return answer_actions(self, request, object_id, [RESUME])


def _resume(request, gateway, data):
    if not list_paused().filter(pk=gateway.pk).exists():
        raise AlreadyDone(_t("It is not paused any more."))
    resume_gateway(gateway.pk)
    return _t("It is asked again from now on.")


RESUME = Action(
    title=_("Resume this gateway"),
    button=_("Resume"),
    act=_resume,
    permission=MAY_CHANGE,
    note=_("Make sure that the reason of the pause is gone."),
)


@admin.register(SenderLine)
class SenderLineAdmin(PanelModelAdmin):
    """Numbers that customers send from."""

    list_display = (ltr_column("number", _("number")), "gateway", "customer", "advertising", "active")
    list_select_related = ("customer", "gateway")
    list_filter = ("active", "advertising", "gateway")
    search_fields = ("=number",)
    autocomplete_fields = ("customer",)
    ltr_fields = ("number",)


@admin.register(Package)
class PackageAdmin(PanelModelAdmin):
    """What a part costs customers, in toman."""

    list_display = (
        "name",
        number_column("persian_price", _("a part with Persian letters")),
        number_column("latin_price", _("a part of Latin letters alone")),
        "public",
        "is_default",
        "active",
    )
    ordering = ("-is_default", "name")


@admin.register(SmsAccount)
class SmsAccountAdmin(IndexedSearchMixin, PanelModelAdmin):
    """What is special about a customer's use of SMS."""

    number_lookups = ("customer_id",)
    list_display = (
        "customer",
        "package",
        "access",
        "trial",
        "may_manage",
        "manager",
        moment_column("expires_at", _("expires")),
        moment_column("closed_at", _("closed")),
    )
    list_select_related = ("customer", "package", "manager")
    list_filter = ("access", "trial", "may_manage", "package")
    ordering = ("-id",)
    autocomplete_fields = ("customer", "manager")
    ltr_fields = ("fax", "national_code", "certificate", "postal_code", "phone")
    fieldsets = (
        (None, {"fields": ("customer", "package", "access", "trial", "expires_at", "closed_at")}),
        (_("Users below"), {"fields": ("manager", "may_manage")}),
        (
            _("Who it is"),
            {
                "fields": (
                    "company",
                    "national_code",
                    "certificate",
                    "phone",
                    "fax",
                    "address",
                    "postal_code",
                    created,
                )
            },
        ),
    )
    readonly_fields = (created,)


add_work(
    WorkLine(
        label=_("paused SMS gateways"),
        count=list_paused,
        url_name="admin:sms_gateway_changelist",
        permission="sms.view_gateway",
        query="?paused=yes",
    )
)
