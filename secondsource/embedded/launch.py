"""``make run``: the whole product in the foreground, or one line that says why it fails."""

from __future__ import annotations

import compileall
import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from secondsource.embedded.commands import ROOT, data_directory, missing_addresses
from secondsource.embedded.folders import Account, Folders, Log, StartError, kept_secret
from secondsource.embedded.postgres import open_cursor
from secondsource.embedded.processes import Child, StopAskedError, Supervisor, die_with_parent
from secondsource.embedded.servers import ADDRESSES, Embedded, advertise
from secondsource.embedded.wheels import python

# Files of installed packages that no page uses; compressing them takes half a minute.
UNUSED_STATIC = ("redoc", "rest_framework", "django_htmx", "swagger-ui-es*")
QUEUES = "default,figures,exchange,notify"
LEAST_FREE = 200 * 1024 * 1024  # bytes: a new database, static files, logs
#: Folders of ``DATA_DIR`` that web, worker and beat write.
WRITTEN_FOLDERS = ("files", "static", "beat", "readings")
FIRST_FREE_PORT = 1024  # below, only root may listen


def main() -> int:
    """Run until a stop is asked for; the exit code."""
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # make killed outright must not leave us behind
    try:
        Launch().run()
    except (StartError, OSError) as error:
        with contextlib.suppress(OSError):  # the terminal may be gone already
            start = "" if isinstance(error, StartError) else "Start failed: "
            print(f"{start}{error}", file=sys.stderr, flush=True)
        return 1
    return 0


class Launch:
    """One start: what it found in the environment, and what it has running."""

    def __init__(self) -> None:
        self.port = wanted_port()
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.supervisor = Supervisor()
        self.servers = Embedded(
            data_directory(), needs=missing_addresses(), report=say,
            pause=self.supervisor.pause, children=self.supervisor.children,
        )  # fmt: skip
        self.data = self.servers.data

    def run(self) -> None:
        """Start, go on until a stop is asked for or a part ends, and stop everything."""
        self.servers.lock()
        try:
            self._start()
            self.supervisor.watch()
        except StopAskedError:
            say("stopping")
        finally:
            self.supervisor.stop_programs()
            self.servers.stop()

    def _start(self) -> None:
        """Bring everything up, then print the address and the demo logins."""
        check_disk(self.data)
        check_port(self.host, self.port)
        self.account = program_account(self.servers.folders, ROOT, self.port)
        self.python, variables = python(self.account)
        if self.servers.folders.account.switched and not self.account.switched:
            say("web, worker and beat keep running as root: another account does not reach them")
        self.servers.start_servers()
        if "DATABASE_URL" not in self.servers.needs:
            check_database(os.environ["DATABASE_URL"])
        if "REDIS_URL" not in self.servers.needs:
            check_redis(os.environ["REDIS_URL"])
        self._complete_environment(variables)
        logins = self._prepare_database()
        self._collect_static()
        self._start_web()
        self._start_jobs()
        names = (*ADDRESSES, "DATABASE_OWNER_URL", "APP_DB_ROLE", "SECRET_KEY", "PORT")
        known = self.environment | self.owner | {"PORT": str(self.port)}
        advertise(self.data, {name: known[name] for name in names if known.get(name)})
        say(f"logs are in {self.data / 'log'}; Ctrl-C stops everything")
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        print(f"\nSecondSource is ready: http://{host}:{self.port}/\n{logins}", flush=True)

    def _complete_environment(self, variables: dict[str, str]) -> None:
        """The variables of all processes; the owner's address is for what runs before them."""
        key = os.environ.get("SECRET_KEY") or kept_secret(self.data / "secret.key")
        home = {"HOME": str(self.data)} if self.account.switched else {}
        found = os.environ | self.servers.environment | home | variables
        found |= {"DATA_DIR": str(self.data), "SECRET_KEY": key}
        found.setdefault("SITE_URL", f"http://{self.host}:{self.port}")
        owner = found.pop("DATABASE_OWNER_URL", found["DATABASE_URL"])
        if owner != found["DATABASE_URL"]:
            found.setdefault("APP_DB_ROLE", urlsplit(found["DATABASE_URL"]).username or "")
        self.environment, self.owner = found, {"DATABASE_OWNER_URL": owner}

    def _prepare_database(self) -> str:
        """Migrations and, in a database without people, the demo company; the demo logins."""
        first = not (self.data / "log" / "web.log").exists()
        say("migrations; a first start also builds the demo company" if first else "migrations")
        return self._manage("bring_up_to_date", **self.owner).rpartition("\n\n")[2]

    def _collect_static(self) -> None:
        """Hashed and compressed copies of the static files, made again when a file is newer."""
        made = self.data / "static" / "staticfiles.json"
        sources = (ROOT / "requirements.txt", *(ROOT / "static").rglob("*"))
        newest = max(path.stat().st_mtime for path in sources)
        if not made.exists() or made.stat().st_mtime < newest:
            say("static files")
            ignored = (f"--ignore={pattern}" for pattern in UNUSED_STATIC)
            self._manage("collectstatic", "--noinput", *ignored)

    def _manage(self, *arguments: str, **more: str) -> str:
        """Run one management command to its end; what it printed."""
        environment = self.environment | more
        step = self._child(arguments[0], "manage.py", *arguments, env=environment, grace=3.0)
        self.supervisor.finish(step)
        return step.log.text()

    def _start_web(self) -> None:
        say("web")
        workers = os.environ.get("WEB_WORKERS") or "2"
        web = self._start_program(
            "web", "gunicorn", "secondsource.wsgi:application", f"--bind={self.host}:{self.port}",
            "--worker-class=secondsource.core.web.BufferedWorker",
            f"--workers={workers}", "--threads=4", "--preload", "--timeout=60",
            "--graceful-timeout=8", "--no-control-socket",
        )  # fmt: skip
        web.wait_ready("Booting worker", 60.0, self.supervisor.pause, times=int(workers))

    def _start_jobs(self) -> None:
        """Worker and beat, after the web server: the first page need not wait for their start."""
        say("worker and beat")
        celery = ("celery", "-A", "secondsource")
        processes = os.environ.get("WORKER_PROCESSES") or "2"
        self._start_program(
            "worker", *celery, "worker", "--loglevel=INFO", f"--concurrency={processes}",
            "--without-gossip", "--without-mingle", f"--queues={QUEUES}",
        )  # fmt: skip
        self._start_program(
            "beat", *celery, "beat", "--loglevel=INFO", "--pidfile=",
            f"--schedule={self.data / 'beat' / 'schedule'}",
        )  # fmt: skip

    def _start_program(self, name: str, *arguments: str) -> Child:
        """Start a program that ends at once with this process: its work is taken up again."""
        child = self._child(name, "-m", *arguments, death_signal=signal.SIGKILL)
        self.supervisor.children.append(child)
        return child

    def _child(self, name: str, *arguments: str, **options: Any) -> Child:
        """A Python process under the programs' account."""
        command, options = [str(self.python), *arguments], {"env": self.environment} | options
        return Child(command, Log(self.data, name), account=self.account, cwd=ROOT, **options)


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone already
        print(f"- {text}", flush=True)


def wanted_port() -> int:
    """``PORT``, by default 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Refuse a port on which somebody else listens."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        reason = "is in use" if in_use else f"cannot be used ({error.strerror})"
        raise StartError(f"Port {port} on {host} {reason}: set PORT to another one.") from error


def check_disk(folder: Path) -> None:
    free, least = shutil.disk_usage(folder).free // 2**20, LEAST_FREE // 2**20
    if free < least:
        raise StartError(f"The disk is full: {folder} has {free} MB left, {least} MB are needed.")


def check_database(url: str) -> None:
    """Raise ``StartError`` when the database at ``url`` cannot be used."""
    try:
        with open_cursor(url):
            pass
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"The database of DATABASE_URL cannot be reached: {reason}") from error
    except psycopg2.ProgrammingError as error:
        raise StartError("DATABASE_URL is not a PostgreSQL address") from error


def check_redis(url: str) -> None:
    """Raise ``StartError`` when the server at ``url`` cannot be used."""
    import redis  # half a second, needed only for a server of one's own

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartError(f"The server of REDIS_URL cannot be reached: {error}") from error


def program_account(folders: Folders, root: Path, port: int) -> Account:
    """Who runs web, worker and beat from the code in ``root``; their folders become theirs.

    Root runs them itself where the servers' account cannot read code or data, or take the port.
    """
    account = folders.account
    reached = account.can("-r", root / "manage.py") and account.can("-x", folders.data)
    if account.switched and not (reached and port >= FIRST_FREE_PORT):
        account = Account()
    for name in WRITTEN_FOLDERS:
        account.own_tree(folders.data / name)
    if account.switched:
        # The account may not write compiled code, and would compile at every start.
        before = os.umask(0o022)
        for package in root.glob("*/__init__.py"):
            if package.parent.name != "tests":
                compileall.compile_dir(package.parent, quiet=2)
        os.umask(before)
    return account


if __name__ == "__main__":
    sys.exit(main())
