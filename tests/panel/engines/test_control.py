"""The embedded engines, really started, killed and stopped, in a folder of the test's own."""

import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from panel import engines
from panel.engines import home, postgres

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all tests: each starts what it needs, whatever state the one before left."""
    folder = tmp_path_factory.mktemp("checkout") / ".panel"
    yield folder
    engines.erase(folder)


def ask(running, query):
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def kill(engine):
    os.kill(engine.pid, signal.SIGKILL)


def test_both_answer_from_start_to_stop(folder):
    engines.stop(folder)
    assert engines.find(folder) is None
    running = engines.start(folder)
    assert ask(running, "SELECT current_database()") == "panel"
    assert redis.Redis.from_url(running.redis_url).ping() is True
    assert engines.find(folder) == running
    assert engines.start(folder) == running
    assert engines.stop(folder) is True
    assert (running.postgres.alive, running.valkey.alive) == (False, False)
    assert engines.find(folder) is None
    assert engines.stop(folder) is False


def test_settings_keep_committed_orders_and_the_connection_budget(folder):
    running = engines.start(folder)
    wanted = {"fsync": "on", "synchronous_commit": "on", "max_connections": "120", "shared_buffers": "256MB"}
    assert {name: ask(running, f"SHOW {name}") for name in wanted} == wanted
    assert ask(running, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(running, "SELECT pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == "UTF8"
    policy = redis.Redis.from_url(running.redis_url, decode_responses=True).config_get("maxmemory-policy")
    assert policy == {"maxmemory-policy": "noeviction"}


def test_both_ask_for_the_password_and_the_record_is_private(folder):
    running = engines.start(folder)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.database_url.replace(running.postgres.password, "wrong"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(running.redis_url.replace(running.valkey.password, "wrong")).ping()
    assert (folder / "engines.json").stat().st_mode & 0o777 == 0o600
    assert running.postgres.password not in repr(running)


def test_killed_engines_come_back_on_their_ports_with_their_data(folder):
    before = engines.start(folder)
    ask(before, "CREATE TABLE kept AS SELECT 6 AS number")
    kill(before.postgres)
    kill(before.valkey)
    assert engines.find(folder) is None
    after = engines.start(folder)
    assert (after.postgres.port, after.valkey.port) == (before.postgres.port, before.valkey.port)
    assert ask(after, "SELECT number FROM kept") == 6


def test_one_killed_engine_comes_back_beside_the_other(folder):
    before = engines.start(folder)
    kill(before.valkey)
    after = engines.start(folder)
    assert after.postgres == before.postgres
    assert after.valkey.pid != before.valkey.pid
    assert engines.find(folder) == after


def test_a_lost_record_costs_no_data(folder):
    before = engines.start(folder)
    ask(before, "CREATE TABLE also_kept AS SELECT 7 AS number")
    (folder / "engines.json").write_text('{"uid": 0, "ho')
    assert engines.find(folder) is None
    after = engines.start(folder)
    assert ask(after, "SELECT number FROM also_kept") == 7
    assert (before.postgres.alive, before.valkey.alive) == (False, False)
    assert after.postgres.password != before.postgres.password


def test_pid_files_that_name_a_stranger_harm_nobody(folder):
    before = engines.start(folder)
    engines.stop(folder)
    stranger = subprocess.Popen(["sleep", "60"])
    run = Path(before.home) / "run"
    lines = [stranger.pid, run / "data", 1, before.postgres.port, "", "127.0.0.1", "", "ready"]
    (run / "data" / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))
    (run / "valkey.pid").write_text(str(stranger.pid))
    try:
        for _ in range(2):
            running = engines.start(folder)
            assert stranger.pid not in (running.postgres.pid, running.valkey.pid)
            engines.stop(folder)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_ports_taken_meanwhile_are_left_to_their_owner(folder):
    before = engines.start(folder)
    engines.stop(folder)
    taken = []
    for port in (before.postgres.port, before.valkey.port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        taken.append(listener)
    assert engines.find(folder) is None
    after = engines.start(folder)
    assert not {after.postgres.port, after.valkey.port} & {before.postgres.port, before.valkey.port}
    for listener in taken:
        listener.close()


def test_two_starters_at_once_start_one(folder):
    engines.stop(folder)
    script = (
        f"from pathlib import Path; from panel import engines; print(engines.start(Path({str(folder)!r})))"
    )
    command = [sys.executable, "-c", script]
    both = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert said == [f"{engines.find(folder)}\n"] * 2


def test_a_copied_checkout_gets_engines_of_its_own(folder, tmp_path):
    first = engines.start(folder)
    copy = tmp_path / "copy" / ".panel"
    copy.parent.mkdir()
    ignore = shutil.ignore_patterns("postmaster.pid") if os.geteuid() == 0 else None
    shutil.copytree(folder, copy, ignore=ignore)
    try:
        assert engines.find(copy) is None
        second = engines.start(copy)
        assert {first.postgres.pid, first.valkey.pid}.isdisjoint({second.postgres.pid, second.valkey.pid})
        assert engines.find(folder) == first
    finally:
        engines.erase(copy)


def test_another_users_record_is_refused_in_one_line(folder):
    running = engines.start(folder)
    record = folder / "engines.json"
    record.write_text(record.read_text().replace(f'"uid": {os.geteuid()}', '"uid": 4242'))
    with pytest.raises(engines.EngineError) as refusal:
        engines.start(folder)
    assert str(refusal.value) == f"the engines in {folder} belong to uid 4242: run as that user"
    record.write_text(record.read_text().replace('"uid": 4242', f'"uid": {os.geteuid()}'))
    assert engines.find(folder) == running


def test_too_little_disk_is_one_line(tmp_path, monkeypatch):
    folder = tmp_path / ".panel"
    monkeypatch.setattr(home, "BYTES_NEEDED", 1 << 60)
    with pytest.raises(engines.EngineError) as refusal:
        engines.start(folder)
    assert str(refusal.value) == f"{folder} needs {1 << 40} MB of free disk for PostgreSQL's first start"


def test_a_server_that_cannot_start_says_why(folder, monkeypatch):
    engines.start(folder)
    engines.stop(folder)
    monkeypatch.setattr(postgres, "TRIES", 1)
    monkeypatch.setattr(postgres, "SETTINGS", {**postgres.SETTINGS, "shared_buffers": "nonsense"})
    with pytest.raises(engines.EngineError) as failure:
        engines.start(folder)
    assert 'invalid value for parameter "shared_buffers": "nonsense"' in str(failure.value)


def test_programs_of_the_wheel_run_without_environment(folder):
    running = engines.start(folder)
    command = [engines.pg_bin("psql"), "-X", "-tAc", "SELECT 6 * 7", running.database_url]
    assert subprocess.run(command, env={}, capture_output=True, text=True).stdout == "42\n"
    with pytest.raises(engines.EngineError):
        engines.pg_bin("pg_nothing")


def test_a_process_that_has_the_pid_of_an_engine_is_not_the_engine():
    own = engines.Engine(port=1, password="p", pid=os.getpid(), started="1")
    assert own.alive is False
    assert dataclasses.replace(own, started="").alive is False
