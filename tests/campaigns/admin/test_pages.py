"""All admin pages of the exchange: there for who may, and for nobody else; no secret on any of them."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from campaigns.bundles import _find_or_write
from campaigns.covers import keep_cover
from campaigns.liking import pay_verified
from campaigns.models import (
    AddressDay,
    Bundle,
    BundlePurchase,
    Campaign,
    CampaignClass,
    Cover,
    Like,
    Pace,
    Product,
    ProductCode,
    Report,
)
from campaigns.reporting import report_campaign
from campaigns.shop import buy_product
from campaigns.stock import import_codes
from tests.factories import give, make_campaign, make_customer
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
MODELS = [
    AddressDay,
    Bundle,
    BundlePurchase,
    Campaign,
    CampaignClass,
    Cover,
    Like,
    Pace,
    Product,
    ProductCode,
    Report,
]
WRITTEN = [AddressDay, BundlePurchase, Campaign, Cover, Like, Pace, ProductCode, Report]
CODE, TOKEN = "TOPUP-1234-5678", "good-token-of-a-purchase"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@pytest.fixture
def exchange(db):
    """A row of every model; returns `{model: row}`."""
    liker, owner = make_customer(), make_customer()
    campaign = make_campaign(owner=owner)
    Campaign.objects.filter(pk=campaign.pk).update(cover=keep_cover(PNG))
    pay_verified(liker.pk, campaign, "203.0.113.7")
    report_campaign(make_customer().pk, campaign.pk)
    product = Product.objects.create(title="Top-up", price=10)
    import_codes(product, CODE.encode())
    give(liker, 10, "coin")
    buy_product(liker.pk, product.pk)
    bundle = Bundle.objects.create(bazaar_sku="small", price=1000, coins=50)
    _find_or_write(liker.pk, bundle, TOKEN)
    return {model: model.objects.first() for model in MODELS}


def test_every_model_has_its_pages():
    models = set(apps.get_app_config("campaigns").get_models())
    assert models == set(MODELS)
    assert [model for model in models if not admin.site.is_registered(model)] == []


def list_paths(rows):
    """The path of every page, with the permission that opens it."""
    campaign = rows[Campaign].pk
    paths = []
    for model, row in rows.items():
        view = f"campaigns.view_{model._meta.model_name}"
        paths += [(page_of(model), [view]), (page_of(model, "change", row.pk), [view])]
    act = {
        "campaigns_campaign_decide_reject": (campaign, "change_campaign"),
        "campaigns_campaign_decide_approve": (campaign, "change_campaign"),
        "campaigns_campaign_decide_stop": (campaign, "change_campaign"),
        "campaigns_campaign_decide_pause": (campaign, "change_campaign"),
        "campaigns_campaignclass_replace": (rows[CampaignClass].pk, "change_campaignclass"),
        "campaigns_campaignclass_take_off": (rows[CampaignClass].pk, "change_campaignclass"),
        "campaigns_campaignclass_offer": (rows[CampaignClass].pk, "change_campaignclass"),
        "campaigns_product_import": (rows[Product].pk, "add_productcode"),
        "campaigns_bundlepurchase_ask": (rows[BundlePurchase].pk, "change_bundlepurchase"),
        "campaigns_like_recheck": (rows[Like].pk, "change_like"),
        "campaigns_like_take_back": (rows[Like].pk, "change_like"),
    }
    for name, (pk, permission) in act.items():
        paths.append((reverse(f"admin:{name}", args=[pk]), [f"campaigns.{permission}"]))
    paths.append((reverse("admin:campaigns_campaign_review"), ["campaigns.change_campaign"]))
    paths.append((reverse("admin:campaigns_campaign_figures"), ["campaigns.view_campaign"]))
    statement = reverse("admin:campaigns_campaign_statement", args=[campaign])
    paths.append((statement, ["campaigns.view_campaign", "wallet.view_transfer"]))
    return paths


def test_every_page_opens_for_a_superuser_and_shows_no_secret(superuser, exchange):
    for path, _permissions in list_paths(exchange):
        html = read(superuser, path)
        assert [secret in html for secret in (CODE, TOKEN)] == [False, False], path


def test_every_page_opens_with_its_permission_and_for_nobody_else(exchange):
    stranger, customer = enter_admin("orders.view_order"), make_customer()
    for path, permissions in list_paths(exchange):
        assert stranger.get(path).status_code == 403, path
        read(enter_admin(*permissions), path)
    stranger.force_login(customer)
    assert {stranger.get(path).status_code for path, _permissions in list_paths(exchange)} == {302}


def test_who_may_look_may_do_nothing(exchange):
    watcher = enter_admin(*(f"campaigns.view_{model._meta.model_name}" for model in MODELS))
    codes = []
    for path, permissions in list_paths(exchange):
        if not permissions[0].startswith("campaigns.view_"):
            codes.append(watcher.post(path, {"act": "1", "reason": "x", "campaign": "1"}).status_code)
    html = read(watcher, page_of(Campaign, "change", exchange[Campaign].pk))
    assert (set(codes), "/reject/" in html, "/statement/" in html) == ({403}, False, False)
    assert Campaign.objects.get().state == "available"


def test_the_front_page_hides_work_from_who_may_not_see_it(exchange):
    assert "Campaigns to review" in read(enter_admin("campaigns.change_campaign"), "/admin/")
    assert "Campaigns to review" not in read(enter_admin("campaigns.view_like"), "/admin/")


@pytest.mark.parametrize("model", WRITTEN)
def test_what_the_panel_writes_is_not_written_by_hand(superuser, exchange, model):
    row = exchange[model]
    codes = [superuser.post(page_of(model, "add")).status_code]
    codes += [
        superuser.post(page_of(model, page, row.pk), {"post": "yes"}).status_code
        for page in ("change", "delete")
    ]
    assert codes == [403, 403, 403]


@pytest.mark.parametrize("model", [Product, Bundle, CampaignClass])
def test_what_is_sold_is_never_deleted(superuser, exchange, model):
    assert superuser.post(page_of(model, "delete", exchange[model].pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Campaign, Like, Report])
def test_a_longer_list_asks_no_more_queries(superuser, exchange, model):
    read(superuser, page_of(model))
    few = count_queries(superuser, page_of(model))
    for code in ("AAAAA", "BBBBB", "CCCCC"):
        campaign = make_campaign(exchange[CampaignClass], code=code)
        pay_verified(make_customer().pk, campaign, "203.0.113.7")
        report_campaign(make_customer().pk, campaign.pk)
    assert (count_queries(superuser, page_of(model)), len(found_ids(superuser, model))) == (few, 4)


def test_campaigns_are_found_by_number_address_and_owner(superuser, exchange):
    first = exchange[Campaign]
    second = make_campaign(exchange[CampaignClass], code="ANOTHER")
    terms = (
        str(first.pk),
        "instagram.com/p/ANOTHER/?x=1",
        second.owner.username,
        "instagram.com/p/UNKNOWN/",
        "0912x",
    )
    assert [found_ids(superuser, Campaign, q=term) for term in terms] == [
        [first.pk],
        [second.pk],
        [second.pk],
        [],
        [],
    ]
    make_campaign(exchange[CampaignClass], shown=False)
    assert found_ids(superuser, Campaign, state__exact="available") == [second.pk, first.pk]


def test_the_page_of_a_campaign_leads_to_its_likes_and_reports(superuser, exchange):
    campaign = exchange[Campaign]
    other = make_campaign(exchange[CampaignClass], code="ANOTHER")
    pay_verified(make_customer().pk, other, "203.0.113.7")
    report_campaign(make_customer().pk, other.pk)
    html = read(superuser, page_of(Campaign, "change", campaign.pk))
    for model in (Like, Report):
        query = f"campaign__id__exact={campaign.pk}"
        assert f'<a href="{page_of(model)}?{query}"><bdi>1</bdi></a>' in html
        assert found_ids(superuser, model, campaign__id__exact=campaign.pk) == [exchange[model].pk]
    assert f'src="/covers/{Campaign.objects.get(pk=campaign.pk).cover_id}"' in html


def test_the_statement_has_every_transfer_of_the_account(superuser, exchange, monkeypatch):
    campaign, like = exchange[Campaign], exchange[Like]
    path = reverse("admin:campaigns_campaign_statement", args=[campaign.pk])
    lines = [(line.key, line.amount) for line in superuser.get(path).context["lines"]]
    paid = {(f"like:{like.pk}:house", -5), (f"like:{like.pk}:user", -5)}
    assert (set(lines[:2]), lines[2:]) == (paid, [(f"campaign:{campaign.pk}:budget", 1000)])
    assert "+<bdi>1,000</bdi>" in read(superuser, path)
    monkeypatch.setattr("campaigns.admin.statement.PAGE_SIZE", 2)
    older = superuser.get(path).context["older"]
    assert [line.amount for line in superuser.get(path, {"before": older}).context["lines"]] == [1000]


def test_pages_open_in_persian_too(superuser, exchange):
    superuser.cookies["language"] = "fa"
    for path, _permissions in list_paths(exchange):
        assert 'dir="rtl"' in read(superuser, path), path


def test_likes_are_told_apart_by_what_became_of_them(superuser, exchange):
    like = exchange[Like]
    Like.objects.filter(pk=like.pk).update(recheck_at=timezone.now(), check_state="")
    assert [found_ids(superuser, Like, check=value) for value in ("due", "kept", "x")] == [
        [like.pk],
        [],
        [like.pk],
    ]
    Like.objects.filter(pk=like.pk).update(recheck_at=None, check_state="back")
    assert [found_ids(superuser, Like, check=value) for value in ("due", "back")] == [[], [like.pk]]
