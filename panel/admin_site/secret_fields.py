"""Secrets in the admin's forms: they can be written and never read."""

from urllib.parse import urlsplit

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


def secret_field(label):
    """An input that never shows what is stored; leaving it empty keeps that."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr", "class": "vTextField"})
    help_text = _("Never shown. Leave empty to keep the stored one.")
    return forms.CharField(label=capfirst(label), required=False, widget=widget, help_text=help_text)


class SecretsForm(forms.ModelForm):
    """The form of something that is reached at `url` with the `secrets` (fields made by secret_field)."""

    secrets: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = {name: self.initial.pop(name, "") for name in self.secrets}
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

    def clean(self):
        data = super().clean()
        # Else whoever may edit the row could have its secrets sent to a host of their own.
        moved = bool(self.stored_url) and "url" in data and _host(data["url"]) != _host(self.stored_url)
        for name in self.secrets:
            if moved and self.stored[name] and not data.get(name):
                self.add_error(name, _t("The address names another host: write this anew."))
            data[name] = data.get(name) or self.stored[name]
        return data


class SecretsAdminMixin:
    """The admin of a model with a SecretsForm as its `form`."""

    def get_fieldsets(self, request, obj=None):
        """Who may only look gets no inputs, and a secret shown as text would be readable: it is left out."""
        groups = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return groups
        return [(title, {"fields": self._leave_out_secrets(group["fields"])}) for title, group in groups]

    def _leave_out_secrets(self, names):
        return tuple(name for name in names if name not in self.form.secrets)


def _host(url):
    return urlsplit(url).netloc.rpartition("@")[2].lower()
