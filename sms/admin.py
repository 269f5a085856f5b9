"""The admin pages of SMS, by topic."""

from sms import (
    customer_block,
    gateway_admin,
    message_admin,
    pattern_admin,
    phonebook_admin,
    send_admin,
    template_admin,
)

__all__ = [
    "customer_block",
    "gateway_admin",
    "message_admin",
    "pattern_admin",
    "phonebook_admin",
    "send_admin",
    "template_admin",
]
