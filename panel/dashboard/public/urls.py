"""The pages that everybody may see, within the dashboard's namespace."""

from django.urls import path

from panel.dashboard.views import landing, public_files, public_services, public_status, public_texts
from panel.support.models import SiteText

urlpatterns = [
    path("", landing.show_first_page, name="home"),
    path("services/", public_services.list_services, name="services"),
    path("services/<int:service_id>/", public_services.show_service, name="service"),
    path("status/", public_status.show_status, name="status"),
    path("terms/", public_texts.show_text, {"slug": SiteText.Slug.TERMS}, name="terms"),
    path("privacy/", public_texts.show_text, {"slug": SiteText.Slug.PRIVACY}, name="privacy"),
    path("favicon.ico", public_files.send_favicon, name="favicon"),
    path("robots.txt", public_files.send_robots, name="robots"),
]
