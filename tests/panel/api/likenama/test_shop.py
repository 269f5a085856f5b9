"""Products and bundles with every failure of the document; the app store is the sandbox's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.bundles import sweep_purchases
from campaigns.liking import read_credit
from campaigns.models import Bundle, BundlePurchase, Product, ProductCode
from campaigns.stock import import_codes
from tests.factories import give, make_customer
from tests.panel.api.likenama.conftest import NO_CREDIT, NOT_FOUND, call, make_caller, refuse, told

NOT_PAID = refuse(422, "پرداخت ناموفق بودهاست")
PENDING = refuse(
    422,
    "فروشگاه هنوز پرداخت را تایید نکرده است؛ دوباره از آن پرسیده می‌شود و سکه‌ها خودکار افزوده می‌شوند",
)
BAD_PURCHASE_TOKEN = refuse(422, "توکن خرید نامعتبر است")


def make_product(codes=b"AAA-1\nBBB-2\n", **fields):
    product = Product.objects.create(**{"title": "Top-up", "price": 60, "description": "10,000"} | fields)
    if codes:
        import_codes(product, codes)
    return product


def describe(product):
    return {
        "id": product.pk,
        "title": product.title,
        "product_type": "mobiletopup",
        "price": product.price,
        "description": product.description,
    }


def make_bundle(**fields):
    fields = {"bazaar_sku": "lurline", "price": 3_000, "coins": 100, "free_coins": 20} | fields
    return Bundle.objects.create(**fields)


def buy(caller, token, sku="lurline"):
    return caller.post(f"bundles/{sku}/purchase", {"bundle": {"purchase_token": token}})


def coins(customer):
    return read_credit(customer.pk).coin


class TestProducts:
    def test_with_the_keys_of_the_document(self, caller):
        first, second = make_product(), make_product(title="Other")
        make_product(b"", title="Sold out")
        make_product(title="Off", active=False)
        assert caller.get("products") == (200, {"products": [describe(first), describe(second)]})

    def test_without_any(self, caller):
        assert caller.get("products") == refuse(404, NOT_FOUND)

    def test_buying_tells_the_code_and_nobody_keeps_the_answer(self, customer, caller):
        give(customer, 100, "coin")
        product = make_product()
        answer = call("POST", f"products/{product.pk}/purchase", headers=caller.headers)
        assert told(answer) == (200, {"detail": {"code": "AAA-1", "product": describe(product)}})
        assert answer.headers["Cache-Control"] == "no-store"
        assert coins(customer) == 40

    def test_each_code_once_and_then_it_is_out_of_stock(self, customer, caller):
        give(customer, 1_000, "coin")
        product = make_product()
        answers = [caller.post(f"products/{product.pk}/purchase") for _ in range(3)]
        assert [body["detail"]["code"] for _, body in answers[:2]] == ["AAA-1", "BBB-2"]
        assert answers[2] == refuse(404, NOT_FOUND)
        assert coins(customer) == 880

    def test_without_enough_coins(self, customer, caller):
        give(customer, 59, "coin")
        give(customer, 1_000, "like")
        product = make_product()
        assert caller.post(f"products/{product.pk}/purchase") == refuse(422, NO_CREDIT, "coin_credit")
        assert (coins(customer), ProductCode.objects.filter(buyer=None).count()) == (59, 2)

    def test_one_that_is_not_there_or_not_on_sale(self, customer, caller):
        give(customer, 1_000, "coin")
        off = make_product(active=False)
        for product_id in (off.pk, 999_999):
            assert caller.post(f"products/{product_id}/purchase") == refuse(404, NOT_FOUND)


@pytest.mark.usefixtures("played")
class TestBundles:
    def test_with_the_keys_of_the_document(self, caller):
        make_bundle()
        make_bundle(bazaar_sku="desiree.larson", free_coins=0)
        make_bundle(bazaar_sku="off", active=False)
        assert caller.get("bundles") == (
            200,
            {
                "bundles": [
                    {"bazaar_sku": "lurline", "price": 3_000, "coins": 100, "free_coins": 20},
                    {"bazaar_sku": "desiree.larson", "price": 3_000, "coins": 100, "free_coins": 0},
                ]
            },
        )

    def test_without_any(self, caller):
        assert caller.get("bundles") == refuse(404, NOT_FOUND)

    def test_without_a_store(self, customer, caller, settings):
        make_bundle()
        settings.BAZAAR_URL = ""
        assert caller.get("bundles") == refuse(404, NOT_FOUND)
        assert buy(caller, "good-1") == refuse(404, NOT_FOUND)
        assert coins(customer) == 0

    def test_buying_gives_the_coins_and_uses_the_purchase_up(self, customer, caller):
        make_bundle(bazaar_sku="desiree.larson")
        assert buy(caller, "good-1", "desiree.larson") == (201, None)
        assert coins(customer) == 120
        assert BundlePurchase.objects.get().consumed_at is not None

    def test_the_same_token_again_gives_nothing_more(self, customer, caller):
        make_bundle()
        assert [buy(caller, "good-1") for _ in range(3)] == [(201, None)] * 3
        assert (coins(customer), BundlePurchase.objects.count()) == (120, 1)

    def test_the_token_of_somebody_else_or_of_another_bundle(self, customer, caller):
        make_bundle()
        make_bundle(bazaar_sku="dear", coins=10_000)
        thief = make_customer()
        assert buy(caller, "good-1") == (201, None)
        assert buy(make_caller(thief), "good-1") == NOT_PAID
        assert buy(caller, "good-1", "dear") == NOT_PAID
        assert (coins(customer), coins(thief)) == (120, 0)

    @pytest.mark.parametrize("token", ["bad-token", "refunded-1"])
    def test_a_payment_that_was_not_made_or_was_given_back(self, customer, caller, token):
        make_bundle()
        assert [buy(caller, token), buy(caller, token)] == [NOT_PAID] * 2
        assert (coins(customer), BundlePurchase.objects.get().state) == (0, "refused")

    @pytest.mark.parametrize("token", [None, "", 5, True, ["good-1"], "x" * 300, "a b", "توکن", "good-\n"])
    def test_what_is_no_purchase_token(self, customer, caller, token):
        make_bundle()
        assert buy(caller, token) == BAD_PURCHASE_TOKEN
        assert (coins(customer), BundlePurchase.objects.count()) == (0, 0)

    @pytest.mark.parametrize("sku", ["other", "LURLINE", "%00", "x" * 500])
    def test_a_bundle_that_is_not_there(self, caller, sku):
        make_bundle()
        assert buy(caller, "good-1", sku) == refuse(404, NOT_FOUND)

    def test_a_bundle_that_went_off_sale_after_it_was_paid(self, customer, caller):
        bundle = make_bundle(active=False)
        assert buy(caller, "good-1") == (201, None)
        assert coins(customer) == bundle.coins + bundle.free_coins

    def test_a_store_that_answers_nonsense_is_asked_again_and_never_believed(self, customer, caller):
        make_bundle()
        assert [buy(caller, "nonsense-1"), buy(caller, "nonsense-1")] == [PENDING] * 2
        self._let_beat_ask()
        purchase = BundlePurchase.objects.get()
        assert (purchase.state, purchase.asks, coins(customer)) == ("pending", 3, 0)

    def test_a_store_that_answers_late_is_not_believed(self, customer, caller, settings):
        settings.BAZAAR_SECONDS = 2
        make_bundle()
        assert buy(caller, "slow-1") == PENDING
        assert (BundlePurchase.objects.get().state, coins(customer)) == ("pending", 0)

    def test_a_store_that_finds_its_words_later_gives_the_coins_by_beat(self, customer, caller):
        make_bundle()
        assert buy(caller, "late-1") == PENDING
        assert coins(customer) == 0
        self._let_beat_ask()
        assert coins(customer) == 0
        self._let_beat_ask()
        assert coins(customer) == 120
        assert buy(caller, "late-1") == (201, None)
        assert coins(customer) == 120

    def test_the_purchase_token_is_not_logged(self, caller, caplog):
        caplog.set_level("DEBUG")
        make_bundle()
        for token in ("good-secret", "bad-secret", "nonsense-secret"):
            buy(caller, token)
        assert "-secret" not in caplog.text  # ours for the store neither

    def _let_beat_ask(self):
        BundlePurchase.objects.update(next_ask_at=timezone.now() - timedelta(seconds=1))
        assert sweep_purchases() == 1
