"""An empty Django view behind the panel's own middleware: what a page is measured against."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

PATH = "/empty/"
BODY = b"empty"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")


def show_nothing(request):
    """A page with nothing on it. It reads nothing; what the middleware reads of the session is all that is read."""
    return HttpResponse(BODY)


def make_application():
    """The WSGI application that serves this view before the panel's own."""
    settings.ROOT_URLCONF = "bench.empty_urls"
    django.setup(set_prefix=False)
    return WSGIHandler()
