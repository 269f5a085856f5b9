"""Forgetting somebody's second factor for them: who lost phone and recovery codes can't do it alone."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts import second_factor
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone
from panel.admin_site.model_admin import Tool

MAY_RESET = "accounts.reset_secondfactor"
LONGEST_REASON = 300


class ResetForm(forms.Form):
    """Why; it is kept in the customer's history."""

    reason = forms.CharField(label=capfirst(_("reason")), max_length=LONGEST_REASON)


def _reset(request, customer, data):
    if customer.pk == request.user.pk:
        raise ActionRefused(
            gettext("Your own second factor is reset by somebody else, or turned off by you with a code.")
        )
    if customer.is_staff and not request.user.is_superuser:
        raise ActionRefused(gettext("Only a superuser resets the second factor of staff."))
    if not second_factor.reset(customer.pk):
        raise AlreadyDone(gettext("There is no second factor."))
    return gettext("The second factor was reset: %(reason)s") % data


RESET_FACTOR = Action(
    title=_("Reset the second factor"),
    button=_("Reset"),
    act=_reset,
    permission=MAY_RESET,
    form_class=ResetForm,
    note=_(
        "From then on the password or an SMS is enough to log in, until another one is turned on. Make sure that it"
        " is really this person who asks. Everything that is logged in by browser ends."
    ),
    danger=True,
)
RESET_TOOL = Tool(
    _("Reset the second factor…"),
    "admin:accounts_customer_reset_factor",
    MAY_RESET,
    fits=lambda customer: second_factor.is_on(customer.pk),
)
