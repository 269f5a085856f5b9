"""The customer's pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from panel.dashboard import preferences
from panel.dashboard.views import api_keys, home, notifications, ordering, orders, sessions, wallet, webhooks

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
    path("api-keys/", api_keys.list_keys, name="api_keys"),
    path("api-keys/new/", api_keys.new_key, name="new_api_key"),
    path("api-keys/<int:key_id>/", api_keys.edit_key, name="edit_api_key"),
    path("api-keys/<int:key_id>/rotate/", api_keys.rotate_key, name="rotate_api_key"),
    path("api-keys/<int:key_id>/revoke/", api_keys.revoke_key, name="revoke_api_key"),
    path("webhooks/", webhooks.list_webhooks, name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhooks.show_webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/switch/", webhooks.switch, name="switch_webhook"),
    path("webhooks/<int:webhook_id>/secret/", webhooks.replace_secret, name="webhook_secret"),
    path("webhooks/<int:webhook_id>/test/", webhooks.send_test, name="test_webhook"),
    path("webhooks/<int:webhook_id>/delete/", webhooks.delete, name="delete_webhook"),
    path("webhooks/deliveries/<int:delivery_id>/resend/", webhooks.resend, name="resend_delivery"),
    path("notifications/", notifications.list_notifications, name="notifications"),
    path("notifications/read/", notifications.mark_all_read, name="read_notifications"),
    path("notifications/<uuid:notification_id>/read/", notifications.mark_read, name="read_notification"),
]
