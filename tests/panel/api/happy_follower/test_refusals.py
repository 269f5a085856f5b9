"""Every refusal of happy-follower's API: status, exact words, nothing charged and nothing stored."""

import pytest
from django.db import OperationalError

from orders.blocking import forget_blocked
from orders.models import BlockedTerm
from orders.refusals import OrderRefused, Refusal
from panel.accounts import key_usage
from panel.api.happy_follower import auth, views
from panel.api.happy_follower.errors import FAULTS, REFUSALS, word
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.happy_follower.conftest import LINK, REAL, SANDBOX, enter, error, send

pytestmark = pytest.mark.django_db
NO_SERVICE = (404, error("سرویسی با این شناسه برای سفارش وجود ندارد"))
BAD_LINK = (400, error("لینک نامعتبر است"))
POOR = (403, error("اعتبار کافی نیست"))
UNREADABLE = (400, error("بدنه درخواست خوانا نیست؛ آن را به شکل JSON یا فرم بفرستید"))
WRONG_KIND = (415, error("نوع محتوای درخواست پشتیبانی نمی‌شود؛ JSON یا فرم بفرستید"))
TOO_LARGE = (413, error("حجم درخواست بیش از حد مجاز است"))
WRONG_METHOD = (405, error("این روش HTTP برای این نشانی پشتیبانی نمی‌شود"))
NOWHERE = (404, error("نشانی درخواست یافت نشد"))
AWAY = (503, error("سامانه موقتاً در دسترس نیست؛ کمی بعد دوباره تلاش کنید"))
NO_NUMBERS = [True, False, 1.5, 100.0, [100], {"a": 1}, "abc", "1e3", "", "१००", "100\x00"]


def bad(field):
    return 400, error(f"مقدار فیلد {field} نامعتبر است")


def missing(field):
    return 400, error(f"فیلد {field} الزامی است")


@pytest.fixture
def refused(anywhere, order_of, ledger):
    """An order with these fields, in both worlds, answers exactly so and leaves everything as it was."""

    def check(answer, headers=None, **fields):
        before = ledger()
        assert anywhere.post("order", order_of(**fields), headers) == answer
        assert ledger() == before

    return check


@pytest.mark.parametrize("value", [0, -1, "0", 999_999_999, 2**63 - 1, 2**63, "9" * 39])
def test_unknown_service(refused, value):
    refused(NO_SERVICE, serviceId=value)


@pytest.mark.parametrize("kind", ["custom_comments", "seo", "poll", "ads", "web_traffic", "subscriptions"])
def test_services_that_need_more_are_not_sold_here(refused, kind):
    refused(NO_SERVICE, serviceId=make_service(type=kind).pk, comments="a", description="a")


def test_paused_service(refused):
    refused(NO_SERVICE, serviceId=make_service(active=False).pk)


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_numbers_that_are_none(refused, value):
    refused(bad("serviceId"), serviceId=value)
    refused(bad("count"), count=value)


@pytest.mark.parametrize("field", ["serviceId", "link", "count"])
def test_missing_fields(refused, field, anywhere, order_of):
    refused(missing(field), **{field: None})
    assert anywhere.post("order", order_of() | {field: None}) == missing(field)


@pytest.mark.parametrize("value", [True, 5, 1.5, [LINK], {"a": LINK}])
def test_links_that_are_no_text(refused, value):
    refused(bad("link"), link=value)


@pytest.mark.parametrize(
    "link",
    ["instagram", "ftp://instagram.com/p", "https://127.0.0.1/p", "https://instagram.com/\x00", "\ud800"],
)
def test_bad_links(refused, link):
    refused(BAD_LINK, link=link)


def test_an_empty_link_is_a_missing_one(refused):
    refused(missing("link"), link=" ")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (9, "فیلد count باید دست‌کم 10 باشد"),
        (-100, "فیلد count باید دست‌کم 10 باشد"),
        ("۹", "فیلد count باید دست‌کم 10 باشد"),
        (10_001, "فیلد count باید حداکثر 10000 باشد"),
        (10**38, "فیلد count باید حداکثر 10000 باشد"),
    ],
)
def test_count_out_of_bounds(refused, count, words):
    refused((400, error(words)), count=count)


def test_no_credit(order_of, ledger):
    poor = enter(make_key(make_customer(toman=199), "happy_follower"))
    before = ledger()
    assert poor.post("order", order_of()) == POOR
    assert ledger() == before
    trial = enter(make_key(make_customer(), "happy_follower"), SANDBOX)
    assert trial.post("order", order_of())[0] == 200  # the sandbox asks for none


def test_link_rule(refused):
    picky = make_service(link_hosts=["aparat.com"], link_example="https://aparat.com/v/abc")
    words = "این سرویس چنین لینکی را نمی‌پذیرد. نمونه درست: https://aparat.com/v/abc"
    refused((400, error(words)), serviceId=picky.pk)


def test_taken_link(caller, order_of, ledger, customer):
    alone = make_service(same_link="refuse")
    assert caller.post("order", order_of(serviceId=alone.pk))[0] == 200
    before = ledger()
    words = "برای این لینک سفارش در حال انجامی وجود دارد"
    assert caller.post("order", order_of(serviceId=alone.pk)) == (400, error(words))
    assert ledger() == before


def test_blocked_links(refused):
    BlockedTerm.objects.create(kind="link", text="instagram.com/p")
    forget_blocked()
    try:
        refused((400, error("سفارش برای این لینک پذیرفته نمی‌شود")))
    finally:
        BlockedTerm.objects.all().delete()
        forget_blocked()


def test_bad_idempotency_key(refused):
    refused(bad("Idempotency-Key"), {"Idempotency-Key": "k" * 256})


@pytest.mark.parametrize("path", ["cancel", "recheck"])
@pytest.mark.parametrize("value", NO_NUMBERS)
def test_order_ids_that_are_none(caller, path, value):
    assert caller.post(path, {"orderId": value}) == bad("orderId")
    assert caller.post(path, {}) == caller.post(path, {"orderId": None}) == missing("orderId")


def post(caller, path, body, kind="application/json"):
    return send("POST", caller.root + path, caller.token, data=body, content_type=kind)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"[1]",
        b"null",
        b"1",
        b'"a"',
        b"\xff\xfe",
        b'{"serviceId": ' + b"[" * 100_000,
        b"{'a': 1}",
    ],
)
def test_broken_json(anywhere, ledger, body):
    before = ledger()
    assert post(anywhere, "order", body) == UNREADABLE
    assert ledger() == before


@pytest.mark.parametrize("body", [b"link=%FF", b"link=\xff&count=1", b"&".join(b"a=1" for _ in range(201))])
def test_broken_form(anywhere, body):
    assert post(anywhere, "order", body, "application/x-www-form-urlencoded") == UNREADABLE


def test_a_field_that_comes_twice_is_no_number(anywhere, service):
    body = f"serviceId={service.pk}&link={LINK}&count=100&count=10"
    assert post(anywhere, "order", body, "application/x-www-form-urlencoded") == bad("count")


def test_no_body(anywhere):
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        status, told = post(anywhere, "order", b"", kind)
        assert (status, told) == missing("serviceId")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "image/png", "nonsense", "multipart/form-data"]
)
def test_wrong_content_type(anywhere, kind):
    assert post(anywhere, "order", b"a=1", kind) == WRONG_KIND


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_huge_body(anywhere, kind):
    assert post(anywhere, "order", b"a" * (2 * 1024 * 1024 + 1), kind) == TOO_LARGE


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_wrong_methods(anywhere, method):
    for path in ("services", "order", "status/1/", "credit/", "auth", "ref-auth"):
        assert send(method, anywhere.root + path, anywhere.token) == WRONG_METHOD


def test_get_where_post_is_due_and_the_other_way_round(anywhere):
    assert anywhere.get("order") == WRONG_METHOD
    for path in ("services", "status/1/", "credit/", "auth", "ref-auth"):
        assert post(anywhere, path, b"{}") == WRONG_METHOD


@pytest.mark.parametrize("path", ["cancel", "recheck/", "nowhere", "", "order/1", "status/1/2", "auth/x"])
def test_what_the_sandbox_does_not_have(key, path):
    caller = enter(key, SANDBOX)
    for method in ("GET", "POST", "PUT"):
        assert send(method, SANDBOX + path, caller.token) == NOWHERE
        assert send(method, SANDBOX + path) == NOWHERE


@pytest.mark.parametrize("path", ["status/1/2", "status//", "auth/x", "credit/1", "cancel/1", "recheck/1/"])
def test_paths_beyond_ours(caller, path):
    assert caller.get(path) == NOWHERE


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense"])
def test_json_whatever_is_accepted(anywhere, accept):
    for query in ("", "?format=xml"):
        assert anywhere.get("credit" + query, headers={"Accept": accept})[0] == 200


def test_throttled(key, order_of, settings, monkeypatch, ledger):
    settings.API_CALLS_PER_MINUTE = {0: 3}
    clock = key_usage.KeyUsage(clock=lambda: 600.0).note_call
    monkeypatch.setattr(auth, "note_call", clock)
    monkeypatch.setattr(views, "note_call", clock)
    words = "تعداد درخواست‌ها بیش از حد مجاز است؛ کمی بعد دوباره تلاش کنید"
    real, trial = enter(key), enter(key, SANDBOX)  # two of the three: tokens share the key's limit
    assert real.get("credit")[0] == 200
    before = ledger()
    for caller in (real, trial):
        answer = caller.send_raw("order", order_of())
        assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (429, error(words), "60")
    assert send("GET", "/api/v1/auth", key) == (429, error(words))
    assert ledger() == before


def test_too_many_trials(key, order_of, settings):
    settings.TRIAL_MAX_OPEN = 1
    trial = enter(key, SANDBOX)
    assert trial.post("order", order_of())[0] == 200
    answer = trial.send_raw("order", order_of())
    seconds = answer.headers["Retry-After"]
    words = f"سفارش‌های باز آزمایشی بیش از حد مجاز است؛ {seconds} ثانیه دیگر دوباره تلاش کنید"
    assert (answer.status_code, answer.json()) == (429, error(words))


@pytest.mark.parametrize("root", [REAL, SANDBOX])
def test_the_database_is_away(key, root, monkeypatch):
    caller = enter(key, root)

    def fail(*args):
        raise OperationalError("secret words")

    monkeypatch.setattr(auth.lookup, "find_customer_id", fail)
    monkeypatch.setattr(views, "open_session", fail)
    monkeypatch.setattr(views, "renew_token", fail)
    for path in ("services", "credit", "status/1", "auth", "ref-auth"):
        assert caller.get(path) == AWAY
    assert caller.post("order", {}) == AWAY


def test_a_fault_of_ours_is_told_as_one(caller, monkeypatch):
    monkeypatch.setattr(views.lookup, "find_balance", lambda bearer: 1 / 0)
    assert caller.get("credit") == (500, error("خطایی در سامانه رخ داد"))


def test_every_refusal_of_the_engine_has_words():
    assert set(REFUSALS) == set(Refusal)
    for code in Refusal:
        status, text = word(OrderRefused(code, field="link", limit=7))
        assert (status in FAULTS or status in (403, 409), "{" in text, "None" in text) == (True, False, False)
