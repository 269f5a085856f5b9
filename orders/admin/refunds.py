"""Refunds by hand: the button on an order's page, the refunds beneath it, and the list of all."""

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.admin.events import order_link
from orders.admin.orders import OrderAdmin, add_inline
from orders.models import Order, OrderRefund
from orders.refunding import FormReused, IsPart, RefundRefused, refund_by_hand
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import moment_column, number_column, show_number
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.lib.dates import format_number
from panel.lib.language import page_language
from panel.wallet.admin.ledger import AmountField, new_form_key

MAY_REFUND = "orders.add_orderrefund"
amount = number_column("amount", _("amount"))
created = moment_column("created", _("created"))


class RefundForm(forms.Form):
    """How much goes back, and why."""

    key = forms.CharField(
        widget=forms.HiddenInput, initial=new_form_key, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")]
    )
    amount = AmountField(label=_("amount in toman"), min_value=1)
    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


def has_money_left(order):
    """Whether something of the order's charge could still go back."""
    return order.parent_id is None and order.refunded < order.charge


def _show_money(order):
    evidence = [
        (_t("service"), order.service),
        (_t("status"), order.get_status_display()),
        (_t("quantity"), show_number(order.quantity)),
        (_t("remains"), show_number(order.remains)),
        (_t("charge"), show_number(order.charge)),
        (_t("refunded so far"), show_number(order.refunded)),
        (_t("can still go back"), show_number(order.charge - order.refunded)),
        (_t("cost"), show_number(order.cost)),
    ]
    return {"evidence": evidence}


def _refund(request, order, data):
    values = {"amount": data["amount"], "reason": data["reason"], "key": data["key"]}
    try:
        made, is_new = refund_by_hand(order.pk, by_id=request.user.pk, **values)
    except IsPart:
        raise ActionRefused(_t("It is a part of another order: refund that one.")) from None
    except FormReused:
        raise ActionRefused(_t("This form was sent before with other values. Open it anew.")) from None
    except RefundRefused as refused:
        words = _t("At most %(left)s toman of its charge can still go back.")
        raise ActionRefused(words % {"left": _digits(refused.left)}) from None
    if not is_new:
        raise AlreadyDone(_t("This was done before, by the same form."))
    return _t("%(amount)s toman went back to the customer. Reason: %(reason)s") % {
        "amount": _digits(made.amount),
        "reason": made.reason,
    }


def _digits(number):
    return format_number(number, page_language())


REFUND = Action(
    title=_("Refund by hand"),
    button=_("Refund"),
    act=_refund,
    permission=MAY_REFUND,
    form_class=RefundForm,
    note=_(
        "It goes to the customer's wallet, and the customer is told the amount; the reason is kept for staff."
        " The order goes on as it is: to stop it, cancel it."
    ),
    danger=True,
    initial=lambda order: {"amount": order.charge - order.refunded},
)


class OrderRefundInline(ViewOnlyInline):
    """What people gave back of this order's charge."""

    model = OrderRefund
    ordering = ("id",)
    show_change_link = False
    fields = readonly_fields = (amount, "reason", "by", created)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


@admin.register(OrderRefund)
class OrderRefundAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """All refunds by hand, newest first. What settling gave back is among the transfers."""

    list_display = ("id", order_link, amount, "reason", "by", created)
    list_display_links = None
    list_select_related = ("by",)
    ordering = ("-id",)
    number_lookups = ("order_id",)
    customer_lookup = "order__customer_id"
    search_help_text = _("Number of an order, or a customer's mobile, email or username")
    fields = readonly_fields = list_display[1:]
    change_list_template = "admin/refund_list.html"

    def changelist_view(self, request, extra_context=None):
        """With the way to all refunds, for who may see transfers."""
        may_see = request.user.has_perm("wallet.view_transfer")
        transfers = reverse("admin:wallet_transfer_changelist") + "?kind__exact=refund" if may_see else ""
        return super().changelist_view(request, {"transfers": transfers, **(extra_context or {})})

    def get_urls(self):
        return (
            add_pages(self, ("of/<int:object_id>/", self.refund_view, "orders_order_refund"))
            + super().get_urls()
        )

    def refund_view(self, request, object_id):
        """Asks how much of an order's charge goes back, and why."""
        orders = self.admin_site.get_model_admin(Order)
        with transaction.atomic():  # the money and its line in the log, or neither
            return answer_actions(orders, request, object_id, [REFUND], context=_show_money)


add_inline(OrderRefundInline)
OrderAdmin.tools = (
    *OrderAdmin.tools,
    Tool(_("Refund"), "admin:orders_order_refund", MAY_REFUND, has_money_left),
)
