"""The admin pages of the sums by customer and service and of services' speeds, which beat tasks write."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import (
    CustomerDay,
    CustomerTotal,
    FavouriteService,
    OrderDay,
    ServiceDay,
    ServiceSpeed,
    ServiceTotal,
)
from panel.admin_site.columns import date_column, moment_column, number_column
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


@admin.register(ServiceSpeed)
class ServiceSpeedAdmin(ViewOnlyAdmin):
    """The slowest to end first."""

    list_display = (
        "service",
        number_column("start_seconds", _("seconds to the start")),
        number_column("finish_seconds", _("seconds to the end")),
        number_column("finished", _("finished")),
        number_column("failed", _("failed")),
        moment_column("measured_at", _("measured")),
    )
    list_select_related = ("service",)
    ordering = ("-finish_seconds",)


@admin.register(OrderDay)
class OrderDayAdmin(ViewOnlyAdmin):
    """What became of orders by day in Tehran, the newest first."""

    list_display = (
        _DAY,
        number_column("placed", _("placed")),
        number_column("completed", _("completed")),
        number_column("partial", _("partial")),
        number_column("canceled", _("canceled")),
        number_column("error", _("error")),
        number_column("cost", _("cost")),
        number_column("profit", _("profit")),
        number_column("uncosted", _("without a known cost")),
        moment_column("measured_at", _("measured")),
    )
    ordering = ("-day",)
    fields = readonly_fields = list_display


@admin.register(FavouriteService)
class FavouriteServiceAdmin(ViewOnlyAdmin):
    """Which services customers put a star on, the newest first."""

    list_display = ("customer", "service", moment_column("created", _("created")))
    list_select_related = ("customer", "service")
    ordering = ("-id",)
