"""The other side of most rows: pgbench's TPC-B-like transactions on the same server and loopback."""

import re
import subprocess

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.results import BenchError
from panel.engines import EngineError, pg_bin

SCALE = 10
CLIENTS = 8
THREADS = 2
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


class Pgbench:
    """pgbench on a database of its own. Raises BenchError when there is none or it fails."""

    def __init__(self, url: str):
        try:
            self._program = str(pg_bin("pgbench"))
        except EngineError as error:
            raise BenchError(str(error)) from error
        where = conninfo_to_dict(url)
        self._environment = {
            name: str(where[key])
            for name, key in (
                ("PGHOST", "host"),
                ("PGPORT", "port"),
                ("PGUSER", "user"),
                ("PGPASSWORD", "password"),
                ("PGDATABASE", "dbname"),
            )
            if where.get(key)
        }
        self._run("-i", "-q", "-s", str(SCALE))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def measure(self, seconds: float) -> float:
        """Transactions a second over so many seconds (whole ones, at least 1)."""
        output = self._run("-c", str(CLIENTS), "-j", str(THREADS), "-T", str(max(round(seconds), 1)))
        found = _TPS.search(output)
        if found is None:
            raise BenchError(f"pgbench told no tps: {output[-200:]}")
        return float(found[1])

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._program, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BenchError(f"pgbench failed: {done.stderr.strip()[-300:]}")
        return done.stdout
