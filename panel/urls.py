"""Where everything is mounted."""

from django.contrib import admin
from django.urls import include, path

from panel.dashboard.preferences import save_language

# The contracts: one line for each folder of panel/api, and the paths that two of them share.
api_urlpatterns = [
    path("", include("panel.api.standard.urls")),
    path("", include("panel.api.gray_city.urls")),
    path("", include("panel.api.happy_follower.urls")),
    path("", include("panel.api.panel_app.urls")),
    path("", include("panel.api.sms_rest.urls")),
    path("", include("panel.api.likenama.urls")),
    path("", include("panel.api.shared_paths")),
]

urlpatterns = [
    *api_urlpatterns,
    path("", include("panel.api.docs.urls")),
    path("", include("panel.api.nowhere")),
    path("admin/", admin.site.urls),
    path("language/", save_language, name="set_language"),
    path("", include("panel.dashboard.urls")),
]

handler500 = "panel.dashboard.views.errors.server_error"
