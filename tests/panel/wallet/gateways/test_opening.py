import pytest

from panel.wallet.gateways.opening import GatewayMissing, is_sandbox, list_gateways, open_gateway
from providers.sandbox.server import SandboxServer


def test_the_gateway_of_the_settings_is_opened(settings):
    with SandboxServer() as sandbox:
        settings.ZARINPAL_URL = f"{sandbox.url}/bank/"
        settings.ZARINPAL_MERCHANT_ID = "sandbox-merchant-0000000000000000000"
        begun = open_gateway("zarinpal").begin(1, 1000, "https://panel.example/back", "charge")
        assert begun.url == f"{sandbox.url}/bank/pg/StartPay/{begun.authority}"
    assert list_gateways() == ["zarinpal"]


@pytest.mark.parametrize("missing", ["ZARINPAL_URL", "ZARINPAL_MERCHANT_ID"])
def test_without_its_settings_nobody_can_pay(settings, missing):
    setattr(settings, missing, "")
    assert list_gateways() == []
    with pytest.raises(GatewayMissing):
        open_gateway("zarinpal")


def test_an_unknown_gateway_is_missing():
    with pytest.raises(GatewayMissing):
        open_gateway("mellat")


@pytest.mark.parametrize(
    ("url", "sandbox", "expected"),
    [
        ("http://127.0.0.1:8899/bank", "http://127.0.0.1:8899", True),
        ("http://127.0.0.1:8899/bank/", "http://127.0.0.1:8899/", True),
        ("http://127.0.0.1:88990/bank", "http://127.0.0.1:8899", False),
        ("https://payment.zarinpal.com", "http://127.0.0.1:8899", False),
        ("", "http://127.0.0.1:8899", False),
        ("https://payment.zarinpal.com", "", False),
    ],
)
def test_the_sandbox_is_known_by_its_address(settings, url, sandbox, expected):
    settings.ZARINPAL_URL, settings.SANDBOX_URL = url, sandbox
    assert is_sandbox() is expected
