"""Texts of campaigns: cleaned, bounded, and only those the class allows."""

import pytest

from campaigns.models import CampaignClass
from campaigns.refusals import CampaignRefused
from campaigns.texts import MOST, read_texts

ALL = CampaignClass(has_description=True, has_phone=True, has_website=True, has_address=True)
DESCRIPTION, PHONE, WEBSITE = "description", "phone", "website"


def refuse(**given):
    """(word, field, limit) of the refusal."""
    with pytest.raises(CampaignRefused) as caught:
        read_texts(ALL, given)
    return caught.value.code.value, caught.value.field, caught.value.limit


def test_texts_that_the_class_does_not_allow_are_passed_by():
    only_phone = CampaignClass(has_phone=True)
    given = {"phone": "021 1234", "website": "javascript:alert(1)", "description": 7, "other": "x"}
    assert read_texts(only_phone, given) == {"phone": "021 1234"}


def test_empty_ones_are_left_out():
    assert read_texts(ALL, {"phone": "", "website": None}) == {}


def test_space_is_tidied_and_lines_are_kept_in_the_description_alone():
    given = {"description": "  one\t two \r\n\r\n three ", "address": " a\n b "}
    assert read_texts(ALL, given) == {"description": "one two\nthree", "address": "a b"}


def test_persian_with_its_joiners_and_emoji_is_kept():
    text = "می‌خواهم 👩‍👩‍👧 ۱۲۳"
    assert read_texts(ALL, {"description": text, "phone": "+۹۸ (۲۱) ۱۲۳-۴"}) == {
        "description": text,
        "phone": "+۹۸ (۲۱) ۱۲۳-۴",
    }


@pytest.mark.parametrize("name", MOST)
def test_too_long_ones_are_refused_by_name(name):
    start = "http://a.example/" if name == WEBSITE else ""
    fits = start + "1" * (MOST[name] - len(start))
    assert read_texts(ALL, {name: fits}) == {name: fits}
    assert refuse(**{name: f"{fits}1"}) == ("text_long", name, MOST[name])


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\u202eb", "a\ud800b", "a\x1bb", "a\u200fb", 7, ["a"], {"a": 1}, True]
)
def test_what_cannot_be_shown_is_refused(text):
    assert refuse(description=text) == ("text_bad", DESCRIPTION, 0)


@pytest.mark.parametrize("text", ["call me", "0912x", "+98;1", "<b>1</b>"])
def test_a_phone_number_has_digits(text):
    assert refuse(phone=text) == ("text_bad", PHONE, 0)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "javascript:alert(1)",
            "JavaScript://a.example/%0aalert(1)",
            "data:text/html,x",
            "//a.example/",
            "a.example",
        ),
        *(
            "http://",
            "http:///x",
            "http://me@a.example/",
            "http://[x/",
            "ftp://a.example/",
            "http://a.example/ b",
        ),
    ],
)
def test_a_website_is_what_a_browser_opens_as_a_page(text):
    assert refuse(website=text) == ("text_bad", WEBSITE, 0)


def test_websites_are_kept_as_they_are():
    assert read_texts(ALL, {"website": "https://a.example/x?y=1"}) == {"website": "https://a.example/x?y=1"}
