"""The admin page of what integrators place in a contract's sandbox."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import TrialOrder
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin


@admin.register(TrialOrder)
class TrialOrderAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """No money and no upstream; forgotten after a while."""

    list_display = (
        "id",
        "customer",
        "service",
        ltr_column("link", _("link")),
        number_column("quantity", _("quantity")),
        moment_column("created", _("created")),
    )
    list_select_related = ("customer", "service")
    ordering = ("-id",)
    sortable_by = ("id",)
    search_help_text = _("Number, or a customer's mobile, email or username")
