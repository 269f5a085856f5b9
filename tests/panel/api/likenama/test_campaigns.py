"""One's own campaigns: listing them, the classes on offer, and making one with every failure of the document."""

from urllib.parse import quote

import pytest

from campaigns.classes import replace_class, set_offered
from campaigns.liking import read_credit
from campaigns.models import Campaign, CampaignClass
from campaigns.states import approve_campaign, end_campaign, mark_gone, reject_campaign
from tests.factories import make_campaign, make_class, make_customer
from tests.panel.api.likenama.conftest import NO_CREDIT, NOT_FOUND, PICTURE, count_rows, make_caller, refuse

BAD_TARGET = "آدرس تصویر اینستاگرام اشتباه است"
LOW_BUDGET = "باید اعتبار بیشتری برای کمپین خود اختصاص دهید"
TEXTS = {
    "description": "Ullam quam velit.",
    "phone": "09123456789",
    "website": "http://miller.co.uk",
    "address": "6485 Torp Rest",
}
ALL_TEXTS = {f"has_{name}": True for name in TEXTS}


@pytest.fixture
def create(caller, like_class):
    """Makes a campaign as the document's example does, with `fields` on top; None leaves one out."""

    def send(**fields):
        good = {"campaign_class_id": str(like_class.pk), "target_url": PICTURE, "budget": "1000"} | fields
        return caller.post("campaigns", {"campaign": {k: v for k, v in good.items() if v is not None}})

    return send


class TestListing:
    def test_without_any(self, caller):
        assert caller.get("campaigns") == refuse(404, NOT_FOUND)

    def test_the_newest_first_with_the_keys_of_the_document(self, customer, caller):
        likes, coins = make_class("like"), make_class("coin")
        one = make_campaign(likes, 5, customer)
        two = make_campaign(coins, 7, customer, shown=False, code="Bqwerty")
        make_campaign(likes)  # somebody else's
        assert caller.get("campaigns") == (
            200,
            {
                "campaigns": [
                    {
                        "id": two.pk,
                        "target_url": "https://www.instagram.com/p/Bqwerty/",
                        "campaign_type": "instagram_liking",
                        "payment_type": "coin",
                        "status": "در انتظار تایید",
                        "budget": 70,
                        "total_likes": 0,
                    },
                    {
                        "id": one.pk,
                        "target_url": PICTURE,
                        "campaign_type": "instagram_liking",
                        "payment_type": "like",
                        "status": "در حال نمایش",
                        "budget": 50,
                        "total_likes": 0,
                    },
                ]
            },
        )

    def test_every_status_in_persian(self, customer, caller, like_class):
        steps = {
            "در انتظار تایید": lambda pk: None,
            "در حال نمایش": approve_campaign,
            "رد شده": lambda pk: reject_campaign(pk, "no"),
            "پایان یافته": end_campaign,
            "ناموجود": mark_gone,
        }
        for step in steps.values():
            step(make_campaign(like_class, 1, customer, shown=False).pk)
        rows = caller.get("campaigns")[1]["campaigns"]
        assert [row["status"] for row in rows] == list(steps)[::-1]
        assert {row["budget"] for row in rows} == {10}  # what it was given, also after it went back

    def test_campaigns_of_orders_are_nobodys(self, customer, caller):
        campaign = make_campaign(owner=customer)
        Campaign.objects.filter(pk=campaign.pk).update(order_key="order:1")
        assert caller.get("campaigns") == refuse(404, NOT_FOUND)


class TestClasses:
    def test_the_keys_of_the_document(self, caller):
        plain = make_class("like")
        full = make_class("coin", waiting=15, campaign_value=5, user_share=3, **ALL_TEXTS)
        shared = {"campaign_type": "instagram_liking", "max_user_likes": 2000}
        assert caller.get("campaigns/new") == (
            200,
            {
                "campaign_classes": [
                    shared
                    | {"id": plain.pk, "payment_type": "like", "waiting": 0, "campaign_value": 10}
                    | {"fields": dict.fromkeys(TEXTS, False)},
                    shared
                    | {"id": full.pk, "payment_type": "coin", "waiting": 15, "campaign_value": 5}
                    | {"fields": dict.fromkeys(TEXTS, True)},
                ]
            },
        )

    def test_only_current_versions_that_are_offered(self, caller, like_class):
        newest = replace_class(like_class, campaign_value=20)
        set_offered(make_class(), False)
        assert [row["id"] for row in caller.get("campaigns/new")[1]["campaign_classes"]] == [newest.pk]

    def test_without_any(self, caller):
        assert caller.get("campaigns/new") == (200, {"campaign_classes": []})


class TestCreating:
    def test_as_the_document_has_it(self, rich, create, like_class):
        CampaignClass.objects.update(**ALL_TEXTS)
        assert create(**TEXTS) == (201, None)
        campaign = Campaign.objects.get()
        assert (campaign.owner_id, campaign.state, campaign.budget) == (rich.pk, "pending", 1000)
        assert {name: getattr(campaign, name) for name in TEXTS} == TEXTS
        assert read_credit(rich.pk).like == 0

    @pytest.mark.parametrize(
        "number", [str, int, lambda n: str(n).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))]
    )
    def test_numbers_and_their_texts(self, rich, create, like_class, number):
        assert create(campaign_class_id=number(like_class.pk), budget=number(500)) == (201, None)
        assert read_credit(rich.pk).like == 500

    def test_texts_that_the_class_may_not_carry_are_passed_by(self, rich, create):
        assert create(**TEXTS | {"phone": [1], "website": "javascript:alert(1)"}) == (201, None)
        campaign = Campaign.objects.get()
        assert [getattr(campaign, name) for name in TEXTS] == [""] * 4

    def test_a_phone_that_came_as_a_number(self, rich, create):
        CampaignClass.objects.update(**ALL_TEXTS)
        assert create(phone=9123456789, description=None) == (201, None)
        assert Campaign.objects.get().phone == "9123456789"

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "javascript://instagram.com/p/CA2-Sn-n9YX/%0Aalert(1)",
            "data:text/html,x",
            "https://example.com/p/CA2-Sn-n9YX/",
            "https://instagram.com.example.com/p/CA2-Sn-n9YX/",
            "https://user@instagram.com/p/CA2-Sn-n9YX/",
            "https://instagram.com/someone/",
            "https://instagram.com/p/CA2 Sn/",
            "x" * 10_000,
            "",
            None,
            5,
            True,
            [PICTURE],
            {"url": PICTURE},
            "https://instagram.com/p/\ud800bcdef/",
            "\0",
        ],
    )
    def test_a_wrong_address(self, rich, create, url):
        before = count_rows()
        assert create(target_url=url) == refuse(422, BAD_TARGET, "target_url")
        assert count_rows() == before

    @pytest.mark.parametrize("budget", [1001, "1001", 2**62, 2**63, 10**38, "9" * 39])
    def test_more_than_the_wallet_holds(self, rich, create, budget):
        before = count_rows()
        assert create(budget=budget) == refuse(422, NO_CREDIT, "budget")
        assert (count_rows(), read_credit(rich.pk).like) == (before, 1000)

    def test_the_currency_is_that_of_the_class(self, rich, create):
        coins = make_class("coin")
        assert create(campaign_class_id=coins.pk, budget=501) == refuse(422, NO_CREDIT, "budget")
        assert create(campaign_class_id=coins.pk, budget=500) == (201, None)
        assert (read_credit(rich.pk).like, read_credit(rich.pk).coin) == (1000, 0)

    @pytest.mark.parametrize("budget", [9, "9", 0, "0", -1, "-1000", -(10**30), "۹"])
    def test_too_little_for_a_like(self, rich, create, budget):
        assert create(budget=budget) == refuse(422, LOW_BUDGET, "budget")
        assert read_credit(rich.pk).like == 1000

    @pytest.mark.parametrize(
        "budget", [None, "", "many", "1e3", "10.5", 10.5, 1000.0, True, [1000], {"a": 1}, "1" * 60, "0x10"]
    )
    def test_what_is_no_number(self, rich, create, budget):
        words = "اعتبار کمپین را به شکل یک عدد صحیح بنویسید"
        assert create(budget=budget) == refuse(422, words, "budget")
        assert read_credit(rich.pk).like == 1000

    @pytest.mark.parametrize("class_id", [None, 0, -1, "x", 10**30, 2**63, True, [1], "999999"])
    def test_a_class_that_is_not_there(self, rich, create, class_id):
        assert create(campaign_class_id=class_id) == refuse(404, NOT_FOUND)

    def test_a_class_that_was_replaced_or_taken_off(self, rich, create, like_class):
        fresh = replace_class(like_class, campaign_value=20)
        assert create() == refuse(404, NOT_FOUND)
        set_offered(fresh, False)
        assert create(campaign_class_id=fresh.pk) == refuse(404, NOT_FOUND)

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("description", "x" * 1001, "متن بلند است (حداکثر 1000 کاراکتر)"),
            ("phone", "1" * 33, "متن بلند است (حداکثر 32 کاراکتر)"),
            ("phone", "call me", "این مقدار نامعتبر است"),
            ("website", "javascript:alert(1)", "این مقدار نامعتبر است"),
            ("website", "//example.com", "این مقدار نامعتبر است"),
            ("address", ["x"], "این مقدار نامعتبر است"),
            ("description", "a\0b", "این مقدار نامعتبر است"),
            ("description", "\ud800", "این مقدار نامعتبر است"),
        ],
    )
    def test_texts_that_can_not_be_shown(self, rich, create, name, value, words):
        CampaignClass.objects.update(**ALL_TEXTS)
        assert create(**{name: value}) == refuse(422, words, name)
        assert (Campaign.objects.count(), read_credit(rich.pk).like) == (0, 1000)


def test_numbers_in_paths_are_read_or_unknown(rich, caller):
    campaign = make_campaign()
    persian = str(campaign.pk).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert caller.post(f"campaigns/{quote(persian)}/report") == (201, None)
    for text in ("0", "-1", "x", "1" * 40, "%00", "1.0", quote("²")):
        assert caller.post(f"campaigns/{text}/report") == refuse(404, NOT_FOUND), text
        assert caller.post(f"campaigns/{text}/like", {"like": {"access_token": "x"}}) == refuse(
            404, NOT_FOUND
        )
        assert caller.post(f"products/{text}/purchase") == refuse(404, NOT_FOUND)


def test_another_callers_campaigns_are_not_listed(rich, create):
    assert create() == (201, None)
    assert make_caller(make_customer()).get("campaigns") == refuse(404, NOT_FOUND)
