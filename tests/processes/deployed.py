"""nginx and PgBouncer of this machine with the files of deploy/, moved to free ports and the test's folder."""

import os
import re
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from panel.engines import ports
from tests.processes.conftest import wait_until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
PGBOUNCER = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
OLDEST_PGBOUNCER = (1, 21)  # the first that prepares statements in transaction mode
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
SECONDS = 20


def find_pgbouncer_version():
    """`(1, 25)`, or None without one."""
    if PGBOUNCER is None:
        return None
    told = subprocess.run([PGBOUNCER, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.search(r"(\d+)\.(\d+)", told).groups()))


def _is_open(port):
    with socket.socket() as plug:
        plug.settimeout(1)
        return plug.connect_ex((ports.HOST, port)) == 0


@contextmanager
def _started(command, port, log):
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        if not wait_until(lambda: process.poll() is not None or _is_open(port), SECONDS) or process.poll():
            raise AssertionError(f"{command[0]} does not start:\n{Path(log).read_text()[-2000:]}")
        yield port
    finally:
        process.terminate()
        process.wait(SECONDS)


@contextmanager
def running_nginx(web_port, folder):
    """deploy/nginx/panel.conf in front of that port, with a certificate of its own; yields its TLS port."""
    port, plain = ports.pick_port(None), ports.pick_port(None)
    subject = ["-subj", "/CN=panel.example", "-addext", "subjectAltName=DNS:panel.example,IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-days", "2"]
    subprocess.run([*make, *files, *subject], check=True, capture_output=True)
    text = (DEPLOY / "nginx" / "panel.conf").read_text()
    for old, new in (
        ("/etc/panel/tls/", f"{folder}/"),
        ("/var/log/nginx/panel.log", f"{folder}/access.log"),
        ("listen 443 ssl", f"listen {ports.HOST}:{port} ssl"),
        ("listen 80;", f"listen {ports.HOST}:{plain};"),
        ("    server web-2:8000 max_fails=2 fail_timeout=5s;\n", ""),
        ("web-1:8000", f"{ports.HOST}:{web_port}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "panel.conf").write_text(text)
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{places}include {folder}/panel.conf;\n}}\n"
    )
    with _started([NGINX, "-c", folder / "nginx.conf"], port, folder / "nginx.log"):
        yield port, plain


@contextmanager
def running_pgbouncer(folder, pool_size):
    """deploy/pgbouncer/pgbouncer.ini in front of the test's database, with the role's settings of deploy/postgres/.

    Yields its DATABASE_URL.
    """
    at, port = connection.settings_dict, ports.pick_port(None)
    text = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    for old, new in (
        (
            "panel = host=postgres port=5432 dbname=panel pool_size=40",
            f"{at['NAME']} = host={at['HOST']} port={at['PORT']} pool_size={pool_size}",
        ),
        ("/etc/pgbouncer/userlist.txt", f"{folder}/userlist.txt"),
        ("listen_addr = *", f"listen_addr = {ports.HOST}\nunix_socket_dir ="),
        ("listen_port = 6432", f"listen_port = {port}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "pgbouncer.ini").write_text(text)
    (folder / "userlist.txt").write_text(f'"{at["USER"]}" "{at["PASSWORD"]}"\n')
    _open_to_nobody(folder)
    as_nobody = NOBODY if os.geteuid() == 0 else []
    with (
        _role_settings(at),
        _started([*as_nobody, PGBOUNCER, folder / "pgbouncer.ini"], port, folder / "log"),
    ):
        yield f"postgres://{at['USER']}:{at['PASSWORD']}@{ports.HOST}:{port}/{at['NAME']}"


def _open_to_nobody(folder):
    """PgBouncer refuses to be root: the files of this test may be read by the user it becomes."""
    for place in (folder, *folder.parents[:2]):
        place.chmod(place.stat().st_mode | 0o055)


@contextmanager
def _role_settings(at):
    sql = (DEPLOY / "postgres" / "roles.sql").read_text()
    wanted = re.findall(r"^ALTER ROLE panel SET (\w+) = (.+);$", sql, re.MULTILINE)
    assert len(wanted) == 5
    role = f'ALTER ROLE "{at["USER"]}" IN DATABASE "{at["NAME"]}"'
    with connection.cursor() as cursor:
        for name, value in wanted:
            cursor.execute(f"{role} SET {name} = {value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"{role} RESET ALL")
