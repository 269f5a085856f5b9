"""System checks of the like exchange: what is half set would fail in front of people, and look like their fault."""

from django.conf import settings
from django.core.checks import Error, register

LOGIN = (
    "INSTAGRAM_AUTHORIZE_URL",
    "INSTAGRAM_TOKEN_URL",
    "INSTAGRAM_CLIENT_ID",
    "INSTAGRAM_CLIENT_SECRET",
)
API = ("INSTAGRAM_API_URL", "INSTAGRAM_APP_TOKEN")
STORE = ("BAZAAR_URL", "BAZAAR_PACKAGE", "BAZAAR_SECRET")
ADDRESSES = ("INSTAGRAM_AUTHORIZE_URL", "INSTAGRAM_TOKEN_URL", "INSTAGRAM_API_URL", "BAZAAR_URL")
ABOVE_ZERO = ("INSTAGRAM_SECONDS", "LIKE_CHECK_SECONDS", "BAZAAR_SECONDS", "LIKES_PER_ADDRESS")
ABOVE_ZERO += ("LIKE_DEBT_DAYS", "REPORTS_TO_REVIEW", "COVER_BYTES")
RECHECKED_WITHIN = 24  # hours
HINT = "See the like exchange in docs/operations.md."


@register("campaigns")
def check_outside_services(app_configs, **kwargs):
    """Login, likes and store are each set as a whole or not at all (E001), and https outside DEBUG (E002)."""
    faults = []
    for names in (LOGIN, API, STORE):
        missing = [name for name in names if not getattr(settings, name)]
        if missing and len(missing) < len(names):
            given = ", ".join(name for name in names if name not in missing)
            words = f"{', '.join(missing)} is not set, though {given} is."
            faults.append(Error(words, hint=HINT, id="campaigns.E001"))
    if not settings.DEBUG:
        plain = [name for name in ADDRESSES if _is_plain(getattr(settings, name))]
        faults += [Error(f"{name} is not https.", hint=HINT, id="campaigns.E002") for name in plain]
    return faults


@register("campaigns")
def check_exchange_limits(app_configs, **kwargs):
    """Deadlines and limits let something through, and likes are looked at again within a day (E003)."""
    percent, hours = settings.LIKE_RECHECK_PERCENT, settings.LIKE_RECHECK_HOURS
    wrong = [f"{name} is not above 0." for name in ABOVE_ZERO if getattr(settings, name) <= 0]
    if not 0 <= percent <= 100:
        wrong.append("LIKE_RECHECK_PERCENT is no percentage.")
    if len(hours) != 2 or not 0 <= hours[0] <= hours[1] <= RECHECKED_WITHIN:
        wrong.append(f"LIKE_RECHECK_HOURS is not two rising numbers up to {RECHECKED_WITHIN}, as 1,23.")
    return [Error(words, hint=HINT, id="campaigns.E003") for words in wrong]


def _is_plain(url):
    return url != "" and not url.startswith("https://")
