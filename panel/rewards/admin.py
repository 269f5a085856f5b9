"""The admin of rewards: rules, gifts and levels are edited here; what was given can only be seen."""

from functools import cache

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.gifting import GIFT_TYPES
from orders.service_types import ServiceType
from panel.admin_site.columns import date_column, ltr_column, moment_column, number_column, show_number
from panel.admin_site.model_admin import PanelModelAdmin, ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.rewards import customer_block  # noqa: F401 - on the customer's page
from panel.rewards.models import (
    FreeCredit,
    Gift,
    GiftGrant,
    PriceLevel,
    Referral,
    ReferralCode,
    ReferralReward,
    RewardDay,
    RewardRules,
)
from panel.rewards.rules import read_rules
from panel.rewards.wheel import describe_odds

# Beyond the year 9999 there is no moment that could be stored.
MOST_WAITS = {"free_credit_wait": 366 * 86_400, "wheel_wait_hours": 366 * 24, "gift_hours": 366 * 24}
created = moment_column("created", _("created"))


class RulesForm(forms.ModelForm):
    """Says in words what the database would refuse."""

    class Meta:
        model = RewardRules
        fields = forms.ALL_FIELDS

    def clean(self):
        data = super().clean()
        least, most = data.get("free_credit_min"), data.get("free_credit_max")
        if least == 0:
            self.add_error("free_credit_min", _t("Give at least 1 toman."))
        if least is not None and most is not None and most < least:
            self.add_error("free_credit_max", _t("This has to be at least as much as the least."))
        for name, most in MOST_WAITS.items():
            if (data.get(name) or 0) > most:
                self.add_error(name, _t("A wait or a life is at most a year."))
        return data


@admin.register(RewardRules)
class RulesAdmin(PanelModelAdmin):
    """One row: neither added nor deleted, and the list leads right to it."""

    form = RulesForm
    readonly_fields = (moment_column("changed", _("changed")),)
    fieldsets = (
        (
            _("the whole house"),
            {"fields": ["daily_cap"], "description": _("A limit of 0 switches what it limits off.")},
        ),
        (
            _("free credit"),
            {"fields": ["free_credit_min", "free_credit_max", "free_credit_wait", "free_credit_monthly"]},
        ),
        (_("wheel of fortune"), {"fields": ["wheel_monthly", "wheel_wait_hours", "gift_hours"]}),
        (_("referrals"), {"fields": ["referral_percent", "referral_payments", *readonly_fields]}),
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """The row itself."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = read_rules()
        return HttpResponseRedirect(reverse("admin:rewards_rewardrules_change", args=[row.pk]))


class GiftForm(forms.ModelForm):
    """Takes services whose orders need a link and no more, and that aren't drip-feed."""

    class Meta:
        model = Gift
        fields = forms.ALL_FIELDS

    def clean(self):
        data = super().clean()
        service = data.get("service") or getattr(self.instance, "service", None)
        least, most = data.get("min"), data.get("max")
        if service is not None and "service" not in self.errors:
            self._check_service(service, least, most)
        if least is not None and most is not None and most < least:
            self.add_error("max", _t("This has to be at least as many as the least."))
        return data

    def _check_service(self, service, least, most):
        field = "service" if "service" in self.fields else None
        if service.type not in GIFT_TYPES:
            self.add_error(field, _t("Orders of this service need more than a link: it can't be given."))
        if service.dripfeed:
            self.add_error(field, _t("A drip-feed service can't be given."))
        if service.type == ServiceType.PACKAGE and (least, most) != (service.pack_size, service.pack_size):
            words = _t("A package is given whole: least and most have to be %(size)s.")
            self.add_error("min", words % {"size": service.pack_size})


@admin.register(Gift)
class GiftAdmin(PanelModelAdmin):
    """The fields of the wheel with the odds that customers see. A gift's service stays: wins depend on it."""

    form = GiftForm
    list_display = (
        "id",
        "service",
        number_column("min", _("least units")),
        number_column("max", _("most units")),
        "weight",
    )
    list_filter = ("active",)
    list_select_related = ("service",)
    raw_id_fields = ("service",)
    ordering = ("id",)
    fields = ("service", "min", "max", "weight", "active")

    def get_readonly_fields(self, request, obj=None):
        return ("service",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_list_display(self, request):
        return (*self.list_display, make_odds_column(), "active", created)


def make_odds_column():
    """A column of the odds, which are of all gifts together: read once for a page, and only where it is shown."""
    read = cache(lambda: {odds.gift.pk: odds.percent for odds in describe_odds()})

    @admin.display(description=_("odds in percent"))
    def show(gift):
        return show_number(read().get(gift.pk, 0))

    return show


@admin.register(GiftGrant)
class GiftGrantAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """What was won, and the order each was used for."""

    list_display = (
        "id",
        "customer",
        "gift",
        number_column("quantity", _("units")),
        created,
        moment_column("expires_at", _("expires")),
        moment_column("used_at", _("used")),
        ltr_column("order_id", _("order")),
    )
    list_select_related = ("customer", "gift")
    list_filter = (("used_at", admin.EmptyFieldListFilter),)
    ordering = ("-id",)
    fields = readonly_fields = (*list_display[1:], ltr_column("link", _("link")))


@admin.register(FreeCredit)
class FreeCreditAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Free credit that was given."""

    list_display = ("id", "customer", number_column("amount", _("toman")), created)
    list_select_related = ("customer",)
    ordering = ("-id",)
    fields = readonly_fields = list_display[1:]


@admin.register(RewardDay)
class RewardDayAdmin(ViewOnlyAdmin):
    """What the house gave away a day."""

    list_display = (date_column("day", _("day")), number_column("given", _("toman given away")))
    ordering = ("-day",)
    fields = readonly_fields = list_display


@admin.register(ReferralCode)
class ReferralCodeAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """The codes in customers' links."""

    list_display = ("customer", ltr_column("code", _("code")))
    list_select_related = ("customer",)
    fields = readonly_fields = list_display


@admin.register(Referral)
class ReferralAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Who brought whom. Search by either of them."""

    list_display = ("customer", "referrer", created)
    list_select_related = ("customer", "referrer")
    ordering = ("-created",)
    fields = readonly_fields = list_display

    def filter_customer(self, queryset, customer):
        return queryset.filter(Q(customer=customer) | Q(referrer=customer))


@admin.register(ReferralReward)
class ReferralRewardAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Shares that referrers were given. Search by the referrer."""

    list_display = (
        "id",
        "referrer",
        "brought",
        ltr_column("payment_id", _("payment")),
        number_column("amount", _("toman")),
        created,
    )
    list_select_related = ("referral__customer", "referral__referrer")
    customer_lookup = "referral__referrer_id"
    ordering = ("-id",)
    fields = readonly_fields = list_display[1:]

    @admin.display(description=_("referrer"))
    def referrer(self, reward):
        return reward.referral.referrer

    @admin.display(description=_("customer brought"))
    def brought(self, reward):
        return reward.referral.customer


@admin.register(PriceLevel)
class PriceLevelAdmin(PanelModelAdmin):
    """Customers get a changed level's discount within minutes."""

    list_display = ("name", number_column("spent_from", _("from toman spent")), "discount")
    ordering = ("spent_from",)
    fields = ("name", "spent_from", "discount")
