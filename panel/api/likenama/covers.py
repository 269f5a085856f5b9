"""Pictures of campaigns, served by us: public, never changing under their digest, and nothing but pictures."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from campaigns.covers import find_cover
from panel.staff.rules import asks_nobody

YEAR_SECONDS = 365 * 86_400


@asks_nobody
@require_safe
def show_cover(request, digest):
    """`GET covers/{digest}`: the stored bytes under the type that they were found to be of; 304 for whoever has them.

    Were a picture opened by itself and taken for a page, it could load and run nothing.
    """
    cover = find_cover(digest)
    if cover is None:
        raise Http404
    etag = f'"{digest}"'
    headers = {
        "Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    response = HttpResponse(bytes(cover.content), content_type=cover.content_type, headers=headers)
    return get_conditional_response(request, etag=etag, response=response)


def build_cover_url(digest):
    """The address of a cover by its digest; None where there is no picture."""
    return digest and settings.BASE_URL.rstrip("/") + reverse("cover", args=[digest])
