"""`user` of panel-app: the document's keys, what may be changed, and a new mobile's way."""

import pytest

from orders.models import CustomerTotal
from panel.accounts.models import ApiToken, Customer, LoginCode
from panel.accounts.tokens import issue_token
from panel.api.panel_app.base import unix
from tests.factories import make_customer, make_key
from tests.panel.accounts.code_steps import let_pass, other_than
from tests.panel.api.panel_app.login_calls import (
    BAD_TOKEN,
    ROOT,
    ask,
    call,
    client,
    log_in,
    read_phone,
    verify,
)

OLD, NEW, NEW_TYPED = "+989350000001", "+989350000002", "09350000002"
FORBIDDEN = {"status": 403, "message": "منع دسترسی"}
WRONG = {"status": 401, "message": BAD_TOKEN}
LIMIT = {"status": 429, "message": "محدودیت ارسال درخواست"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def customer():
    return make_customer(
        toman=352, mobile=OLD, email="sara@example.com", first_name="Sara", last_name="Amini"
    )


@pytest.fixture
def token(customer):
    return log_in(customer)


def read(token):
    status, told = call("GET", "user", token=token)
    assert (status, list(told), told["status"]) == (200, ["status", "user"], 200)
    return told["user"]


def update(token, **given):
    """The body of the answer, which has HTTP status 200."""
    status, told = call("POST", "user", given, token)
    assert status == 200
    return told


def test_the_profile_has_just_the_document_s_keys(customer, token):
    customer.refresh_from_db()
    assert list(read(token).items()) == [
        ("id", customer.pk),
        ("ids", None),
        ("role", "user"),
        ("login_type", None),
        ("first_name", "Sara"),
        ("last_name", "Amini"),
        ("email", "sara@example.com"),
        ("mobile", "09350000001"),
        ("mobile_verified", 1),
        ("timezone", None),
        ("more_information", None),
        ("settings", None),
        ("desc", None),
        ("balance", 352),
        ("custom_rate", 0),
        ("api_key", None),
        ("spent", None),
        ("activation_key", None),
        ("reset_key", None),
        ("history_ip", None),
        ("status", 1),
        ("changed", unix(customer.changed)),
        ("created", unix(customer.created)),
    ]


def test_what_is_known_of_a_customer_is_told():
    customer = make_customer(mobile=None, mobile_verified=False, discount=5, level_discount=7, is_staff=True)
    CustomerTotal.objects.create(customer=customer, orders=3, amount=9000)
    user = read(make_key(customer, ApiToken.Contract.PANEL_APP))
    names = ("role", "mobile", "mobile_verified", "email", "custom_rate", "spent", "balance")
    assert [user[name] for name in names] == ["admin", None, 0, None, 7, 9000, 0]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_good_token_nothing_is_told(customer, token, method):
    assert [call(method, "user", token=text) for text in ("", "nobody-s")] == [(401, WRONG)] * 2
    Customer.objects.update(is_active=False)
    assert call(method, "user", token=token) == (401, WRONG)


def test_a_refresh_token_calls_nothing(customer):
    token = issue_token(customer, ApiToken.Contract.PANEL_APP, use=ApiToken.Use.REFRESH)[1]
    assert call("GET", "user", token=token) == (401, WRONG)


def test_tokens_of_other_contracts_are_none_here(customer):
    key = issue_token(customer, ApiToken.Contract.HAPPY_FOLLOWER)[1]
    assert call("GET", "user", token=key) == (401, WRONG)


def test_an_update_answers_the_profile_as_it_is_now(customer, token):
    told = update(token, first_name="نسترن", last_name=None, email="Nas@Example.com")
    assert told == {"status": 200, "user": read(token)}
    names = ("first_name", "last_name", "email", "mobile", "mobile_verified")
    assert [told["user"][name] for name in names] == ["نسترن", "", "Nas@Example.com", "09350000001", 1]


def test_an_update_of_nothing_and_of_what_is_nobody_s_business_changes_nothing(customer, token):
    before = Customer.objects.values().get()
    told = update(
        token, balance=10**9, custom_rate=100, role="admin", is_staff=True, discount=100, new_mobile=NEW
    )
    assert told["user"]["balance"] == 352
    assert Customer.objects.values().get() == before


def test_a_key_reads_the_profile_and_changes_nothing(customer):
    key = make_key(customer, ApiToken.Contract.PANEL_APP)
    assert read(key)["id"] == customer.pk
    assert [update(key, **given) for given in ({"first_name": "x"}, {"password": "blue-horse-41"}, {})] == [
        FORBIDDEN
    ] * 3
    assert Customer.objects.get().first_name == "Sara"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"email": "illo"}, "فرمت پارامتر اشتباه است: email"),
        ({"mobile": "quas"}, "فرمت پارامتر اشتباه است: mobile"),
        ({"first_name": "x" * 65}, "فرمت پارامتر اشتباه است: first_name"),
        ({"email": "OTHER@example.com"}, "این مقدار را نمی‌توان به کار برد: email"),
        ({"password": "quidem"}, "رمز عبور (password) کوتاه است؛ دست‌کم ۸ نویسه لازم است"),
        ({"password": "password123"}, "رمز عبور (password) بیش از حد رایج است"),
        ({"password": 7391846250}, "رمز عبور (password) نباید فقط عدد باشد"),
        ({"password": "sara@example"}, "رمز عبور (password) به مشخصات شما شبیه است"),
    ],
)
def test_a_bad_value_is_400_names_the_field_and_changes_nothing(customer, token, given, message):
    make_customer(email="other@example.com")
    before = Customer.objects.values().get(pk=customer.pk)
    told = update(token, **{"last_name": "Nas", "mobile": NEW} | given)
    assert told == {"status": 400, "message": message}
    assert (Customer.objects.values().get(pk=customer.pk), LoginCode.objects.count()) == (before, 0)


BAD = ["a" * 1_000_000, "a\0b", "a\ud800b", ["a"], {"a": 1}, True, 1.5]


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "password", "mobile"])
@pytest.mark.parametrize("value", BAD, ids=lambda value: str(value)[:8].encode("ascii", "replace").decode())
def test_what_is_no_text_is_400_and_names_the_field(token, field, value):
    assert update(token, **{field: value}) == {"status": 400, "message": f"مقدار فیلد {field} نامعتبر است"}


def test_a_body_that_is_not_json_is_400(token):
    answer = client.post(f"{ROOT}user", "{", "application/json", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["status"]) == (200, 400)


def test_staff_set_no_password_here(customer, token):
    Customer.objects.update(is_staff=True)
    told = update(token, password="blue-horse-41")
    assert told == {"status": 400, "message": "رمز عبور (password) کارکنان در پنل مدیریت تغییر می‌کند"}


def test_a_new_password_keeps_this_login_and_ends_the_others(customer, token):
    other = log_in(customer)
    assert update(token, password="blue-horse-41")["status"] == 200
    assert [call("GET", "user", token=text)[0] for text in (token, other)] == [200, 401]
    assert Customer.objects.get().check_password("blue-horse-41")


def test_a_new_mobile_is_shown_unverified_until_its_code_comes_with_the_token(customer, token):
    told = update(token, mobile="۰۹۳۵۰۰۰۰۰۰۲")
    assert [told["user"][name] for name in ("mobile", "mobile_verified")] == [NEW_TYPED, 0]
    code = read_phone(NEW)
    assert verify(NEW_TYPED, code)["status"] == 404  # without the token nobody asked
    assert verify(NEW_TYPED, other_than(code), token) == WRONG
    fresh = verify(NEW_TYPED, code, token)
    assert list(fresh) == ["status", "access_token", "token_type", "expires_at"]
    assert [read(text)["mobile"] for text in (token, fresh["access_token"])] == [NEW_TYPED] * 2
    assert read(token)["mobile_verified"] == 1
    assert Customer.objects.get().mobile == NEW


def test_a_key_confirms_no_mobile(customer, token):
    update(token, mobile=NEW)
    key = make_key(customer, ApiToken.Contract.PANEL_APP)
    assert verify(NEW_TYPED, read_phone(NEW), key)["status"] == 404
    assert Customer.objects.get().mobile == OLD


def test_while_it_waits_the_old_number_still_logs_in(customer, token):
    update(token, mobile=NEW)
    ask("09350000001")
    assert verify("09350000001", read_phone(OLD), token)["status"] == 200
    assert Customer.objects.get().new_mobile == NEW


def test_another_number_too_soon_is_429_and_changes_nothing(customer, token):
    update(token, mobile=NEW)
    assert update(token, mobile="09350000003", first_name="Nas") == LIMIT
    user = read(token)
    assert (user["mobile"], user["first_name"]) == (NEW_TYPED, "Sara")
    let_pass(121)
    assert update(token, mobile="09350000003")["user"]["mobile"] == "09350000003"


def test_a_number_that_is_another_s_looks_like_any_other(customer, token):
    make_customer(mobile=NEW)
    told = update(token, mobile=NEW)
    assert [told["user"][name] for name in ("mobile", "mobile_verified")] == [NEW_TYPED, 0]
    assert LoginCode.objects.exclude(digest=b"").count() == 0
    assert verify(NEW_TYPED, "123456", token) == WRONG


def test_a_number_that_became_another_s_is_400(customer, token):
    update(token, mobile=NEW)
    code = read_phone(NEW)
    make_customer(mobile=NEW)
    assert verify(NEW_TYPED, code, token) == {
        "status": 400,
        "message": "این مقدار را نمی‌توان به کار برد: mobile",
    }
    assert Customer.objects.get(pk=customer.pk).mobile == OLD
