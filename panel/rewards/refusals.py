"""Why a reward was not given or a gift not used: one closed list that pages and contracts word in their own way."""

from enum import Enum

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from panel.lib.dates import format_number

MINUTE, HOUR = 60, 3600


class Refusal(Enum):
    """Reasons of RewardRefused."""

    OFF = "off"  # switched off in the rules, or the wheel has nothing to win
    CAP = "cap"  # the house has given what it gives a day
    SOON = "soon"  # the last one was too short a time ago
    MONTHLY = "monthly"  # as many as one customer gets in a month
    GIFT_UNKNOWN = "gift_unknown"  # never won by this customer
    GIFT_ENDED = "gift_ended"  # won, and each one used or expired
    GIFT_UNSOLD = "gift_unsold"  # its service isn't sold any more


class RewardRefused(Exception):
    """Nothing was given and nothing used. `seconds` are left of a wait of `hours`, where that is the reason."""

    def __init__(self, code, *, seconds=0, hours=0):
        super().__init__(code.value)
        self.code = code
        self.seconds = seconds
        self.hours = hours


def describe(refused):
    """The refusal as a sentence for people, in the active language."""
    if refused.code is Refusal.SOON:
        return _describe_wait(refused.seconds)
    return {
        Refusal.OFF: _("This reward isn't given at the moment."),
        Refusal.CAP: _("Today's rewards are all given away. Come back tomorrow."),
        Refusal.MONTHLY: _("You have had all you can get this month. Come back next month."),
        Refusal.GIFT_UNKNOWN: _("You haven't won this gift."),
        Refusal.GIFT_ENDED: _("This gift is used or has expired."),
        Refusal.GIFT_UNSOLD: _("The service of this gift isn't sold any more. Write to support."),
    }[refused.code]


def _describe_wait(seconds):
    if seconds < 2 * MINUTE:
        count = seconds
        words = ngettext("Try again in %(count)s second.", "Try again in %(count)s seconds.", count)
    elif seconds < 2 * HOUR:
        count = -(-seconds // MINUTE)
        words = ngettext("Try again in %(count)s minute.", "Try again in %(count)s minutes.", count)
    else:
        count = -(-seconds // HOUR)
        words = ngettext("Try again in %(count)s hour.", "Try again in %(count)s hours.", count)
    return words % {"count": format_number(count, get_language())}
