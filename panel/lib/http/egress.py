"""Which addresses may be called, and looking up a name once.

A customer's webhook or a provider's URL must not reach our own network. Only the address that
was checked is connected to, so a name that answers differently the second time wins nothing.
"""

import ipaddress
import queue
import socket
import threading
from time import monotonic

from panel.lib.http.errors import AddressRefused, NotSent

IPV6_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Inside global unicast or "global" by the registry, yet leading elsewhere: protocol assignments and
# Teredo, documentation, 6to4 (both carry an IPv4 address inside), the 6to4 relay.
NEVER_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24")
)


def is_public(address):
    """Whether an ipaddress object is an ordinary public host.

    IPv4-mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96) addresses lie outside 2000::/3 and so are not.
    """
    if address.version == 6 and address not in IPV6_GLOBAL_UNICAST:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in NEVER_PUBLIC if network.version == address.version)


class Egress:
    """The rule of who may be called: public addresses, and the networks in `allow` (CIDR texts)."""

    def __init__(self, allow=()):
        self.allow = tuple(ipaddress.ip_network(network) for network in allow)

    def permits(self, text):
        """Whether the address `text` may be connected to."""
        return self.lists(text) or is_public(ipaddress.ip_address(text))

    def lists(self, text):
        """Whether the address `text` is inside `allow`."""
        address = ipaddress.ip_address(text)
        return any(address in network for network in self.allow if network.version == address.version)


def look_up(resolve, host, port, seconds):
    """All (family, sockaddr) of a name, in the resolver's order, within `seconds`. Raises NotSent.

    `resolve` has the shape of socket.getaddrinfo. That call knows no timeout, so it runs in a thread of its
    own which is left behind, to end by the resolver's own limit, when it takes too long.
    """
    answers = queue.SimpleQueue()

    def ask():
        try:
            answers.put(resolve(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="dns", daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise NotSent("the name could not be looked up in time") from None
    if isinstance(found, Exception):
        raise NotSent("the name is not known") from found
    return [(family, sockaddr) for family, _kind, _proto, _canonical, sockaddr in found]


def check_name(fits, resolve, host, port, seconds):
    """Look the name up within `seconds`. Raises NotSent, AddressRefused unless all addresses `fits` (text → bool)."""
    if not all(fits(sockaddr[0]) for _family, sockaddr in look_up(resolve, host, port, seconds)):
        raise AddressRefused("the address is not allowed")


def dial(egress, resolve, host, port, seconds, make_socket):
    """A connected socket to the first permitted address of the name that answers, within `seconds`.

    `make_socket(family, sockaddr, seconds)` connects one. Raises NotSent when none is permitted or answers.
    """
    end = monotonic() + seconds
    found = look_up(resolve, host, port, seconds)
    permitted = [(family, sockaddr) for family, sockaddr in found if egress.permits(sockaddr[0])]
    if not permitted:
        raise NotSent("the address is not allowed")
    failure = None
    for left, (family, sockaddr) in zip(range(len(permitted), 0, -1), permitted, strict=True):
        try:
            # An equal share of what is left, so that one dead address does not use up the time of the next.
            return make_socket(family, sockaddr, max((end - monotonic()) / left, 0.001))
        except OSError as error:
            failure = error
    reason = "connecting took too long" if isinstance(failure, TimeoutError) else "the connection was refused"
    raise NotSent(reason) from failure
