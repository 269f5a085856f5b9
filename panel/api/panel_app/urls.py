"""Where panel-app answers; `services` and `order` are in api/shared_paths.py."""

from django.urls import path

from panel.api.panel_app import (
    accounts,
    catalogue,
    gifts,
    notifications,
    orders,
    payments,
    rewards,
    stats,
    tickets,
)

ROUTES = {
    "login": accounts.LoginView,
    "login/verify": accounts.VerifyView,
    "logout": accounts.LogoutView,
    "user": accounts.UserView,
    "user/payment": payments.PaymentView,
    "user/payment/verify": payments.VerifyPaymentView,
    "user/payment/test": payments.RehearsalView,
    "user/notifications": notifications.NotificationsView,
    "user/notifications/unread": notifications.UnreadView,
    "user/tickets": tickets.TicketsView,
    "user/tickets/<str:ticket_id>": tickets.OneTicketView,
    "stats/top_users": stats.TopUsersView,
    "stats/top_services": stats.TopServicesView,
    "categories": catalogue.CategoriesView,
    "order/<str:order_id>": orders.OneOrderView,
    "user/freecredit": rewards.FreeCreditView,
    "user/wof": rewards.WheelView,
    "user/gifts": gifts.GiftsView,
}

# Each with and without a trailing slash: a redirect would lose a POST.
urlpatterns = [
    path(f"api/v1/{route}{slash}", view.as_view()) for route, view in ROUTES.items() for slash in ("/", "")
]
