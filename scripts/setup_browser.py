"""Find Chromium for the browser tests, or install Debian's; standard library only.

Prints where it is. Exit status 1 when there is none and none can be installed here.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = "chromium"


def find_browser():
    """The path of a Chromium: the environment's CHROMIUM, or one on the PATH; None without one."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def install_browser():
    """Install Debian's package, as root or with a sudo that asks nothing. Returns whether that was possible."""
    if shutil.which("apt-get") is None:
        return False
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become_root and shutil.which("sudo") is None:
        return False
    environment = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    steps = (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", PACKAGE])
    # Quiet: the log of a build server is read for what failed.
    return all(
        subprocess.run([*environment, *step, "-qq"], stdout=subprocess.DEVNULL).returncode == 0  # noqa: S603
        for step in steps
    )


def main():
    """Find or install; tell."""
    path = find_browser() or (install_browser() and find_browser())
    if not path:
        print(
            f"No Chromium, and none can be installed here: as root, run apt-get install {PACKAGE},"
            " or set CHROMIUM to one. The browser tests are left out until then.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
