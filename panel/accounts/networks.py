"""The networks a key may be used from, as people type them."""

import ipaddress
import re

from panel.lib.dates import to_latin_digits

MAX_NETWORKS = 50
LONGEST_ADDRESS = 64
MAPPED_BITS = 96  # of an IPv6 network that only wraps an IPv4 one
_BETWEEN = re.compile(r"[\s,;،؛]+")


class BadNetwork(ValueError):
    """`entry` is neither an address nor a network."""

    def __init__(self, entry):
        super().__init__(f"neither an address nor a network: {entry}")
        self.entry = entry


class TooManyNetworks(ValueError):
    """More than MAX_NETWORKS were given."""


def parse_networks(text):
    """The addresses and networks in `text` as CIDR texts (`192.0.2.7/32`), in order and each once.

    IPv4 and IPv6, between commas, semicolons, spaces or line ends, Persian digits included; bits beyond the
    prefix are cleared. Raises BadNetwork with the first that is none, and TooManyNetworks.
    """
    entries = [entry for entry in _BETWEEN.split(to_latin_digits(text)) if entry]
    networks = list(dict.fromkeys(_parse(entry) for entry in entries))
    if len(networks) > MAX_NETWORKS:
        raise TooManyNetworks
    return networks


def format_network(network):
    """A network as people write it: without the prefix where it is a single address."""
    return network.removesuffix("/128" if ":" in network else "/32")


def is_inside(address, networks):
    """Whether the address (text) is in one of the networks (CIDR texts); what is no address is in none."""
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(network, strict=False) for network in networks)


def _parse(entry):
    try:
        network = ipaddress.ip_network(entry, strict=False)
    except ValueError as error:
        raise BadNetwork(entry[:LONGEST_ADDRESS]) from error
    if network.version == 6:
        if network.network_address.scope_id is not None:
            raise BadNetwork(entry[:LONGEST_ADDRESS])
        mapped = network.network_address.ipv4_mapped
        if mapped is not None and network.prefixlen >= MAPPED_BITS:
            network = ipaddress.ip_network((mapped, network.prefixlen - MAPPED_BITS))
    return str(network)
