"""The terms of use and the privacy statement."""

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from panel.support.models import SiteText
from panel.support.site_texts import find_text


@never_cache
@require_safe
def show_text(request, slug):
    """The operator's text, or the panel's own where there is none."""
    context = {"text": find_text(slug, get_language()), "slug": slug, "other": _name_other(slug)}
    return render(request, "public/text.html", context)


def _name_other(slug):
    return next(other for other in SiteText.Slug if other != slug)
