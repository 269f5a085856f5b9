"""The page on which whoever enrolled with a password proves the mobile; and that nobody can take another's so."""

import pytest

from panel.accounts.login_codes import ask_code
from panel.accounts.login_tokens import verify_code
from panel.accounts.models import Customer, LoginCode
from sms.models import Message
from tests.factories import make_customer
from tests.panel.accounts.code_steps import Phone, other_than
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, read_texts

PAGE = "/mobile/"
NUMBER = "+989123456789"


@pytest.fixture
def new(db):
    """Who enrolled and claims the number."""
    return make_customer(username="sara", mobile=None, mobile_verified=False, new_mobile=NUMBER)


@pytest.fixture
def page(new):
    return open_browser(new)


def read_code():
    return Message.objects.latest("pk").text[-6:]


def look(customer):
    row = Customer.objects.get(pk=customer.pk)
    return row.mobile, row.new_mobile, row.mobile_verified


def errors(answer):
    return answer.status_code, read_texts(answer, "p", class_="field-error")


def test_home_leads_there_until_it_is_verified(page, browser):
    assert [len(find_all(one.get("/"), "a", href=PAGE)) for one in (page, browser)] == [1, 0]


def test_the_code_verifies(page, new):
    assert page.post(f"{PAGE}code/", {"mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹"}).headers["Location"] == PAGE
    assert Message.objects.get().to == NUMBER
    assert page.post(PAGE, {"code": read_code()}).headers["Location"] == PAGE
    assert look(new) == (NUMBER, "", True)
    assert page.get("/").status_code == 200  # still logged in


def test_another_number_than_the_claimed_one(page, new):
    page.post(f"{PAGE}code/", {"mobile": "09351112233"})
    page.post(PAGE, {"code": read_code()})
    assert look(new) == ("+989351112233", "", True)


def test_a_number_that_staff_wrote_down(db):
    customer = make_customer(mobile=NUMBER, mobile_verified=False)
    page = open_browser(customer)
    page.post(f"{PAGE}code/", {"mobile": NUMBER})
    page.post(PAGE, {"code": read_code()})
    assert look(customer) == (NUMBER, "", True)


@pytest.mark.parametrize("code", ["", "12", "x\0", "wrong"])
def test_a_wrong_code(page, new, code):
    page.post(f"{PAGE}code/", {"mobile": NUMBER})
    typed = other_than(read_code()) if code == "wrong" else code
    assert errors(page.post(PAGE, {"code": typed})) == (422, ["This code is wrong or has expired."])
    assert look(new) == (None, NUMBER, False)


@pytest.mark.parametrize("mobile", ["", "0912", "x\0"])
def test_what_is_no_number(page, new, mobile):
    answer = page.post(f"{PAGE}code/", {"mobile": mobile})
    assert errors(answer) == (422, ["This is no mobile number."])
    assert look(new) == (None, NUMBER, False)


def test_codes_come_one_after_the_other(page):
    page.post(f"{PAGE}code/", {"mobile": NUMBER})
    told = errors(page.post(f"{PAGE}code/", {"mobile": NUMBER}))
    words = "A code was sent already. Wait %s minutes before you ask for another."
    assert told in [(429, [words % minutes]) for minutes in (2, 3)]
    assert Message.objects.count() == 1


class TestClaims:
    """Somebody enrolled with a number that is another's, and a password that only the claimant knows."""

    def test_the_owner_s_login_makes_an_account_of_the_owner_s_own(self, new):
        phone = Phone()
        ask_code(NUMBER, "192.0.2.7", phone)
        verify_code(NUMBER, phone.code)
        owner = Customer.objects.get(mobile=NUMBER)
        assert (owner.pk == new.pk, owner.mobile_verified, owner.has_usable_password()) == (
            False,
            True,
            False,
        )
        assert look(new) == (None, NUMBER, False)

    def test_the_claimant_gets_no_code_there_any_more(self, page, new):
        make_customer(mobile=NUMBER)
        assert (
            page.post(f"{PAGE}code/", {"mobile": NUMBER}).headers["Location"] == PAGE
        )  # as if there were one
        assert (Message.objects.count(), bytes(LoginCode.objects.get().digest)) == (0, b"")
        assert errors(page.post(PAGE, {"code": "123456"}))[0] == 422

    def test_a_code_to_log_in_with_is_none_to_claim_with(self, page, new):
        phone = Phone()
        ask_code(NUMBER, "192.0.2.7", phone)
        assert errors(page.post(PAGE, {"code": phone.code}))[0] == 422
        assert look(new) == (None, NUMBER, False)

    def test_who_is_first_has_it(self, page, new):
        """The number became the owner's after the claimant's code was sent."""
        page.post(f"{PAGE}code/", {"mobile": NUMBER})
        code = read_code()
        make_customer(mobile=NUMBER)
        assert errors(page.post(PAGE, {"code": code})) == (422, ["This code is wrong or has expired."])
        assert look(new) == (None, NUMBER, False)

    def test_two_may_claim_and_only_the_code_decides(self, page, new):
        second = make_customer(mobile=None, mobile_verified=False, new_mobile=NUMBER)
        page.post(f"{PAGE}code/", {"mobile": NUMBER})
        code = read_code()
        assert errors(open_browser(second).post(PAGE, {"code": code}))[0] == 422
        page.post(PAGE, {"code": code})
        assert (look(new), look(second)) == ((NUMBER, "", True), (None, NUMBER, False))
