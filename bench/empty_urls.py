"""The panel's addresses, which its middleware asks for, and the empty view before them."""

from django.urls import include, path

from bench.empty_view import PATH, show_nothing

urlpatterns = [path(PATH.removeprefix("/"), show_nothing), path("", include("panel.urls"))]
