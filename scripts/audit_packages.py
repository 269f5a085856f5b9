"""Ask PyPI whether a pinned package has a known vulnerability (pip-audit); exits 1 when one has.

Where the advisories can't be had (no network, a mirror without them) it says so in one line and goes on: no build
depends on somebody else's server, and CI with a network does ask.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 15
COMMAND = [
    *(sys.executable, "-m", "pip_audit", "-r", str(ROOT / "constraints.txt"), "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "5"),
]


def main():
    """Print the result; returns the exit status."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, timeout=SECONDS)  # noqa: S603 - fixed words
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("packages were not audited: the advisory service can't be reached")
        return 0
    lines, status = judge(packages)
    print("\n".join(lines))
    return status


def judge(packages):
    """`(lines to print, exit status)` for what pip-audit says of each package."""
    bad = [one for one in packages if one.get("vulns")]
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    lines = [
        f"{one['name']} {one['version']}: {vuln['id']}, mended in {', '.join(vuln['fix_versions']) or 'nothing yet'}"
        for one in bad
        for vuln in one["vulns"]
    ]
    if len(unknown) == len(packages):
        lines.append("packages were not audited: the advisory service knows none of them")
    else:
        known = len(packages) - len(unknown)
        lines.append(f"{known} of {len(packages)} packages audited, {len(bad)} with known vulnerabilities")
    return lines, int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
