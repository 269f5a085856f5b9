from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("providers")

    def ready(self):
        # Models are ready only now.
        from panel.lib.after_restore import add_restore_step
        from providers.after_restore import mark_maybe_sent
        from providers.job_kinds import add_kinds
        from providers.personal import add_parts

        add_kinds()
        add_parts()
        add_restore_step(mark_maybe_sent)
