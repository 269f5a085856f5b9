"""Every sentence has its Persian, and what Django reads is what the catalogue says.

When one of these fails: `python scripts/compile_messages.py`, translate what it lists, and run it again.
"""

import re

import polib
import pytest
from django.utils.translation import gettext, ngettext, override

from scripts.compile_messages import CATALOGUE, find_messages, update_catalogue

BLANK = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def messages():
    return find_messages()


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def identify(entries):
    return sorted((entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries)


def pair_forms(entry):
    """`(English, Persian)` of the sentence, or of its singular and its plural."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
    return [(entry.msgid, entry.msgstr)]


def test_the_search_finds_strings_of_python_templates_and_plurals(messages):
    assert (None, "Your order {id} is completed.") in messages  # Python
    assert (None, "Order #%(order)s is in the queue again.") in messages  # gettext under another name
    assert (None, "Place the order") in messages  # {% translate %}
    assert (None, "Order #%(number)s") in messages  # {% blocktranslate %}
    assert messages[None, "Too many tries. Wait a minute and try again."].startswith(
        "Too many tries. Wait %("
    )


def test_the_catalogue_holds_exactly_the_strings_in_use(messages, catalogue):
    used = sorted((context or "", msgid, plural) for (context, msgid), plural in messages.items())
    assert identify(catalogue) == used


def test_every_string_has_a_persian_translation(messages):
    assert [entry.msgid for entry in update_catalogue(messages).untranslated_entries()] == []


def test_nothing_is_left_fuzzy_or_obsolete(catalogue):
    assert [entry.msgid for entry in [*catalogue.fuzzy_entries(), *catalogue.obsolete_entries()]] == []


def test_translations_keep_the_blanks(catalogue):
    """A blank that is lost or misspelled would break the sentence, or the page, only in Persian."""
    pairs = [pair for entry in catalogue for pair in pair_forms(entry)]
    wrong = [pair for pair in pairs if len({tuple(sorted(BLANK.findall(form))) for form in pair}) > 1]
    assert wrong == []


def test_translations_are_in_persian_letters(catalogue):
    """Arabic ي and ك look alike in some fonts and are found by no search; a sentence left in English is none."""
    pairs = [pair for entry in catalogue for pair in pair_forms(entry)]
    assert [persian for _, persian in pairs if set("يكى") & set(persian)] == []
    same = {english for english, persian in pairs if english == persian and LATIN_WORDS.search(english)}
    assert same == {"API"}  # what Persian speakers call it too


def test_the_compiled_catalogue_is_the_written_one(catalogue, tmp_path):
    """Compared with a fresh compilation byte by byte, so it is also the same on every machine."""
    fresh = tmp_path / "django.mo"
    catalogue.save_as_mofile(str(fresh))
    assert CATALOGUE.with_suffix(".mo").read_bytes() == fresh.read_bytes()


def test_django_reads_it():
    with override("fa"):
        assert gettext("Your order {id} is completed.") == "سفارش {id} شما تکمیل شد."
        many = ngettext("%(count)s event is handed out again.", "%(count)s events are handed out again.", 3)
        assert many == "%(count)s رویداد دوباره به جریان افتاد."
    with override("en"):
        assert gettext("Your order {id} is completed.") == "Your order {id} is completed."
