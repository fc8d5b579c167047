"""``make run``: the whole product in the foreground.

Order: lock, PostgreSQL, Valkey, migrations, demo company (first start), static files, web, worker,
beat. Whatever fails is said in one line, everything started is stopped, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from secondsource.embedded import checks, embedded, leftovers
from secondsource.embedded.commands import ROOT, data_directory
from secondsource.embedded.databases import check_reachable
from secondsource.embedded.errors import InUseError, StartError
from secondsource.embedded.places import kept_secret, log_file
from secondsource.embedded.processes import die_with_parent
from secondsource.embedded.programs import choose_programs
from secondsource.embedded.supervisor import StopAskedError, Supervisor

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
        say("stopping")
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
        needs = frozenset(name for name in embedded.ADDRESSES if not os.environ.get(name))
        self.servers = embedded.Embedded(data_directory(), needs=needs)
        self.data = self.servers.data
        self.supervisor = Supervisor(self.data / "processes.json")
        self.locked = False

    def start(self) -> None:
        """Bring everything up, then print the address and the demo logins."""
        self._lock()
        checks.check_disk(self.data)
        if leftovers.clear(self.supervisor.ledger):
            say("ended what an earlier start had left")
        checks.check_port(self.host, self.port)
        self._choose_programs()
        self._start_database()
        self._start_queue()
        self._write_environment()
        logins = self._migrate()
        logins = self._prepare_company() or logins
        self._collect_static()
        self._start_web()
        self._wait_for_web()
        self._start_jobs()
        embedded.advertise(self.data, self.environment | {"PORT": str(self.port)})
        say(f"logs are in {self.data / 'log'}; Ctrl-C stops everything")
        print(f"\nSecondSource is ready: {self.address}\n{logins}", flush=True)

    def stop(self) -> None:
        if self.locked:
            self.supervisor.stop()
            self.servers.stop()

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{host}:{self.port}/"

    def _lock(self) -> None:
        try:
            self.servers.lock()
        except InUseError as error:
            running = embedded.advertised(self.data) or {}
            where = f" on port {running['PORT']}" if "PORT" in running else ""
            raise StartError(
                f"SecondSource is already running{where} with the data in {self.data}: "
                "stop it, or set DATA_DIR and PORT for a second one."
            ) from error
        self.locked = True

    def _choose_programs(self) -> None:
        self.programs = choose_programs(self.servers.place, ROOT)
        if self.programs.kept_root:
            say(f"web, worker and beat keep running as root: only root reads {ROOT}")

    def _start_database(self) -> None:
        if "DATABASE_URL" in self.servers.needs:
            say("PostgreSQL")
            self.supervisor.adopt(self.servers.start_postgres(self.supervisor.pause))
        else:
            check_reachable(os.environ["DATABASE_URL"])

    def _start_queue(self) -> None:
        if "REDIS_URL" in self.servers.needs:
            say("Valkey")
            self.supervisor.adopt(self.servers.start_valkey(self.supervisor.pause))
        else:
            checks.check_redis(os.environ["REDIS_URL"])

    def _write_environment(self) -> None:
        """The variables of all processes; the owner's address is for what runs before them."""
        complete = dict(os.environ) | self.servers.environment
        complete["DATA_DIR"] = str(self.programs.data)
        complete["SECRET_KEY"] = os.environ.get("SECRET_KEY") or kept_secret(
            self.data / "secret.key"
        )
        complete.setdefault("DATABASE_OWNER_URL", complete["DATABASE_URL"])
        complete.setdefault("SITE_URL", f"http://{self.host}:{self.port}")
        if complete["DATABASE_OWNER_URL"] != complete["DATABASE_URL"]:
            complete.setdefault("APP_DB_ROLE", urlsplit(complete["DATABASE_URL"]).username or "")
        names = (*embedded.ADDRESSES, "DATABASE_OWNER_URL", "APP_DB_ROLE", "SECRET_KEY")
        self.environment = {name: complete[name] for name in names if complete.get(name)}
        self.owner_environment = complete
        self.program_environment = {
            name: value for name, value in complete.items() if name != "DATABASE_OWNER_URL"
        } | self.programs.environment()

    def _migrate(self) -> str:
        """Bring the database up to date; the demo logins, none while nobody is on record."""
        say("migrations")
        logins = self.data / "logins"
        self._manage("bring_up_to_date", f"--logins={logins}", owner=True)
        return logins.read_text() if logins.exists() else ""

    def _prepare_company(self) -> str:
        """The demo company for a database without users, on the first start with it; the logins."""
        stamp = self.data / "prepared"
        mark = _digest(self.program_environment["DATABASE_URL"])
        if stamp.exists() and stamp.read_text() == mark:
            return ""
        say("demo company")
        # The owner alone may write events of the past.
        address = self.owner_environment["DATABASE_OWNER_URL"]
        as_owner = self.program_environment | {"DATABASE_URL": address}
        logins = self._manage("prepare_company", environment=as_owner)
        stamp.write_text(mark)
        return logins

    def _collect_static(self) -> None:
        """Hashed and compressed copies of the static files, made again only when one changed."""
        stamp = self.data / "static.stamp"
        files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
        facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        mark = _digest(f"{facts}{(ROOT / 'requirements.txt').read_text()}")
        made = any((self.programs.data / "static").iterdir())
        if made and stamp.exists() and stamp.read_text() == mark:
            return
        say("static files")
        ignored = (f"--ignore={pattern}" for pattern in UNUSED_STATIC)
        self._manage("collectstatic", "--noinput", *ignored)
        stamp.write_text(mark)

    def _manage(
        self, *arguments: str, owner: bool = False, environment: dict[str, str] | None = None
    ) -> str:
        """Run one management command to its end; what it printed."""
        output = log_file(self.data, arguments[0])
        begin = output.stat().st_size if output.exists() else 0
        code = self.supervisor.finish(
            [sys.executable if owner else self.programs.python, ROOT / "manage.py", *arguments],
            folder=ROOT,
            output=output,
            **{"environment": self.owner_environment} if owner else self._as_program(environment),
        )
        said = output.read_bytes()[begin:].decode(errors="replace")
        if code != 0:
            raise StartError(f"{arguments[0]} failed: {last_line(said)} (log: {output})")
        return said

    def _as_program(self, environment: dict[str, str] | None = None) -> dict[str, Any]:
        return {
            "environment": environment or self.program_environment,
            "account": self.programs.account,
        }

    def _start_jobs(self) -> None:
        """Worker and beat, after the web server: the first page need not wait for their start."""
        say("worker and beat")
        celery = ["-m", "celery", "-A", "secondsource"]
        processes = os.environ.get("WORKER_PROCESSES") or "2"
        self._start_program(
            "worker", *celery, "worker", "--loglevel=INFO", f"--concurrency={processes}",
            "--without-gossip", "--without-mingle", f"--queues={QUEUES}",
        )  # fmt: skip
        self._start_program(
            "beat", *celery, "beat", "--loglevel=INFO", "--pidfile=",
            f"--schedule={self.programs.schedule}",
        )  # fmt: skip

    def _start_web(self) -> None:
        say("web")
        host = f"[{self.host}]" if ":" in self.host else self.host
        listener = self.programs.listener(self.host, self.port)
        bind = f"fd://{listener.fileno()}" if listener else f"{host}:{self.port}"
        self._start_program(
            "web", "-m", "gunicorn", "secondsource.wsgi:application", f"--bind={bind}",
            "--worker-class=secondsource.core.web.BufferedWorker",
            f"--workers={os.environ.get('WEB_WORKERS') or '2'}", "--threads=4", "--preload",
            "--timeout=60", "--graceful-timeout=8",
            "--no-control-socket", pass_fds=[listener.fileno()] if listener else [],
        )  # fmt: skip
        if listener:
            listener.close()  # the web server has it

    def _start_program(self, name: str, *arguments: str, pass_fds: Sequence[int] = ()) -> None:
        self.supervisor.start(
            name,
            [str(self.programs.python), *arguments],
            **self._as_program(),
            folder=ROOT,
            pass_fds=pass_fds,
            output=log_file(self.data, name),
            # A worker told to quit gives its unfinished task back to the queue.
            hurry=signal.SIGQUIT if name == "worker" else signal.SIGKILL,
        )

    def _wait_for_web(self) -> None:
        if not self.supervisor.wait_until(self._web_answers, seconds=60):
            child = self.supervisor.ended()
            name = child.name if child else "web"
            log = log_file(self.data, name)
            said = last_line(log.read_text(errors="replace"))
            raise StartError(f"{name} did not start: {said} (log: {log})")

    def _web_answers(self) -> bool:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=30)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/health/live/")
                return connection.getresponse().status < 500
            except (OSError, http.client.HTTPException):
                return False


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone already
        print(f"- {text}", flush=True)


def complain(text: str) -> int:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)
    return 1


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it ended without a word"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
