from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmsConfig(AppConfig):
    name = "sms"
    verbose_name = _("SMS")

    def ready(self):
        # Models are ready only now; connecting is what the import of receivers is for.
        from panel.wallet.audit import add_checks
        from sms import receivers  # noqa: F401
        from sms.audit import SMS_CHECKS

        add_checks(*SMS_CHECKS)
