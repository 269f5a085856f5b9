"""The WSGI entry of the web process."""

import os
from io import BytesIO

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from panel.lib.wakeups import load_publisher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")

_django = get_wsgi_application()
load_publisher()


def application(environ, start_response):
    """Django, after a body that came in chunks got the length without which Django takes it for empty.

    No more of it is read than shows that it is too large.
    """
    if "HTTP_TRANSFER_ENCODING" in environ and not environ.get("CONTENT_LENGTH"):
        body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    return _django(environ, start_response)
