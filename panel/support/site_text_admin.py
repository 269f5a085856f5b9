"""The admin of the terms and the privacy statement."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import PanelModelAdmin
from panel.support.models import SiteText
from panel.support.safe_html import clean_html, has_words


class SiteTextForm(forms.ModelForm):
    """Keeps only the HTML that is safe to show to everybody."""

    class Meta:
        model = SiteText
        fields = ("slug", "language", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 24, "dir": "auto"})}

    def clean_text(self):
        text = clean_html(self.cleaned_data["text"])
        if not has_words(text):
            raise forms.ValidationError(_("There are no words in it."))
        return text


@admin.register(SiteText)
class SiteTextAdmin(PanelModelAdmin):
    """One row for each text and language; where there is none, the panel's own words are shown."""

    form = SiteTextForm
    list_display = ("slug", "language", moment_column("changed", _("changed")))
    ordering = ("slug", "language")
