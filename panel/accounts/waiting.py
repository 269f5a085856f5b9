"""How long one has to wait, in words."""

from django.utils.translation import get_language, ngettext

from panel.lib.dates import format_number


def word_code_wait(error):
    """The sentence for a LoginThrottled about codes."""
    return _count_minutes(
        error,
        lambda minutes: ngettext(
            "A code was sent already. Wait a minute before you ask for another.",
            "A code was sent already. Wait %(minutes)s minutes before you ask for another.",
            minutes,
        ),
    )


def word_tries_wait(error):
    """The sentence for a LoginThrottled about tries."""
    return _count_minutes(
        error,
        lambda minutes: ngettext(
            "Too many tries. Wait a minute and try again.",
            "Too many tries. Wait %(minutes)s minutes and try again.",
            minutes,
        ),
    )


def _count_minutes(error, word):
    minutes = -(-error.retry_after_seconds // 60)
    return word(minutes) % {"minutes": format_number(minutes, get_language())}
