"""The client: one call out, under a deadline and a size limit, to an address that was checked.

No redirect is followed, nothing is ever sent twice, and neither proxies nor credentials are taken from
the environment.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic

import certifi
import urllib3
from urllib3.exceptions import DecodeError, HTTPError, LocationParseError, ProtocolError, SSLError
from urllib3.exceptions import TimeoutError as PoolTimeoutError
from urllib3.util import parse_url

from panel.lib.http.connections import POOLS, Attempt, DeadlineTlsSocket, connect_socket, current
from panel.lib.http.egress import Egress, check_name, dial
from panel.lib.http.errors import MaybeSent, NotSent

TRANSPORT_ERRORS = (HTTPError, http.client.HTTPException, OSError, ValueError)
USER_AGENT = "reseller-panel"
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; header names are compared without case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of every call.

    A connection idle for longer than `idle_seconds` is not used again: many servers close theirs after
    5 seconds, and a request that meets the closing may or may not have been read.
    """

    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    body_bytes: int = 5_000_000
    idle_seconds: float = 4.0
    hosts: int = 100
    connections_per_host: int = 64


class HttpClient:
    """Calls out; to be shared by all threads of one process.

    `allow` lists the networks (CIDR) that may be called although they are not public, `ca_file` replaces the
    usual certificate authorities, `resolve` has the shape of socket.getaddrinfo.
    """

    def __init__(self, allow=(), limits=None, *, ca_file=None, resolve=socket.getaddrinfo):
        self.limits = limits or Limits()
        self._egress = Egress(allow)
        self._resolve = resolve
        context = ssl.create_default_context(cafile=ca_file or certifi.where())
        context.sslsocket_class = DeadlineTlsSocket
        self._pools = urllib3.PoolManager(
            num_pools=self.limits.hosts, maxsize=self.limits.connections_per_host, ssl_context=context
        )
        self._pools.pool_classes_by_scheme = POOLS

    def send(self, method, url, *, headers=None, body=None, total_seconds=None, body_bytes=None):
        """One request and its answer of any status, within `total_seconds` of wall clock.

        An answer of more than `body_bytes` is refused; both are the client's limits unless given. Raises NotSent
        when surely nothing was processed, MaybeSent from the first byte written on.
        """
        seconds = self.limits.total_seconds if total_seconds is None else total_seconds
        started = monotonic()
        scheme, host, port, path = _read_url(url)
        deadline = started + seconds
        attempt = Attempt(partial(self._open_socket, deadline), deadline, self.limits.idle_seconds)
        current.attempt = attempt
        try:
            pool = self._pools.connection_from_host(host, port, scheme)
            response = self._request(pool, method, path, headers, body, seconds)
            content = _read_body(response, body_bytes or self.limits.body_bytes)
        except TRANSPORT_ERRORS as error:
            raise (MaybeSent if attempt.begun else NotSent)(_name_trouble(error)) from error
        finally:
            current.attempt = None
        return Answer(response.status, response.headers, content, monotonic() - started)

    def check_address(self, url):
        """Look up the URL's host: every address of it has to be one that may be called, by http one of `allow`.

        Raises AddressRefused, and NotSent for a bad URL or name. A call checks what it connects to by itself;
        this is for telling a person beforehand.
        """
        scheme, host, port, _path = _read_url(url)
        fits = self._egress.permits if scheme == "https" else self._egress.lists
        check_name(fits, self._resolve, host.strip("[]"), port or PORTS[scheme], self.limits.connect_seconds)

    def close(self):
        """Closes all kept connections."""
        self._pools.clear()

    def _open_socket(self, deadline, host, port):
        seconds = min(self.limits.connect_seconds, deadline - monotonic())
        return dial(self._egress, self._resolve, host, port, seconds, connect_socket)

    def _request(self, pool, method, path, headers, body, seconds):
        return pool.urlopen(
            method,
            path,
            body=body,
            headers={"User-Agent": USER_AGENT, **(headers or {})},
            retries=False,
            redirect=False,
            preload_content=False,
            # Only the TLS handshake still goes by this one; reads and writes have the deadline.
            timeout=urllib3.Timeout(connect=min(self.limits.connect_seconds, seconds), read=seconds),
        )


def _read_body(response, limit):
    """The whole body. Raises MaybeSent when it has more than `limit` bytes."""
    content = b"" if (response.length_remaining or 0) > limit else response.read(limit + 1)
    if (response.length_remaining or 0) > limit or len(content) > limit:
        response.close()
        raise MaybeSent(f"the answer is larger than {limit} bytes")
    return content


def _read_url(url):
    """(scheme, host, port, path with query) of a URL. Raises NotSent for one that may not be called."""
    try:
        parsed = parse_url(url)
    except LocationParseError as error:
        raise NotSent("the URL is malformed") from error
    if parsed.scheme not in POOLS or not parsed.host:
        raise NotSent("only http and https URLs can be called")
    if parsed.auth is not None:
        raise NotSent("a URL must not carry credentials")
    return parsed.scheme, parsed.host, parsed.port, parsed.request_uri


def _name_trouble(error):
    """The trouble in words of our own: a library's message may quote the URL, and with it a key."""
    if isinstance(error, PoolTimeoutError | TimeoutError):
        return "no complete answer in time"
    if isinstance(error, SSLError | ssl.SSLError):
        return "the TLS connection failed"
    if isinstance(error, DecodeError):
        return "the answer could not be decoded"
    if isinstance(error, ProtocolError | http.client.HTTPException):
        return "the connection broke or the answer is not HTTP"
    if isinstance(error, OSError):
        return "the connection broke"
    return "the request or its answer is malformed"


_shared_lock = threading.Lock()
_shared = {"settings": {}, "client": None}


def configure(allow=(), limits=None, ca_file=None):
    """Sets what `shared_client` is made with: allowed networks, bounds, certificate authorities."""
    with _shared_lock:
        _shared.update(settings={"allow": tuple(allow), "limits": limits, "ca_file": ca_file}, client=None)


def shared_client():
    """The process's own HttpClient, made at its first use so that it is never inherited through a fork."""
    with _shared_lock:
        if _shared["client"] is None:
            _shared["client"] = HttpClient(**_shared["settings"])
        return _shared["client"]
