"""The embedded engines: PostgreSQL and Valkey out of Python wheels, for development, tests and the demo.

Standard library only, so that settings can import it before Django is set up. Everything lives under the
checkout's `.panel/`; as root, whom PostgreSQL refuses to serve, under a folder an unprivileged uid can reach.
"""

from panel.engines.control import FOLDER, erase, find, pg_bin, start, stop
from panel.engines.home import EngineError
from panel.engines.record import Engine, Engines

__all__ = ["FOLDER", "Engine", "EngineError", "Engines", "erase", "find", "pg_bin", "start", "stop"]
