from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmsConfig(AppConfig):
    name = "sms"
    verbose_name = _("SMS")

    def ready(self):
        # Models are ready only now; connecting is what the import of receivers is for.
        from panel.lib.after_restore import add_restore_step
        from panel.wallet.audit import add_checks
        from sms import receivers  # noqa: F401
        from sms.after_restore import mark_maybe_sent
        from sms.audit import SMS_CHECKS
        from sms.personal import add_parts

        add_parts()
        add_restore_step(mark_maybe_sent)
        add_checks(*SMS_CHECKS)
