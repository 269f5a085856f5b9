"""The outermost middleware: each request gets its id, which goes back to the caller, and one line in the log.

The line names the route, not the path: paths and queries may hold keys.
"""

import logging
from time import perf_counter

from panel.lib.measures import REQUEST_SECONDS, REQUESTS
from panel.lib.tracing import bound, current_trace, note, read_request_id

log = logging.getLogger("panel.access")
HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_ROUTE = "none"  # static files, redirects to https, and what is nowhere


class RequestLogMiddleware:
    """First in MIDDLEWARE, so that the lines of all others carry the id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = perf_counter()
        trace, text = read_request_id(request.META)
        with bound(trace=trace):
            response = self.get_response(request)
            response.headers[HEADER] = text or str(trace)
            _note_user(request)
            _tell(request, response, text, perf_counter() - began)
        return response


def _note_user(request):
    """The customer of a page, where it was asked for; APIs note theirs where they find it."""
    user = getattr(request, "_cached_user", None)
    if user is not None and user.pk:
        note(customer=user.pk)


def _tell(request, response, own_id, seconds):
    match = request.resolver_match
    route = match.route if match else NO_ROUTE
    REQUESTS.count(route, request.method if request.method in METHODS else "other", response.status_code)
    REQUEST_SECONDS.observe(seconds, route)
    if not log.isEnabledFor(logging.INFO):
        return
    fields = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "request_id": own_id if own_id != str(current_trace()) else None,
    }
    log.info("request", extra={"fields": fields})
