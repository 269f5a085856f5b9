"""The form of a provider: its secrets can be written and never read."""

from urllib.parse import urlsplit

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from providers.adapters import ADAPTERS
from providers.models import Provider

SECRETS = ("key", "password")


def list_dialects():
    """Choices of the adapters there are; the empty one makes a dialect that is gone show as none."""
    return [("", "---------"), *((name, name) for name in sorted(ADAPTERS))]


def secret_field(label):
    """An input that never shows what is stored; leaving it empty keeps that."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr", "class": "vTextField"})
    help_text = _("Never shown. Leave empty to keep the stored one.")
    return forms.CharField(label=capfirst(label), required=False, widget=widget, help_text=help_text)


class ProviderForm(forms.ModelForm):
    """Where an upstream is and what opens it."""

    dialect = forms.ChoiceField(label=capfirst(_("dialect")), choices=list_dialects)
    key = secret_field(_("key"))
    password = secret_field(_("password"))

    class Meta:
        model = Provider
        fields = forms.ALL_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = {name: self.initial.pop(name, "") for name in SECRETS}
        self.stored_url = self.instance.url

    def clean_url(self):
        url = self.cleaned_data["url"].strip()
        try:
            parts = urlsplit(url)
            readable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            readable = False
        if not readable:
            raise forms.ValidationError(
                _t("This is no address. Write the whole of it, beginning with https://.")
            )
        return url

    def clean_rate(self):
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_t("This has to be above zero."))
        return rate

    def clean(self):
        data = super().clean()
        # Else whoever may edit a provider could have its secrets sent to a host of their own.
        moved = bool(self.stored_url) and "url" in data and _host(data["url"]) != _host(self.stored_url)
        for name in SECRETS:
            if moved and self.stored[name] and not data.get(name):
                self.add_error(name, _t("The address names another host: write this anew."))
            data[name] = data.get(name) or self.stored[name]
        return data


def _host(url):
    return urlsplit(url).netloc.rpartition("@")[2].lower()
