"""Which address a request came from, with and without proxies of ours in front."""

import pytest

from panel.lib.client_address import LONGEST, UNKNOWN, read_client_address

PEER = "192.0.2.1"


@pytest.fixture(autouse=True)
def _no_proxies(settings):
    settings.TRUSTED_PROXIES = 0


def meta(forwarded=None, peer=PEER):
    return {"REMOTE_ADDR": peer} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})


def test_without_proxies_what_a_caller_writes_counts_for_nothing():
    assert read_client_address(meta("198.51.100.9")) == PEER


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.5, 198.51.100.9", "203.0.113.5"),
        (2, "10.0.0.1, 203.0.113.5 ,198.51.100.9", "203.0.113.5"),
        (2, "198.51.100.9", PEER),
        (1, None, PEER),
        (1, "", PEER),
        (1, "198.51.100.9,", PEER),
        (1, "unknown", PEER),
        (1, "1.2.3.4, <script>", PEER),
        (1, "1" * (LONGEST + 1), PEER),
    ],
)
def test_behind_proxies_it_is_what_the_outermost_of_them_saw(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert read_client_address(meta(forwarded)) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.9:4711", "198.51.100.9"),
        ("[2001:DB8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8:0:0::1", "2001:db8::1"),
        ("::ffff:198.51.100.9", "198.51.100.9"),
        ("[::ffff:198.51.100.9]:80", "198.51.100.9"),
        ("fe80::1%eth0", "fe80::1"),
        (" 198.51.100.9 ", "198.51.100.9"),
    ],
)
def test_every_spelling_gives_the_bare_address(settings, text, address):
    settings.TRUSTED_PROXIES = 1
    assert (read_client_address(meta(text)), read_client_address(meta(peer=text))) == (address, address)


@pytest.mark.parametrize("peer", ["", "unix:", "/run/panel.sock"])
def test_a_local_socket_gives_an_address_all_the_same(peer):
    assert (read_client_address(meta(peer=peer)), read_client_address({})) == (UNKNOWN, UNKNOWN)
