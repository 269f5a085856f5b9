"""Signatures, by a value computed elsewhere; receivers that check them: tests/panel/api/docs/test_webhooks.py."""

from orders.webhooks.signatures import sign_delivery


def test_the_signature_is_the_documented_one():
    # printf '%s' 'order-7.1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_x
    expected = "v1=bc13950653681b435d965dd3ffb8e0249b89075a5e39d1aab28c428347dc1d58"
    assert sign_delivery("whsec_x", "order-7", 1700000000, b'{"a":1}') == expected
