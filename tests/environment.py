"""Throw-away servers for one test run, and the settings that tests run under."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import django

from secondsource.embedded.postgres import APPLICATION, ensure_application_role, open_cursor
from secondsource.embedded.servers import Embedded
from tests.template_database import TemplateDatabase

DATABASES_PER_PROCESS = 2  # broker and cache


class TestServers:
    """Starts what the environment does not name, and puts the addresses there."""

    __test__ = False

    def __init__(self) -> None:
        # Under /tmp itself: a socket's address is short, and the servers' account gets through.
        self.folder = Path(tempfile.mkdtemp(prefix="secondsource-tests-", dir="/tmp"))
        self.embedded = Embedded(self.folder / "var", throwaway=True)
        self.template = TemplateDatabase(self.folder)

    def start(self) -> None:
        self.folder.chmod(0o711)
        found = {"DATABASE_URL": "TEST_DATABASE_URL", "REDIS_URL": "TEST_REDIS_URL"}
        given = {name: os.environ[test] for name, test in found.items() if os.environ.get(test)}
        if len(given) < len(found):
            self.embedded.start()
        started = dict(self.embedded.environment)
        started["DATABASE_URL"] = started.pop("DATABASE_OWNER_URL", "")
        os.environ.update(started | given)
        if "DATABASE_URL" in given:
            with open_cursor(given["DATABASE_URL"]) as cursor:
                ensure_application_role(cursor, "secondsource_app")
        os.environ["APP_DB_ROLE"] = APPLICATION
        os.environ["DATA_DIR"] = str(self.folder / "data")
        (self.folder / "data" / "static").mkdir(parents=True)
        os.environ["SECRET_KEY"] = "a key for tests that protects nothing"
        os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        self.template.begin()

    def stop(self) -> None:
        self.template.stop()
        if self.embedded.children:
            self.embedded.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def configure_django() -> None:
    """Set Django up for this process: own Redis databases, cheap passwords, truncate allowed."""
    os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "secondsource.settings"
    django.setup()
    from django.conf import settings  # after the environment above

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.MIDDLEWARE = ["tests.white_space.fold_pages", *settings.MIDDLEWARE]
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] += " -c app.allow_truncate=on"
    # Processes of pytest -n must come here first, and not read the settings on their own.
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def migrated_database() -> str:
    """The database that each process of this run copies, once it is migrated."""
    return TemplateDatabase(Path(os.environ["DATA_DIR"]).parent).ready()


def own_redis(url: str) -> str:
    """``url`` with the database numbers of this process of ``pytest -n`` (gw0, gw1 ...)."""
    number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or -1) + 1
    database = DATABASES_PER_PROCESS * number
    if url.startswith("unix:"):
        return re.sub(r"(\?db=\d+)?$", f"?db={database}", url, count=1)
    return re.sub(r"(://[^/]+)(/\d*)?$", rf"\1/{database}", url, count=1)
