"""Bringing the Persian catalogue up to date."""

import polib
import pytest

from scripts import compile_messages

MESSAGES = {(None, "Wallet"): "", (None, "%(count)s order"): "%(count)s orders", ("noun", "Order"): ""}


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A catalogue of its own, with one sentence that is still in use and one that is not."""
    path = tmp_path / "locale/fa/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    old = polib.POFile()
    old += [polib.POEntry(msgid="Wallet", msgstr="کیف پول"), polib.POEntry(msgid="Gone", msgstr="رفته")]
    old.save(str(path))
    monkeypatch.setattr(compile_messages, "CATALOGUE", path)
    return path


def test_translations_stay_new_strings_come_and_old_ones_go(catalogue):
    updated = compile_messages.update_catalogue(MESSAGES)
    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural, entry.msgstr) for entry in updated] == [
        (None, "%(count)s order", "%(count)s orders", ""),
        ("noun", "Order", "", ""),
        (None, "Wallet", "", "کیف پول"),
    ]
    assert [entry.msgid for entry in updated.untranslated_entries()] == ["%(count)s order", "Order"]
    assert updated[0].flags == ["python-format"]


def test_it_says_what_is_missing_until_all_is_there(catalogue):
    assert compile_messages.write_catalogue(MESSAGES) == ["%(count)s order", "Order"]
    written = polib.pofile(str(catalogue))
    written[0].msgstr_plural = {0: "%(count)s سفارش", 1: "%(count)s سفارش"}
    written[1].msgstr = "سفارش"
    written.save()
    assert compile_messages.write_catalogue(MESSAGES) == []
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        "%(count)s order": "",
        "Order": "سفارش",
        "Wallet": "کیف پول",
    }


def test_writing_it_again_changes_no_byte(catalogue):
    def read():
        return catalogue.read_bytes(), catalogue.with_suffix(".mo").read_bytes()

    compile_messages.write_catalogue(MESSAGES)
    first = read()
    compile_messages.write_catalogue(dict(reversed(MESSAGES.items())))
    assert read() == first


@pytest.mark.parametrize(
    "line",
    [
        'from django.utils.translation import gettext as say\nsay("Hello")',
        'from django.utils.translation import gettext_lazy as _\n_("Hello")',
        'from django.utils.translation import gettext\ngettext("Hel"\n    "lo")',
    ],
)
def test_sentences_are_found_under_any_name(monkeypatch, line):
    monkeypatch.setattr(compile_messages, "read_sources", lambda: [line])
    assert compile_messages.find_messages() == {(None, "Hello"): ""}
