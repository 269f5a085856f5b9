"""Free credit, the wheel and gifts over panel-app: every documented answer, its keys, and who gets none."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.models import Order
from panel.accounts.models import ApiToken
from panel.accounts.tokens import issue_token
from panel.api.panel_app.base import unix
from panel.rewards.models import FreeCredit, GiftGrant
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_key, make_service
from tests.panel.rewards.conftest import change, rules  # noqa: F401 - a fixture
from tests.panel.rewards.prizes import LINK, make_gift, make_win
from tests.together import run_together

CREDIT, WHEEL, GIFTS = "/api/v1/user/freecredit", "/api/v1/user/wof", "/api/v1/user/gifts"
BAD_GIFT = "لطفا شناسه هدیه را به درستی وارد کنید"
BAD_LINK = "لطفا لینک را به درستی وارد کنید"
ENDED = "هدیه شما استفاده یا منقضی شده است"
UNKNOWN = "شما چنین هدیه ای دریافت نکرده اید"
OFF = "این جایزه در حال حاضر ارائه نمی‌شود"
HOUSE_CAP = "جوایز امروز به پایان رسیده است؛ فردا دوباره تلاش کنید"
DESCRIPTION = "<p>استارت \"سریع\" & 'خوب'</p>"
pytestmark = pytest.mark.usefixtures("rules")
client = Client()


@pytest.fixture
def customer(rules):  # noqa: F811
    return make_customer()


@pytest.fixture
def key(customer):
    return make_key(customer, ApiToken.Contract.PANEL_APP)


@pytest.fixture
def gift(rules):  # noqa: F811
    return make_gift(make_service(name="ویو استوری", description=DESCRIPTION, min=100, max=500))


def ask(path, key, method="get", **more):
    """`(HTTP status, JSON)`."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    response = getattr(client, method)(path, headers=headers, **more)
    return response.status_code, response.json()


def use(key, gift_id, link=LINK):
    body = {"gift_id": gift_id, "link": link}
    return ask(GIFTS, key, "post", data=body, content_type="application/json")


def describe(service):
    """The service as the document shows it within a gift."""
    service.refresh_from_db()
    return {
        "id": service.pk,
        "cate_id": service.category_id,
        "name": "ویو استوری",
        "desc": "&lt;p&gt;استارت &quot;سریع&quot; &amp; &#x27;خوب&#x27;&lt;/p&gt;",
        "price": 2000,
        "original_price": None,
        "min": 100,
        "max": 500,
        "dripfeed": 0,
        "status": 1,
        "changed": unix(service.changed),
        "created": unix(service.created),
    }


def test_free_credit(customer, key):
    response = client.get(CREDIT, headers={"Authorization": f"Bearer {key}"})
    assert (response.status_code, response.json()) == (200, {"status": 201, "amount": 100})
    assert (response.headers["Cache-Control"], read_balance(customer.pk)) == ("no-store", 100)


def test_free_credit_has_two_limits(customer, key, rules):  # noqa: F811
    change(rules, free_credit_wait=120)
    ask(CREDIT, key)
    soon = {"status": 429, "message": "شما تا 120 ثانیه دیگر قادر به ارسال درخواست خواهید بود"}
    one_later = {"status": 429, "message": "شما تا 119 ثانیه دیگر قادر به ارسال درخواست خواهید بود"}
    assert ask(CREDIT, key) in ((200, soon), (200, one_later))
    change(rules, free_credit_monthly=1)
    assert ask(CREDIT, key) == (200, {"status": 429, "message": "به محدودیت درخواست ماهانه رسیده اید"})
    assert (FreeCredit.objects.count(), read_balance(customer.pk)) == (1, 100)


@pytest.mark.parametrize(
    ("path", "limits", "words"),
    [
        (CREDIT, {"free_credit_monthly": 0}, OFF),
        (CREDIT, {"daily_cap": 99}, HOUSE_CAP),
        (WHEEL, {"wheel_monthly": 0}, OFF),
        (WHEEL, {"daily_cap": 59}, HOUSE_CAP),
    ],
)
def test_what_the_house_does_not_give(key, gift, rules, path, limits, words):  # noqa: F811
    change(rules, **limits)
    assert ask(path, key) == (200, {"status": 429, "message": words})
    assert (FreeCredit.objects.count(), GiftGrant.objects.count()) == (0, 0)


def test_the_wheel(customer, key, gift):
    status, body = ask(WHEEL, key)
    grant = GiftGrant.objects.get()
    assert (status, body) == (
        200,
        {
            "status": 200,
            "user_gift": {
                "uid": customer.pk,
                "gift_id": gift.pk,
                "quantity": 30,
                "created": unix(grant.created),
                "changed": unix(grant.created),
                "expired_at": unix(grant.created) + 86_400,
                "id": grant.pk,
                "service": describe(gift.service),
            },
        },
    )


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"wheel_wait_hours": 24}, "شما در هر 1 روز می توانید یک هدیه دریافت کنید."),
        ({"wheel_wait_hours": 48}, "شما در هر 2 روز می توانید یک هدیه دریافت کنید."),
        ({"wheel_wait_hours": 6}, "شما در هر 6 ساعت می توانید یک هدیه دریافت کنید."),
        ({"wheel_monthly": 1}, "شما به حداکثر تعداد جایزه، در ماه رسیده اید"),
    ],
)
def test_the_wheel_has_two_limits(key, gift, rules, limits, words):  # noqa: F811
    change(rules, **limits)
    ask(WHEEL, key)
    assert ask(WHEEL, key) == (200, {"status": 429, "message": words})
    assert GiftGrant.objects.count() == 1


def test_the_list_of_gifts(customer, key, gift):
    used = make_win(customer, gift, age=timedelta(hours=2), used_at=gift.created, link=LINK)
    fresh = make_win(customer, gift)
    make_win(make_customer(), gift)
    about = {
        "id": gift.pk,
        "service_id": gift.service_id,
        "min": 30,
        "max": 30,
        "status": 1,
        "created": unix(gift.created),
        "changed": unix(gift.changed),
        "service": describe(gift.service),
    }
    lines = [
        {
            "gift": about,
            "used": int(win is used),
            "link": win.link,
            "created": unix(win.created),
            "changed": unix(win.changed),
            "expired_at": unix(win.created) + 86_400,
        }
        for win in (fresh, used)
    ]
    assert ask(GIFTS, key) == (200, {"status": 200, "gifts": lines})


@pytest.mark.parametrize("kind", [int, str])
def test_using_a_gift(customer, key, gift, kind):
    win = make_win(customer, gift)
    number = kind(gift.pk)
    status, body = use(key, number)
    order, _ = Order.objects.get(), win.refresh_from_db()
    assert (status, body) == (
        200,
        {
            "status": 201,
            "order": {
                "uid": customer.pk,
                "cate_id": gift.service.category_id,
                "service_id": gift.service_id,
                "service_type": "default",
                "link": LINK,
                "quantity": 30,
                "charge": 0,
                "api_provider_id": -1,
                "api_service_id": -1,
                "is_drip_feed": 0,
                "status": "pending",
                "type": "mobile_app_gift",
                "changed": unix(order.changed),
                "created": unix(order.created),
                "id": order.pk,
            },
        },
    )
    assert (win.order_id, win.link) == (order.pk, LINK)


@pytest.mark.parametrize(
    "gift_id", [None, "", "x", 1.5, True, [1], {"a": 1}, -1, 2**63, "۱", "1" * 1000, "1_0"]
)
def test_an_id_that_is_none(key, gift_id):
    assert use(key, gift_id) == (200, {"status": 400, "message": BAD_GIFT})


@pytest.mark.parametrize(
    "link",
    [None, "", "  ", 7, [LINK], "quia", "javascript:alert(1)", "https://x" + "a" * 5000, "https://a\x00b.co"],
)
def test_a_link_that_is_none(customer, key, gift, link):
    make_win(customer, gift)
    assert use(key, gift.pk, link) == (200, {"status": 400, "message": BAD_LINK})
    assert (Order.objects.count(), GiftGrant.objects.filter(used_at=None).count()) == (0, 1)


def test_a_gift_that_was_used_has_expired_or_was_never_won(customer, key, gift):
    others = make_gift()
    make_win(make_customer(), others)
    make_win(customer, gift)
    use(key, gift.pk)
    assert use(key, gift.pk) == (200, {"status": 400, "message": ENDED})
    make_win(customer, gift, age=timedelta(hours=25))
    assert use(key, gift.pk) == (200, {"status": 400, "message": ENDED})
    assert [use(key, pk) for pk in (others.pk, others.pk + 1)] == [
        (200, {"status": 404, "message": UNKNOWN})
    ] * 2
    assert Order.objects.count() == 1


def test_a_gift_whose_service_is_not_sold_any_more(customer, key, gift):
    make_win(customer, gift)
    gift.service.active = False
    gift.service.save()
    assert use(key, gift.pk) == (200, {"status": 400, "message": "سرویس این هدیه دیگر ارائه نمی‌شود"})


def test_other_refusals_of_a_link_are_the_contract_s(customer, key, gift):
    make_win(customer, gift)
    gift.service.link_hosts = ["youtube.com"]
    gift.service.save()
    words = "این سرویس چنین لینکی (link) را نمی‌پذیرد"
    assert use(key, gift.pk) == (200, {"status": 400, "message": words})


@pytest.mark.django_db(transaction=True)
def test_twenty_uses_at_once_are_one_order(customer, key, gift):
    make_win(customer, gift)
    answers = run_together(*[lambda: use(key, gift.pk)] * 20)
    assert sorted(body["status"] for _, body in answers) == [201] + [400] * 19
    assert Order.objects.count() == 1


@pytest.mark.parametrize("path", [CREDIT, WHEEL])
def test_a_head_gives_nothing(key, gift, path):
    response = client.head(path, headers={"Authorization": f"Bearer {key}"})
    assert (response.status_code, FreeCredit.objects.count(), GiftGrant.objects.count()) == (405, 0, 0)


@pytest.mark.parametrize(
    ("method", "path"), [("get", CREDIT), ("get", WHEEL), ("get", GIFTS), ("post", GIFTS)]
)
@pytest.mark.parametrize("token", ["", "nobody's"])
def test_nobody_gets_nothing(gift, method, path, token):
    words = {"status": 401, "message": "توکن اشتباه یا منقضی شده است"}
    assert ask(path, token, method) == (401, words)
    assert (FreeCredit.objects.count(), GiftGrant.objects.count()) == (0, 0)


@pytest.mark.parametrize("blocked", ["", "abuse"])
def test_a_token_that_may_only_read_gives_and_uses_nothing(gift, blocked):
    customer = make_customer(order_block=blocked)
    key = issue_token(customer, ApiToken.Contract.PANEL_APP, scopes=[ApiToken.Scope.READ])[1]
    make_win(customer, gift)
    refused = (200, {"status": 403, "message": "منع دسترسی"})
    assert [ask(CREDIT, key), ask(WHEEL, key), use(key, gift.pk)] == [refused] * 3
    assert ask(GIFTS, key)[1]["status"] == 200
    assert (FreeCredit.objects.count(), GiftGrant.objects.count(), Order.objects.count()) == (0, 1, 0)


@pytest.mark.parametrize("body", ["", "{", "[1]", "[" * 50_000, '{"gift_id": ' + "9" * 5000 + "}"])
def test_a_body_that_is_none(key, body):
    status, told = ask(GIFTS, key, "post", data=body, content_type="application/json")
    assert (status, told["status"]) == (200, 400)
