"""Secrets at rest and tokens."""

import re

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from panel.lib.secrets import InvalidToken, decrypt, digest_token, encrypt, new_token
from providers.models import Provider
from tests.factories import make_provider

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_encrypted_comes_back(text):
    token = encrypt(text)
    assert decrypt(token) == text
    assert token != encrypt(text)


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings):
    settings.FIELD_KEYS = [OLD]
    token = encrypt("secret")
    settings.FIELD_KEYS = [NEW, OLD]
    assert decrypt(token) == "secret"
    newer = encrypt("secret")
    settings.FIELD_KEYS = [NEW]
    assert decrypt(newer) == "secret"
    with pytest.raises(InvalidToken):
        decrypt(token)


def stored_key(provider):
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM providers_provider WHERE id = %s", [provider.pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_database_never_sees_the_secret():
    provider = make_provider("http://127.0.0.1:1", key="sandbox-key")
    assert "sandbox-key" not in stored_key(provider)
    assert decrypt(stored_key(provider)) == "sandbox-key"
    assert Provider.objects.get(pk=provider.pk).key == "sandbox-key"


@pytest.mark.django_db
def test_empty_stays_empty():
    provider = make_provider("http://127.0.0.1:1", key="")
    assert stored_key(provider) == ""
    assert Provider.objects.get(key="").key == ""


def test_tokens_are_long_apart_and_plain():
    tokens = {new_token("p-") for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch(r"p-[\w-]{32}", token) for token in tokens)


@pytest.mark.parametrize("token", ["", "a", "کلید", "\ud800", "x" * 10_000])
def test_any_text_has_a_digest_of_32_bytes(token):
    assert len(digest_token(token)) == 32
    assert digest_token(token) != digest_token(token + "x")
