"""What every page shows around its content: language, theme, menu, balance, unread notifications."""

from functools import cached_property, lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from panel.dashboard.preferences import THEME_COOKIE, THEMES
from panel.lib.language import page_language
from panel.support.notifications import count_unread
from panel.wallet.ledger import read_balance

MANY = 100  # nobody counts the unread further: the bell says 99+
# Where a page belongs in the menu: the names of its URLs, the first of which the entry opens. Those without a
# namespace are the dashboard's.
MENU = (
    (("home",), _("Home"), "house"),
    (("new_order", "mass_order"), _("New order"), "square-plus"),
    (("orders",), _("Orders"), "list"),
    (("sms_write",), _("SMS"), "message-square-text"),
    (("campaigns",), _("Like exchange"), "heart"),
    (("wallet", "payments", "payment", "statements", "statement"), _("Wallet"), "wallet"),
    (("rewards", "use_gift", "referrals"), _("Rewards"), "gift"),
    (("api_keys", "new_api_key", "edit_api_key", "rotate_api_key"), _("API keys"), "key"),
    (("webhooks", "webhook", "webhook_secret"), _("Webhooks"), "webhook"),
    (("api_docs:index", "api_docs:contract", "api_docs:webhooks"), _("API reference"), "book-open"),
    (("tickets", "ticket", "new_ticket"), _("Tickets"), "messages-square"),
    (("notifications", "news_choices", "announcements"), _("Notifications"), "bell"),
    (("profile",), _("Profile"), "circle-user-round"),
)
# The menu of the public pages.
PUBLIC_MENU = (
    (("services", "service"), _("Services"), "tag"),
    (("status",), _("Status"), "activity"),
    (("api_docs:index", "api_docs:contract", "api_docs:webhooks"), _("API"), "braces"),
)
# The pages below an entry, by the name that it opens; they are listed while one of them is open.
BELOW = {
    "orders": (
        (("orders", "order"), _("All orders"), "list"),
        (("order_plans",), _("Drip-feeds and subscriptions"), "repeat"),
        (("jobs", "job"), _("Exports and long work"), "layers"),
    ),
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
    "profile": (
        (("profile", "mobile", "password", "welcome"), _("Profile"), "circle-user-round"),
        (("security", "second_factor"), _("Security"), "shield-check"),
        (("personal_data", "ask_erasure"), _("Your data"), "download"),
    ),
}


class PageFrame:
    """Read only as far as the template asks, so fragments and error pages cost no query."""

    def __init__(self, request):
        self._request = request

    @property
    def language(self):
        """`fa` or `en`."""
        return page_language()

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

    @property
    def balance(self):
        """Toman in the wallet."""
        return read_own_balance(self._request)

    @cached_property
    def unread(self):
        """Notifications not read yet; MANY for any more."""
        return count_unread(self.customer.pk, MANY)

    @property
    def now(self):
        return timezone.now()

    @cached_property
    def sidebar(self):
        """What stands beside the page and in the drawer, the same twice: made once."""
        return render_to_string("parts/menu.html", {"frame": self}, self._request)

    @property
    def menu(self):
        """The list of the menu as HTML."""
        return _render_menu(self.language, self._here)

    @property
    def public_menu(self):
        return [_describe_entry(self._here, entry) for entry in PUBLIC_MENU]

    @property
    def _here(self):
        return getattr(self._request.resolver_match, "view_name", "").removeprefix("dashboard:")


def read_own_balance(request):
    """Toman in the wallet of the customer who is logged in; read once for a page, whose view may need it too."""
    if not hasattr(request, "own_balance"):
        request.own_balance = read_balance(request.user.pk)
    return request.own_balance


@lru_cache(maxsize=1024)
def _render_menu(language, here):
    """Everybody who is on that page sees the same, twice: it is made once in each language, which is the current."""
    entries = [_describe_entry(here, entry, BELOW.get(entry[0][0], ())) for entry in MENU]
    return render_to_string("parts/menu_list.html", {"entries": entries})


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
