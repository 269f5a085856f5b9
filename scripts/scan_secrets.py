"""Look for secrets in the files that git knows: well-known shapes of keys, and long random texts that are assigned.

`python scripts/scan_secrets.py` prints each place, never the secret, and exits 1 when there is any. What is made up
on purpose says so on its line: `not a secret`. Standard library only.
"""

import math
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = "not a secret"
BIGGEST = 1_000_000  # bytes; what is larger is no source
SKIPPED = re.compile(
    r"(^|/)(vendor|locale)/|\.(svg|png|woff2|po|mo|ttf|ods|xls|xlsx|ico)$|bench/results\.json$"
)
SHAPES = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b"),
    "GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "address with a password": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s:/@'\"{}$<>]+:(?!password@|secret@)[^\s:/@'\"{}$<>*]{6,}@[\w.-]+"
    ),
    "webhook secret of ours": re.compile(r"\bwhsec_[A-Za-z0-9_-]{30,}"),
}
ASSIGNED = re.compile(
    r"(?i)(secret|token|passw(or)?d|api_?key|field_?keys?|credential|dsn)\w*[\"']?\s*[:=]\s*[\"']?"
    r"(?P<value>[A-Za-z0-9+/_=-]{24,})"
)
RANDOM_BITS = 4.0  # Shannon's entropy of each character; words and names stay below


def list_files():
    """Paths that git knows, or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603 - fixed words
    return [name for name in out.decode().split("\0") if name and not SKIPPED.search(name)]


def scan_text(text):
    """`[(line number, what it looks like)]`."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        kind = None if ALLOWED in line else _judge(line)
        if kind:
            found.append((number, kind))
    return found


def measure_randomness(text):
    """Shannon's entropy in bits a character."""
    shares = [text.count(letter) / len(text) for letter in set(text)]
    return -sum(share * math.log2(share) for share in shares)


def _judge(line):
    kind = next((kind for kind, shape in SHAPES.items() if shape.search(line)), None)
    if kind:
        return kind
    assigned = ASSIGNED.search(line)
    value = assigned["value"] if assigned else ""
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return "random text" if mixed and measure_randomness(value) >= RANDOM_BITS else None


def scan(root, names):
    """`[(name, line number, what it looks like)]` of all files; what is no text is passed over."""
    found = []
    for name in names:
        path = root / name
        if not path.is_file() or path.stat().st_size > BIGGEST:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [(name, number, kind) for number, kind in scan_text(text)]
    return found


def main():
    """Print what was found; returns the exit status."""
    found = scan(ROOT, list_files())
    for name, number, kind in found:
        print(f"{name}:{number}: looks like a {kind}")
    if not found:
        print("no secrets in the files of this project")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
