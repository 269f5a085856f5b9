"""The admin page of what was spent at providers by day."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import date_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from providers.models import ProviderDay


@admin.register(ProviderDay)
class ProviderDayAdmin(ViewOnlyAdmin):
    """The newest first."""

    list_display = (
        "provider",
        date_column("day", _("day")),
        number_column("orders", _("orders")),
        number_column("cost", _("cost")),
    )
    list_filter = ("provider",)
    ordering = ("-day", "provider_id")
    fields = readonly_fields = list_display

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider")
        return rows.defer("provider__key", "provider__password")
