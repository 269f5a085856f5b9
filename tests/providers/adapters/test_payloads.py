"""The fields that each service type sends."""

import pytest

from providers.adapters.base import OutboundOrder
from providers.adapters.payloads import FieldWithoutPlace, MissingField, build_payload, check_fields, write_id

SENT = {
    "Default": "link quantity runs interval",
    "Package": "link",
    "SEO": "link quantity keywords",
    "Mentions": "link quantity usernames",
    "Custom Comments": "link comments",
    "Custom Comments Package": "link comments",
    "Mentions with Hashtags": "link quantity usernames hashtags",
    "Mentions Custom List": "link usernames",
    "Mentions Hashtag": "link quantity hashtag",
    "Mentions User Followers": "link quantity username",
    "Mentions Media Likers": "link quantity media",
    "Comment Likes": "link quantity username",
    "Comment Replies": "link username comments",
    "Poll": "link quantity answer_number",
    "Invites from Groups": "link quantity groups",
    "Web Traffic": "link quantity country device type_of_traffic google_keyword referring_url",
    "Subscriptions": "username min max posts old_posts delay expiry",
    "Watch Time": "link quantity",
    "Ads": "description link",
}
FIELDS = {name: f"<{name}>" for names in SENT.values() for name in names.split(" ")}


@pytest.mark.parametrize("kind", SENT)
def test_a_type_sends_its_own_fields_and_no_others(kind):
    payload = build_payload(OutboundOrder("7", kind, "<link>", 5, FIELDS, "k"))
    given = {**FIELDS, "link": "<link>", "quantity": "5"}
    assert payload == {"service": "7"} | {name: given[name] for name in SENT[kind].split(" ")}


def test_optional_fields_stay_away_when_not_given():
    payload = build_payload(OutboundOrder("7", "default", "<link>", 5, {"runs": "", "interval": None}, "k"))
    assert payload == {"service": "7", "link": "<link>", "quantity": "5"}


def test_the_order_itself_gives_link_and_quantity():
    payload = build_payload(
        OutboundOrder("7", "default", "<mine>", 5, {"link": "<other>", "quantity": "9"}, "k")
    )
    assert payload == {"service": "7", "link": "<mine>", "quantity": "5"}


def test_a_missing_field_and_an_unknown_type_are_named():
    for order, words in (
        (
            OutboundOrder("7", "custom_comments", "<link>", None, {"comments": ""}, "k"),
            "the order has no comments",
        ),
        (OutboundOrder("7", "default", "<link>", None, {}, "k"), "the order has no quantity"),
        (
            OutboundOrder("7", "telepathy", "<link>", 5, {}, "k"),
            "no type telepathy is known",
        ),
    ):
        with pytest.raises(MissingField, match=words):
            build_payload(order)


def test_a_dialect_with_few_fields_takes_what_fits_and_names_what_does_not():
    check_fields(OutboundOrder("7", "default", "<link>", 5, {"comments": "a"}, "k"), ("link", "quantity"))
    check_fields(OutboundOrder("7", "package", "<link>", None, {}, "k"), ("link", "quantity"))
    for kind, fields, name in (
        ("default", {"runs": "2", "interval": "5"}, "runs"),
        ("poll", {"answer_number": "1"}, "answer_number"),
    ):
        with pytest.raises(FieldWithoutPlace, match=f"no place for {name}"):
            check_fields(OutboundOrder("7", kind, "<link>", 5, fields, "k"), ("link", "quantity"))
    with pytest.raises(MissingField, match="no quantity"):
        check_fields(OutboundOrder("7", "default", "<link>", None, {}, "k"), ("link", "quantity"))


def test_an_id_is_written_as_a_number_where_it_is_one():
    assert [write_id(value) for value in ("7", "a7", "7-1", "۷")] == [7, "a7", "7-1", "۷"]
