"""`python -m bench.sync_once PROVIDER_ID`: one pass over a provider's list, and what it took, as JSON."""

import json
import sys
import time

import django

from bench.memory import read_peak_memory


def main() -> None:
    """Print the outcome, the seconds from beginning to end, and the most memory of this process in MB."""
    django.setup()
    # Models and services can be imported only once Django is set up.
    from providers.sync.running import sync_provider

    start = time.perf_counter()
    outcome = sync_provider(int(sys.argv[1]))
    seconds = time.perf_counter() - start
    print(json.dumps({"outcome": outcome.value, "seconds": seconds, "memory_mb": read_peak_memory()}))


if __name__ == "__main__":
    main()
