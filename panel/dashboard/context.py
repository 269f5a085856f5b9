"""What every page shows around its content: language, theme, menu, balance, unread notifications."""

from functools import cached_property

from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from panel.dashboard.preferences import THEME_COOKIE, THEMES
from panel.support.models import Notification
from panel.wallet.ledger import read_balance

# Where a page belongs in the menu: the names of its URLs, the first of which the entry opens. Those without a
# namespace are the dashboard's.
MENU = (
    (("home",), _("Home"), "house"),
    (("new_order", "mass_order"), _("New order"), "square-plus"),
    (("orders", "order"), _("Orders"), "list"),
    (("sms_write",), _("SMS"), "message-square-text"),
    (("campaigns",), _("Like exchange"), "heart"),
    (("wallet", "payments", "payment"), _("Wallet"), "wallet"),
    (("rewards", "use_gift"), _("Rewards"), "gift"),
    (("api_keys", "new_api_key", "edit_api_key", "rotate_api_key"), _("API keys"), "key"),
    (("webhooks", "webhook", "webhook_secret"), _("Webhooks"), "webhook"),
    (("api_docs:index", "api_docs:contract", "api_docs:webhooks"), _("API reference"), "book-open"),
    (("tickets", "ticket", "new_ticket"), _("Tickets"), "messages-square"),
    (("notifications", "news_choices"), _("Notifications"), "bell"),
)
# The pages below an entry, by the name that it opens; they are listed while one of them is open.
BELOW = {
    "sms_write": (
        (("sms_write", "sms_send"), _("Write and send"), "pencil"),
        (("sms_sends", "sms_send_page"), _("Sends"), "send"),
        (("sms_reports",), _("Reports"), "chart-column"),
        (("sms_books", "sms_book", "sms_book_import"), _("Phonebooks"), "book-user"),
        (("sms_patterns",), _("Patterns"), "braces"),
    ),
    "campaigns": (
        (("campaigns", "new_campaign", "campaign"), _("My campaigns"), "megaphone"),
        (("earn", "earn_like"), _("Earn"), "heart"),
        (("shop", "buy_product", "show_code"), _("Shop"), "shopping-bag"),
        (("coins",), _("Coins"), "coins"),
    ),
}


class PageFrame:
    """Read only as far as the template asks, so fragments and error pages cost no query."""

    def __init__(self, request):
        self._request = request

    @property
    def language(self):
        """`fa` or `en`."""
        return (get_language() or "fa")[:2]

    @property
    def direction(self):
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    @property
    def theme(self):
        """`auto`, `light` or `dark`; a cookie that says anything else counts as `auto`."""
        chosen = self._request.COOKIES.get(THEME_COOKIE)
        return chosen if chosen in THEMES else THEMES[0]

    @cached_property
    def customer(self):
        """The customer who is logged in, or None. API paths have no session and so nobody."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def balance(self):
        """Toman in the wallet."""
        return read_balance(self.customer.pk)

    @cached_property
    def unread(self):
        """Notifications not read yet."""
        return Notification.objects.filter(customer=self.customer, read_at=None).count()

    @property
    def now(self):
        return timezone.now()

    @property
    def menu(self):
        here = getattr(self._request.resolver_match, "view_name", "").removeprefix("dashboard:")
        return [_describe_entry(here, entry, BELOW.get(entry[0][0], ())) for entry in MENU]


def _describe_entry(here, entry, below=()):
    """What the template shows of an entry; with pages below it, the open one of them is where one is."""
    names, label, icon = entry
    pages = [_describe_entry(here, page) for page in below]
    return {
        "view": _add_namespace(names[0]),
        "label": label,
        "icon": icon,
        "current": here in names and not below,
        "pages": pages if any(page["current"] for page in pages) else [],
    }


def _add_namespace(name):
    return name if ":" in name else f"dashboard:{name}"


def page_frame(request):
    """Context processor: `frame` in every template."""
    return {"frame": PageFrame(request)}
