"""Registering users: every code of «وضعیت‌های درخواست ثبت کاربر جدید», and what a new user may do."""

import pytest
from django.utils import timezone

from panel.accounts.call_logins import CallLogins
from panel.accounts.models import Customer
from sms.models import Package, SmsAccount
from tests.factories import make_customer
from tests.panel.api.sms_rest.conftest import Caller, call, done, make_account, told
from tests.together import run_together

PASSWORD = "kabir-koh-1405"
MOBILE = "09123456789"
GOOD = {"username": "sara.1", "password": PASSWORD, "repeatPassword": PASSWORD}
visitor = Caller()


@pytest.fixture(autouse=True)
def _quick_passwords(settings, monkeypatch, request):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOGIN_TRIES = 100
    monkeypatch.setattr("panel.api.sms_rest.auth.find_caller", CallLogins().find_caller)


@pytest.fixture
def manager(customer):
    make_account(customer, may_manage=True)
    return customer


def register(**fields):
    return visitor.post("user/register", {**GOOD, **fields})


def refuse(words):
    return 400, {"status": 400, "message": words}


class TestMaking:
    def test_the_least(self, package):
        assert register() == done(0)
        customer = Customer.objects.get()
        assert (customer.username, customer.check_password(PASSWORD)) == ("sara.1", True)
        assert (customer.mobile, customer.new_mobile, customer.mobile_verified, customer.email) == (
            None,
            "",
            False,
            None,
        )
        assert (customer.is_staff, customer.is_superuser, customer.is_active) == (False, False, True)
        account = SmsAccount.objects.get()
        assert (account.customer, account.package, account.manager, account.may_manage) == (
            customer,
            None,
            None,
            False,
        )

    def test_all_of_it(self, package, manager):
        content = {
            "firstName": "سارا",
            "lastName": "احمدی",
            "name": "سپید",
            "melliCode": "0012345679",
            "shShenasname": 12,
            "postalCode": "1234567890",
            "phoneNumber": "02112345678",
            "mobileNumber": "۰۹۱۲۳۴۵۶۷۸۹",
            "email": "Sara@Example.com",
            "addres": "تهران",
            "modir": "reseller",
            "package": "basic",
        }
        assert register(**content) == done(0)
        customer = Customer.objects.get(username="sara.1")
        assert (customer.first_name, customer.last_name, customer.email) == (
            "سارا",
            "احمدی",
            "Sara@Example.com",
        )
        assert (customer.mobile, customer.new_mobile) == (None, "+989123456789")
        account = customer.sms_account
        assert (account.package, account.manager, account.company) == (package, manager, "سپید")
        assert (account.national_code, account.certificate, account.postal_code) == (
            "0012345679",
            "12",
            "1234567890",
        )
        assert (account.phone, account.address) == ("02112345678", "تهران")

    def test_empty_texts_are_none_at_all(self, package):
        names = ("firstName", "name", "melliCode", "mobileNumber", "email", "modir", "package")
        assert register(**dict.fromkeys(names, "")) == done(0)

    def test_it_waits_for_its_mobile(self, package, letter):
        register(mobileNumber=MOBILE)
        new = Caller({"username": "sara.1", "password": PASSWORD})
        assert new.get("my/credit") == done({"status": 5, "value": 0})
        assert new.post("sms/send", letter()) == done({"status": 5, "id": 0})

    def test_credentials_are_not_looked_at(self, package):
        assert told(call("POST", "user/register", GOOD, {"token": "x"})) == done(0)


class TestRefusing:
    @pytest.fixture(autouse=True)
    def _people(self, package, manager):
        make_customer(username="taken", mobile="+989129999999", email="taken@example.com")
        closed = make_customer(username="closed")
        make_account(closed, may_manage=True, closed_at=timezone.now())
        make_account(make_customer(username="locked", is_active=False), may_manage=True)
        Package.objects.create(name="old", persian_price=1, latin_price=1, active=False, public=True)
        Package.objects.create(name="cheap", persian_price=1, latin_price=1)  # only staff may give it

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            *(
                (10, {"username": name})
                for name in (
                    None,
                    "",
                    "ab",
                    "a" * 65,
                    "a b",
                    "سارا",
                    "a@b.co",
                    "09123456789",
                    "912-345-6789",
                    ["a"],
                )
            ),
            *((11, {"mobileNumber": number}) for number in ("0912", "02112345678", "x", [MOBILE], True)),
            *((12, {"melliCode": code}) for code in ("0012345678", "1111111111", "12", "x", [1])),
            *((13, {"email": email}) for email in ("x", "a@b", "TAKEN@example.com", ["a@b.co"])),
            *((14, {"modir": name}) for name in ("nobody", "taken", "closed", "locked", ["reseller"])),
            *((15, {"username": name}) for name in ("taken", "TAKEN")),
            *((16, {"package": name}) for name in ("none", "old", "cheap", ["basic"])),
            (17, {"repeatPassword": "another-1405"}),
            (17, {"repeatPassword": None}),
            (17, {"password": None}),
        ],
    )
    def test_codes(self, code, fields):
        before = Customer.objects.count()
        assert register(**fields) == done(code)
        assert Customer.objects.count() == before

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("short", "رمز عبور کوتاه است؛ دست‌کم ۸ نویسه لازم است"),
            ("password", "رمز عبور بیش از حد رایج است"),
            ("8361947250", "رمز عبور نباید فقط عدد باشد"),
            ("sara.1-1", "رمز عبور به مشخصات کاربر شبیه است"),
            ("", "رمز عبور کوتاه است؛ دست‌کم ۸ نویسه لازم است"),
            ("a" * 300, "مقدار فیلد password نامعتبر است"),
        ],
    )
    def test_passwords_that_are_no_good(self, password, words):
        assert register(password=password, repeatPassword=password) == refuse(words)
        assert Customer.objects.filter(username="sara.1").count() == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("firstName", "a" * 65),
            ("lastName", ["a"]),
            ("name", "a" * 129),
            ("shShenasname", "1" * 21),
            ("postalCode", "1" * 11),
            ("phoneNumber", "1" * 33),
            ("addres", "a" * 301),
            ("addres", "a\x00"),
        ],
    )
    def test_texts_that_do_not_fit(self, name, value):
        assert register(**{name: value}) == refuse(f"مقدار فیلد {name} نامعتبر است")
        assert Customer.objects.filter(username="sara.1").count() == 0

    def test_a_mobile_that_somebody_has_is_not_told(self):
        """It is taken as any other: who claims it gets no code there, and its owner is not touched."""
        owner = Customer.objects.get(username="taken")
        assert register(mobileNumber="09129999999") == done(0)
        assert Customer.objects.get(pk=owner.pk).mobile == "+989129999999"
        assert Customer.objects.get(username="sara.1").mobile is None

    def test_it_is_limited_by_address(self, settings):
        settings.LOGIN_TRIES = 2
        assert [register(username=f"user.{n}")[0] for n in range(3)] == [200, 200, 429]
        answer = call("POST", "user/register", GOOD)
        assert (answer.json()["status"], answer.headers["Retry-After"] > "0") == (429, True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, [0, 15, 15, 15]), ({"email": "sara@example.com"}, [0, 13, 13, 13])],
    ids=["username", "email"],
)
@pytest.mark.django_db(transaction=True)
def test_four_at_once_make_one(fields, expected):
    def try_it(number):
        own = {"username": f"sara.{number}"} if fields else {}
        return register(**fields, **own)[1]["result"]

    assert sorted(run_together(*[lambda n=n: try_it(n) for n in range(4)])) == expected
    assert (Customer.objects.count(), SmsAccount.objects.count()) == (1, 1)
