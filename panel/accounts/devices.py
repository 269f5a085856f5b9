"""What a browser calls itself, in words that its owner knows, and the network that an address belongs to."""

import ipaddress

from django.utils.translation import gettext as _

# The first that is in the text; most browsers name others as well, which they pretend to be.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
HANDHELD = ("Android", "iPhone", "iPad")
PREFIXES = {4: 24, 6: 48}  # bits of an address that stay the same when a home or a company gets a new one


def describe_device(user_agent):
    """“Chrome, Windows”; what can't be told is left out."""
    found = [_find(user_agent, BROWSERS), _find(user_agent, SYSTEMS)]
    return _(", ").join(filter(None, found)) or _("unknown device")


def is_handheld(user_agent):
    """Whether it is a phone or a tablet."""
    return any(mark in user_agent for mark in HANDHELD)


def find_network(address):
    """The network that an IP address belongs to, as text; "" when it is none."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{PREFIXES[version]}", strict=False))


def _find(text, names):
    return next((name for mark, name in names if mark in text), "")
