from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("like exchange")

    def ready(self):
        # Models are ready only now.
        from campaigns import checks  # noqa: F401 - registers the checks
        from campaigns.audit import CAMPAIGN_CHECKS
        from campaigns.provider import LikeExchangeAdapter
        from panel.wallet.audit import add_checks
        from providers.adapters import register

        add_checks(*CAMPAIGN_CHECKS)
        register(LikeExchangeAdapter.dialect, LikeExchangeAdapter)
