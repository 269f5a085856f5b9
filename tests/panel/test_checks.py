"""The system checks: each tells of its fault with an id and a way out, and good settings pass."""

import os
import secrets
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import run_checks
from django.core.checks.registry import registry

from panel import checks
from panel.demo_data.people import ADMIN, CUSTOMER, PEOPLE, ROLE_PEOPLE, STAFF, load_people
from tests.factories import make_customer

DEMO_FIELD_KEY = "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMDA="  # not a secret
ALL_CHECKS = [getattr(checks, name) for name in dir(checks) if name.startswith("check_")]


@pytest.fixture
def production(settings):
    """Settings with which a production machine passes."""
    settings.DEBUG = False
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    settings.TRACKING_KEY = secrets.token_urlsafe(50)
    settings.EGRESS_ALLOW = []
    settings.ALLOWED_HOSTS = ["panel.example"]
    settings.SMS_GATEWAY_URL = "https://sms.example/api/v1/rest"
    settings.SMS_GATEWAY_TOKEN = "made-up"
    settings.SMS_FROM = "3000"
    settings.ZARINPAL_URL = settings.ZARINPAL_MERCHANT_ID = ""
    settings.CSRF_COOKIE_SECURE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: many are set
    settings.PROVIDER_DEADLINE_SECONDS = 30
    return settings


def ids(check):
    return [fault.id for fault in check(None)]


def test_good_settings_pass_every_check(production):
    assert {check.__name__: ids(check) for check in ALL_CHECKS} == {
        check.__name__: [] for check in ALL_CHECKS
    }


def test_every_check_is_registered():
    registered = {*registry.registered_checks, *registry.deployment_checks}
    assert [check.__name__ for check in ALL_CHECKS if check not in registered] == []


def test_every_fault_has_a_hint(production, settings):
    settings.SECRET_KEY, settings.FIELD_KEYS = settings.DEMO_SECRET, [DEMO_FIELD_KEY, "short"]
    settings.TRACKING_KEY = settings.DEMO_SECRET
    settings.EGRESS_ALLOW, settings.ALLOWED_HOSTS, settings.SMS_FROM = ["10.0.0.0/8", "x"], ["*"], ""
    settings.DISPATCH_LEASE_SECONDS = 1
    faults = [fault for check in ALL_CHECKS for fault in check(None)]
    found = sorted(fault.id.removeprefix("panel.") for fault in faults)
    assert found == ["E001", "E002", "E003", "E004", "E005", "E006", "E010", "W001", "W002"]
    assert [fault.id for fault in faults if not fault.hint] == []


def test_demo_secrets_are_refused_outside_debug_only(production):
    production.SECRET_KEY, production.FIELD_KEYS = production.DEMO_SECRET, [DEMO_FIELD_KEY]
    production.TRACKING_KEY = production.DEMO_SECRET
    assert ids(checks.check_demo_secrets) == ["panel.E001", "panel.E002", "panel.E010"]
    production.DEBUG = True
    assert ids(checks.check_demo_secrets) == []


def test_demo_field_key_is_found_behind_a_good_one(production):
    production.FIELD_KEYS = [Fernet.generate_key().decode(), DEMO_FIELD_KEY]
    assert ids(checks.check_demo_secrets) == ["panel.E002"]


@pytest.mark.parametrize("keys", [[], ["abc"], [DEMO_FIELD_KEY, "é"], [DEMO_FIELD_KEY[:-4]]])
def test_field_keys_have_to_be_fernet_keys(production, keys):
    production.FIELD_KEYS = keys
    assert ids(checks.check_field_keys) == ["panel.E003"]


@pytest.mark.parametrize("network", ["10.0.0.0/33", "localhost", "10.0.0.1/8"])
def test_egress_entries_have_to_be_networks(production, network):
    production.EGRESS_ALLOW = ["127.0.0.0/8", network]
    assert ids(checks.check_egress_networks) == ["panel.E004"]


def test_open_egress_is_refused_when_deployed(production):
    production.EGRESS_ALLOW = ["127.0.0.0/8"]
    assert ids(checks.check_egress_closed) == ["panel.E005"]
    assert checks.check_egress_closed in registry.deployment_checks


@pytest.mark.parametrize(
    ("debug", "scale", "faults"),
    [(False, 1, []), (False, 0.1, ["panel.E015"]), (True, 0.1, []), (True, 0, ["panel.E015"])],
)
def test_leases_are_shortened_in_a_rehearsal_only(production, debug, scale, faults):
    production.DEBUG, production.WAIT_SCALE = debug, scale
    assert ids(checks.check_wait_scale) == faults


@pytest.mark.parametrize(("lease", "faults"), [(80, ["panel.E006"]), (80.5, [])])
def test_a_lease_has_to_be_above_twice_the_longest_call(production, lease, faults):
    """5 s to connect, 30 s to answer and 5 s for the rate limit are 40 s."""
    production.PROVIDER_CONNECT_SECONDS, production.DISPATCH_LEASE_SECONDS = 5, lease
    assert ids(checks.check_dispatch_lease) == faults


@pytest.mark.parametrize(
    ("name", "value", "faults"),
    [
        ("API_CALLS_PER_MINUTE", {0: 600}, 0),
        ("API_CALLS_PER_MINUTE", {5: 600}, 1),
        ("API_CALLS_PER_MINUTE", {0: 0}, 1),
        ("API_CALLS_PER_MINUTE", {0: 600, 101: 700}, 1),
        ("API_CALLS_PER_MINUTE", {-1: -1}, 3),
        ("TRUSTED_PROXIES", -1, 1),
        ("ROTATED_KEY_HOURS", -1, 1),
    ],
)
def test_limits_of_callers_that_make_no_sense_are_refused(production, name, value, faults):
    setattr(production, name, value)
    assert ids(checks.check_call_limits) == ["panel.E009"] * faults


@pytest.mark.parametrize(
    "name",
    [
        "ACCESS_TOKEN_SECONDS",
        "REFRESH_TOKEN_SECONDS",
        "SESSIONS_PER_KEY",
        "TRIAL_STEP_SECONDS",
        "TRIAL_MAX_OPEN",
        "TRIAL_KEEP_DAYS",
        "LOGIN_CODE_SECONDS",
        "LOGIN_CODES_PER_ADDRESS",
        "LOGIN_TOKEN_DAYS",
        "SUBSCRIPTION_POSTS",
    ],
)
def test_sessions_and_trial_orders_need_settings_above_zero(production, name):
    assert checks.check_sessions(None) == []
    setattr(production, name, 0)
    assert ids(checks.check_sessions) == ["panel.E011"]


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, 0),
        ({"ZARINPAL_URL": "https://bank.example", "ZARINPAL_MERCHANT_ID": "m"}, 0),
        ({"ZARINPAL_URL": "https://bank.example"}, 1),
        ({"ZARINPAL_MERCHANT_ID": "m"}, 1),
        ({"ZARINPAL_URL": "http://127.0.0.1:8899/bank", "ZARINPAL_MERCHANT_ID": "m"}, 1),
        ({"PAYMENT_MIN": 0}, 1),
        ({"PAYMENT_MIN": 2_000, "PAYMENT_MAX": 1_000}, 1),
        ({"PAYMENT_DEADLINE_SECONDS": 0}, 1),
    ],
)
def test_payments_have_a_bank_or_none_and_bounds_that_make_sense(production, changed, faults):
    for name, value in ({"ZARINPAL_URL": "", "ZARINPAL_MERCHANT_ID": ""} | changed).items():
        setattr(production, name, value)
    assert ids(checks.check_payments) == ["panel.E012"] * faults


def test_limits_that_can_not_be_read_stop_the_start():
    code, errors = run_deploy_check(API_CALLS_PER_MINUTE="0=600")
    assert (code, "API_CALLS_PER_MINUTE is not written as 0:600" in errors) == (1, True)


@pytest.mark.parametrize("hosts", [["*"], ["panel.example", "*"], [], ["localhost", "127.0.0.1"]])
def test_hosts_that_are_too_many_or_too_few_are_warned_of(production, hosts):
    production.ALLOWED_HOSTS = hosts
    assert [type(fault) for fault in checks.check_allowed_hosts(None)] == [CheckWarning]


@pytest.mark.parametrize("name", ["CsrfViewMiddleware", "ContentPolicyMiddleware"])
def test_a_missing_guard_of_pages_is_named(production, name):
    production.MIDDLEWARE = [path for path in production.MIDDLEWARE if not path.endswith(f".{name}")]
    faults = checks.check_browser_guards(None)
    assert [(fault.id, fault.msg) for fault in faults] == [("panel.E008", f"{name} is not in MIDDLEWARE.")]


def test_a_csrf_cookie_over_plain_http_is_refused(production):
    production.CSRF_COOKIE_SECURE = False
    assert ids(checks.check_browser_guards) == ["panel.E008"]


@pytest.mark.parametrize("name", ["SMS_GATEWAY_URL", "SMS_GATEWAY_TOKEN", "SMS_FROM"])
def test_a_missing_sms_setting_is_named(production, name):
    setattr(production, name, "")
    assert [fault.msg for fault in checks.check_sms_gateway(None)] == [f"{name} is not set."]
    production.DEBUG = True
    assert ids(checks.check_sms_gateway) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")  # read by the check, used by nobody
@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"CONN_MAX_AGE": 0}, ["panel.W003"]),
        ({"OPTIONS": {}}, ["panel.W004", "panel.W004"]),
        (
            {"OPTIONS": {"options": "-c statement_timeout=0 -c idle_in_transaction_session_timeout=9"}},
            ["panel.W004"],
        ),
    ],
)
def test_connections_that_are_not_kept_or_never_time_out_are_warned_of(production, change, faults):
    production.DATABASES = {"default": django_settings.DATABASES["default"] | change}
    assert ids(checks.check_connections) == faults


@pytest.mark.django_db
def test_demo_people_are_refused_outside_debug_until_their_passwords_change(production):
    load_people()
    named = [fault.msg.split("”")[0] for fault in checks.check_demo_people(None, databases=["default"])]
    assert sorted(named) == sorted(f"“{person.username}" for person in (*PEOPLE, *STAFF, *ROLE_PEOPLE))
    production.DEBUG = True
    assert checks.check_demo_people(None, databases=["default"]) == []


@pytest.mark.django_db
def test_a_person_of_a_demo_name_with_a_password_of_their_own_passes(production):
    for person, password in ((ADMIN, "blue-horse-41"), (CUSTOMER, ADMIN.password)):
        row = make_customer(username=person.username)
        row.set_password(password)
        row.save()
    assert checks.check_demo_people(None, databases=["default"]) == []


def test_nothing_is_asked_of_a_database_that_was_not_named(production):
    """No `db` mark: a query would fail this test."""
    assert checks.check_demo_people(None, databases=None) == []
    assert [fault.id for fault in run_checks(tags=["sms", "timeouts"])] == []


def run_deploy_check(**environment):
    """`manage.py check --deploy --fail-level WARNING` as a production machine would run it."""
    good = {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "TRACKING_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "panel.example",
        "EGRESS_ALLOW": "",
        "SMS_GATEWAY_URL": "https://sms.example/api/v1/rest",
        "SMS_GATEWAY_TOKEN": "made-up",
        "SMS_FROM": "3000",
        "INVOICE_SELLER_NAME": "Panel",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command,
        cwd=django_settings.BASE_DIR,
        env=os.environ | good | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr


def test_the_deployment_check_is_clean_with_good_settings():
    code, errors = run_deploy_check()
    assert (code, "identified" in errors) == (0, False), errors


def test_the_deployment_check_fails_with_a_demo_secret_and_open_egress():
    code, errors = run_deploy_check(FIELD_KEYS=DEMO_FIELD_KEY, EGRESS_ALLOW="127.0.0.0/8")
    assert (code, [name for name in ("panel.E002", "panel.E005") if name in errors]) == (
        1,
        ["panel.E002", "panel.E005"],
    )
