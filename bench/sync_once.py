"""`python -m bench.sync_once PROVIDER_ID`: one pass over a provider's list, and what it took, as JSON."""

import json
import resource
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Print the outcome, the seconds from beginning to end, and the most memory of this process in MB."""
    django.setup()
    # Models and services can be imported only once Django is set up.
    from providers.sync.running import sync_provider

    start = time.perf_counter()
    outcome = sync_provider(int(sys.argv[1]))
    seconds = time.perf_counter() - start
    print(json.dumps({"outcome": outcome.value, "seconds": seconds, "memory_mb": read_peak_memory()}))


def read_peak_memory() -> float:
    """The most resident memory this process ever had, in MB; its parent's doesn't count where Linux tells it."""
    try:
        text = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes there
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
