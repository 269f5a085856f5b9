"""Networks as people type them."""

import pytest

from panel.accounts.networks import MAX_NETWORKS, BadNetwork, TooManyNetworks, parse_networks


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", []),
        (" \n ", []),
        ("192.0.2.7", ["192.0.2.7/32"]),
        ("2001:DB8::1", ["2001:db8::1/128"]),
        ("10.0.0.0/8, 192.0.2.7\n2001:db8::/32", ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"]),
        ("10.1.2.3/8", ["10.0.0.0/8"]),
        ("۱۹۲.۰.۲.۷، ۱۰.۰.۰.۰/۸", ["192.0.2.7/32", "10.0.0.0/8"]),
        ("192.0.2.7;192.0.2.7/32", ["192.0.2.7/32"]),
        ("::ffff:192.0.2.7 ::ffff:10.0.0.0/104", ["192.0.2.7/32", "10.0.0.0/8"]),
    ],
)
def test_networks_are_read_in_order_and_spelled_alike(text, networks):
    assert parse_networks(text) == networks


@pytest.mark.parametrize(
    "entry", ["shop.example", "192.0.2.256", "10.0.0.0/33", "1.2.3", "010.0.0.1", "::1%eth0", "7", "-"]
)
def test_what_is_no_network_is_named(entry):
    with pytest.raises(BadNetwork) as caught:
        parse_networks(f"192.0.2.7, {entry}")
    assert caught.value.entry == entry


def test_there_are_bounds():
    most = [f"10.0.0.{number}/32" for number in range(MAX_NETWORKS)]
    assert parse_networks("\n".join(most)) == most
    with pytest.raises(TooManyNetworks):
        parse_networks("\n".join([*most, "10.0.1.0"]))
