"""Language and theme: kept in cookies, so the server renders both without a script or a flash."""

from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from panel.accounts.models import Customer

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
THEME_SECONDS = 365 * 24 * 3600


@require_POST
def save_language(request):
    """Switch the pages' language; a customer is also written to in it from now on."""
    language = request.POST.get("language")
    if request.user.is_authenticated and language in Customer.Language.values:
        Customer.objects.filter(pk=request.user.pk).update(language=language)
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
    """The address on this site that a form asks to go back to, or `default` when it names another site."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else default
