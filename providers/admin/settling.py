"""What an operator sees of an unclear dispatch, and the two decisions about it."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone
from panel.admin_site.columns import show_number
from panel.lib.dates import format_moment
from panel.lib.language import page_language
from providers.models import Dispatch
from providers.unclear import FollowedAlready, NotUnclear, confirm_placed, send_again

MAY_SETTLE = "providers.change_dispatch"


class ConfirmForm(forms.Form):
    """Which order of the provider's it is."""

    upstream_id = forms.CharField(
        label=_("order id there"),
        max_length=64,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "ltr", "autocomplete": "off"}),
    )


class SendAgainForm(forms.Form):
    """A second order would be paid twice, so a click alone doesn't do it."""

    looked = forms.BooleanField(
        label=_("I looked at the provider's list of orders, and this one is not there.")
    )


def show_evidence(row):
    """All that is known of the dispatch, for the page with the buttons."""
    language = page_language()
    order = row.order
    order_url = reverse("admin:orders_order_change", args=[order.pk])
    evidence = [
        (_t("order"), format_html('<a href="{}"><bdi>#{}</bdi></a>', order_url, order.pk)),
        (_t("provider"), row.provider.name),
        (_t("upstream service"), _ltr(row.upstream_service)),
        (_t("link"), _ltr(order.link)),
        (_t("quantity"), show_number(order.quantity)),
        (_t("sent"), format_html("<bdi>{}</bdi>", format_moment(row.created, language))),
        (_t("reason"), _ltr(row.reason or "–")),
        (_t("times asked"), show_number(row.asks)),
        (_t("balance before"), show_number(row.balance_before)),
        (_t("balance after"), show_number(row.balance_after)),
        (_t("Idempotency-Key"), _ltr(row.idempotency_key)),
    ]
    return {"evidence": evidence, "excerpt": row.excerpt}


def say_settled(row):
    """The sentence for who comes too late."""
    return _t("Order #%(order)s was settled meanwhile: it is %(state)s.") % {
        "order": row.order_id,
        "state": row.get_state_display(),
    }


def _ltr(text):
    return format_html('<bdi dir="ltr">{}</bdi>', text)


def _confirm(request, row, data):
    try:
        confirm_placed(row.pk, data["upstream_id"], by=request.user.get_username())
    except NotUnclear:
        raise _explain(row) from None
    except FollowedAlready as error:
        words = _t("Order %(id)s there is our order #%(order)s already. Look for another id.")
        raise ActionRefused(words % {"id": data["upstream_id"], "order": error.order_id}) from None
    return _t("Order #%(order)s is followed there as %(id)s.") % {
        "order": row.order_id,
        "id": data["upstream_id"],
    }


def _send_again(request, row, data):
    try:
        send_again(row.pk, by=request.user.get_username())
    except NotUnclear:
        raise _explain(row) from None
    return _t("Order #%(order)s is in the queue again.") % {"order": row.order_id}


def _explain(row):
    """Why it can't be decided: somebody has, or the provider is being asked about it."""
    row.refresh_from_db(fields=["state"])
    if row.state != Dispatch.State.UNCLEAR:
        return AlreadyDone(say_settled(row))
    return ActionRefused(
        _t("The provider is being asked about it this moment. Wait two minutes and try again.")
    )


CONFIRM = Action(
    title=_("It is there"),
    button=_("It is there: follow it"),
    act=_confirm,
    permission=MAY_SETTLE,
    form_class=ConfirmForm,
    note=_("Find the order in the provider's own list and write its id."),
    name="confirm",
)
SEND_AGAIN = Action(
    title=_("It is not there"),
    button=_("It is not there: send again"),
    act=_send_again,
    permission=MAY_SETTLE,
    form_class=SendAgainForm,
    note=_("It goes to the queue anew; if the customer asked to cancel it, it is refunded instead."),
    name="send_again",
    danger=True,
)
