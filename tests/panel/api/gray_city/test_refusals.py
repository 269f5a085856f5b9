"""Every row of every status table: its HTTP status and exact words, nothing charged, nothing stored."""

import pytest

from orders.blocking import forget_blocked
from orders.models import BlockedTerm, Category
from panel.accounts.models import ApiToken
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.gray_city.conftest import (
    ADS,
    CREATE,
    CREATE_V2,
    DESKS,
    FOLLOWER,
    IDS,
    SERVICES,
    VIDEO,
    WATCH_TIME,
    service_field,
)

LIKE, COMMENT, HOURS, ADVERT = DESKS[0], DESKS[2], DESKS[6], DESKS[9]
LINKED = [(desk, name) for desk, name in zip(DESKS, IDS, strict=True) if desk[0] != ADS]
COUNTED = [(desk, name) for desk, name in zip(DESKS, IDS, strict=True) if "count" in desk[2]]
NO_LINK = "پارامتر لینک یافت نشد"
BAD_LINK = "لینک ارسال شده نامعبتر است"
NO_COMMENT = "پارامتر کامنت یافت نشد"
BAD_COMMENT = "مقدار پارامتر comment نا معتبر است"
NO_COUNT = "پارامتر count یافت نشد"
BAD_COUNT = "مقدار پارامتر count نا معتبر است"
OTHER_COUNT = "مقدار پارامتر count با تعداد کامنت ها برابر نیست"
NO_DESCRIPTION = "متن تبلیغ یافت نشد"
BAD_DESCRIPTION = "مقدار پارامتر description نا معتبر است"
SHORT_VIDEO = "تایم ویدیو کمتر از مقدار گفته شده میباشد"
UNKNOWN_VIDEO = "تایم ویدیو مشخص نشد، لینک را بررسی کنید یا کمی بعد دوباره تلاش کنید"
NO_FUNDS = "موجودی کافی نیست"
UNKNOWN = {"product": "محصول یافت نشد", "category": "کتگوری یافت نشد"}
FOREIGN = {
    "product": "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد",
    "category": "ایدی کتگوری ارسال شده مربوط به این دسته بندی نمی باشد",
}
NOT_TEXTS = [5, 1.5, True, [VIDEO], {"a": VIDEO}]


def word_of(path):
    """Which of the two words the path's table has; the newer like-and-view path says product of a category."""
    return "category" if path in (CREATE, WATCH_TIME) else "product"


@pytest.fixture
def refused(order, ledger):
    """An order from the desk with these changes answers exactly this and leaves everything as it was."""

    def check(status, words, desk, headers=None, **changes):
        before = ledger()
        assert order(desk, headers, **changes) == (status, {"detail": words})
        assert ledger() == before

    return check


def named(pairs):
    return pytest.mark.parametrize("desk", [desk for desk, _ in pairs], ids=[name for _, name in pairs])


@named(LINKED)
@pytest.mark.parametrize("link", [None, "", "  "])
def test_missing_link(refused, desk, link):
    refused(400, NO_LINK, desk, link=link)


@named(LINKED)
@pytest.mark.parametrize("link", ["hashd", "ftp://aparat.com/v/hashd", "https://localhost/v", *NOT_TEXTS])
def test_bad_link(refused, desk, link):
    refused(400, BAD_LINK, desk, link=link)


def test_link_that_is_null(post, services):
    body = {"category": services["like"].pk, "link": None, "count": 50}
    assert post(CREATE, body) == (400, {"detail": NO_LINK})


def test_a_number_is_no_username(refused, services):
    services["follower"].link_format = "url_or_username"
    services["follower"].save()
    refused(400, BAD_LINK, DESKS[7], link=12345)


def test_link_that_breaks_the_services_rule(refused, services):
    services["like"].link_hosts = ["aparat.com"]
    services["like"].save()
    refused(400, BAD_LINK, LIKE, link="https://instagram.com/p/abc")
    services["like"].link_example = VIDEO
    services["like"].save()
    refused(400, f"{BAD_LINK}، نمونه: {VIDEO}", LIKE, link="https://instagram.com/p/abc")


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
@pytest.mark.parametrize("value", [None, "", "abc", "1.0", 1.5, True, False, [2], {"id": 2}, "x" * 9])
def test_service_of_a_wrong_type(refused, desk, value):
    field = service_field(desk[0])
    refused(400, f"تایپ ولیو پارامتر {field} نا معتبر است", desk, **{field: value})


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
@pytest.mark.parametrize("value", [0, -1, 999_999_999, 2**63, 10**30, "10000000000000000000"])
def test_unknown_service(refused, desk, value):
    refused(404, UNKNOWN[word_of(desk[0])], desk, **{service_field(desk[0]): value})


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_paused_service(refused, services, desk):
    services[desk[1]].active = False
    services[desk[1]].save()
    refused(404, UNKNOWN[word_of(desk[0])], desk)


def test_service_of_a_paused_category(refused, services):
    Category.objects.update(active=False)
    refused(404, UNKNOWN["product"], LIKE)


@pytest.mark.parametrize(
    ("kind", "type"),
    [("", "default"), ("like", "poll"), ("like", "package"), ("follower", "poll"), ("comment", "default")],
)
@pytest.mark.parametrize("desk", DESKS, ids=IDS)
def test_service_that_this_contract_cannot_say(refused, desk, kind, type):
    unsayable = make_service(kind=kind, type=type)
    refused(404, UNKNOWN[word_of(desk[0])], desk, **{service_field(desk[0]): unsayable.pk})


def foreign():
    """Each path with every kind that it doesn't sell."""
    for path in dict.fromkeys(path for path, _kind, _fields in DESKS):
        desk = next(desk for desk in DESKS if desk[0] == path)
        sold = {kind for at, kind, _fields in DESKS if at == path}
        for kind in sorted(SERVICES.keys() - sold):
            yield pytest.param(desk, kind, id=f"{path[5:-1]}-{kind}")


@pytest.mark.parametrize(("desk", "kind"), list(foreign()))
def test_service_of_another_path(refused, services, desk, kind):
    refused(400, FOREIGN[word_of(desk[0])], desk, **{service_field(desk[0]): services[kind].pk})


@named(COUNTED)
def test_missing_count(refused, desk):
    refused(400, NO_COUNT, desk, count=None)


@named(COUNTED)
@pytest.mark.parametrize("count", ["", "abc", "5.0", 5.0, 50.5, True, [50], {"n": 50}, "1e2", 10**40])
def test_bad_count(refused, desk, count):
    refused(400, BAD_COUNT, desk, count=count)


@pytest.mark.parametrize(
    ("desk", "count", "words"),
    [
        (LIKE, 9, "تعداد درخواستی کمتر از حداقل مجاز (10) است"),
        (LIKE, 0, "تعداد درخواستی کمتر از حداقل مجاز (10) است"),
        (LIKE, -50, "تعداد درخواستی کمتر از حداقل مجاز (10) است"),
        (LIKE, 10_001, "تعداد درخواستی بیشتر از حداکثر مجاز (10000) است"),
        (LIKE, 10**30, "تعداد درخواستی بیشتر از حداکثر مجاز (10000) است"),
        (HOURS, 0, "تعداد درخواستی کمتر از حداقل مجاز (1) است"),
        (HOURS, "۴۱", "تعداد درخواستی بیشتر از حداکثر مجاز (40) است"),
    ],
)
def test_count_out_of_bounds(refused, desk, count, words):
    refused(400, words, desk, count=count)


@pytest.mark.parametrize("comment", [None, "", " \n ", [], ["", " "]])
@pytest.mark.parametrize("count", [None, 4])
def test_missing_comment(refused, comment, count):
    refused(400, NO_COMMENT, COMMENT, comment=comment, count=count)


@pytest.mark.parametrize("comment", [5, True, {"a": "b"}, ["a", 5], ["a", None], [["a"]], "a\x00b\nc"])
def test_bad_comment(refused, comment):
    refused(400, BAD_COMMENT, COMMENT, comment=comment)


@pytest.mark.parametrize("count", [3, 5, 20, "20", 0, -4])
def test_count_that_is_not_the_comments(refused, count):
    refused(400, OTHER_COUNT, COMMENT, count=count)


@pytest.mark.parametrize("count", ["four", 4.0, True, [4]])
def test_bad_count_beside_comments(refused, count):
    refused(400, BAD_COUNT, COMMENT, count=count)


def test_too_few_and_too_many_comments(refused):
    low, high = "تعداد درخواستی کمتر از حداقل مجاز (2) است", "تعداد درخواستی بیشتر از حداکثر مجاز (100) است"
    refused(400, low, COMMENT, comment=["one"])
    refused(400, high, COMMENT, comment=["a"] * 101)


@pytest.mark.parametrize("description", [None, "", " \n"])
def test_missing_description(refused, description):
    refused(400, NO_DESCRIPTION, ADVERT, description=description)


@pytest.mark.parametrize("description", [5, True, ["a"], {"a": "b"}, "a\x00b", "x" * 1001])
def test_bad_description(refused, description):
    refused(400, BAD_DESCRIPTION, ADVERT, description=description)


@pytest.mark.parametrize("video", ["short1", "demo120", "demo119", "demo0"])
def test_video_that_is_too_short(refused, video):
    refused(400, SHORT_VIDEO, HOURS, link=f"https://www.aparat.com/v/{video}")


@pytest.mark.parametrize(
    "link", ["https://www.aparat.com/v/gone1", "https://www.aparat.com/UserName", "https://youtube.com/v/abc"]
)
def test_video_whose_length_is_unknown(refused, link):
    refused(400, UNKNOWN_VIDEO, HOURS, link=link)


def test_video_site_that_is_away(refused, settings):
    settings.APARAT_URL = "http://127.0.0.1:1"
    refused(400, UNKNOWN_VIDEO, HOURS)


@pytest.mark.parametrize("desk", DESKS, ids=IDS)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["plain", "key"])
def test_not_enough_funds(refused, desk, headers):
    poor = make_key(make_customer(toman=49), ApiToken.Contract.GRAY_CITY)
    refused(403, NO_FUNDS, desk, {"Authorization": f"Token {poor}"} | headers)


def test_one_key_for_two_orders(order, refused):
    key = {"Idempotency-Key": "k"}
    assert order(LIKE, key)[0] == 200
    refused(400, "هدر Idempotency-Key قبلا برای سفارش دیگری ارسال شده است", LIKE, key, count=51)


def test_key_that_cannot_be_stored(refused):
    words = "مقدار پارامتر Idempotency-Key نا معتبر است"
    refused(400, words, LIKE, {"Idempotency-Key": "k" * 256})


def test_customer_who_may_not_order(refused, customer):
    customer.order_block = "chargeback"
    customer.save()
    refused(403, "ثبت سفارش برای این حساب غیرفعال است", LIKE)


def test_read_only_token(refused, token):
    ApiToken.objects.update(scopes=["read"])
    refused(403, "این توکن فقط اجازه خواندن دارد", LIKE)


def test_second_order_on_one_link_where_the_service_refuses_it(order, refused, services):
    services["like"].same_link = "refuse"
    services["like"].save()
    assert order(LIKE)[0] == 200
    refused(400, "سفارش دیگری برای این لینک در حال انجام است", LIKE, link=f"{VIDEO}/?utm_source=x")


@pytest.fixture
def blocked():
    yield lambda kind, text: (BlockedTerm.objects.create(kind=kind, text=text), forget_blocked())
    forget_blocked()


def test_blocked_link(refused, blocked):
    blocked("link", "aparat.com/v/hashd")
    refused(400, "ثبت سفارش برای این لینک مجاز نیست", LIKE)


def test_blocked_word(refused, blocked):
    blocked("word", "forbidden")
    refused(400, "متن ارسال شده کلمه غیرمجاز دارد", COMMENT, comment=["fine", "a Forbidden word"])


def test_the_service_is_named_by_its_own_field(post, services):
    wrong = post(FOLLOWER, {"category": services["follower"].pk, "link": VIDEO})
    assert wrong == (400, {"detail": "تایپ ولیو پارامتر product نا معتبر است"})
    wrong = post(CREATE_V2, {"product": services["like"].pk, "link": VIDEO, "count": 50})
    assert wrong == (400, {"detail": "تایپ ولیو پارامتر category نا معتبر است"})
