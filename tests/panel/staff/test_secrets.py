"""No value of a secret field gets into the log, whichever model it is of."""

import json

import pytest
from django.contrib import admin
from django.db import models

from panel.accounts.models import ApiToken, Customer
from panel.admin_site.auditing import HIDDEN, find_changes, is_secret, take_snapshot
from panel.lib.secrets import EncryptedTextField
from providers.models import Provider
from sms.models import Gateway

ALL = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
OLD, NEW = "OLD-SECRET-VALUE", "NEW-SECRET-VALUE"


def list_secrets(model):
    return [field.name for field in model._meta.concrete_fields if is_secret(field)]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label_lower)
def test_of_a_secret_it_is_only_told_that_it_changed(model):
    fields = [field for field in model._meta.concrete_fields if is_secret(field)]
    before = {field.name: OLD for field in fields}
    after = {field.name: NEW for field in fields}
    changes = find_changes(model, before, after)
    assert changes == {field.name: [HIDDEN, HIDDEN] for field in fields}
    assert "SECRET-VALUE" not in json.dumps(changes)


def test_what_is_encrypted_or_binary_is_secret_everywhere():
    for model in ALL:
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField | models.BinaryField):
                assert is_secret(field) is True, (model, field)


def test_passwords_keys_and_digests_are_among_them():
    assert list_secrets(Customer) == ["password"]
    assert list_secrets(ApiToken) == ["digest"]
    assert (list_secrets(Provider), list_secrets(Gateway)) == (["key", "password"], ["token", "password"])


def test_a_secret_that_is_set_or_emptied_is_told_as_such():
    changes = find_changes(Provider, {"key": ""}, {"key": NEW})
    assert changes == {"key": [None, HIDDEN]}


def test_fields_that_were_not_loaded_are_left_out(db):
    Provider.objects.create(name="Up", url="https://up.example/api", key=OLD)
    row = Provider.objects.defer("key", "password").get()
    assert {"key", "password"} & take_snapshot(row).keys() == set()
