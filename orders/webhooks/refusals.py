"""Why a webhook was not registered or used: a closed list, with its sentences."""

from enum import Enum

from django.utils.translation import gettext as _


class Refusal(Enum):
    """Reasons of WebhookRefused."""

    URL_BAD = "url_bad"  # malformed, with credentials, or of a name nobody knows
    NOT_HTTPS = "not_https"
    PRIVATE = "private"  # leads to an address that is not a public host
    TOPICS_MISSING = "topics_missing"
    REGISTERED = "registered"
    TOO_MANY = "too_many"
    INACTIVE = "inactive"
    TEST_WAITING = "test_waiting"
    NOT_FAILED = "not_failed"


class WebhookRefused(Exception):
    """Nothing was changed. `limit` is the bound that was crossed."""

    def __init__(self, code, limit=None):
        super().__init__(code.value)
        self.code = code
        self.limit = limit


def describe(refused):
    """The refusal as a sentence for people: what happened and what to do, in the active language."""
    sentence = {
        Refusal.URL_BAD: _(
            "This address can't be read, or its name isn't known. Write it as https://example.com/webhook, without"
            " a user name and password."
        ),
        Refusal.NOT_HTTPS: _("The address has to begin with https://."),
        Refusal.PRIVATE: _(
            "This address leads into a private network. Use one that can be reached from the internet."
        ),
        Refusal.TOPICS_MISSING: _("Choose at least one thing to be told of."),
        Refusal.REGISTERED: _("This address is registered already."),
        Refusal.TOO_MANY: _("You have %(limit)s webhooks, and more aren't possible. Delete one first."),
        Refusal.INACTIVE: _("This webhook is switched off. Switch it on first."),
        Refusal.TEST_WAITING: _("The last test event is still on its way. Reload the page in a few seconds."),
        Refusal.NOT_FAILED: _("Only a failed delivery can be sent again."),
    }[refused.code]
    return sentence % {"limit": refused.limit}
