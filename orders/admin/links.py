"""The admin page of links that orders hold, and the button that lets the next order on one go."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.admin.events import order_link
from orders.links import release_hold
from orders.models import LinkHold, Order
from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, moment_column, show_number
from panel.admin_site.model_admin import ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work

MAY_RELEASE = "orders.change_linkhold"
SHOWN_CHARACTERS = 60
since = moment_column("created", _("held since"))
reported = moment_column("reported_at", _("reported"))


@admin.display(description=_("link"))
def held_link(hold):
    """The link of the order that holds it, shortened."""
    return format_html('<bdi dir="ltr">{}</bdi>', Truncator(hold.order.link).chars(SHOWN_CHARACTERS))


@admin.display(description=_("age"), ordering="created")
def age(hold):
    """How long the order has had the link."""
    return timesince(hold.created, timezone.now(), depth=1)


@admin.display(description=_("forwarding"))
def forwarding(hold):
    """How far the order that holds the link is."""
    return hold.order.get_forwarding_display()


@admin.display(description=_("status"))
def status(hold):
    """The same as its customer sees it."""
    return hold.order.get_status_display()


@admin.display(description=_("orders that wait"), ordering="waiting")
def waiting(hold):
    """How many orders wait behind it."""
    return show_number(hold.waiting)


@admin.display(description=_("decide"))
def release_link(hold):
    """The way to the button, where somebody waits; it names the order, not the link, which may change hands."""
    if not hold.waiting:
        return EMPTY
    url = reverse("admin:orders_linkhold_release", args=[hold.order_id])
    return format_html('<a href="{}">{}</a>', url, _("Let the next one go…"))


class WaitingFilter(admin.SimpleListFilter):
    """Links for which other orders wait, and those of which operators were told."""

    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _("others wait")), ("reported", _("reported as held for long"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(Exists(_list_waiting()))
        if self.value() == "reported":
            return queryset.filter(reported_at__isnull=False)
        return queryset


@admin.register(LinkHold)
class LinkHoldAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Every running order of a service whose orders wait for each other has one: found by number or filter."""

    list_filter = (WaitingFilter,)
    list_display_links = None
    ordering = ("created",)
    number_lookups = ("order_id",)
    customer_lookup = "order__customer_id"
    search_help_text = _("Number of an order, or a customer's mobile, email or username")
    fields = (held_link, order_link, status, forwarding, since, waiting, reported)
    readonly_fields = fields

    def get_queryset(self, request):
        counts = _list_waiting().order_by().values("held_by").annotate(count=Count("pk")).values("count")
        rows = super().get_queryset(request).select_related("order")
        return rows.annotate(waiting=Coalesce(Subquery(counts), 0))

    def get_list_display(self, request):
        decide = (release_link,) if request.user.has_perm(MAY_RELEASE) else ()
        return (held_link, *decide, order_link, status, forwarding, since, age, waiting, reported)

    def get_urls(self):
        page = ("order/<int:order_id>/release/", self.release_view, "orders_linkhold_release")
        return add_pages(self, page) + super().get_urls()

    def release_view(self, request, order_id):
        """Asks whether to let the next order go while this one still has the link."""
        if not request.user.has_perm(MAY_RELEASE):
            raise PermissionDenied
        back = reverse("admin:orders_linkhold_changelist") + "?waiting=yes"
        hold = LinkHold.objects.filter(order_id=order_id).first()
        if hold is None:
            messages.info(request, _t("Order #%(order)s holds no link any more.") % {"order": order_id})
            return HttpResponseRedirect(back)
        return answer_actions(self, request, hold.pk, [RELEASE], context=_show_hold, back=back)


def _list_waiting():
    return Order.objects.filter(held_by=OuterRef("order_id"), forwarding=Order.Forwarding.QUEUED)


def _show_hold(hold):
    evidence = [
        (_t("link"), format_html('<bdi dir="ltr">{}</bdi>', hold.order.link)),
        (_t("order"), order_link(hold)),
        (_t("status"), status(hold)),
        (_t("forwarding"), forwarding(hold)),
        (_t("held since"), since(hold)),
        (_t("orders that wait"), waiting(hold)),
    ]
    return {"evidence": evidence}


def _release(request, hold, data):
    if not release_hold(hold):
        raise AlreadyDone(_t("Order #%(order)s holds no link any more.") % {"order": hold.order_id})
    return _t("The next order on the link of order #%(order)s goes within a minute.") % {
        "order": hold.order_id
    }


RELEASE = Action(
    title=_("Let the next order on this link go"),
    button=_("Let the next one go"),
    act=_release,
    permission=MAY_RELEASE,
    note=_(
        "Two orders that run on one link at the same time under-deliver, for both are counted from a start count."
        " Make sure that the order which holds the link does not run any more."
    ),
    danger=True,
)
add_work(
    WorkLine(
        label=_("links held for long"),
        count=lambda: LinkHold.objects.filter(reported_at__isnull=False),
        url_name="admin:orders_linkhold_changelist",
        permission="orders.view_linkhold",
        query="?waiting=reported",
    )
)
