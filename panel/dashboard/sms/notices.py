"""What a customer who can't send SMS yet is told to do, and what refusals are called on the pages."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from panel.lib.dates import format_number
from sms.accounts import find_account, find_package, judge_account
from sms.drafts import MAX_TEXT
from sms.gateway.codes import RESULT_TABLES, PhonebookState, SendState, UserState
from sms.refusals import SmsRefused

# Told by sms.patterns in a sentence of its own.
DETAILED = (SendState.MISMATCH, SendState.PATTERN_INACTIVE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the customer may send, at the prices of `package`; if not, the sentence that says what to do."""

    package: object
    sentence: str


def find_standing(customer):
    """The Standing of a customer."""
    account = find_account(customer)
    package = find_package(account)
    state = judge_account(customer, account, package)
    return Standing(package, "" if state is UserState.ACTIVE else _describe_state(state, account))


def _describe_state(state, account):
    sentences = {
        UserState.TRIAL: _("Your SMS account is a trial: you can look around, and nothing is sent."),
        UserState.EXPIRED: _("Your SMS account has expired. Write to support to go on."),
        UserState.UNVERIFIED: _(
            "Your mobile is not verified yet. Log in once with a code that is sent to it, or write to support."
        ),
    }
    if state is UserState.NO_ACCESS and account.access:
        return _("There are no prices of SMS for you yet. Write to support to get a package.")
    return sentences.get(state) or _("Your SMS account is closed. Write to support to have it opened.")


def describe_refusal(refused):
    """A SmsRefused as a sentence in the page's language that says what to do."""
    table = type(refused.code)
    if refused.detail and (table is PhonebookState or refused.code in DETAILED):
        return refused.detail
    if refused.code is PhonebookState.NOT_FOUND:
        return _("There is no such phonebook.")
    if table is SendState and (words := _describe_send_refusal(refused.code)):
        return words
    return refused.code.persian if get_language() == "fa" else f"{capfirst(refused.code.english)}."


def describe_reason(reason):
    """Why a scheduled send was refused when its time came (sms/schedules.py), in the page's language."""
    codes = (code for table in RESULT_TABLES for code in table)
    code = next((code for code in codes if code.english == reason), None)
    return reason if code is None else describe_refusal(SmsRefused(code))


def _describe_send_refusal(code):
    language = get_language()
    numbers = format_number(settings.SMS_MAX_NUMBERS, language)
    recipients = format_number(settings.SMS_MAX_RECIPIENTS, language)
    return {
        SendState.TOO_MANY_RECIPIENTS: _(
            "These are too many: %(numbers)s typed numbers at most, and %(recipients)s with a phonebook."
        )
        % {"numbers": numbers, "recipients": recipients},
        SendState.NO_CREDIT: _("Your balance is not enough. Add funds, or send to fewer."),
        SendState.WRONG_NUMBER: _("Choose a number to send from."),
        SendState.EMPTY_MESSAGE: _("Write the text."),
        SendState.NO_RECIPIENTS: _("Write at least one mobile number, or choose a phonebook with numbers."),
        SendState.WRONG_TIME: _("Choose a time to come."),
        SendState.MISMATCH: _("A text has at most %(most)s characters, and every variable a value.")
        % {"most": format_number(MAX_TEXT, language)},
        SendState.PATTERN_INACTIVE: _("This pattern is not approved. Choose another one."),
    }.get(code)
