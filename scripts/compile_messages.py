"""Collects every translatable string, brings the Persian catalogue up to date and compiles it.

Run `python scripts/compile_messages.py` after changing a sentence; fill in what it lists as untranslated in
`locale/fa/LC_MESSAGES/django.po` and run it again.
"""

import io
import re
import sys
from pathlib import Path

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/fa/LC_MESSAGES/django.po"
PACKAGES = ("panel", "orders", "providers", "sms", "campaigns")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
# `gettext as _t`: a name of its own loses no sentence.
INDENT = re.compile(r"^[ \t]+", re.M)
ALIAS = re.compile(r"\b(\w*gettext\w*) as (\w+)")
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "fa",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}


def find_messages():
    """Every translatable string of the packages and templates: `{(context, msgid): msgid_plural or ""}`."""
    found = {}
    for source in read_sources():
        keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(source)}
        file = io.BytesIO(b"# -*- coding: utf-8 -*-\n" + source.encode())
        for _line, message, _comments, context in extract("python", file, keywords, (), {}):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            found[context, singular] = plural or found.get((context, singular), "")
    return found


def read_sources():
    """Each Python file as it is, each template as the Python that Django reads out of it."""
    from django.utils.translation.template import templatize  # here, not above: needs settings to be set up

    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        # What is left of a template is indented as its tags were, which is no Python.
        yield INDENT.sub("", templatize(path.read_text(encoding="utf-8"), origin=str(path)))


def update_catalogue(messages):
    """Add what is new, drop what is gone, and return the catalogue; translations stay as they are."""
    old = {}
    if CATALOGUE.exists():
        old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(CATALOGUE))}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = HEADER
    for (context, msgid), plural in sorted(messages.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        entry = old.get((context, msgid)) or polib.POEntry(msgctxt=context, msgid=msgid)
        entry.flags = ["python-format"] if "%(" in msgid else []
        if plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr, entry.msgstr_plural = plural, "", {0: "", 1: ""}
        catalogue.append(entry)
    return catalogue


def write_catalogue(messages):
    """Write the catalogue and its compiled form; returns the msgids that have no translation yet."""
    catalogue = update_catalogue(messages)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def main():
    import django  # here, not above: only the command sets it up itself
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    missing = write_catalogue(find_messages())
    for msgid in missing:
        sys.stdout.write(f"untranslated: {msgid}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
