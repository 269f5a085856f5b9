"""The admin of the ledger: everything can be seen, and only a manual adjustment moves money."""

import secrets

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.db import transaction
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts.admin import CustomerAdmin
from panel.accounts.models import Customer
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column, show_number
from panel.admin_site.events import EventAdmin, list_set_aside
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import clean_number
from panel.wallet.adjustments import adjust_wallet, names_customer
from panel.wallet.house import house_balance
from panel.wallet.ledger import InsufficientFunds, KeyReused
from panel.wallet.models import Account, Currency, HouseDay, Transfer, WalletEvent

MAX_ADJUSTMENT = 10**12
MAX_REASON = 128  # as long as a transfer's reference


def new_form_key():
    """A random name for one filled form, so that sending it twice is one adjustment."""
    return secrets.token_hex(16)


class AmountField(forms.IntegerField):
    """A whole number as people type it: Persian digits and separators of thousands too."""

    widget = forms.TextInput

    def to_python(self, value):
        return super().to_python(clean_number(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "dir": "ltr", "inputmode": "numeric"}


class AdjustmentForm(forms.Form):
    """Which way, how much, and why."""

    GIVE, TAKE = "give", "take"

    key = forms.CharField(
        widget=forms.HiddenInput, initial=new_form_key, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")]
    )
    direction = forms.ChoiceField(
        label=_("direction"), choices=[(GIVE, _("give to the wallet")), (TAKE, _("take from the wallet"))]
    )
    amount = AmountField(label=_("amount"), min_value=1, max_value=MAX_ADJUSTMENT)
    currency = forms.ChoiceField(label=_("currency"), choices=Currency.choices, initial=Currency.TOMAN)
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON)


class WalletInline(ViewOnlyInline):
    model = Account
    fields = readonly_fields = ("kind", "currency", number_column("balance", _("balance")))


CustomerAdmin.extend(
    inlines=[WalletInline],
    tools=[Tool(_("Credit or debit"), "admin:wallet_account_adjust", "wallet.add_transfer")],
)


@admin.register(Account)
class AccountAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Wallets, budgets and the house's accounts; the house's balance is summed up on its own page."""

    list_display = ("id", "owner", "kind", "currency", number_column("balance", _("balance")))
    list_filter = ("kind", "currency")
    list_select_related = ("owner",)
    ordering = ("-id",)
    customer_lookup = "owner_id"
    fields = readonly_fields = ("owner", "kind", "currency", "shown_balance")

    def get_urls(self):
        page = ("adjust/<int:object_id>/", self.adjust_page, "wallet_account_adjust")
        return add_pages(self, page) + super().get_urls()

    @admin.display(description=_("balance"))
    def shown_balance(self, account):
        if account.balance is None:
            return show_number(house_balance(account.kind, account.currency))
        return show_number(account.balance)

    def adjust_page(self, request, object_id):
        """Credit or debit the wallet of the customer `object_id` by hand."""
        action = Action(
            title=_("Credit or debit by hand"),
            button=_("Move the money"),
            act=_adjust,
            permission="wallet.add_transfer",
            form_class=AdjustmentForm,
            note=_("The customer is told the amount; the reason is kept with the transfer."),
        )
        people = self.admin_site.get_model_admin(Customer)
        with (
            transaction.atomic()
        ):  # the money and the line in the log that says who moved it and why, or neither
            return answer_actions(people, request, object_id, [action], context=_show_wallets)


def _show_wallets(customer):
    wallets = Account.objects.filter(owner=customer).order_by("id")
    rows = [(f"{w.get_kind_display()} ({w.get_currency_display()})", show_number(w.balance)) for w in wallets]
    return {"evidence": rows}


def _adjust(request, customer, data):
    key = f"manual:{customer.pk}:{data['key']}"
    done_before = Transfer.objects.filter(key=key).exists()
    amount = data["amount"] if data["direction"] == AdjustmentForm.GIVE else -data["amount"]
    if names_customer(customer.pk, data["reason"]):
        raise ActionRefused(gettext("A transfer is kept for ever: its reason may not name the customer."))
    try:
        row = adjust_wallet(
            customer_id=customer.pk,
            amount=amount,
            reason=data["reason"],
            key=key,
            currency=Currency(data["currency"]),
        )
    except InsufficientFunds as error:
        raise ActionRefused(gettext("The wallet holds less than that.")) from error
    except KeyReused as error:
        raise ActionRefused(gettext("This form was sent before with other values. Open it anew.")) from error
    if done_before:
        raise AlreadyDone(gettext("This was done before, by the same form."))
    words = gettext("Transfer %(id)s: %(amount)s %(currency)s. %(reason)s")
    return words % {
        "id": row.pk,
        "amount": f"{amount:+,}",
        "currency": row.get_currency_display(),
        "reason": data["reason"],
    }


@admin.register(Transfer)
class TransferAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """The book. Search by number, by a transfer's key, or by a customer's login name."""

    list_display = (
        "id",
        moment_column("created", _("created")),
        "kind",
        "from_account",
        "to_account",
        number_column("amount", _("amount")),
        "currency",
        ltr_column("key", _("key")),
        "reference",
    )
    list_filter = ("kind", "currency")
    list_select_related = ("debit__owner", "credit__owner")
    ordering = ("-id",)
    fields = readonly_fields = (*list_display[1:],)

    @admin.display(description=_("from account"))
    def from_account(self, transfer):
        return _name_account(transfer.debit)

    @admin.display(description=_("to account"))
    def to_account(self, transfer):
        return _name_account(transfer.credit)

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if ":" in term:
            return queryset.filter(key=term), False
        return super().get_search_results(request, queryset, search_term)

    def filter_customer(self, queryset, customer):
        """Both sides by the customer's account ids, which the two indexes of owned accounts find."""
        owned = list(Account.objects.filter(owner=customer).values_list("pk", flat=True))
        return queryset.filter(Q(debit_id__in=owned) | Q(credit_id__in=owned))


def _name_account(account):
    if account.owner_id is None:
        return account.get_kind_display()
    return format_html("{}: <bdi>{}</bdi>", account.get_kind_display(), account.owner or EMPTY)


@admin.register(HouseDay)
class HouseDayAdmin(ViewOnlyAdmin):
    list_display = (
        "day",
        "account",
        number_column("debits", _("went out")),
        number_column("credits", _("came in")),
        moment_column("closed_at", _("closed")),
    )
    list_select_related = ("account",)
    list_filter = ("account__kind", "account__currency")
    ordering = ("-day", "account_id")
    fields = readonly_fields = list_display


@admin.register(WalletEvent)
class WalletEventAdmin(EventAdmin):
    about = "customer"
    list_select_related = ("customer",)


add_work(
    WorkLine(
        label=_("wallet events set aside"),
        count=lambda: list_set_aside(WalletEvent),
        url_name="admin:wallet_walletevent_changelist",
        permission="wallet.view_walletevent",
        query="?handling=set_aside",
    )
)
