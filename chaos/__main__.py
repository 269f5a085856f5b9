"""`python -m chaos [--seconds N] [--seed N]`: hurt a whole panel under load, and print what became of the books.

Exit status 1 when something was doubled, lost or does not add up. Whatever was started is stopped and removed, also
after Ctrl-C and SIGTERM; with `--keep` the logs stay. `--record FILE` writes down what was judged, and
`--judge FILE` judges that once more.
"""

import argparse
import contextlib
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import django

from chaos.gates import Gates
from chaos.processes import Processes, list_commands
from chaos.results import ChaosError, format_table
from chaos.surroundings import GATES, build_chaos_environment
from chaos.verdict import judge
from panel import engines
from panel.engines import ports

SECONDS = 600.0
INTERRUPTED = 130
SEEDS = 1_000_000


def main() -> int:
    """Run, or judge once more, and return the exit status."""
    wanted = _read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(INTERRUPTED))  # unwinds as Ctrl-C does
    try:
        facts = json.loads(wanted.judge.read_text()) if wanted.judge else _run(wanted)
    except (engines.EngineError, ChaosError, OSError) as error:
        print(f"the chaos run cannot go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return tell(facts)


def tell(facts: dict) -> int:
    """Print the table; returns the exit status."""
    rows = judge(facts)
    print(f"\n{format_table(rows)}")
    missed = [row.what for row in rows if row.missed]
    verdict = f"MISS: {'; '.join(missed)}" if missed else "nothing doubled, nothing lost, the books add up"
    print(f"\n{verdict}\nagain: python -m chaos --seconds {facts['seconds']:g} --seed {facts['seed']}")
    return 1 if missed else 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of load")
    parser.add_argument("--seed", type=int, help="of load, faults and blows; a random one is printed")
    parser.add_argument("--keep", action="store_true", help="leave the logs where they are, and say where")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write what was judged, as JSON")
    parser.add_argument("--judge", type=Path, metavar="FILE", help="judge what an earlier run wrote")
    wanted = parser.parse_args()
    if wanted.seed is None:
        wanted.seed = random.randrange(1, SEEDS)
    if wanted.seconds < 30 or not 0 < wanted.seed < SEEDS:
        parser.error(f"at least 30 seconds, and a seed from 1 to {SEEDS - 1}")
    return wanted


def _run(wanted: argparse.Namespace) -> dict:
    print(f"chaos for {wanted.seconds:.0f} s, seed {wanted.seed}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        stack.callback(_say_where if wanted.keep else shutil.rmtree, folder)
        _say("starting PostgreSQL, Valkey and the panel …")
        own = folder / "engines"
        stack.callback(engines.erase, own)
        running = engines.start(own)
        gates = stack.enter_context(Gates())
        web_port, sandbox_port = ports.pick_port(None), ports.pick_port(None)
        doors = {name: gates.make(sandbox_port) for name in GATES}
        at = {name: gate.port for name, gate in doors.items()}
        environment = build_chaos_environment(
            web_port, sandbox_port, at, running.database_url, running.redis_url
        )
        os.environ |= environment
        django.setup()
        # Models can be imported only once Django is set up, and Django only once its database is known.
        run = importlib.import_module("chaos.run")
        processes = Processes(list_commands(web_port, sandbox_port), environment, folder)
        plan = run.Plan(wanted.seconds, wanted.seed, processes, doors, web_port, sandbox_port, own, _say)
        facts = run.run_chaos(plan) | {"seed": wanted.seed, "seconds": wanted.seconds}
    if wanted.record:
        wanted.record.write_text(json.dumps(facts, indent=1, ensure_ascii=False, default=str))
    return facts


def _say(text: str) -> None:
    print(text, flush=True)


def _say_where(folder: Path) -> None:
    _say(f"logs are in {folder}")


if __name__ == "__main__":
    sys.exit(main())
