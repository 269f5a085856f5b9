"""The short form of the chaos run: a minute of load and blows, on engines of its own."""

import os
import subprocess
import sys

from chaos.processes import ROOT

SECONDS = 60
SEED = 1
GIVE_UP_SECONDS = 600  # what hangs is killed; a machine that is busy may take its time


def test_a_minute_of_chaos_doubles_and_loses_nothing():
    command = [sys.executable, "-m", "chaos", "--seconds", str(SECONDS), "--seed", str(SEED)]
    # The run sets up everything itself: nothing of the tests' own database may reach it.
    own = {"DATABASE_URL", "REDIS_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=GIVE_UP_SECONDS
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
