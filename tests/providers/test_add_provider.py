"""add_provider: a provider from a script, its routes first, and what its balance call answers."""

import subprocess
import sys
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from panel.engines.ports import pick_port
from providers.models import Provider, Route
from tests.factories import make_class, make_provider, make_route, make_service
from tests.running import build_environment

pytestmark = pytest.mark.django_db
KEY = "sandbox-very-secret"


@pytest.fixture(autouse=True)
def _quiet(clean_redis, monkeypatch):
    monkeypatch.delenv("PROVIDER_KEY", raising=False)


@pytest.fixture
def url(sandbox):
    return f"{sandbox.url}/standard/api/v2"


def add(*words, name="Up"):
    """(stdout, stderr) of the command."""
    out, err = StringIO(), StringIO()
    call_command("add_provider", name, *words, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def routes_of(service):
    rows = Route.objects.filter(service=service, active=True)
    return list(rows.values_list("provider__name", "upstream_service"))


def test_a_new_provider_is_stored_as_given_and_its_balance_printed(url):
    out, err = add(
        *("--dialect", "standard", "--url", url, "--key", KEY, "--currency", "USD", "--rate", "61000.5"),
        *("--username", "me", "--calls-per-second", "7", "--honours-idempotency-key"),
    )
    row = Provider.objects.get()
    assert (row.name, row.dialect, row.url, row.key, row.username) == ("Up", "standard", url, KEY, "me")
    assert (row.currency, row.rate, row.calls_per_second) == ("USD", Decimal("61000.5"), 7)
    assert (row.honours_idempotency_key, row.active, row.paused_at) == (True, True, None)
    first, second = out.splitlines()
    assert first == f"provider {row.pk} “Up” is stored, with 0 routes put first"
    word, amount, currency = second.split()
    assert (word, Decimal(amount), currency, err) == ("balance", row.balance, "IRT", "")


def test_the_key_is_told_nowhere(url):
    out, err = add("--url", url, "--key", KEY)
    assert (KEY in out, KEY in err) == (False, False)
    with pytest.raises(CommandError) as refused:
        add("--url", "ftp://x", "--key", KEY)
    assert KEY not in str(refused.value)


def test_the_same_name_again_changes_what_is_given_and_keeps_the_rest(url):
    add("--url", url, "--key", KEY, "--rate", "2", "--honours-idempotency-key")
    add("--calls-per-second", "3")
    row = Provider.objects.get()
    seen = (row.url, row.key, row.rate, row.honours_idempotency_key, row.calls_per_second)
    assert seen == (url, KEY, 2, True, 3)


def test_routes_become_the_first_ones_in_front_of_all_others(url):
    services = [make_service(), make_service()]
    make_route(services[0], make_provider("http://127.0.0.1:1", name="Old"), "5", priority=-4)
    out, _ = add("--url", url, "--key", KEY, "--route", f"{services[0].pk}=1", f"{services[1].pk}=x 2")
    assert [routes_of(service) for service in services] == [[("Up", "1"), ("Old", "5")], [("Up", "x 2")]]
    assert out.splitlines()[0].endswith("with 2 routes put first")


def test_route_can_be_given_many_times(url):
    services = [make_service(), make_service()]
    add("--url", url, "--key", KEY, "--route", f"{services[0].pk}=1", "--route", f"{services[1].pk}=2")
    assert [routes_of(service) for service in services] == [[("Up", "1")], [("Up", "2")]]


def test_an_existing_route_is_moved_to_the_front_and_switched_on(url):
    service = make_service()
    other = make_provider("http://127.0.0.1:1", name="Other")
    up = Provider.objects.create(name="Up", url=url, key=KEY)
    make_route(service, other, "5", priority=1)
    make_route(service, up, "1", priority=9, active=False)
    for _ in range(2):
        add("--route", f"{service.pk}=1")
    assert (routes_of(service), Route.objects.count()) == ([("Up", "1"), ("Other", "5")], 2)


def test_an_upstream_that_is_not_there_is_told_and_the_provider_kept():
    address = f"http://127.0.0.1:{pick_port(None)}/standard/api/v2"
    with pytest.raises(CommandError, match="“Up” is stored, but its balance call failed: "):
        add("--url", address, "--key", KEY)
    assert list(Provider.objects.values_list("name", "url", "balance")) == [("Up", address, None)]


def test_a_refused_key_is_told_and_the_provider_kept(url):
    with pytest.raises(CommandError, match="balance call failed") as refused:
        add("--url", url, "--key", "wrong-key-of-ours")
    assert ("wrong-key-of-ours" in str(refused.value), Provider.objects.count()) == (False, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--key", KEY], "--url has to be"),
        (["--url", "gopher://x/", "--key", KEY], "--url has to be"),
        (["--url", "http://x/"], "--key is missing"),
        (["--url", "http://x/", "--key", KEY, "--route", "999999=1"], "there is no service 999999"),
        (["--url", "http://x/", "--key", KEY, "--route", "5"], "invalid"),
        (["--url", "http://x/", "--key", KEY, "--route", "five=1"], "invalid"),
        (["--url", "http://x/", "--key", KEY, "--rate", "0"], "invalid"),
        (["--url", "http://x/", "--key", KEY, "--rate", "NaN"], "invalid"),
        (["--url", "http://x/", "--key", KEY, "--dialect", "klingon"], "invalid choice"),
    ],
)
def test_bad_input_is_told_and_stores_nothing(words, said):
    with pytest.raises(CommandError, match=said):
        add(*words)
    assert (Provider.objects.count(), Route.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["--calls-per-second", "-1"],
        ["--calls-per-second", "99999999999"],
        ["--rate", "1e30"],
        ["--currency", "TOOLONGCODE"],
        ["--route", "1=" + "9" * 65],
        ["--route", "99999999999999999999=1"],
    ],
)
def test_values_that_no_column_holds_are_told_and_store_nothing(words):
    make_service(pk=1)
    with pytest.raises(CommandError):
        add("--url", "http://127.0.0.1:1/", "--key", KEY, *words)
    assert (Provider.objects.count(), Route.objects.count()) == (0, 0)


def test_the_key_comes_from_stdin_or_the_environment(url, monkeypatch):
    monkeypatch.setattr(sys, "stdin", StringIO("sandbox-from-stdin\n"))
    add("--url", url, "--key", "-", name="One")
    monkeypatch.setenv("PROVIDER_KEY", "sandbox-from-environment")
    add("--url", url, name="Two")
    keys = {row.name: row.key for row in Provider.objects.all()}
    assert keys == {"One": "sandbox-from-stdin", "Two": "sandbox-from-environment"}


def test_a_paused_provider_is_told_of(url):
    Provider.objects.create(name="Up", url=url, key=KEY, paused_at=timezone.now())
    assert add()[1].strip() == "“Up” is paused: resume it in the admin before orders go there"


def test_a_part_of_this_panel_needs_neither_address_nor_key():
    make_class(line="likes")
    service = make_service()
    out, err = add("--dialect", "like_exchange", "--route", f"{service.pk}=likes")
    row = Provider.objects.get()
    assert (row.dialect, row.url, row.key, routes_of(service)) == (
        *("like_exchange", "panel:", ""),
        [("Up", "likes")],
    )
    assert (out.splitlines()[1], err) == ("balance 0 like", "")


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_upstream_makes_the_program_exit_with_1_and_say_so_on_stderr():
    done = subprocess.run(
        [sys.executable, "manage.py", "add_provider", "Up", "--url", "http://127.0.0.1:1/", "--key", KEY],
        cwd=django_settings.BASE_DIR,
        env=build_environment(EGRESS_ALLOW="127.0.0.0/8"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "balance call failed" in done.stderr, KEY in done.stderr) == (1, True, False)
    assert list(Provider.objects.values_list("name", "key")) == [("Up", KEY)]
