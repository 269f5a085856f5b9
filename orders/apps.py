from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")

    def ready(self):
        from orders.webhooks import receivers  # noqa: F401 - connecting is what the import is for; models are ready only now
