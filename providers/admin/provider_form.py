"""The form of a provider."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.secret_fields import SecretsForm, secret_field
from providers.adapters import ADAPTERS
from providers.models import Provider


def list_dialects():
    """Choices of the adapters there are; the empty one makes a dialect that is gone show as none."""
    return [("", "---------"), *((name, name) for name in sorted(ADAPTERS))]


class ProviderForm(SecretsForm):
    """Where an upstream is and what opens it."""

    secrets = ("key", "password")
    dialect = forms.ChoiceField(label=capfirst(_("dialect")), choices=list_dialects)
    url = forms.CharField(label=capfirst(_("address")), max_length=500, required=False)
    key = secret_field(_("key"))
    password = secret_field(_("password"))

    class Meta:
        model = Provider
        fields = forms.ALL_FIELDS

    def clean_url(self):
        """A part of this panel has an address of its own; all others need one that can be called."""
        adapter = ADAPTERS.get(self.cleaned_data.get("dialect"))
        own = "" if adapter is None else adapter.own_address
        return own or super().clean_url()

    def clean_rate(self):
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_t("This has to be above zero."))
        return rate
