"""Sending one text: what is taken, what it costs, and every code of «وضعیت‌های ارسال پیامک»."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from panel.lib.dates import TEHRAN
from panel.wallet.ledger import read_balance
from sms.models import Message, Pattern, Phonebook, PhonebookNumber, Send, SenderLine
from sms.schedules import run_due_sends
from tests.factories import make_customer
from tests.panel.api.sms_rest.conftest import LINE, done, make_caller

NUMBERS = ["+989121111111", "+989122222222"]
TOO_MANY = ["09121111111"] * 1001


def refused(code):
    return done({"status": code, "id": 0})


def sent():
    """The answer that names the newest send."""
    return done({"status": 0, "id": Send.objects.latest("pk").pk})


def recipients(send=None):
    send = send or Send.objects.latest("pk")
    return sorted(Message.objects.filter(send=send).values_list("to", flat=True))


def make_book(customer, *numbers):
    book = Phonebook.objects.create(customer=customer, name=f"book {Phonebook.objects.count()}")
    for number in numbers:
        PhonebookNumber.objects.create(book=book, number=number)
    return book


def make_pattern(customer, **fields):
    fields = {"title": "code", "body": "Code {code} for {name}", "state": Pattern.State.APPROVED} | fields
    return Pattern.objects.create(customer=customer, **fields)


def test_a_text_is_queued_and_charged(caller, customer, letter):
    assert caller.post("sms/send", letter(recipients=["09121111111", "۰۹۱۲۲۲۲۲۲۲۲"])) == sent()
    send = Send.objects.get()
    assert (send.channel, send.state, send.sender, send.text, send.flash) == (
        "sms_rest",
        "queued",
        LINE,
        "hello",
        False,
    )
    assert (send.parts, send.part_price, send.recipients, send.charge) == (1, 5, 2, 10)
    assert recipients() == NUMBERS
    assert read_balance(customer.pk) == 990


def test_without_a_gateway_the_operator_is_at_fault(caller, customer, letter, settings):
    settings.SMS_GATEWAY_URL = ""
    assert caller.post("sms/send", letter()) == refused(27)
    assert (Send.objects.count(), read_balance(customer.pk)) == (0, 1_000)


def test_persian_costs_by_its_parts(caller, customer, letter):
    assert caller.post("sms/send", letter(message="س" * 71)) == sent()
    assert read_balance(customer.pk) == 1_000 - 2 * 10


@pytest.mark.parametrize(
    ("kind", "flash"),
    [(0, False), ("0", False), (1, True), ("1", True), ("۱", True), (None, False), ("", False)],
)
def test_types(caller, letter, kind, flash):
    assert caller.post("sms/send", letter(type=kind)) == sent()
    assert Send.objects.get().flash is flash


@pytest.mark.parametrize(
    "fields",
    [
        {"from": 3000123},
        {"from": "۳۰۰۰۱۲۳"},
        {"recipients": [9121111111]},
        {"recipients": ["+98 912 111 1111"]},
        {"recipients": ["00989121111111", "09121111111"]},
    ],
)
def test_spellings(caller, letter, fields):
    assert caller.post("sms/send", letter(**fields)) == sent()
    assert recipients() == NUMBERS[:1]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (21, {"recipients": TOO_MANY}),
        (22, {"message": "س" * 70, "recipients": [f"0912{number:07d}" for number in range(1_000, 1_101)]}),
        (23, {"from": None}),
        (23, {"from": "3000999"}),
        (23, {"from": ["3000123"]}),
        (24, {"message": None}),
        (24, {"message": "  \n"}),
        (25, {"recipients": None}),
        (25, {"recipients": []}),
        (28, {"recipients": "09121111111"}),
        (28, {"recipients": ["09121111111", "0912"]}),
        (28, {"recipients": [["09121111111"]]}),
        (28, {"recipients": [True]}),
        (28, {"message": ["hello"]}),
        (28, {"message": "a\x00b"}),
        (28, {"message": "a\ud800b"}),
        (28, {"message": "a" * 1_501}),
        (28, {"type": 2}),
        (28, {"type": "flash"}),
        (28, {"type": True}),
        (28, {"type": [0]}),
    ],
)
def test_what_is_refused(caller, letter, rows, code, fields):
    before = rows()
    assert caller.post("sms/send", letter(**fields)) == refused(code)
    assert rows() == before


def test_a_line_of_somebody_else(caller, letter, other):
    SenderLine.objects.create(number="3000777", customer=make_customer())
    assert caller.post("sms/send", letter(**{"from": "3000777"})) == refused(23)


def test_an_operator_s_unknown_error_is_the_gateway_s_to_tell(caller, letter):
    """27 is what a gateway says when it hands a message over; a send that is queued here was handed to nobody yet."""
    assert caller.post("sms/send", letter()) == sent()


class TestFuture:
    @pytest.fixture
    def plan(self):
        """Builds the content of `sms/future-send` for tomorrow at ten, with `fields` on top."""
        tomorrow = timezone.now().astimezone(TEHRAN) + timedelta(days=1)

        def build(**fields):
            good = {"from": LINE, "recipients": ["09121111111"], "message": "hello"}
            good |= {"sendDate": f"{tomorrow:%Y-%m-%d} 10:00:00", "prtrys": "", "sentPeriod": ""}
            return good | fields

        return build

    def test_once(self, caller, customer, plan):
        assert caller.post("sms/future-send", plan()) == sent()
        send = Send.objects.get()
        assert (send.state, send.repeat_unit, send.repeats_left, send.charge) == ("scheduled", "", 0, 0)
        assert f"{send.send_at.astimezone(TEHRAN):%H:%M}" == "10:00"
        assert read_balance(customer.pk) == 1_000
        Send.objects.update(send_at=timezone.now())
        assert (run_due_sends(), Send.objects.get().state, read_balance(customer.pk)) == (1, "queued", 995)

    def test_jalali_in_persian_digits(self, caller, plan):
        assert caller.post("sms/future-send", plan(sendDate="۱۴۰۶-۰۱-۰۱ ۰۸:۳۰:۰۰")) == sent()
        assert Send.objects.get().send_at == datetime(2027, 3, 21, 5, 0, tzinfo=UTC)

    @pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "DAY"])
    @pytest.mark.parametrize("times", ["3", 3, "۳"])
    def test_again_and_again(self, caller, plan, unit, times):
        assert caller.post("sms/future-send", plan(prtrys=unit, sentPeriod=times)) == sent()
        send = Send.objects.get()
        assert (send.repeat_unit, send.repeats_left) == (unit.lower(), 2)

    @pytest.mark.parametrize(
        "fields",
        [
            {"sendDate": ""},
            {"sendDate": None},
            {"sendDate": "tomorrow"},
            {"sendDate": ["2027-01-01 10:00:00"]},
            {"sendDate": "2027-02-30 10:00:00"},
            {"sendDate": "1405-12-31 10:00:00"},
            {"sendDate": "2020-01-01 10:00:00"},
            {"sendDate": "2099-01-01 10:00:00"},
            {"prtrys": "fortnight"},
            {"prtrys": "fortnight", "sentPeriod": "1"},
            {"prtrys": ["day"], "sentPeriod": "2"},
            {"sentPeriod": "2"},
            {"prtrys": "day", "sentPeriod": "0"},
            {"prtrys": "day", "sentPeriod": "-1"},
            {"prtrys": "day", "sentPeriod": "1001"},
            {"prtrys": "day", "sentPeriod": "often"},
            {"prtrys": "day", "sentPeriod": [2]},
        ],
    )
    def test_wrong_times(self, caller, plan, rows, fields):
        before = rows()
        assert caller.post("sms/future-send", plan(**fields)) == refused(26)
        assert rows() == before

    def test_who_could_not_pay_for_one_now(self, package, line, plan):
        poor = make_caller(make_customer())
        assert poor.post("sms/future-send", plan()) == refused(22)


class TestPattern:
    @pytest.fixture
    def form(self, customer):
        pattern = make_pattern(customer)

        def build(**fields):
            good = {"from": LINE, "recipients": ["09121111111"], "patternId": pattern.pk, "type": 0}
            return good | {"message": {"code": 123, "name": "Sara"}} | fields

        return build

    def test_it_is_filled(self, caller, form):
        assert caller.post("sms/pattern-send", form()) == sent()
        assert Send.objects.get().text == "Code 123 for Sara"

    @pytest.mark.parametrize("empty", [{}, [], None])
    def test_without_variables(self, caller, customer, form, empty):
        plain = make_pattern(customer, body="Hello")
        assert caller.post("sms/pattern-send", form(patternId=str(plain.pk), message=empty)) == sent()

    @pytest.mark.parametrize(
        "message",
        [{}, {"code": "1"}, "hello", ["hello"], {"code": None, "name": ""}, {"code": [1], "name": "x"}],
    )
    def test_values_that_do_not_fit(self, caller, form, rows, message):
        before = rows()
        assert caller.post("sms/pattern-send", form(message=message)) == refused(28)
        assert rows() == before

    @pytest.mark.parametrize("pattern_id", [None, 0, "x", -1, 2**63, 10**30, [1], True, 999_999])
    def test_no_such_pattern(self, caller, form, pattern_id):
        assert caller.post("sms/pattern-send", form(patternId=pattern_id)) == refused(29)

    @pytest.mark.parametrize("state", ["pending", "rejected"])
    def test_one_that_nobody_approved(self, caller, customer, form, state):
        pattern = make_pattern(customer, state=state)
        assert caller.post("sms/pattern-send", form(patternId=pattern.pk)) == refused(29)

    def test_somebody_else_s(self, other, form):
        assert other.post("sms/pattern-send", form()) == refused(29)


class TestPhonebook:
    def test_the_book_and_others_each_once(self, caller, customer, letter):
        book = make_book(customer, *NUMBERS)
        content = letter(recipients=["09122222222", "09123333333"], bookId=str(book.pk))
        assert caller.post("sms/phonebook-send", content) == sent()
        assert recipients() == [*NUMBERS, "+989123333333"]
        assert read_balance(customer.pk) == 985

    def test_the_book_alone(self, caller, customer, letter):
        book = make_book(customer, *NUMBERS)
        assert caller.post("sms/phonebook-send", letter(recipients=None, bookId=book.pk)) == sent()
        assert recipients() == NUMBERS

    def test_an_empty_book(self, caller, customer, letter, rows):
        content = letter(recipients=[], bookId=make_book(customer).pk)
        before = rows()
        assert caller.post("sms/phonebook-send", content) == refused(25)
        assert rows() == before

    @pytest.mark.parametrize("book_id", [None, 0, "x", -5, 2**63, [1], 999_999])
    def test_no_such_book(self, caller, letter, book_id):
        assert caller.post("sms/phonebook-send", letter(bookId=book_id)) == refused(40)

    def test_somebody_else_s(self, other, customer, letter):
        content = letter(bookId=make_book(customer, *NUMBERS).pk)
        assert other.post("sms/phonebook-send", content) == refused(40)
