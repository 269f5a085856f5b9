"""Where the API reference is; browsers' middleware runs there (panel/middleware.py)."""

from django.urls import path
from django.views.generic import RedirectView

from panel.api.docs import views

app_name = "api_docs"
urlpatterns = [
    path("api/docs", RedirectView.as_view(pattern_name="api_docs:index")),
    path("api/docs/", views.show_index, name="index"),
    path("api/docs/webhooks/", views.show_webhooks, name="webhooks"),
    path("api/docs/<slug:slug>/", views.show_contract, name="contract"),
    path("api/docs/<slug:slug>/openapi.json", views.send_openapi, name="openapi"),
    path("api/docs/<slug:slug>/postman.json", views.send_postman, name="postman"),
]
