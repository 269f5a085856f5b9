"""The Postman collections: of the documented format, with the secrets as variables."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from panel.api.docs.calls import list_calls
from panel.api.docs.contracts import CONTRACTS, find_document

pytestmark = pytest.mark.django_db


def load(slug):
    client = Client()
    client.cookies["language"] = "en"
    answer = client.get(f"/api/docs/{slug}/postman.json")
    name = f'attachment; filename="{slug}.postman_collection.json"'
    assert answer.headers["Content-Disposition"] == name
    return json.loads(answer.content)


@pytest.mark.parametrize("slug", CONTRACTS)
def test_it_has_every_sample_once(slug):
    with override("en"):
        calls = list_calls(find_document(slug))
    collection = load(slug)
    assert [one["name"] for one in collection["item"]] == [
        name or call.title for call in calls for name, _request in call.samples
    ]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    assert collection["info"]["schema"] == schema
    assert "YOUR-" not in json.dumps(collection["item"])


def test_a_form_is_a_form_and_the_key_a_variable():
    collection = load("standard")
    assert collection["variable"] == [
        {"key": "base_url", "value": settings.BASE_URL},
        {"key": "key", "value": "YOUR-KEY"},
    ]
    (balance,) = [one for one in collection["item"] if one["name"] == "balance"]
    assert balance["request"] == {
        "method": "POST",
        "description": "What your wallet holds.",
        "header": [],
        "url": {"raw": "{{base_url}}/api/v2", "host": ["{{base_url}}"], "path": ["api", "v2"]},
        "body": {
            "mode": "urlencoded",
            "urlencoded": [{"key": "key", "value": "{{key}}"}, {"key": "action", "value": "balance"}],
        },
    }


def test_json_headers_and_trailing_slashes_are_kept():
    collection = load("gray-city")
    (ads,) = [one["request"] for one in collection["item"] if one["name"] == "Order an advertisement"]
    assert ads["header"] == [
        {"key": "Authorization", "value": "Token {{key}}"},
        {"key": "Content-Type", "value": "application/json"},
    ]
    assert ads["url"]["path"] == ["api", "order", "ads", "create", ""]
    assert json.loads(ads["body"]["raw"]) == {"product": 7, "description": "Ads Description"}


def test_tokens_are_variables_too():
    names = [one["key"] for one in load("happy-follower")["variable"]]
    assert names == ["base_url", "refresh_token", "token", "key"]
