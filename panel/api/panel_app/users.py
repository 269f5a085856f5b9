"""How a customer looks in panel-app (contracts: panel-app-v1, user)."""

from orders.models import CustomerTotal
from panel.api.panel_app.base import unix
from panel.lib.mobile import national_mobile
from panel.wallet.ledger import read_balance


def describe_user(customer):
    """The document's keys of a Customer; `balance` and `spent` are toman. A new mobile is shown as not verified."""
    mobile = customer.new_mobile or customer.mobile
    return {
        "id": customer.pk,
        "ids": None,
        "role": "admin" if customer.is_staff else "user",
        "login_type": None,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "mobile": national_mobile(mobile) if mobile else None,
        "mobile_verified": int(customer.mobile_verified and not customer.new_mobile),
        "timezone": None,
        "more_information": None,
        "settings": None,
        "desc": None,
        "balance": read_balance(customer.pk),
        "custom_rate": customer.percent_off,
        "api_key": None,
        "spent": _find_spent(customer),
        "activation_key": None,
        "reset_key": None,
        "history_ip": None,
        "status": int(customer.is_active),
        "changed": unix(customer.changed),
        "created": unix(customer.created),
    }


def _find_spent(customer):
    return CustomerTotal.objects.filter(customer=customer).values_list("amount", flat=True).first()
