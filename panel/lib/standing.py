"""How well a part of the panel does its work, judged from our own rows."""

from enum import IntEnum

TROUBLED_PERCENT = 10
FAILING_PERCENT = 50


class Standing(IntEnum):
    """The higher the worse; UNKNOWN is better than anything known to be bad."""

    WORKING = 0
    UNKNOWN = 1
    TROUBLED = 2
    FAILING = 3


def judge_share(bad, total):
    """The Standing of something of which `bad` out of `total` tries went wrong."""
    if not total:
        return Standing.UNKNOWN
    if bad * 100 >= total * FAILING_PERCENT:
        return Standing.FAILING
    return Standing.TROUBLED if bad * 100 >= total * TROUBLED_PERCENT else Standing.WORKING


def judge_delay(overdue, troubled, failing):
    """The Standing of a queue whose oldest entry is `overdue` (timedelta, None: empty), by what is too long."""
    if overdue is None or overdue < troubled:
        return Standing.WORKING
    return Standing.FAILING if overdue >= failing else Standing.TROUBLED
