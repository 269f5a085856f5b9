"""The client of Kavenegar's public HTTP API, version 1."""

from sms.gateway.kavenegar.gateway import KavenegarGateway
from sms.gateway.kavenegar.transport import KavenegarTransport

__all__ = ["KavenegarGateway", "KavenegarTransport"]
