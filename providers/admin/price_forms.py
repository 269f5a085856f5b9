"""The forms of changing many prices: which services, and by which rule."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import MAX_PRICE, Category, Service
from panel.lib.dates import clean_number
from panel.wallet.admin.ledger import AmountField
from providers.models import PriceRun, Provider
from providers.repricing.planning import choose_services
from providers.repricing.rules import PriceRule

ANY = "any"


class SignedField(forms.DecimalField):
    """A number with decimals as people type it: Persian digits, their decimal sign and minus too."""

    widget = forms.TextInput

    def to_python(self, value):
        return super().to_python(clean_number(value).replace("٫", ".") if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "dir": "ltr", "inputmode": "decimal"}


class ChoiceForm(forms.Form):
    """Which services."""

    category = forms.ModelChoiceField(
        label=_("category"), queryset=Category.objects.all(), required=False, empty_label=_("any")
    )
    kind = forms.ChoiceField(
        label=_("kind"), choices=[(ANY, _("any")), *Service.Kind.choices], required=False
    )
    provider = forms.ModelChoiceField(
        label=_("provider"),
        queryset=Provider.objects.defer("key", "password").order_by("name"),
        required=False,
        empty_label=_("any"),
    )
    only_active = forms.BooleanField(label=_("only those on sale"), required=False, initial=True)

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        data["services"] = choose_services(
            category=data.get("category"),
            kind=None if kind in (ANY, None) else kind,
            provider=data.get("provider"),
            only_active=data.get("only_active", False),
        )
        if not self.errors and not data["services"].exists():
            raise forms.ValidationError(_t("No service is like that. Choose others."))
        return data


class RuleForm(forms.ModelForm):
    """What the prices become."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    value = SignedField(
        label=_("number"),
        max_digits=16,
        decimal_places=2,
        help_text=PriceRun._meta.get_field("value").help_text,
    )
    step = AmountField(label=_("rounded up to a multiple of (toman)"), min_value=1, max_value=10**7)
    least = AmountField(label=_("not below (toman)"), min_value=0, max_value=MAX_PRICE, required=False)
    most = AmountField(label=_("not above (toman)"), min_value=0, max_value=MAX_PRICE, required=False)

    class Meta:
        model = PriceRun
        fields = ("method", "value", "step", "least", "most", "reason")
        widgets = {
            "reason": forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        self.fields["method"].required = True
        for field in self.fields.values():
            field.label = capfirst(field.label) if field.label else field.label

    def clean(self):
        data = super().clean()
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", _t("This is less than the lower bound."))
        return data

    def read_rule(self):
        """What the form says, as a PriceRule."""
        return PriceRule(**{name: self.cleaned_data[name] for name in PriceRule.__slots__})
