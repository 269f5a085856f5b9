"""Django's browser middleware, passed by on API paths, and the content policy of pages.

Sessions, CSRF, languages and messages belong to browsers. An API call has none of them, and leaving them
out of its way is worth about a tenth of its time. The reference below DOCS_PREFIX is pages, for browsers.
"""

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.middleware import common, csrf, locale
from django_htmx import middleware as htmx

from panel.accounts.browser_sessions import Origin
from panel.lib.client_address import read_client_address

API_PREFIX = "/api/"
DOCS_PREFIX = "/api/docs/"


def is_api_path(path):
    """Whether programs call this path, not browsers."""
    return path.startswith(API_PREFIX) and not path.startswith(DOCS_PREFIX)


class _SeenSessions(sessions.SessionMiddleware):
    """Tells the session where the request comes from, and lets it note that its browser was here."""

    def process_request(self, request):
        super().process_request(request)
        agent = request.META.get("HTTP_USER_AGENT", "")
        request.session.origin = Origin(read_client_address(request.META), agent)

    def process_response(self, request, response):
        response = super().process_response(request, response)
        if response.status_code < 500 and hasattr(request, "session"):
            request.session.touch()
        return response


def _browser_only(base):
    """`base`, doing nothing for a path that programs call."""

    class BrowserOnly(base):
        sync_capable, async_capable = True, False

        def __call__(self, request):
            if is_api_path(request.path_info):
                return self.get_response(request)
            return super().__call__(request)

        if hasattr(base, "process_view"):

            def process_view(self, request, callback, callback_args, callback_kwargs):
                if is_api_path(request.path_info):
                    return None
                return super().process_view(request, callback, callback_args, callback_kwargs)

    BrowserOnly.__name__ = BrowserOnly.__qualname__ = base.__name__
    return BrowserOnly


SessionMiddleware = _browser_only(_SeenSessions)
LocaleMiddleware = _browser_only(locale.LocaleMiddleware)
CommonMiddleware = _browser_only(common.CommonMiddleware)
CsrfViewMiddleware = _browser_only(csrf.CsrfViewMiddleware)
AuthenticationMiddleware = _browser_only(auth.AuthenticationMiddleware)
MessageMiddleware = _browser_only(messages.MessageMiddleware)
HtmxMiddleware = _browser_only(htmx.HtmxMiddleware)


class ContentPolicyMiddleware:
    """Sends the strict Content-Security-Policy and forbids framing on every page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not is_api_path(request.path_info):
            response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response
