"""The fields that each service type sends."""

import pytest

from providers.adapters.base import OutboundOrder
from providers.adapters.payloads import MissingField, build_payload

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
            OutboundOrder("7", "watch_time", "<link>", 5, {}, "k"),
            "the standard dialect has no type watch_time",
        ),
    ):
        with pytest.raises(MissingField, match=words):
            build_payload(order)
