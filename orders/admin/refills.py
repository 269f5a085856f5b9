"""The admin page of refills: all can be seen, and one that ended without success can be asked for again."""

from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.admin.events import order_link
from orders.models import Refill
from orders.refills import ask_again
from orders.refusals import OrderRefused
from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin

MAY_ASK = "orders.change_refill"
created = moment_column("created", _("created"))
sent = moment_column("sent_at", _("taken upstream"))
next_ask = moment_column("next_ask_at", _("next ask"))


@admin.register(Refill)
class RefillAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """What customers asked to be delivered again."""

    list_display = ("id", order_link, "status", ltr_column("reason", _("reason")), created, sent, next_ask)
    list_filter = ("status",)
    ordering = ("-id",)
    sortable_by = ("id",)
    number_lookups = ("pk", "order_id")
    customer_lookup = "order__customer_id"
    search_help_text = _("Number of a refill or an order, or a customer's mobile, email or username")
    fields = (
        order_link,
        "status",
        ltr_column("upstream_id", _("upstream refill")),
        ltr_column("reason", _("reason")),
        "tries",
        created,
        sent,
        next_ask,
        moment_column("changed", _("changed")),
    )
    readonly_fields = fields
    tools = (
        Tool(
            _("Ask again"),
            "admin:orders_refill_ask_again",
            MAY_ASK,
            lambda row: row.status != Refill.Status.COMPLETED,
        ),
    )

    def get_urls(self):
        page = ("<int:object_id>/ask-again/", self.ask_again_view, "orders_refill_ask_again")
        return add_pages(self, page) + super().get_urls()

    def ask_again_view(self, request, object_id):
        """Has the provider asked at once, though the refill was refused or given up."""
        return answer_actions(self, request, object_id, [ASK_AGAIN])


def _ask_again(request, refill, data):
    try:
        ask_again(refill.pk)
    except OrderRefused:
        words = _t("It is completed, or a newer refill of order #%(order)s is on its way.")
        raise ActionRefused(words % {"order": refill.order_id}) from None
    return _t("The provider is asked again within a minute.")


ASK_AGAIN = Action(
    title=_("Ask the provider again"),
    button=_("Ask again"),
    act=_ask_again,
    permission=MAY_ASK,
    note=_("A refill costs nothing, and asking twice for the same one does no harm."),
)
