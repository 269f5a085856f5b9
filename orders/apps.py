from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")

    def ready(self):
        # Connecting is what the imports are for; models are ready only now.
        from orders.parts import receivers as parts  # noqa: F401
        from orders.webhooks import receivers as webhooks  # noqa: F401
