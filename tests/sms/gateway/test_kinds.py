"""Opening a gateway of any kind."""

import pytest

from sms.gateway.kavenegar import KavenegarTransport
from sms.gateway.kinds import KINDS, open_transport
from sms.gateway.rest import RestTransport


@pytest.mark.parametrize(
    ("kind", "credentials", "transport"),
    [
        ("rest", {"token": "a-token"}, RestTransport),
        ("rest", {"username": "me", "password": "word"}, RestTransport),
        ("kavenegar", {"token": "a-key"}, KavenegarTransport),
    ],
)
def test_a_kind_is_opened_where_it_is(client, kind, credentials, transport):
    opened = open_transport(kind, "http://127.0.0.1/base/", client, **credentials)
    assert (type(opened), opened.gateway.base_url) == (transport, "http://127.0.0.1/base")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_its_credentials_is_refused_at_once(client, kind):
    with pytest.raises(ValueError, match="needs"):
        open_transport(kind, "http://127.0.0.1", client)


def test_a_kind_that_is_not_there_is_refused(client):
    with pytest.raises(ValueError, match="no such kind of gateway: 'fax'"):
        open_transport("fax", "http://127.0.0.1", client, token="a-token")
