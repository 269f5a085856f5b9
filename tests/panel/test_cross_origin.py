"""A web front end of another origin calls the app's API only where the operator named that origin."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django
django.setup()
from django.test import Client
headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "authorization"}
answer = Client().options("%s", headers=headers)
print(answer.headers.get("Access-Control-Allow-Origin"), answer.headers.get("Access-Control-Allow-Credentials"))
"""


@pytest.mark.parametrize(
    ("origins", "path", "told"),
    [
        ("https://app.example", "/api/v1/user", "https://app.example None"),
        ("https://other.example", "/api/v1/user", "None None"),
        ("https://app.example", "/api/v2", "None None"),
        ("", "/api/v1/user", "None None"),
    ],
)
def test_only_named_origins_are_let_in(origins, path, told):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "panel.settings", "CORS_ALLOWED_ORIGINS": origins}
    command = [sys.executable, "-c", ASK % path]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (told, 0), done.stderr[-500:]
