"""Language and theme: kept in cookies, so the server renders both without a script or a flash."""

from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from panel.accounts.profiles import choose_language

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
THEME_SECONDS = 365 * 24 * 3600


@require_POST
def save_language(request):
    """Switch the pages' language; a customer is also written to in it from now on, unless staff act as them."""
    if request.user.is_authenticated and getattr(request, "acting", None) is None:
        choose_language(request.user.pk, request.POST.get("language"))
    return set_language(request)


@require_POST
def save_theme(request):
    """Switch between light, dark and what the system says, and go back to the page it was done on."""
    theme = request.POST.get("theme")
    if theme not in THEMES:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(read_next(request))
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=THEME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def read_next(request, default="/"):
    """The address on this site that a form or a link asks to go on to, or `default` when it names another site.

    A bare word is none: `redirect` would take it for the name of a view.
    """
    address = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe and "/" in address else default
