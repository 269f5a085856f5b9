import pytest

from providers.sandbox.fates import read_fate


@pytest.mark.parametrize(
    ("target", "fate"),
    [
        ("https://example.com/post", "plain"),
        ("https://example.com/partial-7", "partial"),
        ("https://example.com/PARTIAL_7", "partial"),
        ("https://example.com/?p=timeoutbefore&x=1", "timeoutbefore"),
        ("https://example.com/partially", "plain"),
        ("https://example.com/timeout/cancel", "timeout"),
        ("کاربر-stuck", "stuck"),
    ],
)
def test_a_whole_word_of_the_link_chooses_the_fate(target, fate):
    assert read_fate(target, 1) == fate


def test_busy_is_over_after_two_adds():
    assert [read_fate("x/busy", adds) for adds in (1, 2, 3)] == ["busy", "busy", "plain"]


def test_once_plays_the_fate_for_the_first_add_only():
    assert [read_fate("x/error500before/once", adds) for adds in (1, 2)] == ["error500before", "plain"]
