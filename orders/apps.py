from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")

    def ready(self):
        # Connecting is what the imports are for; models are ready only now.
        from orders.after_restore import make_missed_parts
        from orders.parts import receivers as parts  # noqa: F401
        from orders.personal import add_parts
        from orders.webhooks import receivers as webhooks  # noqa: F401
        from panel.lib.after_restore import add_restore_step

        add_parts()
        add_restore_step(make_missed_parts)
