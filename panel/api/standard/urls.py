"""Where the standard API answers, with and without a trailing slash."""

from django.urls import path

from panel.api.standard.views import call

urlpatterns = [path("api/v2", call), path("api/v2/", call, name="standard")]
