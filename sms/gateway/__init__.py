"""The client of the REST SMS gateway (contracts/sms-gateway-rest.txt)."""

from sms.gateway.codes import DeliveryState
from sms.gateway.errors import (
    AccountError,
    GatewayError,
    NotSent,
    PhonebookError,
    Refused,
    ReportError,
    SendingError,
    ServerError,
    Unclear,
)
from sms.gateway.rest import Credit, RestGateway, SentMessage

__all__ = [
    "AccountError",
    "Credit",
    "DeliveryState",
    "GatewayError",
    "NotSent",
    "PhonebookError",
    "Refused",
    "ReportError",
    "RestGateway",
    "SendingError",
    "SentMessage",
    "ServerError",
    "Unclear",
]
