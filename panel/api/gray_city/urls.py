"""Where gray-city answers: the document's paths, each with and without a trailing slash."""

from django.urls import re_path

from panel.api.gray_city import views

urlpatterns = [
    re_path(r"^api/v2/user/token/?$", views.UserTokenView.as_view(), name="gray-city-token"),
    re_path(r"^api/v2/user/info/?$", views.UserInfoView.as_view(), name="gray-city-info"),
    re_path(r"^api/v2/categories/?$", views.CategoriesView.as_view(), name="gray-city-categories"),
    re_path(
        r"^api/v2/order/create/?$",
        views.CreateOrderView.as_view(service_word="product"),
        name="gray-city-create-v2",
    ),
    re_path(r"^api/order/create/?$", views.CreateOrderView.as_view(), name="gray-city-create"),
    re_path(
        r"^api/order/watch-time/create/?$", views.CreateWatchTimeView.as_view(), name="gray-city-watch-time"
    ),
    re_path(r"^api/order/follower/create/?$", views.CreateFollowerView.as_view(), name="gray-city-follower"),
    re_path(
        r"^api/order/follower-pro/create/?$",
        views.CreateFollowerProView.as_view(),
        name="gray-city-follower-pro",
    ),
    re_path(r"^api/order/ads/create/?$", views.CreateAdsView.as_view(), name="gray-city-ads"),
    re_path(r"^api/order/tracking/?$", views.TrackingView.as_view(), name="gray-city-tracking"),
]
