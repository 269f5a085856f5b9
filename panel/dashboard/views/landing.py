"""The address of the site itself: visitors see what this is, customers their own first page."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from panel.dashboard.public.figures import read_figures
from panel.dashboard.public.offers import list_most_ordered
from panel.dashboard.views.home import show_home


def show_first_page(request):
    """Whoever is logged in, or was when the page that asks for a fragment was opened, is at home."""
    if request.user.is_authenticated or request.htmx:
        return show_home(request)
    return _show_landing(request)


@never_cache
def _show_landing(request):
    context = {"figures": read_figures(), "offers": list_most_ordered()}
    return render(request, "public/landing.html", context)
