"""The secret scan: a planted secret is found and not shown, and what is none is passed over."""

import secrets
import subprocess
import sys

import pytest

from scripts.scan_secrets import ROOT, list_files, scan, scan_text

LETTERS = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("-----BEGIN " + "RSA PRIVATE KEY-----", "private key"),
        ("key = 'AKIA" + "ABCDEFGHIJKLMNOP'", "AWS key"),
        ("ghp_" + LETTERS, "GitHub token"),
        ("glpat-" + LETTERS[:20], "GitLab token"),
        ("xoxb-" + LETTERS, "Slack token"),
        ("AIza" + LETTERS[:35], "Google key"),
        ("eyJ" + LETTERS + ".eyJ" + LETTERS + "." + LETTERS, "JSON web token"),
        (
            "DATABASE_URL=postgres://panel:" + LETTERS[:12] + "@db.example.com/panel",
            "address with a password",
        ),
        ("whsec_" + LETTERS, "webhook secret of ours"),
        ("SECRET_KEY = '" + LETTERS + "'", "random text"),
        ("zarinpal_token: " + LETTERS, "random text"),
    ],
)
def test_a_planted_secret_is_found(line, kind):
    assert scan_text(f"first\n{line}\n") == [(2, kind)]
    assert scan_text(f"{line}  # not a secret: made up\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "SECRET_KEY = env('SECRET_KEY')",
        "DATABASE_URL=postgres://user:password@host/name",
        "token = new_token(SECRET_PREFIX)",
        "password = 'the-quick-brown-fox-jumps-over'",
        "digest = '" + "0" * 64 + "'",
    ],
)
def test_what_is_no_secret_is_passed_over(line):
    assert scan_text(line) == []


def test_nothing_that_git_knows_holds_a_secret():
    assert scan(ROOT, list_files()) == []


def test_the_command_finds_a_file_that_is_about_to_be_added(tmp_path):
    """It names the place and never the secret."""
    planted = secrets.token_urlsafe(40)
    (tmp_path / "settings.py").write_text(f"API_TOKEN = '{planted}'\n")
    code = f"import sys, pathlib; sys.path.insert(0, {str(ROOT)!r}); from scripts import scan_secrets as s;"
    code += f"s.ROOT = pathlib.Path({str(tmp_path)!r}); sys.exit(s.main())"
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "settings.py:1: looks like a random text\n")
