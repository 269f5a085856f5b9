"""The page for our own failures: it asks neither the database nor the session, which may be what failed."""

from django.http import HttpResponseServerError
from django.template.loader import render_to_string

from panel.dashboard.context import PageFrame


def server_error(request):
    """The 500 page in the language and theme of the browser that asked."""
    return HttpResponseServerError(render_to_string("500.html", {"frame": PageFrame(request)}))
