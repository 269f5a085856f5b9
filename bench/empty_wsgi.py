"""The web process that serves the empty view."""

from bench.empty_view import make_application

application = make_application()
