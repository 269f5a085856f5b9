"""Two worker hosts for a test, each with a line of its own to PostgreSQL, Valkey and the upstream, that can be cut.

Behind proxies the hosts are processes of this machine; in network namespaces they have nothing but an address on a
bridge, and their line is a link that goes down.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chaos.gates import Gates
from panel.engines.ports import HOST
from tests.running import build_environment

BRIDGE_HOST, NETWORK = "10.213.77.1", "10.213.77.0/24"
NAMES = ("a", "b")


@dataclass
class ProxyHost:
    """A host whose line are proxies: cut, they keep every connection and pass nothing on.

    `gates` are those to PostgreSQL, Valkey and the upstream, in this order.
    """

    gates: list = field(default_factory=list)
    env: dict = field(default_factory=dict)
    prefix: tuple = ()

    def cut(self):
        for gate in self.gates:
            gate.stop()

    def cut_home(self):
        """Only the upstream can still be reached."""
        for gate in self.gates[:-1]:
            gate.stop()

    def mend(self):
        for gate in self.gates:
            gate.go_on()


@dataclass
class NamespaceHost:
    """A host in a network namespace: cut, its link is down."""

    name: str
    env: dict
    prefix: tuple

    def cut(self):
        run_ip("link", "set", self.name, "down")

    def mend(self):
        run_ip("link", "set", self.name, "up")


@contextlib.contextmanager
def proxy_hosts(sandbox_port):
    """Two ProxyHosts; `env["SANDBOX"]` is the upstream's address as each sees it."""
    with Gates() as gates:
        yield [_make_proxy_host(gates, sandbox_port) for _ in NAMES]


def _make_proxy_host(gates, sandbox_port):
    host = ProxyHost()

    def reach(port):
        gate = gates.make(port)
        host.gates.append(gate)
        return HOST, gate.port

    host.env = _build_env(reach, sandbox_port)
    return host


@contextlib.contextmanager
def namespace_hosts(sandbox_port):
    """Two NamespaceHosts on a bridge, at whose address forwarders stand; all of it is taken away again."""
    mark = secrets.token_hex(2)
    bridge = f"br{mark}"
    with contextlib.ExitStack() as stack:
        run_ip("link", "add", bridge, "type", "bridge")
        stack.callback(run_ip, "link", "del", bridge)
        run_ip("addr", "add", f"{BRIDGE_HOST}/24", "dev", bridge)
        run_ip("link", "set", bridge, "up")
        gates = stack.enter_context(Gates())

        def reach(port):
            return BRIDGE_HOST, gates.make(port, BRIDGE_HOST).port

        env = _build_env(reach, sandbox_port) | {"EGRESS_ALLOW": NETWORK}
        yield [
            _make_namespace(stack, bridge, f"{name}{mark}", place, env) for place, name in enumerate(NAMES, 2)
        ]


def _make_namespace(stack, bridge, name, place, env):
    outside, inside, space = f"vo{name}", f"vi{name}", f"panel-{name}"
    run_ip("netns", "add", space)
    stack.callback(run_ip, "netns", "del", space)
    run_ip("link", "add", outside, "type", "veth", "peer", "name", inside)
    stack.callback(subprocess.run, ["ip", "link", "del", outside], capture_output=True)
    run_ip("link", "set", outside, "master", bridge)
    run_ip("link", "set", outside, "up")
    run_ip("link", "set", inside, "netns", space)
    address = BRIDGE_HOST.rpartition(".")[0]
    for command in (
        ("addr", "add", f"{address}.{place}/24", "dev", inside),
        ("link", "set", inside, "up"),
        ("link", "set", "lo", "up"),
    ):
        run_ip("-n", space, *command)
    return NamespaceHost(outside, env, ("ip", "netns", "exec", space))


def find_obstacle():
    """Why no network namespaces can be made here; empty where they can."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "network namespaces want root and the program ip"
    space = f"panel-probe-{secrets.token_hex(2)}"
    if subprocess.run(["ip", "netns", "add", space], capture_output=True).returncode:
        return "this machine lets nobody make a network namespace"
    run_ip("netns", "del", space)
    link = f"vp{secrets.token_hex(2)}"
    made = subprocess.run(["ip", "link", "add", link, "type", "bridge"], capture_output=True)
    if made.returncode:
        return "this machine lets nobody make a bridge"
    run_ip("link", "del", link)
    return ""


def run_ip(*arguments):
    """Run `ip`; it has to work."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _build_env(reach, sandbox_port):
    """The environment in which a host finds everything at the addresses that `reach(port)` gives."""
    known = build_environment()
    env = {name: _move(known[name], reach) for name in ("DATABASE_URL", "REDIS_URL")}
    host, port = reach(sandbox_port)
    return env | {"SANDBOX": f"http://{host}:{port}"}


def _move(url, reach):
    parts = urlsplit(url)
    host, port = reach(parts.port)
    login = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@{host}:{port}" if login else f"{host}:{port}").geturl()
