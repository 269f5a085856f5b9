"""What holds for all pages of the like exchange: the content policy, ids and labels, the menu, the other wallets."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from campaigns.liking import pay_verified
from campaigns.models import Bundle, BundlePurchase
from campaigns.shop import buy_product
from campaigns.states import stop_campaign
from tests.factories import give, make_campaign, make_customer
from tests.panel.dashboard.likes.steps import fill_form
from tests.panel.dashboard.likes.test_shop import make_product
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

PATHS = ("/campaigns/", "/campaigns/new/", "/earn/", "/shop/", "/coins/")


@pytest.fixture
def pages(browser, persian, rich, linked, liking, wordy, store):
    """Every page with something on it, in both languages."""
    own = make_campaign(wordy, owner=rich)
    pay_verified(make_customer().pk, own, "203.0.113.5")
    make_campaign(wordy)
    product = make_product(("A", "B", "C"))
    buy_product(rich.pk, product.pk)
    BundlePurchase.objects.create(
        customer=rich, bundle=Bundle.objects.get(), token="t", digest=b"d" * 32, coins=1
    )
    paths = (
        *PATHS,
        f"/campaigns/new/?campaign_class={wordy.pk}",
        f"/campaigns/{own.pk}/",
        "/wallet/?currency=like",
        "/wallet/?currency=coin",
    )
    shown = [each.get(path) for each in (browser, persian) for path in paths]
    bad = fill_form(wordy, budget="x"), fill_form(wordy, target_url=""), fill_form(wordy, campaign_class="0")
    return [
        *shown,
        *(browser.post("/campaigns/new/", fields) for fields in bad),
        browser.post("/coins/", {"sku": "none", "token": ""}),
        persian.post(f"/shop/{product.pk}/buy/"),
    ]


def test_pages_keep_the_content_policy(pages):
    for page in pages:
        text = page.content.decode()
        assert re.findall(r"<[^>]*\s(?:style|on\w+|hx-on\S*)\s*=", text) == []
        assert [one for one in find_all(page, "script") if one.children] + find_all(page, "style") == []
        assert {read_attributes(one)["src"][0] for one in find_all(page, "img")} == {"/"}


def test_every_icon_is_in_the_sprite_and_every_file_of_ours_is_there(pages):
    icons, files = set(), set()
    for page in pages:
        addresses = [read_attributes(one)["href"] for one in find_all(page, "use")]
        icons |= {address.partition("#")[2] for address in addresses}
        for name, attribute in (("link", "href"), ("script", "src"), ("use", "href")):
            files |= {read_attributes(one)[attribute].partition("#")[0] for one in find_all(page, name)}
    paths = {address: finders.find(address.removeprefix("/static/")) for address in files}
    assert [address for address, path in paths.items() if path is None] == []
    (sprite,) = [path for address, path in paths.items() if address.endswith("sprite.svg")]
    assert icons - set(re.findall(r'id="([\w-]+)"', Path(sprite).read_text(encoding="utf-8"))) == set()


def test_ids_are_unique_and_every_input_has_its_label(pages):
    for page in pages:
        text = page.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        labels = [read_attributes(one)["for"] for one in find_all(page, "label")]
        assert sorted(labels) == sorted(re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', text))
        described = {one for text in re.findall(r'aria-describedby="([^"]+)"', text) for one in text.split()}
        assert described - set(ids) == set()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/campaigns/", "My campaigns"),
        ("/campaigns/new/", "My campaigns"),
        ("/earn/", "Earn"),
        ("/shop/", "Shop"),
        ("/coins/", "Coins"),
    ],
)
def test_the_menu_says_which_page_is_open(browser, path, name, db):
    page = browser.get(path)
    assert read_texts(page, "a", aria_current="page") == [name] * 2  # sidebar and drawer
    assert [text for text in read_texts(browser.get("/notifications/"), "a") if text == name] == []


def test_the_wallets_of_likes_and_coins_tell_what_moved(browser, rich, liking):
    campaign = make_campaign(liking, likes=10, owner=rich)
    stop_campaign(campaign.pk, rich.pk)
    pay_verified(rich.pk, make_campaign(liking), "203.0.113.5")
    product = make_product()
    buy_product(rich.pk, product.pk)
    page = browser.get("/wallet/?currency=like")
    assert [row[1:] for row in read_rows(page)] == [
        ["Like", "5", "1,105"],
        [f"Rest of a campaign #{campaign.pk}", "100", "1,100"],
        [f"Campaign #{campaign.pk}", "-100", "1,000"],
        ["Manual adjustment test", "100", "1,100"],
        ["Manual adjustment test", "1,000", "1,000"],
    ]
    links = find_all(page, "a", href=f"/campaigns/{campaign.pk}/")
    assert [read_text(link) for link in links] == [f"#{campaign.pk}"] * 2
    assert read_text(find_one(page, "span", class_="figure-value")) == "1,105 likes"
    page = browser.get("/wallet/?currency=coin")
    assert [row[1:] for row in read_rows(page)] == [
        ["Purchase in the shop", "-100", "400"],
        ["Manual adjustment test", "500", "500"],
    ]


def test_the_wallet_in_toman_is_what_opens_and_leads_to_the_others(browser, customer, rich):
    for path in ("/wallet/", "/wallet/?currency=toman", "/wallet/?currency=euro"):
        page = browser.get(path)
        assert read_text(find_one(page, "span", class_="figure-value")) == "100,000 toman"
        rows = [row[1:] for row in read_rows(page) if len(row) == 4]
        assert rows == [["Manual adjustment test", "100,000", "100,000"]]
    tabs = [read_attributes(link) for link in find_all(page, "a", class_="button-small")]
    assert [
        (tab["href"], tab.get("aria-current")) for tab in tabs if tab["href"].split("?")[0] == "/wallet/"
    ] == [
        ("/wallet/", "true"),
        ("/wallet/?currency=like", None),
        ("/wallet/?currency=coin", None),
    ]


def test_pages_of_another_currency_stay_with_it(browser, customer):
    for _ in range(26):
        give(customer, 1)
    first = browser.get("/wallet/?currency=like")
    older = read_attributes(find_one(first, "a", rel="next"))["href"]
    second = browser.get(f"/wallet/{older}")
    assert (len(read_rows(first)), read_rows(second)[0][3]) == (25, "1")


def test_an_empty_wallet_of_coins_says_so(browser, customer):
    page = browser.get("/wallet/?currency=coin")
    assert read_texts(page, "div", class_="empty") == ["Nothing has moved in this wallet yet."]
    assert read_text(find_one(page, "span", class_="figure-value")) == "0 coins"
