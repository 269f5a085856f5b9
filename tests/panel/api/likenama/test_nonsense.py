"""Values of every wrong kind in every field: each is refused in the envelope, and nothing happens."""

import pytest

from campaigns.models import Bundle
from tests.factories import make_campaign, make_class
from tests.panel.api.likenama.conftest import PICTURE, count_rows

NONSENSE = [
    True,
    False,
    1.5,
    float("1e308"),
    [],
    {},
    ["1"],
    {"a": 1},
    [[[[[]]]]],
    "\0",
    "a\0b",
    "\ud800",
    "x" * 100_000,
    "9" * 5_000,
]
BODIES = {
    "campaigns": ("campaign", {"target_url": PICTURE, "budget": 10}),
    "campaigns/{campaign}/like": ("like", {}),
    "bundles/coins/purchase": ("bundle", {}),
    "messages": ("message", {"title": "Hello", "content": "Hello"}),
}
FIELDS = [
    *(("campaigns", name) for name in ("campaign_class_id", "target_url", "budget")),
    *(("campaigns", name) for name in ("description", "phone", "website", "address")),
    ("campaigns/{campaign}/like", "access_token"),
    ("bundles/coins/purchase", "purchase_token"),
    *(("messages", name) for name in ("title", "content", "email")),
]


@pytest.fixture
def addresses(rich, played):
    """What stands in the paths, and the class that campaigns are made of."""
    texts = dict.fromkeys(("has_description", "has_phone", "has_website", "has_address"), True)
    likes = make_class("like", **texts)
    Bundle.objects.create(bazaar_sku="coins", price=1, coins=1)
    return {"campaign": make_campaign(likes).pk, "class": likes.pk}


@pytest.mark.parametrize(("path", "name"), FIELDS, ids=[f"{path} {name}" for path, name in FIELDS])
def test_no_field_takes_a_value_of_another_kind(addresses, caller, path, name):
    part, good = BODIES[path]
    good = good | ({"campaign_class_id": addresses["class"]} if path == "campaigns" else {})
    before = count_rows()
    answers = {}
    for value in NONSENSE:
        status, body = caller.post(path.format(**addresses), {part: good | {name: value}})
        answers[repr(value)[:30]] = (status in (401, 404, 422), list(body or ()))
    assert answers == dict.fromkeys(answers, (True, ["errors"]))
    assert count_rows() == before


@pytest.mark.parametrize("path", BODIES)
def test_no_part_is_anything_but_an_object(addresses, caller, path):
    before = count_rows()
    statuses = {
        caller.post(path.format(**addresses), {BODIES[path][0]: value})[0]
        for value in NONSENSE
        if not isinstance(value, dict)
    }
    assert statuses == {401 if "like" in path else 422}
    assert count_rows() == before
