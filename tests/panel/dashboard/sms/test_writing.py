"""Writing an SMS: the price while typing, the question before sending, and what is sent then."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from persiantools.jdatetime import JalaliDate

from panel.lib.dates import TEHRAN
from panel.wallet.ledger import read_balance
from sms.models import Message, Package, Send, SenderLine, SmsAccount
from sms.patterns import approve_pattern, create_pattern
from sms.phonebooks import create_book
from tests.factories import make_customer
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts
from tests.panel.dashboard.sms.steps import (
    LINE,
    confirm,
    count_queries,
    fill_form,
    read_errors,
    read_facts,
    read_hidden,
)

PAGE = "/sms/"


def read_preview(browser, **changes):
    page = browser.post("/sms/", fill_form(step="check", **changes))
    return read_text(find_one(page, "p", id="sms-preview"))


def test_the_price_is_told_while_typing(browser, persian):
    assert read_preview(browser) == "5 of 160 characters · 1 part · 2 recipients 400 toman"
    assert read_preview(browser, text="س" * 71) == "71 of 134 characters · 2 parts · 2 recipients 400 toman"
    assert read_preview(browser, text="") == "0 of 160 characters · 0 parts · 2 recipients 0 toman"
    assert read_preview(persian) == "۵ از ۱۶۰ نویسه · ۱ بخش · ۲ گیرنده ۴۰۰ تومان"
    fragment = browser.post("/sms/preview/", fill_form())
    assert read_texts(fragment, "strong") == ["400 toman"]
    assert Send.objects.count() == 0


def test_a_phonebook_and_typed_numbers_count_each_number_once(browser, customer):
    book = create_book(customer.pk, "Friends", ["09121111111", "09123333333"])
    shown = read_preview(browser, book=book.pk)
    assert shown == "5 of 160 characters · 1 part · 3 recipients 600 toman"
    confirm(browser, book=book.pk)
    assert sorted(Message.objects.values_list("to", flat=True)) == [
        "+989121111111",
        "+989122222222",
        "+989123333333",
    ]
    assert (Send.objects.get().charge, read_balance(customer.pk)) == (600, 99_400)


def test_another_s_phonebook_counts_nothing_and_is_refused(browser):
    theirs = create_book(make_customer().pk, "Theirs", ["09123333333"])
    assert read_preview(browser, book=theirs.pk) == "5 of 160 characters · 1 part · 2 recipients 400 toman"
    page = browser.post(PAGE, fill_form(book=theirs.pk))
    assert (page.status_code, read_errors(page)) == (422, {"book": "There is no such phonebook."})


def test_the_question_tells_all_before_anything_is_sent(browser, customer):
    numbers = "09121111111, 0912 222 2222\nnonsense،+989121111111\n12345"
    page = browser.post(PAGE, fill_form(numbers=numbers))
    assert read_facts(page) == {
        "Sender number": LINE,
        "Recipients": "2 1 repeated ones are left out",
        "Parts": "1",
        "Price of a part": "200 toman",
        "Price": "400 toman",
        "Balance now": "100,000 toman",
        "Balance after": "99,600 toman",
    }
    bad = [read_text(one) for one in find_one(page, "ul", class_="bad-lines").children]
    assert bad == ["Line 2 : nonsense", "Line 3 : 12345"]
    assert (Send.objects.count(), read_balance(customer.pk)) == (0, 100_000)


def test_what_was_agreed_to_is_sent_and_its_page_shown(browser, customer):
    answer = confirm(browser, flash="1")
    send = Send.objects.get()
    assert answer.headers["Location"] == f"/sms/sends/{send.pk}/?made=yes"
    assert (send.channel, send.text, send.flash, send.recipients, send.charge) == (
        "dashboard",
        "Hello",
        True,
        2,
        400,
    )
    assert read_balance(customer.pk) == 99_600
    page = browser.get(answer.headers["Location"])
    assert read_texts(page, "p", class_="alert-success") == ["It is on its way."]


def test_a_double_click_sends_once(browser, customer):
    question = read_hidden(browser.post(PAGE, fill_form()))
    first, second = (browser.post("/sms/send/", question) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (Send.objects.count(), Message.objects.count(), read_balance(customer.pk)) == (1, 2, 99_600)


def test_the_same_key_with_another_text_is_refused(browser):
    question = read_hidden(browser.post(PAGE, fill_form()))
    browser.post("/sms/send/", question)
    again = browser.post("/sms/send/", question | {"text": "Other"})
    assert (again.status_code, Send.objects.count()) == (422, 1)


def test_a_price_that_changed_meanwhile_is_asked_about_again(browser, customer):
    question = read_hidden(browser.post(PAGE, fill_form()))
    Package.objects.update(latin_price=300)
    page = browser.post("/sms/send/", question)
    assert read_facts(page)["Price"] == "600 toman"
    assert (page.status_code, Send.objects.count(), read_balance(customer.pk)) == (200, 0, 100_000)
    browser.post("/sms/send/", read_hidden(page))
    assert (Send.objects.get().charge, read_balance(customer.pk)) == (600, 99_400)


def test_changing_keeps_everything(browser):
    question = read_hidden(
        browser.post(PAGE, fill_form(day="2027/01/02", clock="10:30", unit="week", times="3"))
    )
    page = browser.post(PAGE, question | {"step": "edit"})
    fields = {
        name: read_attributes(find_one(page, "input", name=name))["value"]
        for name in ("day", "clock", "times")
    }
    assert fields == {"day": "2027/01/02", "clock": "10:30", "times": "3"}
    assert read_texts(page, "textarea", name="text") == ["Hello"]
    assert "09121111111" in read_text(find_one(page, "textarea", name="numbers"))
    assert "selected" in read_attributes(find_one(page, "option", value="week"))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": " "}, "text", "Write the text."),
        ({"text": "x" * 1501}, "text", "A text has at most 1,500 characters, and every variable a value."),
        ({"numbers": ""}, "numbers", "Write at least one mobile number, or choose a phonebook with numbers."),
        (
            {"numbers": "abc"},
            "numbers",
            "Write at least one mobile number, or choose a phonebook with numbers.",
        ),
        ({"sender": "1"}, "sender", "Choose a number to send from."),
        ({"pattern": "99"}, "pattern", "There is no approved pattern of that number."),
        ({"book": "99999999999999999999"}, "book", "There is no such phonebook."),
        ({"day": "soon", "clock": "10:00"}, "day", "Write the day as in the example."),
        ({"day": "2027/13/40", "clock": "10:00"}, "day", "Write the day as in the example."),
        (
            {"day": "2027/01/02", "clock": "25:00"},
            "clock",
            "Write the time as hour and minute, as in the example.",
        ),
        ({"day": "2027/01/02"}, "clock", "Write the time as hour and minute, as in the example."),
        ({"day": "2020/01/02", "clock": "10:00"}, "day", "Choose a time to come, within two years."),
        ({"day": "2099/01/02", "clock": "10:00"}, "day", "Choose a time to come, within two years."),
        ({"unit": "day", "times": "3"}, "day", "Write when the first one is to be sent."),
        (
            {"day": "2027/01/02", "clock": "10:00", "unit": "day", "times": "1"},
            "times",
            "Write how many times in all, from 2 to 1,000.",
        ),
        (
            {"day": "2027/01/02", "clock": "10:00", "unit": "year", "times": "2"},
            "times",
            "Write how many times in all, from 2 to 1,000.",
        ),
    ],
)
def test_refusals_stand_under_their_field_and_the_form_keeps_its_values(browser, changes, field, sentence):
    page = browser.post(PAGE, fill_form(**changes))
    assert (page.status_code, read_errors(page)) == (422, {field: sentence})
    kept = {"text": "Hello"} | changes
    assert read_texts(page, "textarea", name="text") == [kept["text"].strip()]
    assert Send.objects.count() == 0


def test_too_many_numbers_are_refused_unread(browser, settings):
    settings.SMS_MAX_NUMBERS = 2
    page = browser.post(PAGE, fill_form(numbers="1\n2\n3"))
    words = "These are too many: 2 typed numbers at most, and 200,000 with a phonebook."
    assert (page.status_code, read_errors(page)) == (422, {"numbers": words})


def test_without_enough_money_the_question_leads_to_the_wallet(db, customer):
    poor = open_browser(make_customer(toman=300))
    page = poor.post(PAGE, fill_form())
    assert read_texts(page, "p", class_="alert-error") == [
        "Your balance is not enough. Add funds, or send to fewer. Wallet"
    ]
    assert [text for text in read_texts(page, "button") if text == "Send"] == []
    forced = poor.post("/sms/send/", read_hidden(page))
    assert (forced.status_code, Send.objects.count()) == (422, 0)
    assert read_texts(forced, "p", class_="alert-error") == [
        "Your balance is not enough. Add funds, or send to fewer. Wallet"
    ]


def test_a_pattern_asks_for_its_variables_and_is_filled_with_them(browser, customer):
    pattern = create_pattern(customer.pk, "Code", "Dear {name}, {code}.")
    approve_pattern(pattern.pk)
    part = browser.post("/sms/text/", fill_form(pattern=pattern.pk))
    assert [read_attributes(one)["name"] for one in find_all(part, "input")] == [
        "text",
        "value-name",
        "value-code",
    ]
    missing = browser.post(PAGE, fill_form(pattern=pattern.pk, **{"value-name": "Sara"}))
    assert read_errors(missing) == {"pattern": "Give each variable of the pattern, and no other."}
    assert read_attributes(find_one(missing, "input", name="value-name"))["value"] == "Sara"
    confirm(browser, pattern=pattern.pk, **{"value-name": "Sara {x}", "value-code": "12"})
    send = Send.objects.get()
    assert (send.text, send.pattern_id) == ("Dear Sara {x}, 12.", pattern.pk)


def test_a_pattern_that_is_not_approved_is_not_offered(browser, customer):
    create_pattern(customer.pk, "Waiting", "Hello {x}")
    assert find_all(browser.get(PAGE), "select", name="pattern") == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_scheduling_in_either_calendar(customer, language):
    browser, day = (
        open_browser(customer, language),
        timezone.now().astimezone(TEHRAN).date() + timedelta(days=3),
    )
    typed = f"{day:%Y/%m/%d}" if language == "en" else JalaliDate(day).strftime("%Y/%m/%d", locale="fa")
    clock = "10:30" if language == "en" else "۱۰:۳۰"
    answer = confirm(browser, day=typed, clock=clock, unit="month", times="12")
    send = Send.objects.get()
    assert (send.state, send.charge, read_balance(customer.pk)) == ("scheduled", 0, 100_000)
    assert send.send_at == datetime(day.year, day.month, day.day, 10, 30, tzinfo=TEHRAN)
    assert (send.repeat_unit, send.repeats_left, send.jalali) == ("month", 11, language == "fa")
    assert answer.headers["Location"] == f"/sms/sends/{send.pk}/?made=yes"


def test_a_double_click_schedules_once(browser):
    question = read_hidden(browser.post(PAGE, fill_form(day="2027/01/02", clock="10:30")))
    assert {browser.post("/sms/send/", question).status_code for _ in range(2)} == {302}
    assert Send.objects.count() == 1


@pytest.mark.parametrize(
    ("customer_fields", "account_fields", "sentence"),
    [
        ({"mobile_verified": False}, None, "Your mobile is not verified yet."),
        ({}, {"trial": True}, "Your SMS account is a trial"),
        ({}, {"access": False}, "Your SMS account is closed."),
        ({}, {"closed_at": timezone.now()}, "Your SMS account is closed."),
        ({}, {"expires_at": timezone.now()}, "Your SMS account has expired."),
        ({}, "no package", "There are no prices of SMS for you yet."),
    ],
)
def test_who_may_not_send_is_told_what_to_do(db, customer_fields, account_fields, sentence):
    customer = make_customer(toman=1000, **customer_fields)
    if account_fields == "no package":
        Package.objects.update(is_default=False)
    elif account_fields:
        SmsAccount.objects.create(customer=customer, **account_fields)
    browser = open_browser(customer)
    for path in ("/sms/", "/sms/sends/", "/sms/reports/", "/sms/phonebooks/", "/sms/patterns/"):
        page = browser.get(path)
        assert [sentence in text for text in read_texts(page, "p", class_="alert-warning")] == [True]
    assert find_all(browser.get("/sms/"), "form", id="sms-form") == []
    assert browser.post("/sms/", fill_form()).status_code == 200
    assert browser.post("/sms/send/", fill_form()).status_code == 422
    assert Send.objects.count() == 0


def test_without_a_number_to_send_from_support_is_the_way(browser, line):
    SenderLine.objects.update(active=False)
    assert read_texts(browser.get(PAGE), "div", class_="empty") == [
        "There is no number to send from yet. Ask support for one. Write to support"
    ]


def test_links_choose_the_phonebook_and_the_pattern(browser, customer):
    book = create_book(customer.pk, "Friends", ["09121111111"])
    page = browser.get(f"/sms/?book={book.pk}&pattern=%00")
    chosen = [read_text(one) for one in find_all(page, "option") if "selected" in read_attributes(one)]
    assert (page.status_code, chosen) == (200, ["Friends (1)"])


def test_nobody_is_shown_another_s_pattern(stranger, customer):
    pattern = create_pattern(customer.pk, "Code", "Dear {name}")
    approve_pattern(pattern.pk)
    part = stranger.post("/sms/text/", fill_form(pattern=pattern.pk))
    assert "Dear" not in part.content.decode()


def test_queries_do_not_grow(browser, customer):
    create_book(customer.pk, "One", ["09121111111"])
    few = count_queries(browser, PAGE)
    for number in range(5):
        create_book(customer.pk, f"Book {number}", [f"091211111{number}0"])
        approve_pattern(create_pattern(customer.pk, f"Pattern {number}", "Hello {x}").pk)
    assert count_queries(browser, PAGE) == few


def test_a_form_key_that_no_browser_sends(browser, customer):
    question = read_hidden(browser.post("/sms/", fill_form()))
    answers = [browser.post("/sms/send/", question | {"form_key": key}) for key in ("a\0b", "a\0b", "\0")]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert Send.objects.filter(customer=customer).count() == 2
