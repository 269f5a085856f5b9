"""The page that asks why, and lets a member of staff act as a customer."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.staff.acting import LONGEST_REASON, PERMISSION, ActingRefused, start_acting


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the log with what you do."),
    )


def _start(request, customer, data):
    try:
        start_acting(request, customer, data["reason"])
    except ActingRefused as refused:
        raise ActionRefused(_say(refused.reason)) from None
    return _t("You act as %(customer)s for 30 minutes.") % {"customer": customer}


def _say(reason):
    return {
        "staff": _t("Nobody acts as staff, nor as themselves."),
        "nested": _t("You act as a customer already. End that first."),
        "right": _t("You may not act as a customer."),
    }[reason]


START = Action(
    title=_("Log in as this customer"),
    button=_("Show me the panel as they see it"),
    act=_start,
    permission=PERMISSION,
    form_class=ReasonForm,
    note=_(
        "For 30 minutes, and everything is written down. Passwords, keys, payments and whatever costs the customer"
        " money stay closed; of a locked customer everything is only looked at."
    ),
)


def show_start(model_admin, request, object_id):
    """Asks for the reason; afterwards the customer's own home is open."""
    return answer_actions(model_admin, request, object_id, [START], back=reverse("dashboard:home"))
