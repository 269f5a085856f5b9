"""The WSGI entry of the web process."""

import os

from django.core.wsgi import get_wsgi_application

from panel.lib.wakeups import load_publisher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")

application = get_wsgi_application()
load_publisher()
