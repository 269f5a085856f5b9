"""System checks of what invoices need."""

from django.conf import settings
from django.core.checks import Warning, register


@register("invoices")
def check_seller(app_configs, **kwargs):
    """Outside DEBUG invoices name their seller (W007)."""
    if settings.DEBUG or settings.INVOICE_SELLER_NAME:
        return []
    hint = "Set INVOICE_SELLER_NAME, and the seller's address, tax id and phone where they apply."
    return [Warning("Invoices don't say who sells.", hint=hint, id="panel.W007")]
