"""Who may see a page."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh


def customer_required(view):
    """Send visitors to the login page; a fragment reloads its whole page, so that it lands there too.

    Nothing is kept by the browser: pages are personal, and one address answers with a page or a fragment.
    """
    guarded = login_required(view)

    @never_cache
    @wraps(view)
    def check(request, *args, **kwargs):
        if request.htmx and not request.user.is_authenticated:
            return HttpResponseClientRefresh()
        return guarded(request, *args, **kwargs)

    return check


def add_retry(response, throttled):
    """The response with Retry-After, as a LoginThrottled tells it."""
    response.headers["Retry-After"] = str(throttled.retry_after_seconds)
    return response
