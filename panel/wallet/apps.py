from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "panel.wallet"
    label = "wallet"
    verbose_name = _("wallets")

    def ready(self):
        # Models are ready only now.
        from panel.wallet.audit import add_checks
        from panel.wallet.house import ensure_house_accounts
        from panel.wallet.payments.audit import PAYMENT_CHECKS

        add_checks(*PAYMENT_CHECKS)
        post_migrate.connect(ensure_house_accounts, sender=self)
