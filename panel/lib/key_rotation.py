"""Encrypted fields under the newest of settings.FIELD_KEYS, so that an older key can be dropped.

Beside running processes: a value is exchanged where it still is the one that was read, so nothing written meanwhile
is lost. Again and again does no harm, and a run that was broken off is simply run again: what is done is passed by.
"""

from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection

from panel.lib.secrets import EncryptedTextField, decrypt, encrypt

BATCH = 500


@dataclass
class Count:
    """What was found of one field: under the newest key, rotated now, still old, and under no key that is known."""

    field: str
    newest: int = 0
    rotated: int = 0
    old: int = 0
    unreadable: int = 0

    @property
    def is_done(self):
        """Whether nothing of it needs an older key."""
        return not (self.old or self.unreadable)


def list_encrypted_fields():
    """All `EncryptedTextField`s of all models, by name."""
    found = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]
    return sorted(found, key=str)


def count_field_keys(field):
    """The `Count` of a field, changing nothing."""
    return _walk(field, rotate=False)


def rotate_field_keys(field):
    """Encrypt every value of a field with the newest key; returns its `Count`. Commits after each batch."""
    return _walk(field, rotate=True)


def _walk(field, rotate):
    count, newest = Count(str(field)), Fernet(settings.FIELD_KEYS[0])
    for rows in _read_batches(field):
        old = [(pk, value) for pk, value in rows if not _is_of(newest, value)]
        fresh = [(pk, value, text) for pk, value, text in _decrypt_all(old) if text is not None]
        count.newest += len(rows) - len(old)
        count.unreadable += len(old) - len(fresh)
        if rotate and fresh:
            done = _exchange(field, [(pk, value, encrypt(text)) for pk, value, text in fresh])
            count.rotated += done
            count.old += _count_left(field, newest, fresh) if done < len(fresh) else 0
        else:
            count.old += len(fresh)
    return count


def _read_batches(field):
    """Lists of `(pk, ciphertext)` in the order of the primary key, as the database has them."""
    table, pk, column = _names(field)
    start, last = "", []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' {start} ORDER BY {pk} LIMIT {BATCH}",  # noqa: S608 - names of ours
                last,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        start, last = f"AND {pk} > %s", [rows[-1][0]]


def _exchange(field, values):
    """Put the third of each `(pk, old, new)` where the second still is; returns how many were exchanged."""
    table, pk, column = _names(field)
    kind = field.model._meta.pk.db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = v.fresh FROM unnest(%s::{kind}[], %s::text[], %s::text[])"  # noqa: S608 - names of ours
            f" AS v (pk, old, fresh) WHERE t.{pk} = v.pk AND t.{column} = v.old",
            [list(each) for each in zip(*values, strict=True)],
        )
        return cursor.rowcount


def _count_left(field, newest, rows):
    """Of rows that somebody else wrote meanwhile: how many are under an older key, or were emptied, or are fine."""
    table, pk, column = _names(field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {table} WHERE {pk} = ANY(%s) AND {column} <> ''",  # noqa: S608 - names of ours
            [[pk for pk, *_ in rows]],
        )
        return sum(not _is_of(newest, value) for (value,) in cursor.fetchall())


def _decrypt_all(rows):
    for pk, value in rows:
        try:
            yield pk, value, decrypt(value)
        except InvalidToken:
            yield pk, value, None


def _is_of(cipher, value):
    try:
        cipher.decrypt(value.encode())
    except InvalidToken:
        return False
    return True


def _names(field):
    quote = connection.ops.quote_name
    meta = field.model._meta
    return quote(meta.db_table), quote(meta.pk.column), quote(field.column)
