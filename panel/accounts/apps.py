from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "panel.accounts"
    label = "accounts"
    verbose_name = _("customers")

    def ready(self):
        from panel.accounts.after_restore import end_sessions  # models are ready only now
        from panel.accounts.personal import add_parts
        from panel.lib.after_restore import add_restore_step

        add_restore_step(end_sessions)
        add_parts()
