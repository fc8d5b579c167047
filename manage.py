#!/usr/bin/env python
"""Django's command line; with nothing configured it works on the embedded servers."""

import sys

from secondsource.embedded.commands import run_command

if __name__ == "__main__":
    sys.exit(run_command(sys.argv))
