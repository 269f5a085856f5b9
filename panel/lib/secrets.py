"""Secrets at rest: a text field encrypted with keys that can be rotated, and random tokens."""

import hashlib
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac


@cache
def _cipher(keys):
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text):
    """The text as a token made with the newest of settings.FIELD_KEYS."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token):
    """The text behind a token made with any of settings.FIELD_KEYS. Raises InvalidToken for another key."""
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()


class EncryptedTextField(models.TextField):
    """Text that the database only ever sees encrypted; empty stays empty, so it can be looked for."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value


def new_token(prefix=""):
    """A random token of 192 bits, as text that needs no quoting in a URL or form."""
    return prefix + secrets.token_urlsafe(24)


def digest_token(token):
    """The 32 bytes under which a token is stored: SHA-256, enough for what is random and long."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def digest_keyed(salt, text):
    """32 bytes for what is short and could be guessed: keyed with SECRET_KEY, so a table alone gives nothing away."""
    return list_keyed_digests(salt, text)[0]


def list_keyed_digests(salt, text):
    """`digest_keyed` by SECRET_KEY and then by each of SECRET_KEY_FALLBACKS, under which it may have been stored."""
    return [
        salted_hmac(salt, text, secret=secret, algorithm="sha256").digest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


__all__ = [
    "EncryptedTextField",
    "InvalidToken",
    "decrypt",
    "digest_keyed",
    "digest_token",
    "encrypt",
    "list_keyed_digests",
    "new_token",
]
