"""load_demo's like exchange: what it tells can be liked, bought and ordered, again after each loading."""

import json

import pytest
from django.core.management import call_command

from campaigns.bundles import buy_bundle
from campaigns.liking import like_campaign, read_credit
from campaigns.models import Campaign, CampaignClass, Product
from campaigns.refusals import CampaignRefused
from campaigns.shop import buy_product, list_products
from campaigns.showing import find_next
from campaigns.states import reject_campaign, stop_campaign
from orders.models import Order, Service
from orders.services import place_order
from panel import engines
from panel.accounts.models import Customer
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from providers.forwarding import forward_orders

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "203.0.113.5"


@pytest.fixture(autouse=True)
def _demo(settings, sandbox, monkeypatch, tmp_path):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.INSTAGRAM_APP_TOKEN = "sandbox-app-token"
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    settings.BAZAAR_PACKAGE, settings.BAZAAR_SECRET = "sandbox.panel", "sandbox-bazaar-secret"
    monkeypatch.setattr(engines, "FOLDER", tmp_path)
    monkeypatch.delenv("SANDBOX_URL", raising=False)


def load(capsys):
    call_command("load_demo", "--json")
    return json.loads(capsys.readouterr().out)


def find_person(facts, who):
    return Customer.objects.get(email=facts[who]["email"])


def list_drifts():
    with open_snapshot():
        return [line for check in (*WALLET_CHECKS, *list_added_checks()) for line in find_drifts(check)]


def test_two_have_likes_and_coins_and_poor_has_none(capsys):
    facts = load(capsys)
    held = [read_credit(find_person(facts, who).pk) for who in ("customer", "other", "poor")]
    assert [(credit.like, credit.coin) for credit in held] == [(100_000, 100_000)] * 2 + [(0, 0)]
    assert list_drifts() == []


def test_the_told_campaign_is_next_and_pays_for_the_told_token(capsys):
    facts = load(capsys)
    customer, told = find_person(facts, "customer"), facts["campaigns"]["available"]
    assert find_next(customer.pk).id == told
    credit = like_campaign(customer.pk, told, ADDRESS, facts["likenama_like_token"])
    assert (credit.like, credit.coin) == (100_005, 100_000)
    campaign = Campaign.objects.get(pk=told)
    assert (campaign.owner, campaign.likes_left) == (find_person(facts, "other"), 4_999)
    assert list_drifts() == []


def test_a_campaign_of_each_class_is_there_one_of_them_waits_for_review(capsys):
    facts = load(capsys)
    rows = list(Campaign.objects.order_by("id").values_list("campaign_class", "state"))
    classes = [facts["campaigns"][name] for name in ("like_class", "coin_class")]
    assert rows == list(zip(classes, ["available", "pending"], strict=True))
    coin = CampaignClass.objects.get(pk=classes[1])
    shape = (coin.campaign_value, coin.user_share, coin.waiting, set(coin.texts.values()))
    assert shape == (5, 3, 15, {True})


@pytest.mark.parametrize("fate", ["stopped", "rejected", "liked"])
def test_a_campaign_that_customer_can_not_like_any_more_gets_one_successor(capsys, fate):
    facts = load(capsys)
    first, customer = facts["campaigns"]["available"], find_person(facts, "customer")
    if fate == "stopped":
        stop_campaign(first, find_person(facts, "other").pk)
    elif fate == "rejected":
        reject_campaign(first, "test")
    else:
        like_campaign(customer.pk, first, ADDRESS, facts["likenama_like_token"])
    second = load(capsys)["campaigns"]["available"]
    assert (second > first, load(capsys)["campaigns"]["available"]) == (True, second)
    assert find_next(customer.pk).id == second
    assert list_drifts() == []


def test_the_shop_sells_the_told_products_and_keeps_what_was_sold(capsys):
    facts = load(capsys)
    customer = find_person(facts, "customer")
    assert [row.pk for row in list_products()] == list(facts["products"].values())
    cheap = Product.objects.get(pk=facts["products"]["cheap"])
    bought = buy_product(customer.pk, cheap.pk)
    assert (bought.code.startswith("DEMO-"), read_credit(customer.pk).coin) == (True, 100_000 - cheap.price)
    load(capsys)
    assert (cheap.codes.count(), cheap.codes.filter(buyer=None).count()) == (50, 49)


def test_the_told_tokens_of_bundles_are_good_and_bad(capsys):
    facts = load(capsys)
    customer = find_person(facts, "customer")
    token = facts["bazaar_good_token"].replace("{rand}", "1")
    bought = buy_bundle(customer.pk, facts["bundles"]["medium"], token)
    assert (bought.state, read_credit(customer.pk).coin) == ("credited", 100_525)
    with pytest.raises(CampaignRefused, match="not_paid"):
        buy_bundle(customer.pk, facts["bundles"]["medium"], facts["bazaar_bad_token"])


def test_an_order_of_the_exchanges_service_becomes_a_campaign(capsys, clean_redis):
    facts = load(capsys)
    customer = find_person(facts, "customer")
    service = Service.objects.get(routes__provider__dialect="like_exchange")
    values = {"link": facts["links"]["post"], "quantity": "10"}
    order_id = place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values).order_id
    forward_orders()
    campaign = Campaign.objects.exclude(order_key=None).get()
    assert (campaign.state, campaign.likes_left, campaign.owner) == ("available", 10, customer)
    assert Order.objects.get(pk=order_id).status == "processing"
