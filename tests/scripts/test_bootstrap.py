"""What `make` says before there is an environment."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"
# A registry nobody listens at, whatever the machine's own configuration says.
NO_REGISTRY = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple/",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "1",
    "PIP_NO_CACHE_DIR": "1",
    "UV_NO_CONFIG": "1",
    "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple/",
    "UV_HTTP_RETRIES": "0",
    "UV_NO_CACHE": "1",
}


@pytest.fixture
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path):
    """A checkout with nothing but what the bootstrap reads."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        shutil.copy(SCRIPT.parents[1] / name, tmp_path)
    return tmp_path


def run(checkout, **environment):
    command = [sys.executable, "scripts/bootstrap.py"]
    return subprocess.run(command, cwd=checkout, env=os.environ | environment, capture_output=True, text=True)


def test_an_old_python_can_parse_it():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_an_old_python_is_refused_in_one_line(bootstrap):
    with pytest.raises(bootstrap.BootstrapError) as refusal:
        bootstrap.check_python((3, 8, 20, "final", 0))
    expected = "Python 3.11 or newer is needed, this is 3.8.20: install it or set PYTHON=…"
    assert str(refusal.value) == expected


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (4, 0, 0)])
def test_a_new_enough_python_is_taken(bootstrap, version):
    assert bootstrap.check_python(version) is None


def test_a_full_disk_is_refused_in_one_line(bootstrap, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "MEGABYTES_NEEDED", 1 << 40)
    with pytest.raises(bootstrap.BootstrapError) as refusal:
        bootstrap.check_disk(str(tmp_path))
    assert str(refusal.value).startswith(f"{1 << 40} MB of free disk are needed in {tmp_path}, ")


def test_an_environment_up_to_date_is_left_alone(bootstrap, checkout, monkeypatch):
    monkeypatch.setattr(bootstrap, "ROOT", str(checkout))
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (checkout / ".venv" / "bootstrap.stamp").write_text(bootstrap.compute_stamp())
    done = run(checkout, **NO_REGISTRY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_changed_requirements_ask_for_a_new_installation(bootstrap, checkout, monkeypatch):
    monkeypatch.setattr(bootstrap, "ROOT", str(checkout))
    before = bootstrap.compute_stamp()
    (checkout / "constraints.txt").write_text("django==5.2.1\n")
    assert bootstrap.compute_stamp() != before


def test_no_registry_is_one_line_and_leaves_no_stamp(checkout):
    done = run(checkout, **NO_REGISTRY)
    assert done.stderr == (
        "the requirements cannot be installed: the Python package registry cannot be reached: "
        "check the network, or set pip's index to a mirror\n"
    )
    assert done.returncode == 1
    assert not (checkout / ".venv" / "bootstrap.stamp").exists()


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("x\nOSError: [Errno 28] No space left on device\n", "no space left on the disk that holds .venv"),
        ("Collecting a\nERROR: Could not build a\nhint: b\n", "ERROR: Could not build a"),
        ("only this\n", "only this"),
        ("", "it said nothing"),
    ],
)
def test_an_installers_output_gives_one_cause(bootstrap, output, cause):
    assert bootstrap.find_cause(output) == cause
