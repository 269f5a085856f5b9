"""How much memory a process of the bench took."""

import resource
from pathlib import Path


def read_peak_memory() -> float:
    """The most resident memory this process ever had, in MB; its parent's doesn't count where Linux tells it."""
    try:
        text = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes there
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM:"))
