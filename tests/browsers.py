"""A real headless Chromium. Without one the tests that need it are skipped, and loudly."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright
    from pytest_django.live_server_helper import LiveServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
#: A machine that does much else may take long; only a failing test waits for all of it.
PATIENCE_MS = 40_000
REASON = "no Chromium: apt-get install chromium-headless-shell, or playwright install chromium"
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # 0.3 s that other tests need not pay
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the session; each test has its own context (cookies, storage)."""
    path = chromium_path(playwright)
    if path is None:
        pytest.skip(REASON)
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(viewport={"width": 1440, "height": 900})
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test on script errors and Content-Security-Policy violations."""
    faults: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield opened
    assert faults == []


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``sign_in(user)``: a browser of its own for this person, on the page where they begin.

    Script errors and Content-Security-Policy violations on any of the pages fail the test.
    """
    from django.test import Client

    contexts, faults = [], []

    def enter(user: Any, path: str = "/") -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=live_server.url
        )
        context.set_default_timeout(PATIENCE_MS)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on(
            "console",
            lambda line: (
                faults.append(line.text) if "Content Security Policy" in line.text else None
            ),
        )
        opened.goto(path)
        return opened

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds: rule and places."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run 'make assets'")
    if page.evaluate("typeof axe") == "undefined":  # half a megabyte, once a page
        page.evaluate(AXE.read_text())
    # Without "preload": axe would put imported style sheets into the page, against the policy.
    options = f"{{runOnly: {RULES}, preload: false}}"
    found = page.evaluate(f"axe.run(document, {options}).then(r => r.violations)")
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def is_wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(REASON in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("BROWSER TESTS SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{count} browser tests did not run: {REASON}")
