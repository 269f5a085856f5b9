from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("like exchange")

    def ready(self):
        # Models are ready only now.
        from campaigns import checks  # noqa: F401 - registers the checks
        from campaigns.after_restore import stop_sales
        from campaigns.audit import CAMPAIGN_CHECKS
        from campaigns.personal import add_parts
        from campaigns.provider import LikeExchangeAdapter
        from panel.lib.after_restore import add_restore_step
        from panel.wallet.audit import add_checks
        from providers.adapters import register

        add_checks(*CAMPAIGN_CHECKS)
        add_parts()
        add_restore_step(stop_sales)
        register(LikeExchangeAdapter.dialect, LikeExchangeAdapter)
