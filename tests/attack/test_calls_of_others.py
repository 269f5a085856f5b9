"""Customer B makes every call of every API with the ids of A's things: answered as for ids that nobody has."""

import json
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from panel.api.docs.calls import list_calls
from panel.api.docs.contracts import CONTRACTS
from tests.attack.addresses import list_addresses
from tests.attack.calls import PAGES, list_samples, make_secrets, name_fields
from tests.attack.possessions import MARK
from tests.attack.rows import Watch
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
NOBODY = 999_999_999
# Fields that name something of one customer's alone: which of the victim's ids is put there.
OWNED = {
    "order": "order_id",
    "orders": "order_id",
    "orderId": "order_id",
    "order_id": "order_id",
    "refill": "refill_id",
    "refills": "refill_id",
    "tracking_id": "tracking_id",
    "ticket_id": "ticket_id",
    "gift_id": "gift_id",
    "patternId": "pattern_id",
    "bookId": "book_id",
    "book_id": "book_id",
    "name": "book_name",
    "idArray": "message_id",
}
# What names nothing, or what is everybody's: the catalogue, the shop, campaigns to like, one's own words.
PLAIN = set(Path(__file__).with_name("plain_fields.txt").read_text().split())
# The bank's word on a payment: whoever brings it learns how it went (tests/panel/api/panel_app/test_payments.py).
BANKS = {"Authority", "Status"}
# `orders` of a parcel of new orders are orders, not ids; a new phonebook's name is its owner's own.
NOT_IDS = {("orders", "orders"), ("phonebook_create", "name"), ("register", "name")}
# The contract documents another refusal for what is somebody else's than for what nobody has (panel-app-v1).
TOLD_APART = {("panel-app", call) for call in ("ticket", "ticket_reply", "order")}
FORBIDDEN = (200, '{"status":403,"message":"منع دسترسی"}')
# Where there is nothing to be had (tests/panel/api/test_nowhere.py and each contract's own tests).
WITHOUT_OPERATION = [
    "/api",
    "/api/(?:campaigns|products|users|bundles|messages)(?:/|$)",
    "/api/docs",
    "/api/sandbox/v1(/.*)?",
    "/api/sandbox/v1/status",
    "/api/v1/(auth|ref-auth|status|cancel|recheck|credit)/.*",
    "/api/v1/rest(?:/|$)",
    "/api/v1/status",
]


def list_owned(sample):
    sent = [*sample.path, *dict(sample.query), *(sample.form or {}), *(sample.json or {})]
    named = [field for field in dict.fromkeys(sent) if field in OWNED]
    return [field for field in named if (sample.call, field) not in NOT_IDS]


SAMPLES = [(sample, field) for sample in list_samples() for field in list_owned(sample)]


def list_documented():
    with override("en"):
        documents = [one.build() for one in CONTRACTS.values()]
    return [call for document in documents for call in list_calls(document) if call.name not in PAGES]


def test_every_field_of_every_call_is_said_to_name_somebodys_or_not():
    headers = {"Authorization", "token", "If-None-Match", "Idempotency-Key", "Accept"}
    headers |= {"old-token", "refresh-token"}
    fields = {name for call in list_documented() for name in name_fields(call)} - headers
    assert fields == set(OWNED) | PLAIN | BANKS


def test_every_address_of_the_apis_has_a_call_that_is_tried():
    """A new view belongs to a document, or to those that answer that there is nothing."""
    tried = {call.path.rstrip("/") for call in list_documented()}
    served = [one for one in list_addresses() if one.is_for_programs]
    paths = {one.fill({slot: f"{{{slot}}}" for slot in one.slots}).rstrip("/") for one in served}
    assert sorted(paths - tried) == WITHOUT_OPERATION


def pick(sample, field, theirs):
    """The victim's id, and one that nobody has, as the field takes them."""
    slot = OWNED[field]
    if field == "order_id" and sample.slug.endswith("sandbox"):
        slot = "trial_id"
    if sample.call in ("refill", "recheck"):
        slot = "done_order_id"
    nobodys = {"tracking_id": "0" * 12, "book_name": "nobodys"}.get(slot, NOBODY)
    return theirs[slot], nobodys


@pytest.mark.parametrize(
    ("sample", "field"),
    SAMPLES,
    ids=[f"{one.slug}-{one.title or one.call}-{field}" for one, field in SAMPLES],
)
def test_what_is_anothers_is_unknown(theirs, sample, field):
    attacker = make_customer(toman=1_000_000)
    secrets = make_secrets(sample.slug, attacker)
    watch = Watch()
    told = {}
    for value in pick(sample, field, theirs):
        answer = sample.send(secrets, {field: value})
        told[value] = answer.status_code, re.sub(rf"\b{value}\b", "ID", answer.content.decode())
    there, nowhere = told.values()
    assert there == (FORBIDDEN if (sample.slug, sample.call) in TOLD_APART else nowhere)
    assert MARK not in json.dumps(there)
    assert watch.find_changed() == []


def test_the_calls_are_those_that_name_something():
    assert {(sample.slug, sample.call) for sample, _field in SAMPLES} >= {
        ("standard", "status"),
        ("standard", "cancel"),
        ("standard", "refill"),
        ("standard", "refill_status"),
        ("gray-city", "tracking"),
        ("happy-follower", "status"),
        ("happy-follower", "cancel"),
        ("happy-follower", "recheck"),
        ("happy-follower-sandbox", "status"),
        ("panel-app", "ticket"),
        ("panel-app", "ticket_reply"),
        ("panel-app", "order"),
        ("panel-app", "gift_use"),
        ("sms-rest", "pattern_send"),
        ("sms-rest", "phonebook_send"),
        ("sms-rest", "status"),
        ("sms-rest", "phonebook"),
        ("sms-rest", "phonebook_delete"),
        ("sms-rest", "numbers"),
        ("sms-rest", "numbers_add"),
        ("sms-rest", "numbers_delete"),
    }
