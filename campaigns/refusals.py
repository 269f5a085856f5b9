"""Why the like exchange refuses something: one closed list that pages and contracts word in their own way."""

from enum import Enum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from panel.lib.dates import format_number


class Refusal(Enum):
    """Reasons of CampaignRefused; those of likes are in the order in which they are looked at."""

    UNKNOWN = "unknown"  # no such campaign, class, product, bundle
    TARGET = "target"  # not a picture's address
    BUDGET_BAD = "budget_bad"  # not a whole number above 0
    BUDGET_LOW = "budget_low"  # it pays for no like
    FUNDS = "funds"  # the wallet holds less
    TEXT_LONG = "text_long"  # `field` has more than `limit` characters
    TEXT_BAD = "text_bad"  # `field` can't be shown
    CLOSED = "closed"  # it ended meanwhile: nothing to stop
    OWN = "own"  # one's own campaign
    UNVERIFIED = "unverified"  # waits for review, or was rejected
    GONE = "gone"  # its picture is gone
    OUT_OF_BUDGET = "out_of_budget"  # the budget is spent
    ENDED = "ended"  # stopped
    SOON = "soon"  # `limit` seconds must pass between two likes
    DAY = "day"  # the day's likes of the person are used up
    ADDRESS = "address"  # the day's likes of the address are used up
    TOKEN = "token"  # noqa: S105 - the provider does not know the access token
    IDENTITY = "identity"  # no account there is linked
    NOT_LIKED = "not_liked"
    UNCLEAR = "unclear"  # the provider gave no clear answer
    OUT_OF_STOCK = "out_of_stock"
    SHOWN = "shown"  # the code was shown once more already
    NOT_PAID = "not_paid"  # the store knows no such payment, or it was credited before
    PAYMENT_UNCLEAR = "payment_unclear"  # the store gave no clear answer yet
    TOO_MANY_WAIT = (
        "too_many_wait"  # `limit` purchases of this person wait for the store; this one isn't kept
    )
    TOKEN_BAD = "token_bad"  # noqa: S105 - not a purchase token
    STORE_OFF = "store_off"  # no store is set up here


class CampaignRefused(Exception):
    """Nothing was paid or changed. `field` and `limit` are told where the reason has them."""

    def __init__(self, code, *, field="", limit=0):
        super().__init__(code.value)
        self.code = code
        self.field = field
        self.limit = limit


def describe(refused):
    """The refusal as a sentence for people, in the active language."""
    words = {
        Refusal.UNKNOWN: _("There is no such thing here any more."),
        Refusal.TARGET: _(
            "Paste the address of an Instagram picture, such as https://www.instagram.com/p/…/."
        ),
        Refusal.BUDGET_BAD: _("Write the budget as a whole number above 0."),
        Refusal.BUDGET_LOW: _("This budget does not even pay for one like: a like costs %(limit)s."),
        Refusal.FUNDS: _("You don't have enough credit for this."),
        Refusal.TEXT_LONG: _("At most %(limit)s characters fit here."),
        Refusal.TEXT_BAD: _("This can't be shown. Check how it is written."),
        Refusal.CLOSED: _("This campaign has ended already."),
        Refusal.OWN: _("You can't be paid for liking your own campaign."),
        Refusal.UNVERIFIED: _("This campaign has not been approved."),
        Refusal.GONE: _("The picture of this campaign is gone."),
        Refusal.OUT_OF_BUDGET: _("The budget of this campaign is spent."),
        Refusal.ENDED: _("This campaign has ended."),
        Refusal.SOON: _("Wait %(limit)s seconds between two likes."),
        Refusal.DAY: _("You have reached today's %(limit)s likes. Go on tomorrow."),
        Refusal.ADDRESS: _("Today's likes from your network are used up. Go on tomorrow."),
        Refusal.TOKEN: _("The connection to Instagram was lost. Connect again."),
        Refusal.IDENTITY: _("Connect your Instagram account first."),
        Refusal.NOT_LIKED: _("Instagram says that you have not liked this picture yet."),
        Refusal.UNCLEAR: _("Instagram gave no clear answer. Try again in a moment; nothing is lost."),
        Refusal.OUT_OF_STOCK: _("This product is out of stock."),
        Refusal.SHOWN: _("This code was shown before. Write to support if you need it again."),
        Refusal.NOT_PAID: _("The store knows no such payment."),
        Refusal.PAYMENT_UNCLEAR: _(
            "The store gave no clear answer yet. We keep asking; the coins come by themselves."
        ),
        Refusal.TOO_MANY_WAIT: _(
            "%(limit)s of your purchases wait for the store already. Send this one again once they are settled."
        ),
        Refusal.TOKEN_BAD: _("This is not a purchase token."),
        Refusal.STORE_OFF: _("Coins can't be bought here at the moment."),
    }[refused.code]
    return words % {"limit": format_number(refused.limit, get_language())}
