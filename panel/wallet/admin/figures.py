"""The money of each day, and how far behind the wallets' queues are, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import date_column, moment_column, number_column
from panel.admin_site.front_page import QueueAge, add_age
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.wallet.models import MoneyDay, Payment, WalletEvent


@admin.register(MoneyDay)
class MoneyDayAdmin(ViewOnlyAdmin):
    """Toman by day in Tehran, the newest first."""

    list_display = (
        date_column("day", _("day")),
        number_column("sales", _("sales")),
        number_column("refunds", _("refunds")),
        number_column("deposits", _("deposits")),
        moment_column("measured_at", _("measured")),
    )
    ordering = ("-day",)
    fields = readonly_fields = (*list_display, "held")


add_age(
    QueueAge(
        label=_("Wallet events"),
        rows=lambda: WalletEvent.objects.filter(handled_at=None, set_aside_at=None).order_by("id"),
        field="created",
        permission="wallet.view_walletevent",
        url_name="admin:wallet_walletevent_changelist",
        query="?handling=waiting",
        late_seconds=60,
        quiet=_("all handled"),
    )
)
add_age(
    QueueAge(
        label=_("Payments that the bank has to tell of"),
        rows=lambda: Payment.objects.filter(next_ask_at__isnull=False).order_by("created"),
        field="created",
        permission="wallet.view_payment",
        url_name="admin:wallet_payment_changelist",
        query="?state__exact=pending",
        late_seconds=3600,
        quiet=_("none waits"),
    )
)
