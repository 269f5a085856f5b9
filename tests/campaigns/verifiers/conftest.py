"""The client that the verifier is tested with."""

import pytest

from panel.lib.http import HttpClient


@pytest.fixture(scope="session")
def loopback_client():
    """Made once: reading the certificate authorities takes longer than most of these tests."""
    return HttpClient(["127.0.0.0/8"])


@pytest.fixture
def http(loopback_client):
    """A client that may call loopback and keeps no connection from one test to the next."""
    yield loopback_client
    loopback_client.close()
