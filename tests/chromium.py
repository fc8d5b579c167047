"""A Chromium for the browser tests: ``python -m tests.chromium`` fetches one where none is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

#: It draws no windows of its own and takes a third less time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = ["apt-get", "-y", "-qq", "--no-install-recommends"]


def chromium_path(playwright: Playwright) -> str | None:
    """A browser on PATH, else the one that ``playwright install`` has put on the machine."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def is_there() -> bool:
    """Whether one is found and starts: on Ubuntu the name may only point to a store."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        found = chromium_path(running)
    return found is not None and attempt([found, "--version"])


def attempt(command: list[str]) -> bool:
    """Whether a command succeeds; what it prints goes to a log."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = Path(sys.prefix) / "setup-chromium.log"
    with log.open("ab") as output:
        done = subprocess.run(command, stdout=output, stderr=output, env=environment, check=False)
    return done.returncode == 0


def fetch() -> None:
    """From apt where root may, else Playwright's own."""
    if os.geteuid() == 0 and os.path.exists("/etc/debian_version"):
        print("- Chromium from apt for the browser tests", flush=True)
        attempt(["apt-get", "update", "-qq"])
        if attempt([*APT, "install", SHELL]) or attempt([*APT, "install", "chromium"]):
            return
    print("- Chromium from Playwright for the browser tests", flush=True)
    attempt([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__" and not is_there():
    fetch()
    if not is_there():
        print("!! No Chromium could be had: THE BROWSER TESTS WILL BE SKIPPED", file=sys.stderr)
