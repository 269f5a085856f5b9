"""What load_demo tells: everything a script or a person needs to use the demo."""

import shlex
import sys

from django.conf import settings

from panel.demo_data.catalogue import list_service_words
from panel.demo_data.exchange import describe_bundles, describe_campaigns, describe_products
from panel.demo_data.links import LINKS
from panel.demo_data.people import ADMIN, CUSTOMER, OTHER, POOR, describe_person, describe_tokens
from panel.demo_data.texting import describe_pattern


def describe_demo(base_url, sandbox_url):
    """The facts as one dict, ready for JSON; None stands for what is not served yet."""
    return {
        "base_url": base_url,
        "admin": {"username": ADMIN.username, "password": ADMIN.password},
        "customer": describe_person(CUSTOMER),
        "other": describe_person(OTHER),
        "poor": describe_person(POOR),
        "tokens": describe_tokens(CUSTOMER),
        "other_tokens": describe_tokens(OTHER),
        "poor_tokens": describe_tokens(POOR),
        "services": list_service_words(),
        "links": dict(LINKS),
        "campaigns": describe_campaigns(),
        "products": describe_products(),
        "bundles": describe_bundles(),
        "sms_from": settings.SMS_FROM,
        "sms_pattern": describe_pattern(),
        "likenama_like_token": "like-token",
        "bazaar_good_token": "good-{rand}",
        "bazaar_bad_token": "bad-token",
        "sms_outbox_command": _outbox_command(sandbox_url),
    }


def _outbox_command(sandbox_url):
    """A shell command, usable from any folder; `{mobile}` stays to be replaced."""
    words = (sys.executable, str(settings.BASE_DIR / "manage.py"), "sandbox_sms")
    return f"SANDBOX_URL={shlex.quote(sandbox_url)} {shlex.join(words)} {{mobile}}"
