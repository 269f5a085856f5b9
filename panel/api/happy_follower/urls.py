"""Where happy-follower and its sandbox answer; `services` and `order` of the real one are in api/shared_paths.py."""

from django.urls import path, re_path

from panel.api.happy_follower import sandbox_views as sandbox
from panel.api.happy_follower import views
from panel.api.happy_follower.auth import SANDBOX


def _under(prefix, routes):
    """Each route with and without a trailing slash: a redirect would lose a POST."""
    return [path(f"{prefix}{route}{slash}", view) for route, view in routes.items() for slash in ("/", "")]


urlpatterns = [
    *_under(
        "api/v1/",
        {
            "auth": views.AuthView.as_view(),
            "ref-auth": views.RefAuthView.as_view(),
            "status": views.StatusView.as_view(),  # names no order
            "status/<str:order_id>": views.StatusView.as_view(),
            "cancel": views.CancelView.as_view(),
            "recheck": views.RecheckView.as_view(),
            "credit": views.CreditView.as_view(),
        },
    ),
    *_under(
        "api/sandbox/v1/",
        {
            "auth": views.AuthView.as_view(contract=SANDBOX),
            "ref-auth": views.RefAuthView.as_view(contract=SANDBOX),
            "services": views.ServicesView.as_view(contract=SANDBOX),
            "order": sandbox.TrialOrderView.as_view(),
            "status": sandbox.TrialStatusView.as_view(),
            "status/<str:order_id>": sandbox.TrialStatusView.as_view(),
            "credit": sandbox.PlayCreditView.as_view(),
        },
    ),
    re_path(r"^api/sandbox/v1(/.*)?$", views.NowhereView.as_view()),
    re_path(r"^api/v1/(auth|ref-auth|status|cancel|recheck|credit)/.*$", views.NowhereView.as_view()),
]
