"""The admin pages of the sums by customer and service, which a beat task writes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import CustomerDay, CustomerTotal, ServiceDay, ServiceTotal
from panel.admin_site.columns import date_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin

_ORDERS, _SPENT = number_column("orders", _("orders")), number_column("amount", _("toman spent"))
_DAY = date_column("day", _("day"))


@admin.register(CustomerTotal)
class CustomerTotalAdmin(ViewOnlyAdmin):
    """Who spent most comes first."""

    list_display = ("customer", _ORDERS, _SPENT)
    list_select_related = ("customer",)
    ordering = ("-amount",)


@admin.register(CustomerDay)
class CustomerDayAdmin(ViewOnlyAdmin):
    """The newest first."""

    list_display = ("customer", _DAY, _ORDERS, _SPENT)
    list_select_related = ("customer",)
    ordering = ("-id",)


@admin.register(ServiceTotal)
class ServiceTotalAdmin(ViewOnlyAdmin):
    """What is ordered most comes first."""

    list_display = ("service", _ORDERS)
    list_select_related = ("service",)
    ordering = ("-orders",)


@admin.register(ServiceDay)
class ServiceDayAdmin(ViewOnlyAdmin):
    """The newest first."""

    list_display = ("service", _DAY, _ORDERS)
    list_select_related = ("service",)
    ordering = ("-id",)
