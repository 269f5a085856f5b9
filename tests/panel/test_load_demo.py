"""load_demo: what it tells is exactly what works, and loading it again gives nothing twice."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Bundle, Campaign, CampaignClass, Product, ProductCode
from orders.callers import Bearer
from orders.models import Category, Order, Service
from orders.services import OrderRequest, place_order, place_order_by_token
from panel import engines
from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import revoke_token
from panel.demo.pids import describe_self, write_record
from panel.demo_data.catalogue import read_catalogue
from panel.lib.secrets import digest_token
from panel.rewards.models import Gift, PriceLevel, RewardRules
from panel.wallet.ledger import read_balance
from panel.wallet.models import Account, Transfer, WalletEvent
from panel.wallet.payments.models import BonusStep, Coupon
from providers.forwarding import forward_orders
from providers.models import Dispatch, Provider, Route
from sms.drafts import SendRequest
from sms.models import Send
from sms.outbox import queue_message
from sms.sending import send_messages
from sms.sends import send_text

pytestmark = pytest.mark.django_db
TOKEN_WORDS = ["panel_app", "gray_city", "happy_follower_key", "likenama", "sms", "standard_key"]
SERVICE_WORDS = ["like", "view", "comment", "follower", "follower_pro", "watch_time", "ads", "default"]
SERVICE_WORDS += ["drip_feed", "package", "custom_comments", "poll", "subscriptions", "free"]
PEOPLE = ["customer", "other", "poor"]
ALL_FACTS = ["base_url", "admin", *PEOPLE, "tokens", "other_tokens", "poor_tokens", "services", "links"]
ALL_FACTS += [
    "campaigns",
    "products",
    "bundles",
    "sms_from",
    "sms_pattern",
    "likenama_like_token",
    "bazaar_good_token",
]
ALL_FACTS += ["bazaar_bad_token", "sms_outbox_command"]
TOUCHED = (Customer, ApiToken, Account, Transfer, WalletEvent, Category, Service, Provider, Route)
TOUCHED += (CampaignClass, Campaign, Product, ProductCode, Bundle)


@pytest.fixture(autouse=True)
def _demo(settings, monkeypatch, tmp_path):
    """Tests run with DEBUG off, where the demo is refused. The hasher is a quick one: many passwords are set.

    No demo runs in an empty folder.
    """
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(engines, "FOLDER", tmp_path)
    monkeypatch.delenv("SANDBOX_URL", raising=False)


def load(capsys):
    """All that `load_demo --json` writes to stdout, read as JSON."""
    call_command("load_demo", "--json")
    return json.loads(capsys.readouterr().out)


def find_person(facts, who):
    return Customer.objects.get(email=facts[who]["email"])


def standard_key(facts, who):
    return facts["tokens" if who == "customer" else f"{who}_tokens"]["standard_key"]


def test_facts_have_the_promised_names_and_shapes(capsys, settings):
    settings.BASE_URL, settings.SMS_FROM = "http://127.0.0.1:8765", "30001"
    facts = load(capsys)
    assert list(facts) == ALL_FACTS
    assert [sorted(facts[who]) for who in PEOPLE] == [["email", "mobile", "password"]] * 3
    assert sorted(facts["admin"]) == ["password", "username"]
    assert [list(facts[name]) for name in ("tokens", "other_tokens", "poor_tokens")] == [TOKEN_WORDS] * 3
    assert list(facts["services"]) == SERVICE_WORDS
    assert list(facts["links"]) == ["video", "short_video", "profile", "post"]
    assert list(facts["campaigns"]) == ["like_class", "coin_class", "available"]
    assert [list(facts[name]) for name in ("products", "bundles")] == [
        ["cheap", "topup", "gift_card"],
        ["small", "medium", "large"],
    ]
    assert list(facts["sms_pattern"]) == ["id", "vars"]
    assert (facts["base_url"], facts["sms_from"]) == ("http://127.0.0.1:8765", "30001")
    assert "{rand}" in facts["bazaar_good_token"]


def test_loading_again_tells_the_same_and_adds_nothing(capsys):
    first = load(capsys)
    rows = [list(model.objects.order_by("pk").values_list("pk")) for model in TOUCHED]
    assert load(capsys) == first
    assert [list(model.objects.order_by("pk").values_list("pk")) for model in TOUCHED] == rows


def test_what_was_spent_is_not_given_again_and_what_was_changed_stays(capsys):
    facts = load(capsys)
    customer, service = find_person(facts, "customer"), facts["services"]["default"]
    values = {"link": facts["links"]["post"], "quantity": "1000"}
    place_order(customer.pk, Order.Channel.DASHBOARD, service, values)
    Service.objects.filter(pk=service).update(price=77)
    load(capsys)
    assert read_balance(customer.pk) == 50_000_000 - 2000
    assert Service.objects.get(pk=service).price == 77


@pytest.mark.parametrize("login", ["mobile", "email"])
def test_everybody_logs_in_with_the_told_password(capsys, clean_redis, client, login):
    facts = load(capsys)
    found = [authenticate(None, username=facts[w][login], password=facts[w]["password"]) for w in PEOPLE]
    assert found == [find_person(facts, who) for who in PEOPLE]
    assert [(person.is_staff, person.is_active) for person in found] == [(False, True)] * 3
    data = {"username": facts["customer"][login], "password": facts["customer"]["password"]}
    client.post(reverse("dashboard:login"), data)
    assert client.session["_auth_user_id"] == str(found[0].pk)


def test_a_changed_password_is_put_right_because_it_is_told(capsys):
    facts = load(capsys)
    poor = find_person(facts, "poor")
    poor.set_password("another")
    poor.save()
    load(capsys)
    assert Customer.objects.get(pk=poor.pk).check_password(facts["poor"]["password"]) is True


def test_the_admin_enters_the_admin_and_the_operator_works_there(capsys, client):
    facts = load(capsys)
    client.post(reverse("admin:login"), facts["admin"])
    assert client.get(reverse("admin:wallet_transfer_changelist")).status_code == 200
    operator = Customer.objects.get(username="operator")
    seen = (operator.is_superuser, operator.has_perm("providers.change_dispatch"))
    assert (*seen, operator.has_perm("wallet.add_transfer")) == (False, True, False)
    decides = ("orders.change_linkhold", "providers.change_priceproposal", "providers.change_providersync")
    assert (operator.has_perms(decides), operator.has_perm("providers.add_importrule")) == (True, False)
    client.force_login(operator)
    assert client.get(reverse("admin:index")).status_code == 200


def test_one_is_rich_one_has_some_and_poor_has_nothing(capsys):
    facts = load(capsys)
    held = [read_balance(find_person(facts, who).pk) for who in PEOPLE]
    assert held == [50_000_000, 2_000_000, 0]


def test_standard_keys_place_orders_for_their_holders(capsys):
    facts = load(capsys)
    request_values = {"link": facts["links"]["post"], "quantity": "10"}
    for who in ("customer", "other"):
        request = OrderRequest(facts["services"]["default"], request_values, "")
        bearer = Bearer(digest_token(standard_key(facts, who)), str(ApiToken.Contract.STANDARD))
        placed = place_order_by_token(bearer, Order.Channel.STANDARD, request)
        assert Order.objects.get(pk=placed.order_id).customer == find_person(facts, who)
    missing = [word for word in TOKEN_WORDS if facts["tokens"][word] is None]
    assert missing == []


def test_customers_can_send_texts_and_the_told_pattern(capsys):
    facts = load(capsys)
    customer, pattern = find_person(facts, "customer"), facts["sms_pattern"]
    assert pattern == load(capsys)["sms_pattern"]
    values = dict.fromkeys(pattern["vars"], "x")
    request = SendRequest(
        sender=facts["sms_from"], numbers=("09121234567",), pattern_id=pattern["id"], values=values
    )
    send = send_text(customer.pk, Send.Channel.API, request)
    assert (send.text, send.charge) == ("x عزیز، کد شما: x", 120)


def test_every_told_key_is_one_of_its_contract(capsys):
    tokens = load(capsys)["other_tokens"]
    words = {
        "panel_app": "panel_app",
        "gray_city": "gray_city",
        "happy_follower_key": "happy_follower",
        "likenama": "likenama",
        "sms": "sms_rest",
        "standard_key": "standard",
    }
    rows = {word: ApiToken.objects.get(digest=digest_token(tokens[word])) for word in words}
    assert {word: row.contract for word, row in rows.items()} == words
    assert {row.customer.username for row in rows.values()} == {"other"}


def test_the_app_s_token_is_good_again_after_a_logout(capsys):
    digest = digest_token(load(capsys)["tokens"]["panel_app"])
    revoke_token(ApiToken.objects.get(digest=digest))
    load(capsys)
    row = ApiToken.objects.get(digest=digest)
    assert (row.use, row.revoked_at, row.expires_at > timezone.now()) == ("access", None, True)


def test_the_house_gives_something_away(capsys):
    load(capsys)
    RewardRules.objects.update(daily_cap=5)
    load(capsys)
    assert RewardRules.objects.get().daily_cap == 5
    counts = [model.objects.count() for model in (Gift, PriceLevel, BonusStep, Coupon)]
    assert counts == [3, 3, 3, 1]


def test_keys_change_with_the_secret_key(capsys, settings):
    first = standard_key(load(capsys), "customer")
    settings.SECRET_KEY = "another secret key of this installation"
    assert standard_key(load(capsys), "customer") != first


def test_services_are_what_their_words_say(capsys):
    facts = load(capsys)
    rows = {word: Service.objects.get(pk=pk) for word, pk in facts["services"].items()}
    kinds = ["like", "view", "comment", "follower", "follower_pro", "watch_time", "ads"]
    assert [rows[word].kind for word in kinds] == kinds
    types = ["package", "custom_comments", "poll", "subscriptions", "watch_time", "ads"]
    assert [rows[word].type for word in types] == types
    assert (rows["default"].type, rows["default"].min > 1) == ("default", True)
    assert (rows["drip_feed"].dripfeed, rows["free"].price) == (True, 0)
    assert {row.refill for row in rows.values()} == {True, False}
    assert {row.active for row in rows.values()} == {True}
    assert [row.price for word, row in rows.items() if word != "free" and row.price <= 0] == []


def test_catalogue_is_stored_whole_and_new_rows_get_ids_above_it(capsys):
    load(capsys)
    source = read_catalogue()
    stored = Category.objects.order_by("id").values("id", "name", "sort")
    assert list(stored) == sorted(source["categories"], key=lambda row: row["id"])
    assert Service.objects.count() == len(source["services"])
    assert Category.objects.create(name="new").pk > max(row["id"] for row in source["categories"])
    service = Service.objects.create(category_id=48, name="new", price=1)
    assert service.pk > max(row["id"] for row in source["services"])


def test_every_served_service_has_a_route_and_default_a_second_one(capsys):
    facts = load(capsys)
    assert [row.pk for row in Service.objects.all() if not row.routes.exists()] == []
    routes = Route.objects.filter(service=facts["services"]["default"])
    assert list(routes.values_list("provider__name", flat=True)) == ["Sandbox", "Sandbox backup"]


def test_providers_follow_the_sandboxs_address(capsys, settings):
    load(capsys)
    settings.SANDBOX_URL = "http://127.0.0.1:9911/"
    load(capsys)
    paths = ["/standard/api/v2"] * 2 + ["/gray_city", "/happy_follower/api/v1", "/panel_app/api/v1"]
    urls = list(Provider.objects.order_by("id").values_list("url", flat=True))
    assert urls == [*(f"http://127.0.0.1:9911{path}" for path in paths), "panel:"]


def test_the_sandbox_takes_an_order_of_every_served_service(capsys, sandbox, clean_redis, settings):
    settings.SANDBOX_URL = sandbox.url
    settings.APARAT_URL = f"{sandbox.url}/aparat"
    facts = load(capsys)
    customer = find_person(facts, "customer")
    more = {
        "watch_time": {"link": facts["links"]["video"]},
        "ads": {"description": "one\ntwo"},
        "comment": {"comments": "one\ntwo"},
        "custom_comments": {"comments": "one\ntwo"},
        "poll": {"answer_number": "2"},
        "subscriptions": {"username": "someone", "min": "10", "max": "20", "posts": "2"},
    }
    placed = []
    for word, pk in facts["services"].items():
        service = Service.objects.get(pk=pk)
        values = {
            "link": f"{facts['links']['post']}?of={word}",
            "quantity": str(max(service.min, 100)),
            **more.get(word, {}),
        }
        placed.append(place_order(customer.pk, Order.Channel.DASHBOARD, pk, values).order_id)
    forward_orders()
    states = Dispatch.objects.filter(order__in=placed).values_list("state", flat=True)
    assert list(states) == ["accepted"] * (len(placed) - 1)
    assert Order.objects.get(forwarding="parts").service_id == facts["services"]["subscriptions"]


def test_the_outbox_command_prints_the_last_text_to_a_number(capsys, sandbox, clean_redis, settings):
    settings.SANDBOX_URL = sandbox.url
    settings.SMS_GATEWAY_URL = f"{sandbox.url}/sms/api/v1/rest"
    settings.SMS_GATEWAY_TOKEN = "sandbox-sms-token"
    facts = load(capsys)
    customer = find_person(facts, "customer")
    for key, text in (("a", "first"), ("b", "سفارش ۱۲ تمام شد")):
        queue_message(key=key, kind="test", to=customer.mobile, text=text)
        send_messages()
    command = facts["sms_outbox_command"].replace("{mobile}", facts["customer"]["mobile"])
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    run = {"shell": True, "cwd": "/", "env": environment, "capture_output": True, "timeout": 60}
    done = subprocess.run(command, **run)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "سفارش ۱۲ تمام شد")
    nobody = subprocess.run(command.replace("0001", "0009"), **run)
    assert (nobody.returncode, nobody.stdout) == (1, b"")


def provider_hosts():
    outside = Provider.objects.exclude(dialect="like_exchange")
    return {urlsplit(url).netloc for url in outside.values_list("url", flat=True)}


def test_beside_a_running_demo_its_addresses_hold(capsys, tmp_path, monkeypatch, settings):
    write_record(tmp_path, describe_self("http://127.0.0.1:8142", "http://127.0.0.1:8143"))
    facts = load(capsys)
    assert (facts["base_url"], provider_hosts()) == ("http://127.0.0.1:8142", {"127.0.0.1:8143"})
    assert facts["sms_outbox_command"].startswith("SANDBOX_URL=http://127.0.0.1:8143 ")
    monkeypatch.setenv("SANDBOX_URL", settings.SANDBOX_URL)
    facts = load(capsys)
    assert (facts["base_url"], provider_hosts()) == (
        settings.BASE_URL,
        {urlsplit(settings.SANDBOX_URL).netloc},
    )


def test_without_json_people_and_key_are_told_in_lines(capsys):
    facts = load(capsys)
    call_command("load_demo")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"The demo is loaded: {facts['base_url']}"
    told = [line.split() for line in lines[1:10]]
    roles = ["owner", "finance", "support", "catalogue"]
    assert [words[0] for words in told] == ["admin", "operator", *roles, *PEOPLE]
    assert [words[1:] for words in told[6:]] == [[facts[w]["mobile"], facts[w]["password"]] for w in PEOPLE]


def test_outside_debug_nothing_is_loaded(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("load_demo", "--json")
    assert [model.objects.count() for model in (Customer, Service, Provider)] == [0, 0, 0]


def test_outside_debug_the_command_exits_with_1_and_an_empty_stdout():
    secret = {
        "SECRET_KEY": "x" * 60,
        "TRACKING_KEY": "x" * 60,
        "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",  # not a secret
    }
    done = subprocess.run(
        [sys.executable, str(django_settings.BASE_DIR / "manage.py"), "load_demo", "--json"],
        env=os.environ | secret | {"DEBUG": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "only with DEBUG on" in done.stderr
