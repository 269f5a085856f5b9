"""likenama's document: true to its addresses, its words and the schemas of what it answers without JSON."""

import re

import pytest
from django.utils.translation import override

from campaigns.refusals import Refusal
from panel.api.docs import likenama_errors, likenama_login
from panel.api.docs.calls import list_calls, read_example
from panel.api.docs.contracts import find_document
from panel.api.likenama import errors as words
from panel.api.likenama import login, urls
from panel.support.tickets import MAX_SUBJECT

LOGIN = {"/users/auth/instagram", "/users/auth/instagram/callback", "/session"}
# Of what the engine refuses, these can't come about: a campaign isn't stopped here, codes aren't shown again, and a
# like without a token is refused before an account is looked for.
ELSEWHERE = {Refusal.CLOSED, Refusal.SHOWN, Refusal.IDENTITY}
SAME_AS_NOT_FOUND = {Refusal.UNKNOWN, Refusal.OUT_OF_STOCK, Refusal.STORE_OFF}


@pytest.fixture
def document():
    with override("en"):
        yield find_document("likenama")


def test_its_15_operations_are_those_that_are_served(document):
    served = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/{route}") for route in urls.ROUTES}
    assert document["paths"].keys() == served | LOGIN
    assert sum(map(len, document["paths"].values())) == 15


def test_the_login_comes_first_and_needs_no_token(document):
    calls = [operation for methods in document["paths"].values() for operation in methods.values()]
    without = [one["operationId"] for one in calls if "security" not in one]
    assert without == ["login_start", "login_callback", "login_session"]
    assert [one["operationId"] for one in calls[:3]] == without
    described = (likenama_login.START, likenama_login.CALLBACK, likenama_login.SESSION)
    assert described == (login.START_PATH, login.CALLBACK_PATH, login.SESSION_PATH)


def test_every_call_below_api_takes_the_token_and_a_version(document):
    for path, methods in document["paths"].items():
        for operation in methods.values() if path.startswith("/api/") else ():
            assert operation["security"] == [{"token": []}]
            (accept,) = [one for one in operation["parameters"] if one["name"] == "Accept"]
            assert read_example(accept) == "application/vnd.likenama.v1"


def test_what_is_answered_without_json_is_said(document):
    told = {
        (call.name, one.status)
        for call in list_calls(document)
        for one in call.answers
        if one.is_good and not one.is_json
    }
    assert told == {
        ("login_callback", "200"),
        ("login_session", "200"),
        ("campaign_create", "201"),
        ("campaign_report", "200"),
        ("campaign_report", "201"),
        ("bundle_purchase", "201"),
        ("message_send", "201"),
    }


def test_the_table_has_every_refusal_once_and_no_other():
    with override("en"):
        rows = likenama_errors.list_errors()
    own = {refusal: told for refusal, told in words.REFUSALS.items() if refusal not in SAME_AS_NOT_FOUND}
    found = {
        *((status, text.format(limit="N")) for status, text in own.values()),
        *words.FAULTS.items(),
        (401, words.LOCKED),
        *((422, words.MISSING_PART.format(part=part)) for part in ("campaign", "bundle", "message")),
        *(
            (422, text)
            for text in (words.LONG_CONTENT, words.EMPTY_CONTENT, words.EMPTY_TITLE, words.BAD_EMAIL)
        ),
        (422, words.LONG_TITLE.format(limit=MAX_SUBJECT)),
        *((422, text.format(limit="N")) for text in words.TICKET_REFUSALS.values()),
    }
    assert {(row.status, row.text) for row in rows} == found
    told = [(row.status, row.text, row.calls) for row in rows]
    assert sorted(told) == sorted(set(told))


def test_refusals_that_can_come_about_have_words():
    assert set(Refusal) - words.REFUSALS.keys() == ELSEWHERE
    assert {words.REFUSALS[refusal] for refusal in SAME_AS_NOT_FOUND} == {(404, words.NOT_FOUND)}


def test_refusals_of_messages_are_lists_and_all_others_tell_the_field(document):
    for call in list_calls(document):
        for one in call.answers:
            if one.status >= "400":
                listed = isinstance(one.example["errors"], list)
                assert listed == (call.name == "message_send"), (call.name, one.status)


def test_what_stands_in_an_object_is_told_by_its_place(document):
    (create,) = [call for call in list_calls(document) if call.name == "campaign_create"]
    required = [field.name for field in create.fields if field.place == "body" and field.required]
    assert required == ["campaign", "campaign.campaign_class_id", "campaign.target_url", "campaign.budget"]
