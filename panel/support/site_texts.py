"""The operator's own terms and privacy statement, in each language, for the public pages."""

from datetime import datetime

from panel.support.models import SiteText


def find_text(slug, language):
    """The SiteText of that slug to show to readers of `language`, or None while the operator wrote none.

    What was written in another language alone is shown in that one: it binds, and a text of ours would not.
    """
    texts = {text.language: text for text in SiteText.objects.filter(slug=slug)}
    return texts.get(language) or next(iter(texts.values()), None)


def name_version(language):
    """The version of the terms that readers of `language` are shown now, as text; "" for the panel's own."""
    text = find_text(SiteText.Slug.TERMS, language)
    return text.changed.isoformat() if text else ""


def read_version(name):
    """When the terms of that name (see name_version) were last changed; None for the panel's own."""
    return datetime.fromisoformat(name) if name else None
