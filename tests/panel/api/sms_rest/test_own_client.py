"""Our own client of this contract, as another panel would call us with it, over real HTTP: all 17 operations."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from panel.accounts.models import ApiToken, Customer
from panel.api.sms_rest.times import format_time
from panel.lib.http import HttpClient
from sms.gateway import (
    AccountError,
    Outgoing,
    PhonebookError,
    Refused,
    ReportError,
    SendingError,
    ServerError,
)
from sms.gateway.codes import (
    DeliveryState,
    OtherState,
    PhonebookState,
    RegisterState,
    ReportState,
    SendState,
    UserState,
)
from sms.gateway.rest import (
    Credit,
    Draft,
    Phonebook,
    PhonebookNumber,
    Profile,
    Registration,
    Repetition,
    RepetitionUnit,
    RestGateway,
    RestTransport,
    SentMessage,
)
from sms.models import Message, Package, Pattern, Send, SenderLine
from tests.factories import make_customer, make_key
from tests.panel.api.sms_rest.conftest import LINE, make_account
from tests.running import running_web

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = ["09121111111", "09122222222"]
NOBODY_THERE = "postgres://panel@127.0.0.1:1/panel"


@pytest.fixture(scope="module")
def url(django_db_setup, django_db_blocker):
    """The contract's address at a running web process."""
    with django_db_blocker.unblock(), running_web(LOGIN_TRIES=100) as web:
        connection.close()
        yield f"{web.url}/api/v1/rest"


@pytest.fixture(scope="module")
def http():
    with_loopback = HttpClient(["127.0.0.0/8"])
    yield with_loopback
    with_loopback.close()


@pytest.fixture
def customer():
    Package.objects.create(name="basic", persian_price=10, latin_price=5, is_default=True)
    SenderLine.objects.create(number=LINE, advertising=False)
    return make_customer(toman=1_000, username="reseller")


@pytest.fixture
def gateway(url, http, customer):
    return RestGateway(url, http, token=make_key(customer, ApiToken.Contract.SMS_REST))


def newest():
    return str(Send.objects.latest("pk").pk)


def code_of(call, family):
    """The code that the call is refused with, in an exception of that family."""
    with pytest.raises(family) as refused:
        call()
    return refused.value.code


def test_the_account(gateway, customer):
    assert gateway.credit() == Credit(Decimal(1_000), UserState.ACTIVE)
    make_account(customer, company="Sepid", trial=True)
    profile = Profile("", "Sepid", format_time(customer.created), "", "", "", "", "", UserState.TRIAL)
    assert gateway.profile() == profile
    assert gateway.credit() == Credit(Decimal(1_000), UserState.TRIAL)


def test_registering(url, http, gateway):
    wanted = Registration("sara.1", "kabir-koh-1405", first_name="Sara", mobile_number="09351112233")
    assert gateway.register(wanted) is None
    customer = Customer.objects.get(username="sara.1")
    assert (customer.first_name, customer.new_mobile) == ("Sara", "+989351112233")
    assert code_of(lambda: gateway.register(wanted), AccountError) is RegisterState.USERNAME_TAKEN
    new = RestGateway(url, http, username="sara.1", password="kabir-koh-1405")
    assert code_of(new.credit, AccountError) is UserState.UNVERIFIED
    with pytest.raises(Refused) as weak:
        gateway.register(Registration("sara.2", "1234"))
    assert weak.value.reason == "رمز عبور کوتاه است؛ دست‌کم ۸ نویسه لازم است"


def test_a_username_and_a_password(url, http, customer):
    customer.set_password("رمزِ-من-1405")
    customer.save()
    with pytest.raises(AccountError) as refused:
        RestGateway(url, http, username="reseller", password="wrong").credit()
    assert (refused.value.code, refused.value.reason) == (None, "توکن، نام کاربری یا رمز عبور اشتباه است")


def test_sending(gateway, customer):
    assert gateway.send(LINE, NUMBERS, "hello", flash=True) == SentMessage(newest())
    assert sorted(Message.objects.values_list("to", flat=True)) == ["+989121111111", "+989122222222"]
    pattern = Pattern.objects.create(customer=customer, title="code", body="Code {code}", state="approved")
    assert gateway.send_pattern(LINE, NUMBERS, pattern.pk, {"code": "12"}) == SentMessage(newest())
    assert Send.objects.latest("pk").text == "Code 12"
    book = gateway.create_phonebook("friends", NUMBERS)
    assert gateway.send_to_phonebook(LINE, book, "hi", recipients=["09123333333"]) == SentMessage(newest())
    assert Send.objects.latest("pk").recipients == 3
    assert gateway.credit().value == 1_000 - 5 * (2 + 2 + 3)
    assert code_of(lambda: gateway.send("3000999", NUMBERS, "hi"), SendingError) is SendState.WRONG_NUMBER


def test_sending_later(gateway):
    moment = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    assert gateway.send_later(LINE, NUMBERS, "hello", moment) == SentMessage(newest())
    daily = Repetition(RepetitionUnit.DAY, 3)
    assert gateway.send_later(LINE, NUMBERS, "hello", moment, repetition=daily) == SentMessage(newest())
    told = list(Send.objects.order_by("pk").values_list("send_at", "repeat_unit", "repeats_left"))
    assert told == [(moment, "", 0), (moment, "day", 2)]
    past = timezone.now() - timedelta(minutes=1)
    assert code_of(lambda: gateway.send_later(LINE, NUMBERS, "x", past), SendingError) is SendState.WRONG_TIME


def test_sending_many(gateway):
    drafts = [Draft(LINE, ("09121111111",), "one"), Draft("3000999", ("09121111111",), "two")]
    sent, refused = gateway.send_many(drafts)
    assert (sent, refused.code) == (SentMessage(newest()), SendState.WRONG_NUMBER)
    many = [Draft(LINE, tuple(f"0912{number:07d}" for number in range(600)), "x")] * 2
    assert [one.code for one in gateway.send_many(many)] == [SendState.TOO_MANY_RECIPIENTS] * 2


def test_a_shut_account_refuses_each_of_many(gateway, customer):
    make_account(customer, access=False)
    outcomes = gateway.send_many([Draft(LINE, ("09121111111",), "one")] * 3)
    assert [(type(one), one.code) for one in outcomes] == [(AccountError, UserState.NO_ACCESS)] * 3


def test_as_the_outbox_calls_it(gateway):
    transport = RestTransport(gateway)
    first = transport.send_same(Outgoing(LINE, ("+989121111111", "+989122222222"), "hello"))
    assert [one.id for one in first] == [newest()] * 2
    one, other = transport.send_each([Outgoing(LINE, ("+989121111111",), text) for text in ("a", "b")])
    Message.objects.filter(send_id=one.id).update(state="delivered", delivery_code=4)
    assert transport.states([one.id, other.id, "999999"]) == {
        one.id: DeliveryState.DELIVERED,
        other.id: DeliveryState.UNREPORTED,
        "999999": DeliveryState.INVALID,
    }


def test_reports(gateway):
    assert code_of(gateway.latest, ReportError) is ReportState.NO_REPORT
    sent = gateway.send(LINE, NUMBERS, "hello\nthere")
    latest = gateway.latest()
    assert (latest.id, latest.text, list(latest.recipients)) == (sent.id, "hello\nthere", NUMBERS)
    assert (latest.from_number, latest.state) == (LINE, DeliveryState.UNREPORTED)
    assert latest.time == format_time(Send.objects.get().queued_at)
    assert gateway.status([sent.id]) == {sent.id: DeliveryState.UNREPORTED}
    assert len(gateway.status(range(1, 101))) == 100
    too_many = [1] * 1_001
    assert code_of(lambda: gateway.status(too_many), ReportError) is ReportState.TOO_MANY_MESSAGES


def test_phonebooks(gateway):
    assert gateway.phonebooks() == ()
    name = "دوستان / همکاران"
    book = gateway.create_phonebook(name, NUMBERS)
    described = Phonebook(book, "reseller", name, 2)
    assert (gateway.phonebooks(), gateway.phonebook(name)) == ((described,), described)
    rows = gateway.phonebook_numbers(book)
    assert [(type(row), row.number) for row in rows] == [(PhonebookNumber, number) for number in NUMBERS]
    assert gateway.add_numbers(book, ["09123333333", *NUMBERS]) is None
    known = lambda: gateway.add_numbers(book, NUMBERS, skip_known=False)  # noqa: E731 - read as the others
    assert code_of(known, PhonebookError) is PhonebookState.EXISTS
    assert gateway.delete_numbers(book, NUMBERS) is None
    assert [row.number for row in gateway.phonebook_numbers(book)] == ["09123333333"]
    unknown = lambda: gateway.delete_numbers(book, NUMBERS, skip_unknown=False)  # noqa: E731
    assert code_of(unknown, PhonebookError) is PhonebookState.NOT_FOUND
    assert code_of(lambda: gateway.add_numbers(book, []), PhonebookError) is PhonebookState.NO_NUMBERS
    assert gateway.delete_phonebook(book) is None
    assert code_of(lambda: gateway.delete_phonebook(book), PhonebookError) is PhonebookState.NOT_FOUND
    assert code_of(lambda: gateway.phonebook(name), PhonebookError) is PhonebookState.NOT_FOUND


def test_without_a_database_nothing_is_said_to_be_sent(http):
    with running_web(DATABASE_URL=NOBODY_THERE) as web:
        away = RestGateway(f"{web.url}/api/v1/rest", http, token="x")
        for call in (
            away.credit,
            lambda: away.send(LINE, NUMBERS, "hello"),
            lambda: away.delete_phonebook(1),
            lambda: away.register(Registration("sara.1", "kabir-koh-1405")),
        ):
            assert code_of(call, ServerError) is OtherState.DATABASE_TROUBLE
        (outcome,) = away.send_many([Draft(LINE, ("09121111111",), "one")])
        assert outcome.code is OtherState.DATABASE_TROUBLE
