"""Where the like exchange's contract answers."""

from django.urls import path, re_path

from panel.api.likenama import bundles, campaigns, covers, login, messages, products, users
from panel.api.likenama.base import NowhereView

PREFIX = "api/"
ROUTES = {
    "campaigns": campaigns.CampaignsView,
    "campaigns/new": campaigns.ClassesView,
    "campaigns/next": campaigns.NextView,
    "campaigns/<str:campaign_id>/like": campaigns.LikeView,
    "campaigns/<str:campaign_id>/report": campaigns.ReportView,
    "products": products.ProductsView,
    "products/<str:product_id>/purchase": products.BuyProductView,
    "users/self": users.SelfView,
    "bundles": bundles.BundlesView,
    "bundles/<str:sku>/purchase": bundles.BuyBundleView,
    "messages": messages.MessagesView,
}

urlpatterns = [
    # Each with and without a trailing slash: a redirect would lose a POST.
    *(
        path(f"{PREFIX}{route}{slash}", view.as_view())
        for route, view in ROUTES.items()
        for slash in ("/", "")
    ),
    re_path(r"^api/(?:campaigns|products|users|bundles|messages)(?:/|$)", NowhereView.as_view()),
    # For browsers and the app's web view.
    re_path(r"^users/auth/instagram/?$", login.start, name="instagram_login"),
    re_path(r"^users/auth/instagram/callback/?$", login.come_back, name="instagram_callback"),
    re_path(r"^session/?$", login.show_session, name="app_session"),
    re_path(r"^covers/(?P<digest>[0-9a-f]{64})/?$", covers.show_cover, name="cover"),
]
