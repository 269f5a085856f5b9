"""System checks: bad configuration is told before it does harm, each with an id and a way out.

Errors are what must never run; warnings (most with `check --deploy` only) what is likely a mistake.
"""

import base64
import ipaddress

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from panel.accounts.models import Customer
from panel.demo_data.people import PEOPLE, ROLE_PEOPLE, STAFF

DEMO_MARK = b"demo-only-"
FIELD_KEY_BYTES = 32
BROWSER_GUARDS = ("CsrfViewMiddleware", "ContentPolicyMiddleware")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def check_demo_secrets(app_configs, **kwargs):
    """Outside DEBUG the secrets that everybody can read in the source are refused (E001, E002, E010)."""
    if settings.DEBUG:
        return []
    faults = []
    if settings.SECRET_KEY == settings.DEMO_SECRET:
        faults.append(
            Error(
                "SECRET_KEY is the demo's, which everybody knows.",
                hint="Set SECRET_KEY to at least 50 random characters.",
                id="panel.E001",
            )
        )
    if any((_decode_key(key) or b"").startswith(DEMO_MARK) for key in settings.FIELD_KEYS):
        faults.append(
            Error(
                "FIELD_KEYS holds the demo's key, which everybody knows.",
                hint="Make one with cryptography.fernet.Fernet.generate_key() and enter the secrets anew.",
                id="panel.E002",
            )
        )
    if settings.TRACKING_KEY == settings.DEMO_SECRET:
        faults.append(
            Error(
                "TRACKING_KEY is the demo's: anybody can guess tracking ids.",
                hint="Set TRACKING_KEY to random characters, before the first order.",
                id="panel.E010",
            )
        )
    return faults


@register(Tags.security)
def check_field_keys(app_configs, **kwargs):
    """FIELD_KEYS has at least one key, and each is 32 bytes in URL-safe base64 (E003)."""
    hint = "FIELD_KEYS is a comma-separated list of Fernet keys, the newest first."
    if not settings.FIELD_KEYS:
        return [Error("FIELD_KEYS is empty: no secret can be stored.", hint=hint, id="panel.E003")]
    bad = [place for place, key in enumerate(settings.FIELD_KEYS, 1) if _decode_key(key) is None]
    return [
        Error(f"Key number {place} of FIELD_KEYS is no Fernet key.", hint=hint, id="panel.E003")
        for place in bad
    ]


def _decode_key(key):
    """The key's 32 bytes, or None when it is none."""
    try:
        raw = base64.urlsafe_b64decode(key)
    except ValueError:
        return None
    return raw if len(raw) == FIELD_KEY_BYTES else None


@register(Tags.security)
def check_egress_networks(app_configs, **kwargs):
    """Every entry of EGRESS_ALLOW is a network (E004)."""
    faults = []
    for text in settings.EGRESS_ALLOW:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            hint = "Write networks as 10.1.0.0/16, or a single address."
            faults.append(Error(f"EGRESS_ALLOW: {error}.", hint=hint, id="panel.E004"))
    return faults


@register(Tags.security, deploy=True)
def check_egress_closed(app_configs, **kwargs):
    """In production no private network may be called (E005)."""
    if not settings.EGRESS_ALLOW:
        return []
    return [
        Error(
            f"EGRESS_ALLOW lets providers and webhooks reach private networks: {', '.join(settings.EGRESS_ALLOW)}.",
            hint="Leave EGRESS_ALLOW empty; it is for tests and the demo.",
            id="panel.E005",
        )
    ]


@register("timeouts")
def check_dispatch_lease(app_configs, **kwargs):
    """A dispatch's lease outlives the longest call, or a live call would be taken for a dead worker's (E006).

    A claimed order may wait half the lease for a connection and 5 seconds for the rate limit.
    """
    slowest = settings.PROVIDER_CONNECT_SECONDS + settings.PROVIDER_DEADLINE_SECONDS + 5
    if slowest < settings.DISPATCH_LEASE_SECONDS / 2:
        return []
    return [
        Error(
            f"DISPATCH_LEASE_SECONDS ({settings.DISPATCH_LEASE_SECONDS:g}) is not above twice the longest"
            f" call to a provider ({slowest:g} s).",
            hint="Raise DISPATCH_LEASE_SECONDS, or lower PROVIDER_CONNECT_SECONDS or PROVIDER_DEADLINE_SECONDS.",
            id="panel.E006",
        )
    ]


@register("timeouts")
def check_wait_scale(app_configs, **kwargs):
    """Leases that live code relies on are shortened by nobody but a rehearsal (E015)."""
    if settings.WAIT_SCALE == 1 or (settings.DEBUG and settings.WAIT_SCALE > 0):
        return []
    words = f"WAIT_SCALE ({settings.WAIT_SCALE:g}) shortens or stretches leases that real upstreams need as they are."
    return [Error(words, hint="Leave WAIT_SCALE out.", id="panel.E015")]


@register(Tags.security, deploy=True)
def check_allowed_hosts(app_configs, **kwargs):
    """The panel answers to its own names, and to no others (W001)."""
    hosts = set(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        words = "ALLOWED_HOSTS lets any Host header through."
    elif hosts <= LOCAL_HOSTS:
        words = "ALLOWED_HOSTS names only this machine: nobody else reaches the panel."
    else:
        return []
    return [Warning(words, hint="Set ALLOWED_HOSTS to the panel's host names.", id="panel.W001")]


@register(Tags.security, deploy=True)
def check_browser_guards(app_configs, **kwargs):
    """Pages are guarded against forged posts and framing (E008): Django's own checks don't know our middleware.

    They stand in for security.W002, W003 and W016, which look for Django's names only.
    """
    missing = [name for name in BROWSER_GUARDS if f"panel.middleware.{name}" not in settings.MIDDLEWARE]
    hint = "Put it back: see MIDDLEWARE in panel/settings.py."
    faults = [Error(f"{name} is not in MIDDLEWARE.", hint=hint, id="panel.E008") for name in missing]
    if not settings.CSRF_COOKIE_SECURE:
        hint = "Set CSRF_COOKIE_SECURE; panel/settings.py does so outside DEBUG."
        faults.append(Error("The CSRF cookie goes over plain HTTP.", hint=hint, id="panel.E008"))
    return faults


@register(Tags.security)
def check_call_limits(app_configs, **kwargs):
    """Limits of API calls begin at 0 percent and let calls through; proxies and hours are no debts (E009)."""
    levels = settings.API_CALLS_PER_MINUTE
    wrong = {
        "API_CALLS_PER_MINUTE has no limit for 0 percent.": 0 not in levels,
        "API_CALLS_PER_MINUTE has a level that is no percentage.": not all(0 <= n <= 100 for n in levels),
        "API_CALLS_PER_MINUTE has a limit that is not above 0.": not all(n > 0 for n in levels.values()),
        "TRUSTED_PROXIES is below 0.": settings.TRUSTED_PROXIES < 0,
        "ROTATED_KEY_HOURS is below 0.": settings.ROTATED_KEY_HOURS < 0,
    }
    hint = "Write limits as 0:600,5:1200 (percent:calls a minute); see docs/operations.md."
    return [Error(words, hint=hint, id="panel.E009") for words, bad in wrong.items() if bad]


@register(Tags.security)
def check_sessions(app_configs, **kwargs):
    """Tokens live, sessions fit, and the sandbox's orders walk: all these settings are above 0 (E011)."""
    names = ("FIGURES_SECONDS", "ACCESS_TOKEN_SECONDS", "REFRESH_TOKEN_SECONDS", "SESSIONS_PER_KEY")
    names += ("TRIAL_STEP_SECONDS", "TRIAL_MAX_OPEN", "TRIAL_KEEP_DAYS")
    names += ("LOGIN_CODE_SECONDS", "LOGIN_CODES_PER_ADDRESS", "LOGIN_TOKEN_DAYS", "SUBSCRIPTION_POSTS")
    hint = "Leave it out to have the default; see docs/operations.md."
    return [
        Error(f"{name} is not above 0.", hint=hint, id="panel.E011")
        for name in names
        if getattr(settings, name) <= 0
    ]


@register("payments")
def check_payments(app_configs, **kwargs):
    """The bank has an address and a merchant or neither, https outside DEBUG; bounds make sense (E012)."""
    url, merchant = settings.ZARINPAL_URL, settings.ZARINPAL_MERCHANT_ID
    plain = url != "" and not url.startswith("https://")
    wrong = {
        "Only one of ZARINPAL_URL and ZARINPAL_MERCHANT_ID is set.": bool(url) != bool(merchant),
        "ZARINPAL_URL is not https.": plain and not settings.DEBUG,
        "PAYMENT_MIN is not above 0, or above PAYMENT_MAX.": not 0
        < settings.PAYMENT_MIN
        <= settings.PAYMENT_MAX,
        "PAYMENT_DEADLINE_SECONDS is not above 0.": settings.PAYMENT_DEADLINE_SECONDS <= 0,
    }
    hint = "See the payments of docs/operations.md."
    return [Error(words, hint=hint, id="panel.E012") for words, bad in wrong.items() if bad]


@register("sms")
def check_sms_gateway(app_configs, **kwargs):
    """Outside DEBUG the SMS gateway has an address, a token and a sender number (W002)."""
    if settings.DEBUG:
        return []
    missing = [n for n in ("SMS_GATEWAY_URL", "SMS_GATEWAY_TOKEN", "SMS_FROM") if not getattr(settings, n)]
    hint = "Without it no SMS is sent, login codes included."
    return [Warning(f"{name} is not set.", hint=hint, id="panel.W002") for name in missing]


@register("connections", deploy=True)
def check_connections(app_configs, **kwargs):
    """Database connections are kept (W003) and no session may sit in a statement or transaction (W004)."""
    faults = []
    database = settings.DATABASES["default"]
    if database.get("CONN_MAX_AGE", 0) == 0:
        hint = "Set CONN_MAX_AGE to None: statements are prepared once for each connection."
        faults.append(Warning("Every request opens a database connection.", hint=hint, id="panel.W003"))
    options = str(database.get("OPTIONS", {}).get("options", ""))
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        if f"{name}=" not in options or f"{name}=0" in options:
            hint = "Set it by role where a pooler forbids session options, and silence panel.W004 then."
            faults.append(Warning(f"PostgreSQL's {name} is not set.", hint=hint, id="panel.W004"))
    return faults


@register(Tags.database)
def check_demo_people(app_configs, databases=None, **kwargs):
    """Outside DEBUG nobody may enter with a demo's password (E007); runs with `--database` and with migrate."""
    if settings.DEBUG:
        return []
    faults = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            tables = connections[alias].introspection.table_names(cursor)
        if Customer._meta.db_table in tables:
            faults += [_refuse_person(row) for row in _find_demo_people(alias)]
    return faults


def _find_demo_people(alias):
    known = {person.username: person.password for person in (*PEOPLE, *STAFF, *ROLE_PEOPLE)}
    rows = (
        Customer.objects.using(alias).filter(username__in=known, is_active=True).only("username", "password")
    )
    return [row for row in rows if row.check_password(known[row.username])]


def _refuse_person(row):
    return Error(
        f"“{row.username}” has the demo's password, which everybody knows.",
        hint=f"Change it: manage.py changepassword {row.username}",
        id="panel.E007",
    )
