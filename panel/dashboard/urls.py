"""The customer's pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from panel.dashboard import preferences
from panel.dashboard.views import home, notifications, ordering, orders, sessions, wallet

app_name = "dashboard"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("login/", sessions.CustomerLogin.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", preferences.save_theme, name="theme"),
    path("orders/", orders.list_orders, name="orders"),
    path("orders/new/", ordering.new_order, name="new_order"),
    path("orders/new/services/", ordering.search, name="search_services"),
    path("orders/new/fields/", ordering.show_fields, name="order_fields"),
    path("orders/new/price/", ordering.show_price, name="order_price"),
    path("orders/<int:order_id>/", orders.show_order, name="order"),
    path("orders/<int:order_id>/cancel/", orders.cancel, name="cancel_order"),
    path("orders/<int:order_id>/refill/", orders.refill, name="refill_order"),
    path("wallet/", wallet.show_wallet, name="wallet"),
    path("notifications/", notifications.list_notifications, name="notifications"),
    path("notifications/read/", notifications.mark_all_read, name="read_notifications"),
    path("notifications/<uuid:notification_id>/read/", notifications.mark_read, name="read_notification"),
]
