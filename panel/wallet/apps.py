from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WalletConfig(AppConfig):
    name = "panel.wallet"
    label = "wallet"
    verbose_name = _("wallets")

    def ready(self):
        # Models are ready only now; registering is what the import of checks is for.
        from panel.jobs.kinds import add_job_kind
        from panel.lib.after_restore import add_restore_step
        from panel.wallet import checks  # noqa: F401 - registers the checks
        from panel.wallet.after_restore import ask_about_payments
        from panel.wallet.audit import add_checks
        from panel.wallet.house import ensure_house_accounts
        from panel.wallet.payments.audit import PAYMENT_CHECKS
        from panel.wallet.personal import add_parts
        from panel.wallet.statement_files import STATEMENT_FILE

        add_checks(*PAYMENT_CHECKS)
        add_job_kind(STATEMENT_FILE)
        add_parts()
        add_restore_step(ask_about_payments)
        post_migrate.connect(ensure_house_accounts, sender=self)
