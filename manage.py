#!/usr/bin/env python3
"""Django's command line; with nothing configured it works on the embedded servers.

Started outside any virtual environment it goes on in ``.venv``, so that the system's Python does.
"""

import importlib.util
import os
import sys

VENV = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".venv")


def in_environment():
    """Replace this process by the one of ``.venv``, or end with one line, where Django is not."""
    python = os.path.join(VENV, "bin", "python")
    if sys.prefix == sys.base_prefix and os.path.exists(python):
        os.execv(python, [python, *sys.argv])
    if importlib.util.find_spec("django") is None:
        sys.exit("Django is not installed here: run `make run` once, it makes .venv with it.")


if __name__ == "__main__":
    in_environment()
    from secondsource.embedded.commands import run_command

    sys.exit(run_command(sys.argv))
