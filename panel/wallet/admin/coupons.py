"""The admin of what is given on top of payments: bonus steps, coupons, and the uses of coupons."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column, number_column, show_number
from panel.admin_site.model_admin import PanelModelAdmin, ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.wallet.admin.ledger import MAX_ADJUSTMENT
from panel.wallet.models import BonusStep, Coupon, CouponUse
from panel.wallet.payments.coupons import read_code


@admin.register(BonusStep)
class BonusStepAdmin(PanelModelAdmin):
    list_display = (number_column("amount_from", _("from toman")), "percent", "active")
    ordering = ("amount_from",)


class CouponForm(forms.ModelForm):
    """A coupon whose parts fit together."""

    def clean_code(self):
        """The code as customers' spellings of it are read."""
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("Nobody can type this: leave out invisible characters."))
        return code

    def clean(self):
        given = super().clean()
        if given.get("kind") == Coupon.Kind.PERCENT and (given.get("value") or 0) > 100:
            self.add_error("value", _("At most 100 percent."))
        elif (given.get("value") or 0) > MAX_ADJUSTMENT:
            self.add_error("value", _("This is more than any wallet is given at once."))
        starts, ends = given.get("starts_at"), given.get("ends_at")
        if starts and ends and starts >= ends:
            self.add_error("ends_at", _("It would end before it begins."))
        return given


@admin.register(Coupon)
class CouponAdmin(PanelModelAdmin):
    """Coupons with how often they were used; one that was used is switched off, not deleted."""

    form = CouponForm
    list_display = (
        "code",
        "kind",
        number_column("value", _("percent or toman")),
        "uses_told",
        number_column("uses_limit", _("uses in all")),
        moment_column("ends_at", _("good until")),
        "active",
    )
    list_filter = ("kind", "active")
    search_fields = ("code",)
    ordering = ("-id",)
    ltr_fields = ("code",)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("uses"))

    @admin.display(description=_("used"))
    def uses_told(self, coupon):
        address = reverse("admin:wallet_couponuse_changelist")
        return format_html(
            '<a href="{}?coupon__id__exact={}">{}</a>', address, coupon.pk, show_number(coupon.used)
        )


@admin.register(CouponUse)
class CouponUseAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by number or by a customer's login name."""

    list_display = (
        "id",
        "coupon",
        "customer",
        number_column("amount", _("toman")),
        "payment",
        moment_column("created", _("used")),
    )
    list_select_related = ("coupon", "customer", "payment")
    ordering = ("-id",)
    fields = readonly_fields = list_display[1:]
