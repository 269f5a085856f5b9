"""The admin pages of prices that wait for approval, and of services that the sync keeps paused."""

from collections import Counter

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.admin.service_events import service_link
from orders.models import MAX_PRICE, MAX_QUANTITY, Service
from orders.service_types import ServiceType
from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, moment_column, number_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.work_list import WorkLine, add_work
from providers.models import PriceProposal, Route, SyncedService
from providers.sync.completing import NotUntold, complete_service
from providers.sync.pricing import BOUGHT_TYPES
from providers.sync.proposals import BelowCost, NotWaiting, approve_price, reject_price

MAY_COMPLETE = "orders.change_service"


@admin.register(PriceProposal)
class PriceProposalAdmin(ViewOnlyAdmin):
    """Filtered by "waiting" it is the list of prices to decide about."""

    list_display = (
        "id",
        service_link,
        number_column("old_price", _("price then")),
        number_column("price", _("proposed price")),
        number_column("cost", _("cost in toman")),
        "state",
        moment_column("created", _("created")),
        moment_column("decided_at", _("decided")),
        "decided_by",
    )
    list_filter = ("state",)
    search_fields = ("=service__id", "service__name")
    ordering = ("-id",)
    actions = ("approve", "reject")
    fields = readonly_fields = list_display[1:]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service")

    def has_decide_permission(self, request):
        return request.user.has_perm("providers.change_priceproposal")

    @admin.action(description=_("Approve the proposed prices"), permissions=["decide"])
    def approve(self, request, queryset):
        """Sell at the proposed prices from now on."""
        counts = _decide_all(request, queryset, approve_price)
        words = ngettext("%(count)s price was approved.", "%(count)s prices were approved.", counts["done"])
        messages.success(request, words % {"count": counts["done"]})
        if below := counts["below"]:
            words = ngettext(
                "%(count)s price is below the cost of now: the next sync proposes another.",
                "%(count)s prices are below the cost of now: the next sync proposes others.",
                below,
            )
            messages.error(request, words % {"count": below})

    @admin.action(description=_("Reject the proposed prices"), permissions=["decide"])
    def reject(self, request, queryset):
        """Keep the prices as they are; services below cost stay paused."""
        counts = _decide_all(request, queryset, reject_price)
        words = ngettext("%(count)s price was rejected.", "%(count)s prices were rejected.", counts["done"])
        messages.success(request, words % {"count": counts["done"]})


def _decide_all(request, queryset, decide):
    """Decide about each; what somebody decided meanwhile is passed over."""
    counts = Counter()
    for pk in queryset.values_list("pk", flat=True):
        try:
            decide(pk, request.user.get_username())
            counts["done"] += 1
        except NotWaiting:
            counts["late"] += 1
        except BelowCost:
            counts["below"] += 1
    return counts


class FiguresForm(forms.Form):
    """What the upstream doesn't publish."""

    price = forms.IntegerField(
        label=_("price"),
        min_value=0,
        max_value=MAX_PRICE,
        help_text=_("toman per 1,000; per piece for packages"),
    )
    min = forms.IntegerField(label=_("minimum"), min_value=1, max_value=MAX_QUANTITY)
    max = forms.IntegerField(label=_("maximum"), min_value=1, max_value=MAX_QUANTITY)
    type = forms.ChoiceField(
        label=_("type"), choices=[(name, ServiceType(name).label) for name in BOUGHT_TYPES]
    )
    kind = forms.ChoiceField(label=_("kind"), choices=Service.Kind.choices, required=False)

    def clean(self):
        data = super().clean()
        if data.get("min") and data.get("max") and data["max"] < data["min"]:
            self.add_error("max", _t("The maximum is below the minimum."))
        return data


def waits_for_figures(row):
    """Whether somebody still has to type in what the upstream doesn't publish."""
    return row.paused_for == SyncedService.Pause.UNTOLD


@admin.display(description=_("decide"))
def complete_link(row):
    """The way to the form, where figures are missing."""
    if not waits_for_figures(row):
        return EMPTY
    url = reverse("admin:providers_syncedservice_complete", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, _("Type in its figures"))


@admin.register(SyncedService)
class SyncedServiceAdmin(ViewOnlyAdmin):
    """Filtered by what they are paused for, these are the services that wait for somebody."""

    fields = readonly_fields = (
        service_link,
        "paused_for",
        number_column("price_by_rule", _("price by the rule")),
        "rule",
    )
    list_display_links = ("paused_for",)  # the first column is a link to the service
    list_filter = ("paused_for",)
    list_select_related = ("service", "rule")
    search_fields = ("=service__id", "service__name")
    ordering = ("-service_id",)
    tools = (
        Tool(
            _("Type in its figures"),
            "admin:providers_syncedservice_complete",
            MAY_COMPLETE,
            waits_for_figures,
        ),
    )

    def get_list_display(self, request):
        decide = (complete_link,) if request.user.has_perm(MAY_COMPLETE) else ()
        return (self.fields[0], *decide, *self.fields[1:])

    def get_urls(self):
        pages = add_pages(
            self, ("<int:object_id>/complete/", self.complete_view, "providers_syncedservice_complete")
        )
        return pages + super().get_urls()

    def complete_view(self, request, object_id):
        """Stores typed figures and puts the service on sale."""
        return answer_actions(self, request, object_id, [COMPLETE], context=_show_service)


def _show_service(row):
    """What is known of the service, and where it is ordered."""
    routes = Route.objects.filter(service=row.pk).select_related("provider").order_by("priority", "id")
    places = [(route.provider.name, route.upstream_service) for route in routes]
    evidence = [
        (_t("service"), service_link(row)),
        (_t("category"), row.service.category),
        (_t("upstream service"), format_html_join("; ", '<bdi>{}</bdi> <bdi dir="ltr">{}</bdi>', places)),
    ]
    return {"evidence": evidence}


def _complete(request, row, data):
    try:
        complete_service(row.pk, data)
    except NotUntold:
        raise AlreadyDone(_t("It has its figures already.")) from None
    return _t("The service is on sale.")


COMPLETE = Action(
    title=_("Type in what the upstream doesn't publish"),
    button=_("Store and put on sale"),
    act=_complete,
    permission=MAY_COMPLETE,
    form_class=FiguresForm,
    note=_("Later syncs never write over these."),
    initial=lambda row: {"type": row.service.type, "kind": row.service.kind},
)
add_work(
    WorkLine(
        label=_("prices that wait for approval"),
        count=lambda: PriceProposal.objects.filter(state=PriceProposal.State.WAITING),
        url_name="admin:providers_priceproposal_changelist",
        permission="providers.view_priceproposal",
        query="?state__exact=waiting",
    )
)


def _add_paused_line(pause, label):
    add_work(
        WorkLine(
            label=label,
            count=lambda: SyncedService.objects.filter(paused_for=pause),
            url_name="admin:providers_syncedservice_changelist",
            permission="providers.view_syncedservice",
            query=f"?paused_for__exact={pause.value}",
        )
    )


_add_paused_line(SyncedService.Pause.UNTOLD, _("services without figures"))
_add_paused_line(SyncedService.Pause.COST, _("services below cost"))
