"""Free credit, the wheel of fortune, gifts, referrals and price levels."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "panel.rewards"
    label = "rewards"
    verbose_name = _("rewards")
