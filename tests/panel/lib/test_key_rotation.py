"""Old keys of encrypted fields: every field is found, brought under the newest key, and nothing else changes."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from panel.lib import key_rotation
from panel.lib.key_rotation import count_field_keys, list_encrypted_fields, rotate_field_keys
from panel.lib.secrets import InvalidToken, encrypt
from providers.models import Provider
from sms.models import Message
from tests.factories import make_provider
from tests.filling import fill_row

OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))
PROVIDER_KEY = Provider._meta.get_field("key")


@pytest.fixture
def two_keys(settings):
    """Everything is written with the old key; a newer one stands in front when `rotate` is called."""
    settings.FIELD_KEYS = [OLD]

    def rotate():
        settings.FIELD_KEYS = [NEW, OLD]

    return rotate


def read_raw(field):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field.column} FROM {field.model._meta.db_table} ORDER BY 1")  # noqa: S608
        return [value for (value,) in cursor.fetchall()]


def test_every_encrypted_field_is_rotated_and_reads_the_same_without_the_old_key(db, settings, two_keys):
    fields = list_encrypted_fields()
    rows = {model: fill_row(model, "sesame") for model in {field.model for field in fields}}
    two_keys()
    for field in fields:
        count = rotate_field_keys(field)
        assert (count.rotated >= 1, count.newest, count.is_done) == (True, 0, True), field
    settings.FIELD_KEYS = [NEW]
    for field in fields:
        assert (
            getattr(rows[field.model]._meta.model.objects.get(pk=rows[field.model].pk), field.name)
            == "sesame"
        )


def test_all_fields_are_found():
    assert {str(field) for field in list_encrypted_fields()} == {
        "accounts.SecondFactor.secret",
        "campaigns.BundlePurchase.token",
        "campaigns.ProductCode.code",
        "orders.WebhookEndpoint.secret",
        "providers.Provider.key",
        "providers.Provider.password",
        "sms.Gateway.password",
        "sms.Gateway.token",
        "sms.Message.text",
        "sms.Message.values",
        "sms.Send.text",
        "sms.Send.values",
    }


def test_many_rows_are_rotated_in_batches_and_a_second_run_finds_them_done(db, two_keys, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    for number in range(5):
        make_provider("http://127.0.0.1:1", key=f"key-{number}")
    two_keys()
    first, second = rotate_field_keys(PROVIDER_KEY), rotate_field_keys(PROVIDER_KEY)
    assert (first.newest, first.rotated, second.newest, second.rotated) == (0, 5, 5, 0)
    assert sorted(Provider.objects.values_list("key", flat=True)) == [f"key-{n}" for n in range(5)]


def test_a_value_that_was_written_meanwhile_stays(db, two_keys):
    provider = make_provider("http://127.0.0.1:1", key="read by the run")
    (stale,) = read_raw(PROVIDER_KEY)
    Provider.objects.filter(pk=provider.pk).update(key="written meanwhile")
    two_keys()
    done = key_rotation._exchange(PROVIDER_KEY, [(provider.pk, stale, encrypt("read by the run"))])
    provider.refresh_from_db()
    assert (done, provider.key) == (0, "written meanwhile")


def test_empty_and_unreadable_values_are_left_alone(db, settings, two_keys):
    make_provider("http://127.0.0.1:1", key="")
    settings.FIELD_KEYS = [FOREIGN]
    make_provider("http://127.0.0.1:1", key="of a lost key")
    before = read_raw(PROVIDER_KEY)
    two_keys()
    count = rotate_field_keys(PROVIDER_KEY)
    assert (count.unreadable, count.rotated, count.is_done) == (1, 0, False)
    assert read_raw(PROVIDER_KEY) == before


def test_the_check_changes_nothing_and_fails_until_all_is_done(db, settings, two_keys, capsys):
    fill_row(Message, "hello", key="one", to="+989120003001")
    before = read_raw(Message._meta.get_field("text"))
    two_keys()
    with pytest.raises(CommandError, match="2 values are not under the newest key"):
        call_command("rotate_field_keys", "--check")
    assert read_raw(Message._meta.get_field("text")) == before
    call_command("rotate_field_keys")
    call_command("rotate_field_keys", "--check")
    assert "older ones can be dropped" in capsys.readouterr().out
    settings.FIELD_KEYS = [NEW]
    assert Message.objects.get().text == "hello"
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(InvalidToken):
        Message.objects.get()


def test_what_is_counted_without_rotating_is_told_as_old(db, two_keys):
    make_provider("http://127.0.0.1:1", key="one")
    two_keys()
    count = count_field_keys(PROVIDER_KEY)
    assert (count.newest, count.rotated, count.old, count.is_done) == (0, 0, 1, False)
