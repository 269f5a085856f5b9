"""The admin of payments: nothing is edited; an operator asks the bank again, or says what settled a mismatch."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column, show_number
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages, talks_to_others
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.wallet.models import CouponUse, Payment
from panel.wallet.payments.mismatches import list_mismatches, settle_mismatch
from panel.wallet.payments.recording import SETTLED
from panel.wallet.payments.verifying import settle_payment

MAY_ACT = "wallet.change_payment"
MOST_AT_ONCE = 20  # each is a call of the bank's
MAX_REFERENCE = 64


class WorkFilter(admin.SimpleListFilter):
    """Payments that wait for a person."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [("mismatch", _("amounts differ, not settled"))]

    def queryset(self, request, queryset):
        return queryset & list_mismatches() if self.value() == "mismatch" else queryset


class SettleForm(forms.Form):
    """What settled a payment whose amounts differ."""

    reference = forms.CharField(
        label=_("what settled it"),
        max_length=MAX_REFERENCE,
        help_text=_("The number of a transfer by hand, or of the bank's refund."),
    )


class CouponUseInline(ViewOnlyInline):
    model = CouponUse
    fields = readonly_fields = (
        "coupon",
        number_column("amount", _("toman")),
        moment_column("created", _("used")),
    )


@admin.register(Payment)
class PaymentAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by number or by a customer's login name."""

    list_display = (
        "id",
        "customer",
        number_column("amount", _("amount in toman")),
        number_column("bonus", _("bonus in toman")),
        "state",
        moment_column("created", _("created")),
        moment_column("paid_at", _("paid at")),
        ltr_column("reference", _("bank's reference")),
    )
    list_filter = ("state", WorkFilter, "gateway")
    list_select_related = ("customer",)
    ordering = ("-id",)
    actions = ("ask_again",)
    inlines = (CouponUseInline,)
    fields = readonly_fields = (
        *list_display[1:],
        "gateway",
        ltr_column("authority", _("authority")),
        "coupon",
        "channel",
        ltr_column("card", _("card")),
        "reason",
        "asks",
        moment_column("next_ask_at", _("next ask")),
    )
    tools = (
        Tool(
            _("Ask the bank again"),
            "admin:wallet_payment_ask",
            MAY_ACT,
            fits=lambda payment: payment.authority is not None and payment.state not in SETTLED,
        ),
        Tool(
            _("Settle"),
            "admin:wallet_payment_settle",
            MAY_ACT,
            fits=lambda payment: payment.state == Payment.State.MISMATCH and not payment.reference,
        ),
    )

    def get_urls(self):
        pages = [
            ("<int:object_id>/ask/", self.ask_page, "wallet_payment_ask"),
            ("<int:object_id>/settle/", self.settle_page, "wallet_payment_settle"),
        ]
        return add_pages(self, *pages) + super().get_urls()

    def has_ask_permission(self, request):
        return request.user.has_perm(MAY_ACT)

    def ask_page(self, request, object_id):
        """Ask the bank about one payment now."""
        action = Action(
            title=_("Ask the bank again"),
            button=_("Ask the bank again"),
            act=_ask,
            permission=MAY_ACT,
            talks=True,
        )
        return answer_actions(self, request, object_id, [action], context=_show_evidence)

    def settle_page(self, request, object_id):
        """Write down what settled a payment whose amounts differ."""
        action = Action(
            title=_("Settle a payment whose amounts differ"),
            button=_("It is settled"),
            act=_settle,
            permission=MAY_ACT,
            form_class=SettleForm,
            note=_(
                "No money moves here. Look the payment up at the bank first; then have it paid back there, or credit"
                " the wallet by hand with what really came."
            ),
        )
        return answer_actions(self, request, object_id, [action], context=_show_evidence)

    @talks_to_others
    @admin.action(description=_("Ask the bank again"), permissions=["ask"])
    def ask_again(self, request, queryset):
        """Ask the bank about the chosen payments, one after the other."""
        asked = paid = 0
        open_ones = queryset.exclude(state__in=SETTLED).exclude(authority=None).order_by("pk")
        for payment in open_ones[:MOST_AT_ONCE]:
            payment = settle_payment(payment)
            self.log_change(request, payment, _describe(payment))
            asked, paid = asked + 1, paid + (payment.state == Payment.State.PAID)
        words = ngettext(
            "The bank was asked about %(asked)s payment; %(paid)s of them paid.",
            "The bank was asked about %(asked)s payments; %(paid)s of them paid.",
            asked,
        )
        messages.success(request, words % {"asked": asked, "paid": paid})


def _show_evidence(payment):
    return {
        "evidence": [
            (_("customer"), payment.customer),
            (_("amount in toman"), show_number(payment.amount)),
            (_("state"), payment.get_state_display()),
            (_("reason"), payment.reason or EMPTY),
            (_("times asked"), show_number(payment.asks)),
            (_("authority"), payment.authority or EMPTY),
        ]
    }


def _ask(request, payment, data):
    if payment.state in SETTLED:
        raise AlreadyDone(_describe(payment))
    if payment.authority is None:
        raise ActionRefused(gettext("Nobody was sent to the bank, so it knows nothing of this payment."))
    return _describe(settle_payment(payment))


def _describe(payment):
    words = gettext("The bank was asked: %(state)s.") % {"state": payment.get_state_display()}
    return f"{words} {payment.reason}".strip()


def _settle(request, payment, data):
    if not settle_mismatch(payment.pk, data["reference"]):
        raise AlreadyDone(gettext("This payment is settled already."))
    return gettext("Settled: %(reference)s") % {"reference": data["reference"]}


add_work(
    WorkLine(
        label=_("payments whose amounts differ"),
        count=list_mismatches,
        url_name="admin:wallet_payment_changelist",
        permission="wallet.view_payment",
        query="?work=mismatch",
    )
)
