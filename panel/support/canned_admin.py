"""The admin of canned answers."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import PanelModelAdmin
from panel.support.canned import PLACEHOLDERS, find_unknown
from panel.support.models import CannedAnswer


class CannedAnswerForm(forms.ModelForm):
    """Refuses placeholders that stand for nothing: customers would read them."""

    class Meta:
        model = CannedAnswer
        fields = forms.ALL_FIELDS
        widgets = {
            "text_fa": forms.Textarea(
                attrs={"dir": "rtl", "lang": "fa", "rows": 6, "class": "vLargeTextField"}
            ),
            "text_en": forms.Textarea(
                attrs={"dir": "ltr", "lang": "en", "rows": 6, "class": "vLargeTextField"}
            ),
        }

    def clean(self):
        data = super().clean()
        if not data.get("text_fa") and not data.get("text_en"):
            self.add_error("text_fa", _t("Write it in one language at least."))
        for name in ("text_fa", "text_en"):
            if unknown := find_unknown(data.get(name, "")):
                words = _t("{%(name)s} stands for nothing. Known are %(known)s.")
                known = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
                self.add_error(name, words % {"name": unknown[0], "known": known})
        return data


@admin.register(CannedAnswer)
class CannedAnswerAdmin(PanelModelAdmin):
    """Chosen on a ticket's page and edited there before they are sent."""

    form = CannedAnswerForm
    list_display = ("title", "active", moment_column("changed", _("changed")))
    list_filter = ("active",)
    search_fields = ("title", "text_fa", "text_en")
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "text_fa", "text_en", "active"),
                "description": _(
                    "{name}: the customer's name; {ticket}: the ticket's number; {balance}: the wallet in toman."
                    " A customer gets the text of their language, or the other where it is empty."
                ),
            },
        ),
    )
