"""Free credit, the wheel of fortune, gifts, referrals and price levels."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "panel.rewards"
    label = "rewards"
    verbose_name = _("rewards")

    def ready(self):
        # Models are ready only now; connecting is what the import of receivers is for.
        from panel.rewards import receivers  # noqa: F401
        from panel.rewards.audit import REWARD_CHECKS
        from panel.rewards.personal import add_parts
        from panel.wallet.audit import add_checks

        add_checks(*REWARD_CHECKS)
        add_parts()
