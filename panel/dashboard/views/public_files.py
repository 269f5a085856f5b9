"""Files that browsers and search engines ask for by themselves."""

from django.http import HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from panel.staff.rules import asks_nobody

DAY = 24 * 3600
OPEN_PAGES = ("services", "status", "terms", "privacy", "login")


@asks_nobody
@require_safe
@cache_control(public=True, max_age=DAY)
def send_favicon(request):
    """Where the mark is; pages name it themselves, so only old browsers and robots ask here."""
    return HttpResponseRedirect(static("img/mark.svg"))


@asks_nobody
@require_safe
@cache_control(public=True, max_age=DAY)
def send_robots(request):
    """The public pages and the reference may be searched; the rest is personal."""
    pages = [reverse(f"dashboard:{name}") for name in OPEN_PAGES]
    lines = ["User-agent: *", "Allow: /$", "Allow: /static/", "Allow: /api/docs/"]
    lines += [*(f"Allow: {page}" for page in pages), "Disallow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
