"""The bench's own databases on the server it was given: made, copied and dropped again."""

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

PANEL = "bench_panel"
PANEL_FULL = "bench_panel_full"
TEMPLATE = "bench_template"
PGBENCH = "bench_pgbench"
SCALE = "bench_scale"  # and a number
ALL = (PANEL, PANEL_FULL, TEMPLATE, PGBENCH, *(f"{SCALE}_{place}" for place in range(8)))


class Databases:
    """Databases beside the one that `url` names; that one is only connected to."""

    def __init__(self, url: str):
        self._url = url

    def url_of(self, name: str) -> str:
        """The address of the database of that name on the same server."""
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database, a copy of `template` to which nobody may be connected."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)

    def rename(self, name: str, new: str) -> None:
        """Rename a database to which nobody is connected."""
        self._execute("ALTER DATABASE {} RENAME TO {}", name, new)

    def drop(self, name: str) -> None:
        """Remove a database, breaking off whoever is still connected; nothing happens when there is none."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def drop_all(self) -> None:
        """Remove every database of the bench, also those that a killed one left."""
        for name in ALL:
            self.drop(name)

    def read_version(self) -> str:
        """The server's version."""
        with psycopg.connect(self._url) as connection:
            return connection.info.parameter_status("server_version")

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
