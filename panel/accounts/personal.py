"""What of logins and profiles is about a person."""

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, Now

from panel.accounts.browser_sessions import end_other_sessions
from panel.accounts.models import ApiToken, Customer
from panel.lib.personal import MARK, Personal, add_end, add_impersonal, add_personal


def _tries(customer):
    return Q(subject__in=[f"account:{customer.pk}", f"second:account:{customer.pk}"])


def _codes(customer):
    """By the number as well: a code is asked for before anybody knows whose it is."""
    found = Q(customer=customer.pk)
    for field, value in (("mobile", customer.mobile), ("mobile", customer.new_mobile)):
        found |= Q(**{field: value}) | Q(subject=f"mobile:{value}") if value else Q()
    return found | Q(subject=f"email:{customer.email.lower()}") if customer.email else found


# The customer's own row comes first, so it is wiped last: other parts look for its mobile and email.
PARTS = (
    Personal(
        "accounts.Customer",
        owners=("pk",),
        wiped={
            "username": Concat(Value(f"{MARK}-"), Cast(F("pk"), CharField())),
            "password": make_password(None),
            "mobile": None,
            "new_mobile": "",
            "email": None,
            "first_name": "",
            "last_name": "",
            "order_block": MARK,
            "last_login": None,
        },
        exported=(
            "username",
            "mobile",
            "new_mobile",
            "email",
            "first_name",
            "last_name",
            "language",
            "discount",
        )
        + ("level_discount", "terms_accepted_at", "last_login", "created"),
    ),
    Personal(
        "accounts.BrowserSession",
        owners=("customer",),
        deleted=True,
        exported=("how", "address", "user_agent", "created", "last_seen"),
    ),
    Personal(
        "accounts.SecondFactor", owners=("customer",), deleted=True, exported=("created", "confirmed_at")
    ),
    Personal(
        "accounts.ApiToken",
        owners=("customer",),
        wiped={"name": "", "allowed_networks": []},
        kept=("prefix",),
        exported=(
            "prefix",
            "contract",
            "use",
            "name",
            "scopes",
            "allowed_networks",
            "created",
            "last_used_at",
        )
        + ("expires_at", "revoked_at"),
    ),
    Personal("accounts.LoginTry", rows=_tries, deleted=True),
    Personal(
        "accounts.LoginCode", rows=_codes, deleted=True, exported=("purpose", "mobile", "address", "created")
    ),
    Personal("accounts.NewsChoice", owners=("customer",), deleted=True, exported=("event", "panel", "sms")),
    Personal(
        "accounts.SocialIdentity",
        owners=("customer",),
        deleted=True,
        exported=("provider", "uid", "username", "created"),
    ),
)


def _end_logins(customer):
    end_other_sessions(customer.pk)
    ApiToken.objects.filter(customer=customer.pk, revoked_at=None).update(revoked_at=Now())
    Customer.objects.filter(pk=customer.pk).update(is_active=False)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
    add_end(_end_logins)
    add_impersonal("keyed digests", "accounts.RecoveryCode")
    add_impersonal("rights and kinds, written by us", "auth.Permission", "auth.Group")
    add_impersonal("rights and kinds, written by us", "contenttypes.ContentType")
    add_impersonal("nothing is written to it: staff have a log of their own", "admin.LogEntry")
    add_impersonal(
        "beat's timetable",
        *("django_celery_beat.SolarSchedule", "django_celery_beat.IntervalSchedule"),
        *("django_celery_beat.ClockedSchedule", "django_celery_beat.CrontabSchedule"),
        *("django_celery_beat.PeriodicTask", "django_celery_beat.PeriodicTasks"),
    )
