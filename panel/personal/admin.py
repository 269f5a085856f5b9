"""Exporting and erasing a customer by staff, from the customer's page; and the list of erasures."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts.admin import CustomerAdmin
from panel.accounts.models import Customer
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.jobs.starting import TooManyJobs
from panel.lib.form_keys import LENGTH as KEY_LENGTH
from panel.lib.form_keys import new_form_key
from panel.personal.asking import LONGEST_REASON, ErasureRefused, ask_erasure
from panel.personal.exporting import start_export
from panel.personal.models import Erasure

MAY_ERASE, MAY_EXPORT = "personal.erase_customer", "personal.export_customer"


class ExportForm(forms.Form):
    """Nothing to fill in; sent twice it makes one file."""

    form_key = forms.CharField(widget=forms.HiddenInput, initial=new_form_key, max_length=KEY_LENGTH)


class ErasureForm(forms.Form):
    """Why; it is kept, and so names nobody."""

    reason = forms.CharField(label=capfirst(_("reason")), max_length=LONGEST_REASON)


def _erase(request, customer, data):
    try:
        erasure = ask_erasure(customer.pk, request.user.pk, data["reason"])
    except ErasureRefused as refused:
        raise ActionRefused(*refused.sentences) from refused
    if erasure.state == Erasure.State.RUNNING:
        raise AlreadyDone(gettext("This customer is being erased."))
    return gettext("The customer is erased within minutes: %(reason)s") % data


def _export(request, customer, data):
    try:
        start_export(request.user.pk, customer.pk, data["form_key"])
    except TooManyJobs as error:
        raise ActionRefused(gettext("Too much is running already. Wait until some of it is done.")) from error
    return gettext("The file is made; it is among your jobs.")


ERASE = Action(
    title=_("Erase the customer"),
    button=_("Erase for good"),
    act=_erase,
    permission=MAY_ERASE,
    form_class=ErasureForm,
    note=_(
        "Sessions, keys and webhooks end at once. Names, numbers, links, texts and addresses are erased for good;"
        " amounts stay in the books. Nothing brings it back."
    ),
    danger=True,
)
EXPORT = Action(
    title=_("Export what is known of the customer"),
    button=_("Make the file"),
    act=_export,
    permission=MAY_EXPORT,
    form_class=ExportForm,
    note=_("It holds everything personal: hand it to this person alone."),
)

CustomerAdmin.extend(
    tools=[
        Tool(_("Export their data…"), "admin:personal_erasure_export", MAY_EXPORT),
        Tool(_("Erase…"), "admin:personal_erasure_erase", MAY_ERASE, lambda one: not one.is_staff),
    ]
)
asked, due = moment_column("created", _("asked")), moment_column("due_at", _("due"))
done = moment_column("done_at", _("done"))


@admin.register(Erasure)
class ErasureAdmin(ViewOnlyAdmin):
    """Who asked to be erased, and what became of it."""

    list_display = ("customer", "state", "asked_by", asked, due, done)
    fields = (
        "customer",
        "state",
        "asked_by",
        "reason",
        asked,
        due,
        moment_column("begun_at", _("begun")),
        done,
    )
    list_filter = ("state",)
    list_select_related = ("customer", "asked_by")
    ordering = ("-id",)

    def get_urls(self):
        export = ("export/<int:object_id>/", self.export_page, "personal_erasure_export")
        erase = ("erase/<int:object_id>/", self.erase_page, "personal_erasure_erase")
        return add_pages(self, export, erase) + super().get_urls()

    def export_page(self, request, object_id):
        """Have the file of the customer `object_id` made."""
        return answer_actions(self.admin_site.get_model_admin(Customer), request, object_id, [EXPORT])

    def erase_page(self, request, object_id):
        """Have the customer `object_id` erased."""
        return answer_actions(self.admin_site.get_model_admin(Customer), request, object_id, [ERASE])
