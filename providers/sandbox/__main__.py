"""`python -m providers.sandbox`: the sandbox without Django."""

import argparse
import sys

from providers.sandbox.command import add_arguments, run_sandbox


def main() -> int:
    """Read the command line and serve until SIGTERM or Ctrl-C; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m providers.sandbox", description=__doc__)
    add_arguments(parser)
    return run_sandbox(**vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
