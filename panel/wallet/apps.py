from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "panel.wallet"
    label = "wallet"
    verbose_name = _("wallets")

    def ready(self):
        from panel.wallet.house import ensure_house_accounts  # models are ready only now

        post_migrate.connect(ensure_house_accounts, sender=self)
