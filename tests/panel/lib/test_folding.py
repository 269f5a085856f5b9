"""Spellings of one word are one for a search."""

import pytest

from panel.lib.folding import fold_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("لايك", "لایک"),
        ("كانال", "کانال"),
        ("بازدید‌کننده", "بازدیدکننده"),
        ("بازدیـــد", "بازدید"),
        ("لایکِ", "لایک"),
        ("آنی", "انی"),
        ("۱۰۰۰", "1000"),
        ("١٠", "10"),
        ("LIKE", "like"),
        ("Café", "cafe"),
    ],
)
def test_spellings_of_one_word_are_one(typed, meant):
    assert fold_text(typed) == fold_text(meant)


def test_other_words_stay_apart():
    assert len({fold_text(word) for word in ("لایک", "لیک", "like", "lik", "فالوور")}) == 5
