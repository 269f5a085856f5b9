from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "panel.support"
    label = "support"
    verbose_name = _("support")

    def ready(self):
        from panel.support import login_news, receivers  # noqa: F401 - connecting is what it is for; models are ready
        from panel.support.personal import add_parts

        add_parts()
