"""Every setting of the panel, read once from the environment (or `.env`), with a type and a loud failure."""

from datetime import time
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from panel import engines

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
DEMO_SECRET = "demo-only-" + "0" * 50  # known to everybody: panel.checks refuses it outside DEBUG


def _secret(name, demo):
    """The secret from the environment; the well-known demo value stands in only while DEBUG is on."""
    value = env.str(name, default="")
    if not value and not DEBUG:
        raise ImproperlyConfigured(f"{name} is not set: outside DEBUG every secret has to be given.")
    return value or demo


SECRET_KEY = _secret("SECRET_KEY", DEMO_SECRET)
# Keys that were SECRET_KEY before: what they signed stays good until they are dropped.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Newest first; older ones still decrypt, so a key is rotated by putting a new one in front.
FIELD_KEYS = [
    k for k in _secret("FIELD_KEYS", "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMDA=").split(",") if k
]
# Turns order numbers into tracking ids and finds the shop's codes again; another key would rename every order that
# clients remember, and let sold codes be imported once more.
TRACKING_KEY = _secret("TRACKING_KEY", DEMO_SECRET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "panel.admin_site.apps.PanelAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_celery_beat",
    "django_htmx",
    "panel",
    "panel.accounts",
    "panel.staff",
    "panel.jobs",
    "panel.personal",
    "panel.wallet",
    "panel.support",
    "panel.rewards",
    "panel.dashboard",
    "orders",
    "providers",
    "sms",
    "campaigns",
]

# Browser middleware passes API paths by (see panel/middleware.py): a tenth of an API call's time.
MIDDLEWARE = [
    "panel.probes.ProbeMiddleware",
    "panel.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "panel.middleware.SessionMiddleware",
    "panel.middleware.LocaleMiddleware",
    "panel.middleware.CommonMiddleware",
    "panel.middleware.CsrfViewMiddleware",
    "panel.middleware.AuthenticationMiddleware",
    "panel.middleware.MessageMiddleware",
    "panel.middleware.HtmxMiddleware",
    "panel.middleware.ContentPolicyMiddleware",
    "panel.staff.middleware.AuditMiddleware",
    "panel.staff.middleware.ActingMiddleware",
]
# Web front ends of other origins that may call the app's API; tokens travel in headers, cookies never do.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/v1/"
if CORS_ALLOWED_ORIGINS:
    INSTALLED_APPS.append("corsheaders")  # which checks how they are written
    MIDDLEWARE.insert(2, "corsheaders.middleware.CorsMiddleware")
ROOT_URLCONF = "panel.urls"
WSGI_APPLICATION = "panel.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "panel.dashboard.context.page_frame",
            ]
        },
    }
]

# --- engines ---------------------------------------------------------------------------------------------
_embedded = None if env.str("DATABASE_URL", default="") else engines.find()
_no_engine = "postgres://panel@127.0.0.1:1/panel"  # commands that need no database still work
DATABASES = {
    "default": env.db_url_config(
        env.str("DATABASE_URL", default="") or (_embedded.database_url if _embedded else _no_engine)
    )
}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"].setdefault("OPTIONS", {})
# One long snapshot halves a hot wallet: nothing may sit in a transaction. The prepared statements of the hot
# path keep one generic plan that goes by the indexes. Behind PgBouncer set these by role.
_own_sessions = env.bool("DATABASE_SESSION_OPTIONS", default=True)
# In PgBouncer's transaction mode a cursor is gone with its statement: rows are fetched at once there.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = not _own_sessions
if _own_sessions:
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c jit=off"
        f" -c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=60_000)}"
        f" -c lock_timeout={env.int('LOCK_TIMEOUT_MS', default=0)}"  # migrations set it: see docs/operations.md
        f" -c idle_in_transaction_session_timeout={env.int('IDLE_TRANSACTION_TIMEOUT_MS', default=30_000)}"
    )
REDIS_URL = env.str("REDIS_URL", default="") or (
    _embedded.redis_url if _embedded else "redis://127.0.0.1:1/0"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "panel",
    }
}

# --- people ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Customer"
# By which of them a session was opened is kept in it: the admin takes the first alone (panel/accounts/entering.py).
AUTHENTICATION_BACKENDS = [
    "panel.accounts.backends.MobileOrEmailBackend",
    "panel.accounts.backends.CodeBackend",
]
SESSION_ENGINE = "panel.accounts.browser_sessions"
STAFF_SECOND_FACTOR = not DEBUG  # whether the admin opens to nobody without one
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "dashboard:login"
LOGIN_REDIRECT_URL = "dashboard:home"
LOGOUT_REDIRECT_URL = "dashboard:login"
# A tried password costs the address and the account a try; both are counted in PostgreSQL.
LOGIN_TRIES = env.int("LOGIN_TRIES", default=10)
LOGIN_WINDOW_SECONDS = env.int("LOGIN_WINDOW_SECONDS", default=900)
# A code by SMS lives so long, and the next one is sent no earlier; how many an address may ask for in an hour; how
# long whoever typed one in stays logged in.
LOGIN_CODE_SECONDS = env.int("LOGIN_CODE_SECONDS", default=120)
LOGIN_CODES_PER_ADDRESS = env.int("LOGIN_CODES_PER_ADDRESS", default=60)
LOGIN_TOKEN_DAYS = env.int("LOGIN_TOKEN_DAYS", default=30)
# Tickets a customer may have open, and messages a customer may write in an hour.
TICKETS_OPEN_MAX = env.int("TICKETS_OPEN_MAX", default=20)
TICKET_MESSAGES_PER_HOUR = env.int("TICKET_MESSAGES_PER_HOUR", default=60)
# How many proxies of ours a request passes: so many entries of X-Forwarded-For are theirs, the rest is hearsay.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=int(BEHIND_PROXY))


def _levels(name, default):
    """Whole numbers by whole numbers, written `0:600,5:1200`."""
    text = env.str(name, default=default)
    try:
        return {int(level): int(value) for level, value in (part.split(":") for part in text.split(","))}
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not written as {default}.") from error


def _hours(name, default):
    """Two times of a day, written `22:00-08:00`."""
    text = env.str(name, default=default)
    try:
        begin, end = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not written as {default}.") from error
    return begin, end


# Calls a minute with one key, by the customer's discount in percent: from each of these on.
API_CALLS_PER_MINUTE = _levels("API_CALLS_PER_MINUTE", default="0:600,5:1200,10:3000,20:6000")
ROTATED_KEY_HOURS = env.int("ROTATED_KEY_HOURS", default=24)  # a key that was replaced lives so much longer

# What upstreams answered and what messages said, word for word, is kept for so long.
RAW_EXCHANGE_DAYS = env.float("RAW_EXCHANGE_DAYS", default=30)
# Whoever asked to be erased may change their mind for so long.
ERASURE_DAYS = env.float("ERASURE_DAYS", default=7)

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Tehran"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
# Where `collectstatic` puts the files that the web process serves outside DEBUG.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".panel" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
if DEBUG:  # files come from their sources then, but WhiteNoise wants the folder to be there
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- browser security ------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# They look for Django's own names, where ours are subclasses (panel/middleware.py); panel.E008 checks the same.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W003"]
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- money and orders ------------------------------------------------------------------------------------
CURRENCY_CODE = "IRT"  # what the standard contract calls toman
IDEMPOTENCY_HOURS = 24
# After so long behind an unclear order on the same link, the operator is asked to decide.
LINK_HOLD_HOURS = env.float("LINK_HOLD_HOURS", default=6)
RECHECK_SECONDS = env.int("RECHECK_SECONDS", default=600)
FIGURES_SECONDS = env.float("FIGURES_SECONDS", default=60)  # between measurements of the admin's front page
# Between sums of what customers ordered, and between measurements of how fast services are.
STATS_SECONDS = env.float("STATS_SECONDS", default=600)
# Exports, imports and other long work: how many run at once, and when one whose worker died is taken up again.
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", default=2)
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=60)
# Tokens that a key is exchanged for, and how many sessions of one key live at once.
ACCESS_TOKEN_SECONDS = env.int("ACCESS_TOKEN_SECONDS", default=3600)
REFRESH_TOKEN_SECONDS = env.int("REFRESH_TOKEN_SECONDS", default=30 * 86_400)
SESSIONS_PER_KEY = env.int("SESSIONS_PER_KEY", default=50)
# Orders of a contract's sandbox: how long each status lasts, how many are open at once, how long they are kept.
TRIAL_STEP_SECONDS = env.float("TRIAL_STEP_SECONDS", default=30)
TRIAL_MAX_OPEN = env.int("TRIAL_MAX_OPEN", default=1000)
TRIAL_KEEP_DAYS = 30

# Leases and waits that are fixed in the code are multiplied with this: a run that rehearses trouble has no hours to
# wait for. Below 1 they get too short for the world outside (panel.E015).
WAIT_SCALE = env.float("WAIT_SCALE", default=1.0)

# --- upstreams -------------------------------------------------------------------------------------------
EGRESS_ALLOW = env.list("EGRESS_ALLOW", default=["127.0.0.0/8"] if DEBUG else [])
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8899")
# Where the lengths of Aparat's videos are asked, and how long an order waits for that.
APARAT_URL = env.str("APARAT_URL", default=f"{SANDBOX_URL}/aparat" if DEBUG else "")
VIDEO_LENGTH_SECONDS = env.float("VIDEO_LENGTH_SECONDS", default=4)
# Where the posts of a username are asked for (subscriptions), with which token, how often and for how long.
POSTS_URL = env.str("POSTS_URL", default=f"{SANDBOX_URL}/posts" if DEBUG else "")
POSTS_TOKEN = env.str("POSTS_TOKEN", default="")
POSTS_SECONDS = env.float("POSTS_SECONDS", default=300)
POSTS_DEADLINE_SECONDS = env.float("POSTS_DEADLINE_SECONDS", default=10)
SUBSCRIPTION_POSTS = env.int("SUBSCRIPTION_POSTS", default=10)  # paid for where a client names no number
PROVIDER_CONNECT_SECONDS = env.float("PROVIDER_CONNECT_SECONDS", default=5)
PROVIDER_DEADLINE_SECONDS = env.float("PROVIDER_DEADLINE_SECONDS", default=30)
FORWARD_POOL_SIZE = env.int("FORWARD_POOL_SIZE", default=16)
FORWARD_CLAIM_SIZE = env.int("FORWARD_CLAIM_SIZE", default=100)
FORWARD_MAX_TRIES = env.int("FORWARD_MAX_TRIES", default=8)  # unavailable answers before the next route
POLL_POOL_SIZE = env.int("POLL_POOL_SIZE", default=4)
POLL_FIRST_SECONDS = env.float("POLL_FIRST_SECONDS", default=30)
POLL_MAX_SECONDS = env.float("POLL_MAX_SECONDS", default=3600)
# A dispatch this old that never got an outcome belongs to a worker that died: it becomes unclear.
DISPATCH_LEASE_SECONDS = env.float("DISPATCH_LEASE_SECONDS", default=120)
BREAKER_FAILURES = env.int("BREAKER_FAILURES", default=5)
BREAKER_RESET_SECONDS = env.int("BREAKER_RESET_SECONDS", default=30)
# A route rests after so many failures in a row, or when such a share of its last so many orders failed; each rest
# in a row is twice as long as the one before.
ROUTE_REST_FAILURES = env.int("ROUTE_REST_FAILURES", default=5)
ROUTE_REST_WINDOW = env.int("ROUTE_REST_WINDOW", default=20)
ROUTE_REST_RATE = env.float("ROUTE_REST_RATE", default=0.5)
ROUTE_REST_SECONDS = env.float("ROUTE_REST_SECONDS", default=150)
ROUTE_REST_MAX_SECONDS = env.float("ROUTE_REST_MAX_SECONDS", default=3600)
# Each provider's list of services is read every so often, while a lease keeps other passes away from it.
SYNC_SECONDS = env.float("SYNC_SECONDS", default=900)
SYNC_LEASE_SECONDS = env.float("SYNC_LEASE_SECONDS", default=300)
SYNC_DEADLINE_SECONDS = env.float("SYNC_DEADLINE_SECONDS", default=60)
SYNC_LIST_BYTES = env.int("SYNC_LIST_BYTES", default=25_000_000)  # 10,000 services take about 5 MB

# --- payments --------------------------------------------------------------------------------------------
# Without both, nobody can pay by card.
ZARINPAL_URL = env.str("ZARINPAL_URL", default=f"{SANDBOX_URL}/bank" if DEBUG else "")
ZARINPAL_MERCHANT_ID = env.str(
    "ZARINPAL_MERCHANT_ID", default="sandbox-merchant-0000000000000000000" if DEBUG else ""
)
PAYMENT_DEADLINE_SECONDS = env.float("PAYMENT_DEADLINE_SECONDS", default=15)
# Bounds of a payment in toman, and how many unpaid ones a customer may start in an hour.
PAYMENT_MIN = env.int("PAYMENT_MIN", default=1_000)
PAYMENT_MAX = env.int("PAYMENT_MAX", default=50_000_000)
PAYMENTS_PER_HOUR = env.int("PAYMENTS_PER_HOUR", default=30)
# The bank is asked about an unpaid payment for so long, whether or not the customer comes back.
PAYMENT_GIVE_UP_HOURS = env.float("PAYMENT_GIVE_UP_HOURS", default=24)
# Who sells, as invoices and statements say it; a line that is not set is left out.
INVOICE_SELLER_NAME = env.str("INVOICE_SELLER_NAME", default="")
INVOICE_SELLER_ADDRESS = env.str("INVOICE_SELLER_ADDRESS", default="")
INVOICE_SELLER_TAX_ID = env.str("INVOICE_SELLER_TAX_ID", default="")
INVOICE_SELLER_PHONE = env.str("INVOICE_SELLER_PHONE", default="")

# --- like exchange ---------------------------------------------------------------------------------------
# Instagram's login and API v1, or whoever offers the same; without addresses nobody logs in or is paid that way.
_instagram = f"{SANDBOX_URL}/instagram" if DEBUG else ""
INSTAGRAM_AUTHORIZE_URL = env.str(
    "INSTAGRAM_AUTHORIZE_URL", default=f"{_instagram}/oauth/authorize" if DEBUG else ""
)
INSTAGRAM_TOKEN_URL = env.str(
    "INSTAGRAM_TOKEN_URL", default=f"{_instagram}/oauth/access_token" if DEBUG else ""
)
INSTAGRAM_API_URL = env.str("INSTAGRAM_API_URL", default=f"{_instagram}/v1" if DEBUG else "")
INSTAGRAM_CLIENT_ID = env.str("INSTAGRAM_CLIENT_ID", default="sandbox-client" if DEBUG else "")
INSTAGRAM_CLIENT_SECRET = env.str("INSTAGRAM_CLIENT_SECRET", default="sandbox-client-secret" if DEBUG else "")
INSTAGRAM_APP_TOKEN = env.str("INSTAGRAM_APP_TOKEN", default="sandbox-app-token" if DEBUG else "")
INSTAGRAM_SCOPE = env.str("INSTAGRAM_SCOPE", default="basic public_content likes")
INSTAGRAM_PKCE = env.bool("INSTAGRAM_PKCE", default=True)
INSTAGRAM_SECONDS = env.float("INSTAGRAM_SECONDS", default=10)
LIKE_CHECK_SECONDS = env.float("LIKE_CHECK_SECONDS", default=5)
# Likes paid to calls from one address in a day (UTC); many people may share an address of a mobile network.
LIKES_PER_ADDRESS = env.int("LIKES_PER_ADDRESS", default=5_000)
# The sample of likes that is looked at again, in percent, and when: hours after the like.
LIKE_RECHECK_PERCENT = env.float("LIKE_RECHECK_PERCENT", default=10)
LIKE_RECHECK_HOURS = env.list("LIKE_RECHECK_HOURS", cast=float, default=[1.0, 23.0])
LIKE_DEBT_DAYS = env.int("LIKE_DEBT_DAYS", default=30)
REPORTS_TO_REVIEW = env.int("REPORTS_TO_REVIEW", default=5)
COVER_BYTES = env.int("COVER_BYTES", default=1_000_000)
# The app store that sells bundles; without address or package none are sold.
BAZAAR_URL = env.str("BAZAAR_URL", default=f"{SANDBOX_URL}/bazaar/devapi/v2/api" if DEBUG else "")
BAZAAR_PACKAGE = env.str("BAZAAR_PACKAGE", default="sandbox.panel" if DEBUG else "")
BAZAAR_SECRET = env.str("BAZAAR_SECRET", default="sandbox-bazaar-secret" if DEBUG else "")
BAZAAR_SECONDS = env.float("BAZAAR_SECONDS", default=8)

# --- SMS -------------------------------------------------------------------------------------------------
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default=f"{SANDBOX_URL}/sms/api/v1/rest" if DEBUG else "")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", default="sandbox-sms-token" if DEBUG else "")
SMS_FROM = env.str("SMS_FROM", default="3000123456" if DEBUG else "")
SMS_POOL_SIZE = env.int("SMS_POOL_SIZE", default=4)  # calls at a time, each with up to 100 messages
# When advertisements wait (Tehran time), and how many of them a number gets in a day.
SMS_QUIET_HOURS = _hours("SMS_QUIET_HOURS", default="22:00-08:00")
SMS_ADVERTISING_PER_DAY = env.int("SMS_ADVERTISING_PER_DAY", default=3)
# Recipients of one call that names them, and of one send in all.
SMS_MAX_NUMBERS = env.int("SMS_MAX_NUMBERS", default=1_000)
SMS_MAX_RECIPIENTS = env.int("SMS_MAX_RECIPIENTS", default=200_000)
SMS_PENDING_STATUS_SECONDS = env.float("SMS_PENDING_STATUS_SECONDS", default=20)

# --- Celery ----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL", default="") or REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a lost wake-up is harmless: beat's sweep stands behind every one
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "providers.tasks.forward_orders": {"queue": "forward"},
    "providers.tasks.send_cancels": {"queue": "forward"},
    "providers.tasks.send_refills": {"queue": "forward"},
    "providers.tasks.poll_orders": {"queue": "poll"},
    "sms.tasks.*": {"queue": "notify"},
    "orders.tasks.handle_events": {"queue": "notify"},
    "orders.tasks.send_webhooks": {"queue": "notify"},
    "orders.tasks.fetch_posts": {"queue": "poll"},
    "providers.tasks.handle_events": {"queue": "notify"},
    "panel.wallet.tasks.handle_events": {"queue": "notify"},
    "panel.wallet.tasks.sweep_payments": {"queue": "poll"},
    "campaigns.tasks.*": {"queue": "poll"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_CONCURRENCY = env.int("WORKER_THREADS", default=8)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5)


def _sweep(task, seconds):
    """A beat entry; the message dies before the next one comes, so a stopped worker finds no pile of them."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1)}}


CELERY_BEAT_SCHEDULE = {
    "forward queued orders": _sweep("providers.tasks.forward_orders", SWEEP_SECONDS),
    "send kept cancel wishes": _sweep("providers.tasks.send_cancels", SWEEP_SECONDS),
    "send and follow refills": _sweep("providers.tasks.send_refills", SWEEP_SECONDS),
    "report long holds of links": _sweep("providers.tasks.report_holds", 60.0),
    "measure the health of routes": _sweep("providers.tasks.measure_routes", 600.0),
    "poll open orders": _sweep("providers.tasks.poll_orders", SWEEP_SECONDS),
    "find orphaned dispatches": _sweep("providers.tasks.settle_orphans", SWEEP_SECONDS * 3),
    "reconcile unclear dispatches": _sweep("providers.tasks.reconcile_unclear", SWEEP_SECONDS * 3),
    "handle order events": _sweep("orders.tasks.handle_events", SWEEP_SECONDS),
    "handle wallet events": _sweep("panel.wallet.tasks.handle_events", SWEEP_SECONDS),
    "sync catalogues": _sweep("providers.tasks.sync_catalogues", 60.0),
    "read provider balances": _sweep("providers.tasks.read_balances", 60.0),
    "handle provider events": _sweep("providers.tasks.handle_events", SWEEP_SECONDS),
    "send messages": _sweep("sms.tasks.send_messages", SWEEP_SECONDS),
    "ask for delivery states": _sweep("sms.tasks.poll_deliveries", SWEEP_SECONDS * 3),
    "queue scheduled sends": _sweep("sms.tasks.run_schedules", SWEEP_SECONDS * 3),
    "wipe expired messages": _sweep("sms.tasks.expire_messages", SWEEP_SECONDS * 3),
    "make parts of orders": _sweep("orders.tasks.look_at_plans", SWEEP_SECONDS),
    "look for posts of subscriptions": _sweep("orders.tasks.fetch_posts", SWEEP_SECONDS),
    "run jobs": _sweep("panel.jobs.tasks.run_jobs", SWEEP_SECONDS),
    "forget old jobs": _sweep("panel.jobs.tasks.purge_jobs", 3600.0),
    "send webhooks": _sweep("orders.tasks.send_webhooks", SWEEP_SECONDS),
    "forget old webhook deliveries": _sweep("orders.tasks.tidy_webhooks", 600.0),
    "forget old idempotency keys": _sweep("orders.tasks.purge_idempotency_keys", 600.0),
    "forget old keys of SMS sends": _sweep("sms.tasks.purge_keys", 600.0),
    "measure the speed of services": _sweep("orders.tasks.measure_speeds", STATS_SECONDS),
    "add up orders by day": _sweep("orders.tasks.sum_days", STATS_SECONDS),
    "measure the day's money": _sweep("panel.wallet.tasks.measure_days", FIGURES_SECONDS),
    "measure the day's orders": _sweep("orders.tasks.measure_days", FIGURES_SECONDS),
    "measure the day's spending": _sweep("providers.tasks.measure_days", FIGURES_SECONDS),
    "forget old trial orders": _sweep("orders.tasks.purge_trials", 3600.0),
    "forget what upstreams answered": _sweep("providers.tasks.wipe_excerpts", 3600.0),
    "forget texts of old messages": _sweep("sms.tasks.wipe_texts", 3600.0),
    "erase customers": _sweep("panel.personal.tasks.erase_due", 600.0),
    "forget old logins and tokens": _sweep("panel.accounts.tasks.purge_accesses", 3600.0),
    "apply price levels": _sweep("panel.rewards.tasks.apply_levels", 600.0),
    "fetch pictures of campaigns": _sweep("campaigns.tasks.look_for_covers", SWEEP_SECONDS * 3),
    "forget pictures of campaigns": _sweep("campaigns.tasks.forget_covers", 3600.0),
    "look again at likes": _sweep("campaigns.tasks.recheck_likes", 60.0),
    "give back rests of campaigns": _sweep("campaigns.tasks.give_back_rests", SWEEP_SECONDS * 3),
    "ask about bundles": _sweep("campaigns.tasks.sweep_purchases", SWEEP_SECONDS * 3),
    "forget likes of addresses": _sweep("campaigns.tasks.purge_addresses", 3600.0),
    "ask about open payments": _sweep("panel.wallet.tasks.sweep_payments", SWEEP_SECONDS * 3),
    "close house days": _sweep("panel.wallet.tasks.close_house_days", 3600.0),
}

# --- watching --------------------------------------------------------------------------------------------
# Who knows it may read /metrics; empty: nobody. The file that a backup touches when it has ended.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
BACKUP_STAMP = env.str("BACKUP_STAMP", default="")
# Where faults are told (panel/fault_reports.py); empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="development" if DEBUG else "production")
# One JSON object for each line, or lines for people.
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"told": {"()": "panel.lib.logs.Formatter", "form": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "told"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.db.backends": {"level": "INFO"},
        "urllib3": {"level": "INFO"},  # below that it writes addresses, and upstreams want tokens in theirs
    },
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
