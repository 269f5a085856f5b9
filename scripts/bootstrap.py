"""Make `.venv` with the pinned requirements; do nothing when it is up to date.

Run by the Makefile with the machine's own Python. Standard library only, and nothing newer than Python 3.6
can parse, so that an old Python gets as far as saying what it lacks.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "bootstrap.stamp")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "constraints.txt")
OLDEST_PYTHON = (3, 11)
MEGABYTES_NEEDED = 500
HEARTBEAT_SECONDS = 5
# What pip and uv say, and what that means to the person who typed make.
CAUSES = (
    (("No space left on device", "Errno 28", "os error 28"), "no space left on the disk that holds .venv"),
    (
        ("NewConnectionError", "NameResolutionError", "Temporary failure in name resolution", "ProxyError")
        + ("Failed to establish a new connection", "Connection refused", "ConnectTimeoutError")
        + ("dns error", "error sending request", "tcp connect error", "Network is unreachable"),
        "the Python package registry cannot be reached: check the network, or set pip's index to a mirror",
    ),
)


class BootstrapError(Exception):
    """The environment cannot be made; the text is one line for people."""


def main():
    """Check, make, install, stamp. Returns the exit status."""
    try:
        check_python(sys.version_info)
        stamp = compute_stamp()
        if read_stamp() == stamp and os.access(VENV_PYTHON, os.X_OK):
            return 0
        check_disk(ROOT)
        make_venv()
        install(choose_installer())
        with open(STAMP, "w") as file:
            file.write(stamp)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(find_cause(str(error)), file=sys.stderr)
        return 1
    return 0


def check_python(version):
    """Raise BootstrapError when this Python is too old for the panel."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        needed, found = (".".join(str(part) for part in parts[:3]) for parts in (OLDEST_PYTHON, version))
        raise BootstrapError(
            f"Python {needed} or newer is needed, this is {found}: install it or set PYTHON=…"
        )


def check_disk(folder):
    """Raise BootstrapError when the packages will not fit."""
    free = shutil.disk_usage(folder).free >> 20
    if free < MEGABYTES_NEEDED:
        raise BootstrapError(f"{MEGABYTES_NEEDED} MB of free disk are needed in {folder}, {free} MB are left")


def compute_stamp():
    """What the environment is made from: the requirements, this Python, and the place (scripts name it)."""
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for name in REQUIREMENTS:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp():
    """The stamp of the environment that is there; empty when none was finished."""
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def make_venv():
    """Make the environment, anew when the one that is there belongs to another Python."""
    import venv  # here, because a Python too old or cut down to have it must reach the checks above

    usable = run_quietly([VENV_PYTHON, "-c", "import sys; print(sys.version)"])
    clear = usable.strip() != sys.version.strip()
    print("Making .venv …", flush=True)
    venv.EnvBuilder(symlinks=True, with_pip=False, clear=clear).create(VENV)


def choose_installer():
    """The command that installs into the environment: uv, else its own pip, else this Python's pip.

    Raises BootstrapError when there is none of them.
    """
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", VENV_PYTHON]
    quiet = ["install", "--disable-pip-version-check", "--no-input"]
    if run_quietly([VENV_PYTHON, "-m", "pip", "--version"]):
        return [VENV_PYTHON, "-m", "pip", *quiet]
    if run_quietly([VENV_PYTHON, "-m", "ensurepip", "--default-pip"]):
        return [VENV_PYTHON, "-m", "pip", *quiet]
    if run_quietly([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip", "--python", VENV_PYTHON, *quiet]
    raise BootstrapError(
        "this Python has neither pip nor ensurepip: install them (Debian: apt install python3-venv)"
    )


def install(installer):
    """Install the pinned requirements. Raises BootstrapError with the installer's reason."""
    print("Installing the pinned requirements (the first time takes a minute or two) …", flush=True)
    command = [*installer, "-r", "requirements-dev.txt", "-c", "constraints.txt"]
    process = subprocess.Popen(  # noqa: S603 - words of ours
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    lines, fetched, spoken = [], 0, time.monotonic()
    for line in process.stdout:
        lines.append(line)
        fetched += line.startswith("Collecting ")
        if time.monotonic() - spoken > HEARTBEAT_SECONDS:
            spoken = time.monotonic()
            print(f"  … {fetched or len(lines)} packages looked at", flush=True)
    if process.wait():
        raise BootstrapError("the requirements cannot be installed: " + find_cause("".join(lines)))
    print("Installed.", flush=True)


def find_cause(output):
    """What went wrong, in one line, out of an installer's output."""
    for signs, meaning in CAUSES:
        if any(sign in output for sign in signs):
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["it said nothing"])[-1]


def run_quietly(command):
    """A command's output; empty when it fails or is not there."""
    try:
        options = {"stderr": subprocess.DEVNULL, "universal_newlines": True}
        return subprocess.check_output(command, **options)  # noqa: S603 - words of ours
    except (OSError, subprocess.CalledProcessError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
