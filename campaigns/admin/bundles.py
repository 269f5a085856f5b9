"""The admin of bundles of coins and of their purchases, which the store can be asked about at any time."""

from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.bundles import consume_purchase, list_stuck, settle_purchase
from campaigns.models import Bundle, BundlePurchase
from campaigns.refusals import CampaignRefused, Refusal, describe
from campaigns.stores.opening import has_store
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, moment_column, number_column, show_number
from panel.admin_site.model_admin import PanelModelAdmin, Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work

MAY_ASK = "campaigns.change_bundlepurchase"
State = BundlePurchase.State
coins = number_column("coins", _("coins"))
free_coins = number_column("free_coins", _("free coins"))
created = moment_column("created", _("created"))


@admin.register(Bundle)
class BundleAdmin(PanelModelAdmin):
    """Never deleted, for purchases name it: `active` ends its sale. Purchases keep the coins they were made for."""

    list_display = ("bazaar_sku", number_column("price", _("price in toman")), coins, free_coins, "active")
    list_filter = ("active",)
    ordering = ("id",)
    fields = ("bazaar_sku", "price", "coins", "free_coins", "active", created)
    readonly_fields = (created,)
    ltr_fields = ("bazaar_sku",)

    def has_delete_permission(self, request, obj=None):
        return False


class StuckFilter(admin.SimpleListFilter):
    """Purchases that wait for the store for too long."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [("stuck", _("waiting for more than an hour"))]

    def queryset(self, request, queryset):
        return queryset & list_stuck() if self.value() == "stuck" else queryset


def _is_open(purchase):
    """Whether the store may still say something that changes the row."""
    return purchase.state != State.CREDITED or purchase.consumed_at is None


@admin.register(BundlePurchase)
class BundlePurchaseAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """No token is shown. Search by number or by the customer's login name."""

    list_display = (
        "id",
        "customer",
        "bundle",
        coins,
        free_coins,
        "state",
        number_column("asks", _("times asked")),
        "reason",
        created,
    )
    list_filter = ("state", StuckFilter, "bundle")
    list_select_related = ("customer", "bundle")
    ordering = ("-id",)
    sortable_by = ("id",)
    fields = readonly_fields = (
        *list_display[1:],
        moment_column("settled_at", _("settled")),
        moment_column("next_ask_at", _("ask again at")),
        moment_column("consumed_at", _("consumed")),
    )
    tools = (Tool(_("Ask the store now…"), "admin:campaigns_bundlepurchase_ask", MAY_ASK, _is_open),)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("token", "digest")

    def get_urls(self):
        page = ("<int:object_id>/ask/", self.ask_page, "campaigns_bundlepurchase_ask")
        return add_pages(self, page) + super().get_urls()

    def ask_page(self, request, object_id):
        """Asks the store about one purchase now."""
        return answer_actions(self, request, object_id, [ASK], context=_show_evidence)


def _show_evidence(purchase):
    return {
        "evidence": [
            (_("customer"), purchase.customer),
            (_("bundle"), purchase.bundle),
            (_("state"), purchase.get_state_display()),
            (_("reason"), purchase.reason or EMPTY),
            (_("times asked"), show_number(purchase.asks)),
        ]
    }


def _ask(request, purchase, data):
    if not has_store():
        raise ActionRefused(describe(CampaignRefused(Refusal.STORE_OFF)))
    if not _is_open(purchase):
        raise AlreadyDone(_describe(purchase))
    if purchase.state == State.CREDITED:
        consume_purchase(purchase)
    else:
        settle_purchase(purchase)
    purchase.refresh_from_db(fields=["state", "reason"])
    return _describe(purchase)


def _describe(purchase):
    words = _t("The store was asked: %(state)s.") % {"state": purchase.get_state_display()}
    return f"{words} {purchase.reason}".strip()


ASK = Action(
    title=_("Ask the store now"),
    button=_("Ask the store"),
    act=_ask,
    permission=MAY_ASK,
    note=_("The coins are credited if the store says that it was paid, and never twice."),
    talks=True,
)


add_work(
    WorkLine(
        label=_("purchases of coins without the store's answer"),
        count=list_stuck,
        url_name="admin:campaigns_bundlepurchase_changelist",
        permission="campaigns.view_bundlepurchase",
        query="?work=stuck",
    )
)
