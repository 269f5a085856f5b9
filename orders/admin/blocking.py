"""The admin page of links and words that no order may carry."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.links import normalize_link
from orders.models import BlockedTerm
from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import PanelModelAdmin


class BlockedTermForm(forms.ModelForm):
    """Refuses a link that couldn't be read: no order could be compared with it."""

    class Meta:
        model = BlockedTerm
        fields = forms.ALL_FIELDS

    def clean(self):
        data = super().clean()
        text = data.get("text")
        if text and data.get("kind") == BlockedTerm.Kind.LINK and not _has_host(text):
            self.add_error("text", _t("This is no link. Write it as example.com or example.com/user."))
        return data


def _has_host(text):
    try:
        link = normalize_link(text if "://" in text else f"https://{text}")
    except ValueError:
        return False
    host = link.partition("/")[0]
    return bool(host) and not any(character.isspace() for character in link)


@admin.register(BlockedTerm)
class BlockedTermAdmin(PanelModelAdmin):
    """Orders heed a change within seconds."""

    form = BlockedTermForm
    list_display = ("text", "kind", "note", moment_column("created", _("created")))
    list_filter = ("kind",)
    search_fields = ("text", "note")
    ordering = ("kind", "text")
    fields = ("kind", "text", "note")
    ltr_fields = ("text",)
