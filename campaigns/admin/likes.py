"""The admin of likes: which were paid, which were looked at again, and taking back those that are gone."""

from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.admin.columns import campaign_link
from campaigns.models import AddressDay, Like, Pace
from campaigns.rechecking import recheck_like, take_back_like
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import date_column, ltr_column, moment_column, number_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.wallet.ledger import InsufficientFunds

MAY_ACT = "campaigns.change_like"
Check = Like.Check
day = date_column("day", _("day"))
count = number_column("likes", _("likes"))


class CheckFilter(admin.SimpleListFilter):
    """What became of likes that were looked at again; each choice has its index."""

    title = _("checked again")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        states = [(state.value, state.label) for state in Check if state is not Check.NONE]
        return [("due", _("to be checked")), *states]

    def queryset(self, request, queryset):
        if self.value() == "due":
            return queryset.filter(recheck_at__isnull=False)
        # NONE is most of all likes; for the others the second condition is the index's.
        if self.value() in (Check.KEPT, Check.GONE, Check.BACK):
            return queryset.filter(check_state=self.value()).exclude(check_state=Check.NONE)
        return queryset


def _is_paid(like):
    return like.check_state != Check.BACK


@admin.register(Like)
class LikeAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by number of a like or a campaign, or by the liker's login name."""

    list_display = (
        "id",
        campaign_link,
        "customer",
        number_column("user_share", _("liker's share")),
        number_column("house_share", _("house's share")),
        moment_column("created", _("created")),
        "check_state",
        moment_column("recheck_at", _("check again at")),
    )
    list_filter = (CheckFilter,)
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ("id",)
    number_lookups = ("pk", "campaign_id")
    search_help_text = _("Number of a like or a campaign, or a customer's mobile, email or username")
    fields = readonly_fields = list_display[1:]
    tools = (
        Tool(_("Look again now…"), "admin:campaigns_like_recheck", MAY_ACT, _is_paid),
        Tool(_("Take back…"), "admin:campaigns_like_take_back", MAY_ACT, _is_paid),
    )

    def get_urls(self):
        pages = [
            ("<int:object_id>/recheck/", self.recheck_page, "campaigns_like_recheck"),
            ("<int:object_id>/take-back/", self.take_back_page, "campaigns_like_take_back"),
        ]
        return add_pages(self, *pages) + super().get_urls()

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "campaign__id__exact" or super().lookup_allowed(lookup, value, request)

    def recheck_page(self, request, object_id):
        """Asks the provider about one like now; one that is gone is taken back."""
        return answer_actions(self, request, object_id, [RECHECK])

    def take_back_page(self, request, object_id):
        """Takes a like back without asking the provider."""
        return answer_actions(self, request, object_id, [TAKE_BACK])


def _recheck(request, like, data):
    if like.check_state == Check.BACK:
        raise AlreadyDone(_say_before())
    like = recheck_like(like.pk)
    if like.check_state == Check.KEPT:
        return _t("It is still there.")
    if like.check_state == Check.BACK:
        return _t("It is gone, and was taken back.")
    if like.check_state == Check.GONE:
        return _t("It is gone, but the liker has spent the share. It is tried again by itself.")
    if like.recheck_at is None:
        raise ActionRefused(_t("Nobody can be asked: the liker has no account there, or it is too late."))
    raise ActionRefused(_t("The provider gave no clear answer. It is asked again by itself."))


def _take_back(request, like, data):
    try:
        if not take_back_like(like.pk):
            raise AlreadyDone(_say_before())
    except InsufficientFunds:
        raise ActionRefused(_t("The liker has spent the share: nothing was taken.")) from None
    return _t("The like is taken back.")


def _say_before():
    return _t("It was taken back before.")


RECHECK = Action(
    title=_("Look again now"),
    button=_("Ask the provider"),
    act=_recheck,
    permission=MAY_ACT,
    note=_("A like that is gone is taken back from the liker and given to the campaign."),
    talks=True,
)
TAKE_BACK = Action(
    title=_("Take this like back"),
    button=_("Take it back"),
    act=_take_back,
    permission=MAY_ACT,
    note=_(
        "The liker's share and the house's go back to the campaign; the provider is not asked. The liker is never"
        " paid for this campaign again."
    ),
    danger=True,
)


@admin.register(Pace)
class PaceAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """How often people liked on their last day, by class."""

    list_display = (
        "customer",
        ltr_column("line", _("class")),
        moment_column("last_at", _("last like")),
        day,
        count,
    )
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ()
    number_lookups = ("customer_id",)
    fields = readonly_fields = list_display


@admin.register(AddressDay)
class AddressDayAdmin(ViewOnlyAdmin):
    """How many likes were paid to one address on one day."""

    list_display = (ltr_column("address", _("address")), day, count)
    search_fields = ("=address",)
    ordering = ("-id",)
    sortable_by = ()
    fields = readonly_fields = list_display
