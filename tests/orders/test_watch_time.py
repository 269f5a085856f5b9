"""Orders that depend on a video's length: asked of its site after the caller is known, before anything is charged."""

import pytest

from orders.callers import Bearer
from orders.models import Order
from orders.refusals import OrderRefused
from orders.services import OrderRequest, place_order, place_order_by_token, place_orders_by_token
from panel.lib.secrets import digest_token
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.lib.raw_server import RawServer, http_answer

LONG, SHORT = "https://www.aparat.com/v/demo600", "https://www.aparat.com/v/demo120"


@pytest.fixture
def buyer(db):
    return make_customer(toman=10_000)


@pytest.fixture(autouse=True)
def _ask_the_sandbox(settings, sandbox):
    settings.APARAT_URL = f"{sandbox.url}/aparat"


def ask(buyer, link, **service):
    sold = make_service(**{"type": "watch_time", "min": 1} | service)
    try:
        return place_order(buyer.pk, "dashboard", sold.pk, {"link": link, "quantity": 100}).charge
    except OrderRefused as refused:
        return refused.code.value, refused.limit


def test_watch_time_needs_more_than_two_minutes_though_the_service_says_nothing(buyer):
    assert ask(buyer, LONG) == 200
    assert ask(buyer, SHORT) == ("video_short", 120)
    assert ask(buyer, "https://www.aparat.com/v/gone1") == ("video_unknown", None)
    assert read_balance(buyer.pk) == 9_800


def test_sites_whose_videos_nobody_knows_are_asked_only_where_the_service_wants_it(buyer):
    elsewhere = "https://video.example/watch?v=1"
    assert ask(buyer, elsewhere) == 200
    assert ask(buyer, elsewhere, min_video_seconds=60) == ("video_unknown", None)


def test_the_service_s_own_bound_goes_before(buyer):
    assert ask(buyer, SHORT, min_video_seconds=60) == 200
    assert ask(buyer, SHORT, type="default", min_video_seconds=120) == ("video_short", 120)


def test_a_stranger_makes_no_call_to_the_site(settings, db):
    with RawServer(http_answer(b"{}")) as site:
        settings.APARAT_URL = site.url
        request = OrderRequest(make_service(type="watch_time", min=1).pk, {"link": LONG, "quantity": 100})
        with pytest.raises(OrderRefused, match="key_invalid"):
            place_order_by_token(Bearer(digest_token("nobody"), "standard"), "standard", request)
        with pytest.raises(OrderRefused, match="key_invalid"):
            place_orders_by_token(Bearer(digest_token("nobody"), "standard"), "standard", [request])
        assert site.requests == []


def test_in_bulk_each_video_is_asked_for_itself(buyer):
    sold = make_service(type="watch_time", min=1)
    bearer = Bearer(digest_token(make_key(buyer)), "standard")
    requests = [OrderRequest(sold.pk, {"link": link, "quantity": 100}) for link in (LONG, SHORT, LONG)]
    answers = place_orders_by_token(bearer, "standard", requests)
    codes = [answer.code.value if isinstance(answer, OrderRefused) else None for answer in answers]
    assert (codes, Order.objects.count()) == ([None, "video_short", None], 2)
