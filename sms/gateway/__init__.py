"""SMS gateways: each kind translates, none decides. To open one of any kind, see sms.gateway.kinds."""

from sms.gateway.base import Credit, Outgoing, Taken, Transport
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
from sms.gateway.kinds import KINDS, open_transport
from sms.gateway.rest import RestGateway, SentMessage

__all__ = [
    "KINDS",
    "AccountError",
    "Credit",
    "DeliveryState",
    "GatewayError",
    "NotSent",
    "Outgoing",
    "PhonebookError",
    "Refused",
    "ReportError",
    "RestGateway",
    "SendingError",
    "SentMessage",
    "ServerError",
    "Taken",
    "Transport",
    "Unclear",
    "open_transport",
]
