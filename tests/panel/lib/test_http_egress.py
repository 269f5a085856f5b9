"""Who may be called, and that the address that was checked is the one connected to."""

import datetime
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from panel.lib.http import HttpClient, Limits, NotSent
from panel.lib.http.egress import Egress
from tests.panel.lib.raw_server import RawServer, hang_up, http_answer

LOOPBACK = ["127.0.0.0/8"]
REFUSED = [
    "0.0.0.1",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "224.0.1.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_a_public_host_is_refused(address):
    assert Egress().permits(address) is False


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "185.143.233.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_a_public_host_is_permitted(address):
    assert Egress().permits(address) is True


def test_a_listed_network_is_permitted_and_nothing_beside_it():
    egress = Egress(["10.5.0.0/16", "fd00:1::/32"])
    asked = ["10.5.9.9", "10.6.0.1", "127.0.0.1", "fd00:1::7", "fd00:2::7", "::ffff:10.5.9.9"]
    assert [egress.permits(address) for address in asked] == [True, False, False, True, False, False]


def test_a_malformed_network_in_the_list_is_refused_at_once():
    with pytest.raises(ValueError, match="10.0.0.1/8"):
        Egress(["10.0.0.1/8"])


class Names:
    """A resolver that answers each look-up with the next of `answers` (lists of addresses), then the last."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, host, port, **_options):
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]


def failure(client, url, **options):
    with pytest.raises(NotSent) as caught:
        client.send("GET", url, **options)
    return caught.value.reason


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_loopback_gets_through(host):
    with RawServer(http_answer(b"x")) as server:
        assert failure(HttpClient(), f"http://{host}:{server.port}/") == "the address is not allowed"
    assert server.connections == 0


def test_a_name_that_turns_private_after_the_check_is_looked_up_only_once():
    names = Names(["127.0.0.2"], ["127.0.0.1"])
    client = HttpClient(["127.0.0.2/32"], Limits(connect_seconds=1), resolve=names)
    with RawServer(http_answer(b"x")) as server:  # listens on 127.0.0.1 alone
        assert failure(client, f"http://rebind.test:{server.port}/") == "the connection was refused"
        assert (names.asked, server.connections) == (["rebind.test"], 0)
        assert failure(client, f"http://rebind.test:{server.port}/") == "the address is not allowed"
    assert server.connections == 0


def test_of_several_addresses_only_the_permitted_are_tried_and_a_dead_one_is_passed_over():
    names = Names(["10.0.0.1", "127.0.0.9", "127.0.0.1"])
    client = HttpClient(LOOPBACK, resolve=names)
    with RawServer(http_answer(b"x")) as server:
        assert client.send("GET", f"http://many.test:{server.port}/").body == b"x"
    assert server.requests[0].headers["host"] == f"many.test:{server.port}"


def test_an_unknown_name_is_not_sent():
    def unknown(*_args, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    assert failure(HttpClient(resolve=unknown), "http://nobody.test/") == "the name is not known"


def test_a_name_server_that_is_silent_costs_no_more_than_the_connect_limit():
    released = threading.Event()
    client = HttpClient(
        limits=Limits(connect_seconds=0.2), resolve=lambda *_a, **_k: released.wait(10) and []
    )
    began = time.monotonic()
    assert failure(client, "http://slow.test/") == "the name could not be looked up in time"
    assert time.monotonic() - began < 4
    released.set()


def test_a_host_that_never_accepts_is_not_sent():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:  # fill the queue of connections that nobody accepts
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    client = HttpClient(LOOPBACK, Limits(connect_seconds=0.3))
    assert failure(client, f"http://127.0.0.1:{listener.getsockname()[1]}/") == "connecting took too long"
    for sock in (*fillers, listener):
        sock.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for upstream.test: (path of certificate, server's TLS context)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "upstream.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("upstream.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def test_tls_verifies_and_names_the_host_though_the_address_is_pinned(certificate):
    path, context = certificate
    seen = []
    context.sni_callback = lambda _sock, name, _context: seen.append(name)
    client = HttpClient(LOOPBACK, ca_file=path, resolve=Names(["127.0.0.1"]))
    with RawServer(http_answer(b"secret"), tls=context) as server:
        assert client.send("GET", f"https://upstream.test:{server.port}/").body == b"secret"
        assert client.send("GET", f"https://upstream.test:{server.port}/").body == b"secret"
    assert (seen, server.connections) == (["upstream.test"], 1)


def test_a_certificate_of_another_name_is_not_sent(certificate):
    path, context = certificate
    client = HttpClient(LOOPBACK, ca_file=path, resolve=Names(["127.0.0.1"]))
    with RawServer(http_answer(b"x"), tls=context) as server:
        assert failure(client, f"https://other.test:{server.port}/") == "the TLS connection failed"
    assert server.requests == []


def test_a_certificate_of_no_known_authority_is_not_sent(certificate):
    client = HttpClient(LOOPBACK, resolve=Names(["127.0.0.1"]))
    with RawServer(http_answer(b"x"), tls=certificate[1]) as server:
        assert failure(client, f"https://upstream.test:{server.port}/") == "the TLS connection failed"
    assert server.requests == []


@pytest.mark.parametrize("speaks", [b"HTTP/1.1 400 Bad\r\n\r\n", b""], ids=["plain-http", "silence"])
def test_a_handshake_that_fails_is_not_sent(speaks):
    listener = socket.create_server(("127.0.0.1", 0))
    given_up = threading.Event()

    def serve():
        sock, _peer = listener.accept()
        sock.recv(65536)
        if speaks:
            sock.sendall(speaks)
            hang_up(sock)
        else:
            given_up.wait(10)
            sock.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = HttpClient(LOOPBACK, Limits(connect_seconds=0.3))
    began = time.monotonic()
    failure(client, f"https://127.0.0.1:{listener.getsockname()[1]}/")
    assert time.monotonic() - began < 4
    given_up.set()
    thread.join(3)
    listener.close()


def test_a_tls_answer_that_trickles_ends_at_the_deadline(certificate):
    path, context = certificate

    def trickle(sock, _request):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        for _ in range(100):
            time.sleep(0.05)
            sock.sendall(b"x")

    client = HttpClient(LOOPBACK, ca_file=path, resolve=Names(["127.0.0.1"]))
    with RawServer(trickle, tls=context) as server:
        began = time.monotonic()
        with pytest.raises(Exception, match="no complete answer in time") as caught:
            client.send("GET", f"https://upstream.test:{server.port}/", total_seconds=1)
        assert type(caught.value).__name__ == "MaybeSent"
        assert 0.95 < time.monotonic() - began < 4
