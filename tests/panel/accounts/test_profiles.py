"""What customers change about themselves: all or nothing, and a new mobile only with its code."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from panel.accounts.login_codes import CodeWrong, NeverAsked
from panel.accounts.login_tokens import open_login, verify_code
from panel.accounts.logins import LoginThrottled
from panel.accounts.models import ApiToken, Customer, LoginCode
from panel.accounts.profiles import Change, ProfileRefused, confirm_mobile, update_profile
from panel.accounts.tokens import issue_token
from panel.lib.secrets import digest_token
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS, Phone, ask, let_pass, other_than
from tests.together import run_together

OLD, NEW = "+989350000001", "+989350000002"
PASSWORD = "blue-horse-41"
SHOWN = ("first_name", "last_name", "email", "mobile", "mobile_verified", "new_mobile")


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def customer(db):
    return make_customer(mobile=OLD, first_name="Sara", last_name="Amini", email="sara@example.com")


def update(customer, phone=None, digest=b"", **given):
    update_profile(customer.pk, given, Change(ADDRESS, digest, phone or Phone()))


def shown(customer):
    return Customer.objects.filter(pk=customer.pk).values_list(*SHOWN).get()


def refusal(customer, **given):
    """`(field, reason)` of the refusal; nothing may have changed."""
    before = Customer.objects.values().get(pk=customer.pk)
    with pytest.raises(ProfileRefused) as caught:
        update(customer, **given)
    assert Customer.objects.values().get(pk=customer.pk) == before
    return caught.value.field, caught.value.reason


def test_what_is_given_changes_and_the_rest_stays(customer):
    before = customer.changed
    update(customer, first_name=" نسترن‌ ", email="Nas@Example.com")
    assert shown(customer) == ("نسترن\u200c", "Amini", "Nas@Example.com", OLD, True, "")
    assert Customer.objects.get().changed > before


def test_empty_clears_names_and_leaves_the_rest(customer):
    hashed = customer.password
    for empty in (None, ""):
        update(customer, first_name=empty, last_name=empty, email=empty, password=empty, mobile=empty)
    assert shown(customer) == ("", "", "sara@example.com", OLD, True, "")
    assert Customer.objects.get().password == hashed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"first_name": "x" * 65}, ("first_name", "format")),
        ({"last_name": "a\nb"}, ("last_name", "format")),
        ({"email": "illo"}, ("email", "format")),
        ({"email": "a" * 64 + "@" + "b" * 60 + ".example.com" + "c" * 200}, ("email", "format")),
        ({"mobile": "quas"}, ("mobile", "format")),
        ({"mobile": "02122334455"}, ("mobile", "format")),
        ({"password": "short1"}, ("password", "password_too_short")),
        ({"password": "7391846250"}, ("password", "password_entirely_numeric")),
        ({"password": "password123"}, ("password", "password_too_common")),
        ({"password": "sara@example"}, ("password", "password_too_similar")),
        ({"password": "x1" * 129}, ("password", "format")),
    ],
)
def test_one_bad_field_changes_nothing(customer, given, told):
    assert refusal(customer, **{"first_name": "Nas", "mobile": NEW} | given) == told
    assert LoginCode.objects.count() == 0


def test_a_password_must_not_look_like_the_new_names_either(customer):
    assert refusal(customer, first_name="Nastaran", password="nastaran1") == (
        "password",
        "password_too_similar",
    )


def test_another_s_email_in_any_case_is_refused_and_one_s_own_is_not(customer):
    make_customer(email="Other@example.com")
    assert refusal(customer, email="oTHER@example.com", first_name="x") == ("email", "taken")
    update(customer, email="SARA@example.com")
    assert shown(customer)[2] == "SARA@example.com"


@pytest.mark.parametrize(
    "given",
    [[{"password": f"blue-horse-{n}"} for n in (41, 42, 43)], [{"email": f"{n}@ex.ir"} for n in (1, 2, 3)]],
)
def test_emails_are_not_guessed_nor_passwords_hashed_without_end(customer, settings, given):
    settings.LOGIN_TRIES = 2
    first, second, third = given
    update(customer, **first)
    update(customer, **second)
    before = Customer.objects.values().get()
    with pytest.raises(LoginThrottled):
        update(customer, **third, first_name="x")
    assert Customer.objects.values().get() == before


def test_an_email_that_is_another_s_username_in_any_case_is_refused(customer):
    """Their password would be looked up in the account that has the email: they could never log in again."""
    make_customer(username="Boss@example.com", is_staff=True)
    assert refusal(customer, email="bOSS@example.com", first_name="x") == ("email", "taken")


@pytest.mark.django_db
def test_staff_set_no_password_with_what_a_code_opened():
    boss = make_customer(is_staff=True, mobile=OLD)
    assert refusal(boss, password=PASSWORD, first_name="x") == ("password", "staff")


@pytest.mark.django_db(transaction=True)
def test_one_email_taken_by_eight_at_once_is_one_s():
    people = [make_customer() for _ in range(8)]
    works = [lambda p=p: update(p, email="new@example.com", first_name="x") for p in people]
    answers = run_together(*works)
    lost = [answer for answer in answers if answer is not None]
    assert [(type(answer), answer.field, answer.reason) for answer in lost] == [
        (ProfileRefused, "email", "taken")
    ] * 7
    assert list(Customer.objects.exclude(first_name="").values_list("email", flat=True)) == [
        "new@example.com"
    ]


def test_a_new_password_ends_other_logins_and_sessions_and_no_key(customer):
    customer.set_password("old-horse-40")
    customer.save()
    browser = Client()
    browser.force_login(customer)
    mine, other = open_login(customer), open_login(customer)
    _row, key = issue_token(customer, "panel_app")
    stranger = open_login(make_customer())
    update(customer, digest=digest_token(mine.token), password=PASSWORD)
    living = set(map(bytes, ApiToken.objects.filter(revoked_at=None).values_list("digest", flat=True)))
    assert living == {digest_token(text) for text in (mine.token, key, stranger.token)}
    assert digest_token(other.token) not in living
    assert Customer.objects.get(pk=customer.pk).check_password(PASSWORD)
    assert browser.get("/").wsgi_request.user.is_authenticated is False
    assert SESSION_KEY not in browser.session


def test_other_changes_end_no_login(customer):
    open_login(customer)
    update(customer, first_name="x", email="x@example.com")
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_a_new_mobile_waits_for_its_code(customer, phone):
    update(customer, phone, mobile="0935 000 0002", first_name="Nas")
    assert (shown(customer), phone.sent_to) == (("Nas", "Amini", "sara@example.com", OLD, True, NEW), [NEW])
    confirm_mobile(customer.pk, NEW, phone.code)
    assert shown(customer) == ("Nas", "Amini", "sara@example.com", NEW, True, "")
    with pytest.raises(CodeWrong):
        confirm_mobile(customer.pk, NEW, phone.code)


def test_until_then_logins_go_by_the_old_one(customer, phone):
    update(customer, phone, mobile=NEW)
    with pytest.raises(NeverAsked):
        verify_code(NEW, phone.code)
    ask("sara@example.com", phone)
    assert phone.sent_to == [NEW, OLD]


def test_a_code_for_a_new_mobile_logs_nobody_in(customer, phone):
    update(customer, phone, mobile=NEW)
    code = phone.code
    ask(NEW, phone)  # the number has a code already, so none is sent
    with pytest.raises(CodeWrong):
        verify_code(NEW, code)
    assert (phone.sent_to, Customer.objects.count(), ApiToken.objects.count()) == ([NEW], 1, 0)


def test_a_login_code_confirms_no_mobile(customer, phone):
    ask(NEW, phone)
    Customer.objects.update(new_mobile=NEW)
    with pytest.raises(CodeWrong):
        confirm_mobile(customer.pk, NEW, phone.code)
    assert shown(customer)[3:] == (OLD, True, NEW)


def test_the_code_is_good_for_its_customer_alone(customer, phone):
    other = make_customer()
    update(customer, phone, mobile=NEW)
    Customer.objects.filter(pk=other.pk).update(new_mobile=NEW)
    with pytest.raises(CodeWrong):
        confirm_mobile(other.pk, NEW, phone.code)
    assert LoginCode.objects.get().tries == 0


def test_the_present_mobile_sent_again_ends_the_wait(customer, phone):
    update(customer, phone, mobile=NEW)
    update(customer, phone, mobile=OLD)
    assert (shown(customer)[3:], phone.sent_to) == ((OLD, True, ""), [NEW])
    with pytest.raises(CodeWrong):
        confirm_mobile(customer.pk, NEW, phone.code)


@pytest.mark.parametrize("again", [NEW, "+989350000003"])
def test_a_second_code_too_soon_changes_nothing(customer, phone, again):
    update(customer, phone, mobile=NEW)
    before = shown(customer)
    with pytest.raises(LoginThrottled):
        update(customer, phone, mobile=again, first_name="Nas")
    assert (shown(customer), phone.sent_to) == (before, [NEW])
    let_pass(121)
    update(customer, phone, mobile=again)
    assert phone.sent_to == [NEW, again]


def test_five_codes_an_hour_for_new_mobiles(customer, phone):
    for number in range(5):
        update(customer, phone, mobile=f"0935000010{number}")
        let_pass(121)
    with pytest.raises(LoginThrottled):
        update(customer, phone, mobile=NEW)
    assert shown(customer)[5] == "+989350000104"


def test_a_number_that_just_got_a_login_code_gets_no_other(customer, phone):
    ask(NEW, phone)
    with pytest.raises(LoginThrottled):
        update(customer, phone, mobile=NEW)
    assert (shown(customer)[5], phone.sent_to) == ("", [NEW])


def test_another_s_number_gets_no_code_and_nobody_is_told(customer, phone):
    other = make_customer(mobile=NEW)
    update(customer, phone, mobile=NEW)
    assert (shown(customer)[3:], phone.codes) == ((OLD, True, NEW), [])
    ask(NEW, phone)
    assert (phone.sent_to, verify_code(NEW, phone.code).token != "") == ([NEW], True)
    assert Customer.objects.get(mobile=NEW) == other


def test_a_number_that_became_another_s_is_refused(customer, phone):
    update(customer, phone, mobile=NEW)
    make_customer(mobile=NEW)
    with pytest.raises(ProfileRefused) as caught:
        confirm_mobile(customer.pk, NEW, phone.code)
    assert (caught.value.field, caught.value.reason) == ("mobile", "taken")
    assert (shown(customer)[3:], ApiToken.objects.count()) == ((OLD, True, NEW), 0)


@pytest.mark.django_db(transaction=True)
def test_twenty_confirmations_at_once_are_one(customer, phone):
    update(customer, phone, mobile=NEW)
    code = phone.code
    answers = run_together(*[lambda: confirm_mobile(customer.pk, NEW, code)] * 20)
    assert sum(isinstance(answer, CodeWrong) for answer in answers) == 19
    assert (shown(customer)[3:], ApiToken.objects.count()) == ((NEW, True, ""), 1)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_a_new_mobile_share_five_tries(customer, phone):
    update(customer, phone, mobile=NEW)
    wrong = other_than(phone.code)
    run_together(*[lambda: confirm_mobile(customer.pk, NEW, wrong)] * 20)
    assert LoginCode.objects.get().tries == 5
    with pytest.raises(CodeWrong):
        confirm_mobile(customer.pk, NEW, phone.code)


@pytest.mark.django_db(transaction=True)
def test_eight_changes_at_once_send_one_code(customer, phone):
    works = [lambda n=n: update(customer, phone, mobile=f"0935000010{n}") for n in range(8)]
    answers = run_together(*works)
    assert sum(isinstance(answer, LoginThrottled) for answer in answers) == 7
    assert [shown(customer)[5]] == phone.sent_to
