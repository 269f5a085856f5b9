"""What tests of messages start from."""

import pytest

from tests.providers.conftest import way  # noqa: F401 - the same start as for tests of an order's way


@pytest.fixture
def gateway(db, sandbox, settings, monkeypatch):
    """The sandbox as the SMS gateway; a call may take 0.5 s. Sent messages are asked about when a test says so."""
    settings.SMS_GATEWAY_URL = f"{sandbox.url}/sms/api/v1/rest"
    settings.SMS_GATEWAY_TOKEN = "sandbox-sms-token"
    settings.SMS_PENDING_STATUS_SECONDS = 20
    monkeypatch.setattr("sms.routes.CALL_SECONDS", 0.5)
    return sandbox
