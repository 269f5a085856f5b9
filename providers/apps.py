from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("providers")

    def ready(self):
        from providers.job_kinds import add_kinds  # models are ready only now

        add_kinds()
