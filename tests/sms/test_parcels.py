"""Which messages share a call."""

import json

import pytest

from sms.claiming import claim_codes, claim_messages
from sms.models import Gateway, Pattern, Template
from sms.outbox import queue_message
from sms.parcels import Way, pack_messages
from sms.sends import send_text
from tests.factories import make_customer
from tests.sms.sends import LINE, ask, open_shop

pytestmark = pytest.mark.django_db


def pack():
    """`(way, how many messages, the texts in it)` of each parcel of all that is queued."""
    parcels, _ = pack_messages(claim_codes(10) + claim_messages(10_000))
    return [
        (parcel.way, len(parcel.messages), sorted({letter.text for letter in parcel.letters}))
        for parcel in parcels
    ]


def send(*endings, **fields):
    return send_text(make_customer(10**6).pk, "sms_rest", ask(*endings, **fields))


def test_nothing_makes_no_parcel():
    assert pack() == []


def test_one_text_to_many_goes_by_hundreds():
    open_shop()
    send(*[str(number) for number in range(3000, 3250)])
    assert pack() == [(Way.SAME, 100, ["سلام"]), (Way.SAME, 100, ["سلام"]), (Way.SAME, 50, ["سلام"])]


def test_texts_to_few_travel_together_and_first():
    open_shop()
    send(*[str(number) for number in range(3000, 3010)], text="to many")
    send("3001", "3002", text="to two")
    send("3001", text="to one")
    queue_message(key="1", kind="x", to="+989120003001", text="news")
    assert pack() == [(Way.EACH, 4, ["news", "to one", "to two"]), (Way.SAME, 10, ["to many"])]


def test_the_letters_of_a_send_say_all_of_it():
    open_shop()
    send("3001", flash=True)
    [letter] = pack_messages(claim_messages(10))[0][0].letters
    assert (letter.text, letter.sender, letter.gateway_id, letter.flash) == ("سلام", LINE, None, True)


def test_a_gateway_s_pattern_goes_as_one():
    open_shop()
    customer = make_customer(10**6)
    gateway = Gateway.objects.create(name="one", kind="rest", url="https://example.com", sender="1")
    pattern = Pattern.objects.create(
        customer=customer,
        title="x",
        body="hi {name}",
        state="approved",
        gateway=gateway,
        gateway_pattern="77",
    )
    send_text(customer.pk, "sms_rest", ask("3001", "3002", pattern_id=pattern.pk, values={"name": "Sara"}))
    [parcel], _ = pack_messages(claim_messages(10))
    letter = parcel.letters[0]
    assert (parcel.way, len(parcel.messages), letter.text) == (Way.PATTERN, 2, "hi Sara")
    assert (letter.pattern, letter.pattern_gateway_id, letter.values) == ("77", gateway.pk, {"name": "Sara"})


def test_a_template_s_pattern_is_its_own():
    gateway = Gateway.objects.create(name="one", kind="rest", url="https://example.com", sender="1")
    template = Template.objects.create(
        event="paid", language="fa", body="{amount}", gateway=gateway, gateway_pattern="p"
    )
    queue_message(
        key="1", kind="paid", to="+989120003001", text="5", template_id=template.pk, values={"amount": "5"}
    )
    [parcel], _ = pack_messages(claim_messages(10))
    assert (parcel.way, parcel.letters[0].pattern, parcel.letters[0].values) == (
        Way.PATTERN,
        "p",
        {"amount": "5"},
    )
    assert json.loads(parcel.messages[0].values) == {"amount": "5"}
