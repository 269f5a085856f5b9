"""Texts with named variables that a customer sends after staff approved them (sms-gateway-rest, `pattern-send`).

A body is never changed, approved or not: another text is another pattern.
"""

import re

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from panel.accounts.models import Customer
from panel.lib.dates import format_number, read_digits
from panel.lib.language import page_language
from sms.gateway.codes import SendState
from sms.models import Pattern
from sms.readable import is_readable
from sms.refusals import SmsRefused

MAX_PATTERNS = 200  # of a customer
MAX_TITLE = 100  # characters, as the rest
MAX_BODY = 1_000
MAX_VARIABLES = 20
MAX_VARIABLE_NAME = 32
MAX_VALUE = 100
MAX_REASON = 300
_VARIABLE = re.compile(rf"\{{([^\W\d]\w{{0,{MAX_VARIABLE_NAME - 1}}})\}}")


class PatternRefused(Exception):
    """Nothing was changed; its words, in the active language, say why."""


def read_variables(body):
    """The names of the variables in a body, each once, in order. Raises PatternRefused where braces don't fit."""
    if set("{}") & set(_VARIABLE.sub("", body)):
        words = _(
            "A variable is a name in braces, like {code}: letters, digits and _, at most %(limit)s of them."
        )
        raise PatternRefused(words % {"limit": _show(MAX_VARIABLE_NAME)})
    return list(dict.fromkeys(_VARIABLE.findall(body)))


def create_pattern(customer_id, title, body):
    """Store a pattern that waits for approval and return it. Raises PatternRefused."""
    title, body = title.strip(), body.strip()
    _check_text(title, MAX_TITLE)
    _check_text(body, MAX_BODY)
    if len(read_variables(body)) > MAX_VARIABLES:
        words = _("A pattern has at most %(limit)s variables.")
        raise PatternRefused(words % {"limit": _show(MAX_VARIABLES)})
    with transaction.atomic():
        # One at a time looks, so parallel ones can't pass together.
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
        if Pattern.objects.filter(customer_id=customer_id).count() >= MAX_PATTERNS:
            words = _("You can have at most %(limit)s patterns.")
            raise PatternRefused(words % {"limit": _show(MAX_PATTERNS)})
        return Pattern.objects.create(customer_id=customer_id, title=title, body=body)


def list_patterns(customer_id):
    """The customer's patterns, the newest first."""
    return list(Pattern.objects.filter(customer_id=customer_id).order_by("-id"))


def delete_pattern(customer_id, pattern_id):
    """Delete a pattern of the customer's; messages sent with it stay. Raises SmsRefused, 29, for any other."""
    number = read_digits(str(pattern_id))
    if number is None or not Pattern.objects.filter(pk=number, customer_id=customer_id).delete()[0]:
        raise _inactive()


def find_sendable_pattern(customer_id, pattern_id):
    """The customer's approved pattern of that id, a number or its digits. Raises SmsRefused, 29, for any other."""
    number = read_digits(str(pattern_id))
    rows = Pattern.objects.filter(pk=number, customer_id=customer_id, state=Pattern.State.APPROVED)
    pattern = rows.select_related("gateway").first() if number is not None else None
    if pattern is None:
        raise _inactive()
    return pattern


def fill_pattern(pattern, values):
    """The pattern's text with `values` (texts by variable) in it; braces in a value stay as they are.

    Raises SmsRefused, 28, when a variable is missing or too many are given, and for a value that is no text or has
    more than MAX_VALUE characters.
    """
    names = read_variables(pattern.body)
    if not isinstance(values, dict) or set(values) != set(names):
        raise SmsRefused(SendState.MISMATCH, _("Give each variable of the pattern, and no other."))
    for value in values.values():
        if not isinstance(value, str) or len(value) > MAX_VALUE or not is_readable(value):
            words = _("The value of a variable is a text of at most %(limit)s characters.")
            raise SmsRefused(SendState.MISMATCH, words % {"limit": _show(MAX_VALUE)})
    return _VARIABLE.sub(lambda variable: values[variable[1]], pattern.body)


def approve_pattern(pattern_id):
    """Let a pattern be sent, from now on; returns False when it was approved or deleted before."""
    undecided = Pattern.objects.filter(pk=pattern_id).exclude(state=Pattern.State.APPROVED)
    return bool(undecided.update(state=Pattern.State.APPROVED, reason="", decided_at=Now()))


def reject_pattern(pattern_id, reason):
    """Let a pattern not be sent, or no longer; returns False when it was rejected or deleted before.

    `reason` is told to the customer. Raises PatternRefused when it is empty or too long.
    """
    reason = reason.strip()
    _check_text(reason, MAX_REASON)
    open_ones = Pattern.objects.filter(pk=pattern_id).exclude(state=Pattern.State.REJECTED)
    return bool(open_ones.update(state=Pattern.State.REJECTED, reason=reason, decided_at=Now()))


def list_waiting():
    """The patterns that wait for a decision."""
    return Pattern.objects.filter(state=Pattern.State.PENDING)


def _check_text(text, limit):
    if not text or not is_readable(text):
        raise PatternRefused(_("Write something here."))
    if len(text) > limit:
        raise PatternRefused(_("At most %(limit)s characters fit.") % {"limit": _show(limit)})


def _inactive():
    return SmsRefused(SendState.PATTERN_INACTIVE, _("There is no approved pattern of that number."))


def _show(limit):
    return format_number(limit, page_language())
