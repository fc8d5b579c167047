"""``make run``: the whole product in the foreground.

Order: lock, PostgreSQL, Valkey, migrations, demo company (first start), static files, web, worker,
beat. Whatever fails is said in one line, everything started is stopped, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import signal
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from secondsource.embedded import checks
from secondsource.embedded.commands import ROOT, data_directory
from secondsource.embedded.databases import check_reachable
from secondsource.embedded.folders import (
    Account,
    InUseError,
    StartError,
    kept_secret,
    last_line,
    log_file,
)
from secondsource.embedded.processes import (
    Child,
    StopAskedError,
    Supervisor,
    die_with_parent,
    spawn,
)
from secondsource.embedded.servers import ADDRESSES, Embedded, advertise, advertised
from secondsource.embedded.wheels import python

# Files of installed packages that no page uses; compressing them takes half a minute.
UNUSED_STATIC = ("redoc", "rest_framework", "django_htmx", "swagger-ui-es*")
QUEUES = "default,figures,exchange,notify"


def main() -> int:
    """Run until a stop is asked for; the exit code."""
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # make killed outright must not leave us behind
    launch = None
    try:
        launch = Launch()
        launch.start()
        launch.supervisor.watch()
    except StopAskedError:
        say("stopping")
    except StartError as error:
        return complain(str(error))
    except OSError as error:
        full = error.errno == errno.ENOSPC
        return complain(f"The disk is full: {error}" if full else f"Start failed: {error}")
    finally:
        if launch is not None:
            launch.stop()
    return 0


class Launch:
    """One start: what it found in the environment, and what it has running."""

    def __init__(self) -> None:
        self.port = checks.wanted_port()
        self.host = os.environ.get("HOST") or "127.0.0.1"
        needs = frozenset(name for name in ADDRESSES if not os.environ.get(name))
        self.servers = Embedded(data_directory(), needs=needs)
        self.data = self.servers.data
        self.supervisor = Supervisor()
        self.locked = False

    def start(self) -> None:
        """Bring everything up, then print the address and the demo logins."""
        self._lock()
        checks.check_disk(self.data)
        checks.check_port(self.host, self.port)
        self.account = checks.program_account(self.servers.place, ROOT, self.port)
        self.python, self.variables = python(self.account)
        if self.servers.place.account.switched and not self.account.switched:
            say("web, worker and beat keep running as root: another account does not reach them")
        self._start_servers()
        self._write_environment()
        logins = self._migrate()
        logins = self._prepare_company() or logins
        self._collect_static()
        self._start_web()
        self._wait_for_web()
        self._start_jobs()
        advertise(self.data, self.environment | {"PORT": str(self.port)})
        say(f"logs are in {self.data / 'log'}; Ctrl-C stops everything")
        print(f"\nSecondSource is ready: {self.address}\n{logins}", flush=True)

    def stop(self) -> None:
        if self.locked:
            self.supervisor.stop()
            self.servers.stop()

    def _lock(self) -> None:
        try:
            self.servers.lock()
        except InUseError as error:
            running = advertised(self.data) or {}
            where = f" on port {running['PORT']}" if "PORT" in running else ""
            raise StartError(
                f"SecondSource is already running{where} with the data in {self.data}: "
                "stop it, or set DATA_DIR and PORT for a second one."
            ) from error
        self.locked = True

    def _start_servers(self) -> None:
        pause, children = self.supervisor.pause, self.supervisor.children
        if "DATABASE_URL" in self.servers.needs:
            say("PostgreSQL")
            children.append(self.servers.start_postgres(pause))
        else:
            check_reachable(os.environ["DATABASE_URL"])
        if "REDIS_URL" in self.servers.needs:
            say("Valkey")
            children.append(self.servers.start_valkey(pause))
        else:
            checks.check_redis(os.environ["REDIS_URL"])

    def _write_environment(self) -> None:
        """The variables of all processes; the owner's address is for what runs before them."""
        key = os.environ.get("SECRET_KEY") or kept_secret(self.data / "secret.key")
        data = {"DATA_DIR": str(self.data), "SECRET_KEY": key}
        complete = dict(os.environ) | self.servers.environment | data
        complete.setdefault("DATABASE_OWNER_URL", complete["DATABASE_URL"])
        complete.setdefault("SITE_URL", f"http://{self.host}:{self.port}")
        if complete["DATABASE_OWNER_URL"] != complete["DATABASE_URL"]:
            complete.setdefault("APP_DB_ROLE", urlsplit(complete["DATABASE_URL"]).username or "")
        names = (*ADDRESSES, "DATABASE_OWNER_URL", "APP_DB_ROLE", "SECRET_KEY")
        self.environment = {name: complete[name] for name in names if complete.get(name)}
        self.owner_environment = complete
        home = {"HOME": str(self.data)} if self.account.switched else {}
        self.program_environment = {
            name: value for name, value in complete.items() if name != "DATABASE_OWNER_URL"
        } | (home | self.variables)

    def _migrate(self) -> str:
        """Bring the database up to date; the demo logins, none while nobody is on record."""
        say("migrations")
        logins = self.data / "logins"
        self._manage("bring_up_to_date", f"--logins={logins}", environment=self.owner_environment)
        return logins.read_text() if logins.exists() else ""

    def _prepare_company(self) -> str:
        """The demo company for a database without users, on the first start with it; the logins."""
        stamp = self.data / "prepared"
        mark = _digest(self.program_environment["DATABASE_URL"])
        if stamp.exists() and stamp.read_text() == mark:
            return ""
        say("demo company")
        # The owner alone may write events of the past.
        owner = {"DATABASE_URL": self.owner_environment["DATABASE_OWNER_URL"]}
        environment = self.program_environment | owner
        logins = self._manage("prepare_company", environment=environment, account=self.account)
        stamp.write_text(mark)
        return logins

    def _collect_static(self) -> None:
        """Hashed and compressed copies of the static files, made again only when one changed."""
        stamp = self.data / "static.stamp"
        files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
        facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        mark = _digest(f"{facts}{(ROOT / 'requirements.txt').read_text()}")
        made = any((self.data / "static").iterdir())
        if made and stamp.exists() and stamp.read_text() == mark:
            return
        say("static files")
        ignored = (f"--ignore={pattern}" for pattern in UNUSED_STATIC)
        arguments = ("collectstatic", "--noinput", *ignored)
        self._manage(*arguments, environment=self.program_environment, account=self.account)
        stamp.write_text(mark)

    def _manage(
        self, *arguments: str, environment: dict[str, str], account: Account | None = None
    ) -> str:
        """Run one management command to its end; what it printed."""
        output = log_file(self.data, arguments[0])
        begin = output.stat().st_size if output.exists() else 0
        command = [self.python if account else sys.executable, ROOT / "manage.py", *arguments]
        code = self.supervisor.finish(
            command, folder=ROOT, output=output, env=environment, account=account
        )
        said = output.read_bytes()[begin:].decode(errors="replace")
        if code != 0:
            raise StartError(f"{arguments[0]} failed: {last_line(said)} (log: {output})")
        return said

    def _start_web(self) -> None:
        say("web")
        self._start_program(
            "web", "gunicorn", "secondsource.wsgi:application",
            f"--bind={_bracketed(self.host)}:{self.port}",
            "--worker-class=secondsource.core.web.BufferedWorker",
            f"--workers={os.environ.get('WEB_WORKERS') or '2'}", "--threads=4", "--preload",
            "--timeout=60", "--graceful-timeout=8", "--no-control-socket",
        )  # fmt: skip

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

    def _start_program(self, name: str, *arguments: str) -> None:
        """Start a program that ends at once with this process: its work is taken up again."""
        process = spawn(
            [self.python, "-m", *arguments],
            env=self.program_environment,
            account=self.account,
            folder=ROOT,
            output=log_file(self.data, name),
            death_signal=signal.SIGKILL,
        )
        # A worker told to quit gives its unfinished task back to the queue.
        hurry = signal.SIGQUIT if name == "worker" else signal.SIGKILL
        self.supervisor.children.append(Child(name, process, hurry=hurry))

    def _wait_for_web(self) -> None:
        if not self.supervisor.wait_until(self._web_answers, seconds=60):
            child = self.supervisor.ended()
            name = child.name if child else "web"
            log = log_file(self.data, name)
            said = last_line(log.read_text(errors="replace"))
            raise StartError(f"{name} did not start: {said} (log: {log})")

    def _web_answers(self) -> bool:
        with contextlib.suppress(urllib.error.HTTPError, OSError):
            urllib.request.urlopen(f"{self.address}health/live/", timeout=30).close()
            return True
        return False

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{_bracketed(host)}:{self.port}/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone already
        print(f"- {text}", flush=True)


def complain(text: str) -> int:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)
    return 1


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
