"""The admin pages of dispatches, and the work lists of those that a person has to decide about."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from orders.admin.events import order_link
from orders.admin.orders import add_inline
from panel.admin_site.actions import answer_actions
from panel.admin_site.columns import ltr_column, moment_column, number_column, show_number
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from providers.admin.providers import provider_link
from providers.admin.remains import (
    REMAINS_QUERY,
    SETTLE_PARTIAL,
    RemainsFilter,
    quantity_of_order,
    remains_link,
    say_settled_order,
    show_remains_evidence,
    waits,
    waits_for_remains,
)
from providers.admin.settling import CONFIRM, MAY_SETTLE, SEND_AGAIN, say_settled, show_evidence
from providers.models import Dispatch

UNCLEAR_QUERY = "?state__exact=unclear"
SHOWN_CHARACTERS = 60
created = moment_column("created", _("created"))
answered_at = moment_column("answered_at", _("answered"))
upstream_id = ltr_column("upstream_id", _("upstream order"))
reason = ltr_column("reason", _("reason"))
balance_before = number_column("balance_before", _("balance before"))
balance_after = number_column("balance_after", _("balance after"))


@admin.display(description=_("age"), ordering="created")
def age(row):
    """How long nobody has known."""
    return timesince(row.created, timezone.now(), depth=1)


@admin.display(description=_("link"))
def link_of_order(row):
    """The link that was ordered for, shortened."""
    return format_html('<bdi dir="ltr">{}</bdi>', Truncator(row.order.link).chars(SHOWN_CHARACTERS))


@admin.display(description=_("answer"))
def short_answer(row):
    """The first of what the provider answered; all of it is on the dispatch's own page."""
    return format_html('<bdi dir="ltr">{}</bdi>', Truncator(row.excerpt).chars(SHOWN_CHARACTERS) or "–")


@admin.display(description=_("balance before and after"))
def balances(row):
    """Our money there around the call: evidence for a person, it decides nothing."""
    return format_html("{}<br>{}", show_number(row.balance_before), show_number(row.balance_after))


@admin.display(description=_("decide"))
def settle_link(row):
    """The way to both buttons."""
    url = reverse("admin:providers_dispatch_settle", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, _("Decide…"))


@admin.register(Dispatch)
class DispatchAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Filtered by "unclear" or by missing remains its list is a work list: oldest first, with all evidence."""

    list_filter = ("state", "provider", RemainsFilter)
    sortable_by = ("id",)  # as for orders, of which it has as many
    number_lookups = ("order_id",)
    customer_lookup = "order__customer_id"
    search_help_text = _("Number of an order, or a customer's mobile, email or username")
    fields = (
        order_link,
        link_of_order,
        provider_link,
        ltr_column("upstream_service", _("upstream service")),
        "state",
        upstream_id,
        "raw_status",
        reason,
        ltr_column("excerpt", _("answer")),
        balance_before,
        balance_after,
        ltr_column("idempotency_key", _("Idempotency-Key")),
        "asks",
        created,
        answered_at,
        moment_column("next_poll_at", _("next poll")),
        moment_column("next_ask_at", _("next ask")),
        moment_column("cancel_sent_at", _("cancel sent")),
        "resolved_by",
    )
    readonly_fields = fields
    tools = (
        Tool(
            _("Decide…"),
            "admin:providers_dispatch_settle",
            MAY_SETTLE,
            lambda row: row.state == Dispatch.State.UNCLEAR,
        ),
        Tool(
            _("Type in the remains…"),
            "admin:providers_dispatch_remains",
            MAY_SETTLE,
            waits_for_remains,
        ),
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider", "order")
        return rows.defer("provider__key", "provider__password")

    def get_list_display(self, request):
        may_settle = request.user.has_perm(MAY_SETTLE)
        if _is_remains_list(request):
            type_in = (remains_link,) if may_settle else ()
            return (
                "id",
                *type_in,
                waits,
                order_link,
                provider_link,
                upstream_id,
                "raw_status",
                quantity_of_order,
            )
        if not _is_work_list(request):
            return ("id", order_link, provider_link, "state", upstream_id, reason, created, answered_at)
        decide = (settle_link,) if may_settle else ()
        return (
            "id",
            *decide,
            age,
            order_link,
            provider_link,
            link_of_order,
            reason,
            short_answer,
            balances,
        )

    def get_ordering(self, request):
        if _is_remains_list(request):
            return ("remains_missing_at", "id")
        return ("created", "id") if _is_work_list(request) else ("-id",)

    def changelist_view(self, request, extra_context=None):
        extra = extra_context or {}
        if _is_work_list(request):
            extra = {"title": _("Unclear orders: look at the provider's list and decide")} | extra
        elif _is_remains_list(request):
            extra = {"title": _("Partial orders: look up at the provider what remains")} | extra
        return super().changelist_view(request, extra)

    def get_urls(self):
        pages = add_pages(
            self,
            ("<int:object_id>/settle/", self.settle_view, "providers_dispatch_settle"),
            ("<int:object_id>/remains/", self.remains_view, "providers_dispatch_remains"),
        )
        return pages + super().get_urls()

    def settle_view(self, request, object_id):
        """Both buttons below all that is known; back to the work list afterwards."""
        if not request.user.has_perm(MAY_SETTLE):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        back = reverse("admin:providers_dispatch_changelist") + UNCLEAR_QUERY
        if row.state != Dispatch.State.UNCLEAR and request.method != "POST":
            messages.info(request, say_settled(row))
            return HttpResponseRedirect(back)
        title = _("Is order #%(order)s at %(provider)s?") % {
            "order": row.order_id,
            "provider": row.provider.name,
        }
        return answer_actions(
            self, request, object_id, [CONFIRM, SEND_AGAIN], title=title, context=show_evidence, back=back
        )

    def remains_view(self, request, object_id):
        """The form for the remains below all that is known; back to its work list afterwards."""
        if not request.user.has_perm(MAY_SETTLE):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        back = reverse("admin:providers_dispatch_changelist") + REMAINS_QUERY
        if not waits_for_remains(row) and request.method != "POST":
            messages.info(request, say_settled_order(row))
            return HttpResponseRedirect(back)
        return answer_actions(
            self, request, object_id, [SETTLE_PARTIAL], context=show_remains_evidence, back=back
        )


def _is_work_list(request):
    return request.GET.get("state__exact") == Dispatch.State.UNCLEAR


def _is_remains_list(request):
    return request.GET.get(RemainsFilter.parameter_name) == "missing"


class DispatchInline(ViewOnlyInline):
    """Every sending of an order, on the order's page."""

    model = Dispatch
    ordering = ("id",)
    fields = (
        provider_link,
        "state",
        upstream_id,
        "raw_status",
        reason,
        created,
        answered_at,
        "resolved_by",
    )
    readonly_fields = fields

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider")
        return rows.defer("provider__key", "provider__password")


add_inline(DispatchInline)
add_work(
    WorkLine(
        label=_("unclear orders"),
        count=lambda: Dispatch.objects.filter(state=Dispatch.State.UNCLEAR),
        url_name="admin:providers_dispatch_changelist",
        permission="providers.view_dispatch",
        query=UNCLEAR_QUERY,
    )
)
