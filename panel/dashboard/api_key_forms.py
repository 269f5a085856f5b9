"""The forms of API keys, and the keys as their list shows them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts.models import ApiToken
from panel.accounts.networks import (
    MAX_NETWORKS,
    BadNetwork,
    TooManyNetworks,
    format_network,
    parse_networks,
)
from panel.accounts.tokens import CONTRACT_CHOICES, find_state
from panel.lib.dates import format_number

SHOWN_NETWORKS = 3
# An entry is Latin and stands in a sentence of either direction: isolated, it turns nothing around.
ISOLATED = "\u2066{}\u2069"


class EditKeyForm(forms.Form):
    """A key's name, and the networks it may be used from as a list."""

    name = forms.CharField(label=_("Name"), max_length=64, required=False)
    networks = forms.CharField(label=_("Allowed addresses"), max_length=4000, required=False)

    def clean_networks(self):
        try:
            return parse_networks(self.cleaned_data["networks"])
        except BadNetwork as error:
            words = gettext("%(entry)s is neither an address nor a network.")
            raise ValidationError(words % {"entry": ISOLATED.format(error.entry)}) from error
        except TooManyNetworks as error:
            words = gettext("At most %(count)s addresses and networks fit.")
            raise ValidationError(words % {"count": format_number(MAX_NETWORKS, get_language())}) from error


class NewKeyForm(EditKeyForm):
    """Also what it is for, which stays as it is."""

    contract = forms.ChoiceField(label=_("For which API"), choices=CONTRACT_CHOICES)
    read_only = forms.BooleanField(label=_("Read only"), required=False)

    @property
    def scopes(self):
        return [ApiToken.Scope.READ] if self.cleaned_data["read_only"] else []


def fill_edit_form(key):
    """An EditKeyForm with what the key has."""
    networks = "\n".join(map(format_network, key.allowed_networks))
    return EditKeyForm(initial={"name": key.name, "networks": networks})


def describe_keys(rows):
    """The same rows with `state`, and `networks` to show beside the count of those left out."""
    for row in rows:
        row.state = find_state(row)
        row.networks = [format_network(network) for network in row.allowed_networks[:SHOWN_NETWORKS]]
        row.more_networks = len(row.allowed_networks) - len(row.networks)
        row.read_only = ApiToken.Scope.READ in row.scopes
    return rows
