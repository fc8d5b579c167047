"""Mails to a real mail server: one that dies with its worker, or never answers."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import get_connection

from secondsource.core import clock, outbox
from secondsource.core.models import Mail, Outbox
from tests.workers import ROOT, process_environment, wait_until
from tests.workspace.notifications.test_mails import reader_at_once, tell


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails as SMTP says; the first one gets no answer while ``silent`` is set."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[str] = []
        self.silent = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                self._take()
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")

    def _take(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.taken.append(b"".join(lines).decode())
        if self.server.silent.is_set():
            self.rfile.read()  # until the other side is gone
        else:
            self.wfile.write(b"250 taken\r\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def message_id(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("Message-ID"))


def use(settings: Any, server: MailServer) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_sends_leaves_the_mail_to_the_next(
    settings: Any, mail_server: MailServer
) -> None:
    tell(reader_at_once())
    mail_server.silent.set()
    code = "import django; django.setup(); from secondsource.core import outbox; outbox.work_off()"
    worker = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT,
        env=process_environment() | {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"},
    )  # fmt: skip
    wait_until(lambda: mail_server.taken or worker.poll() is not None)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert Mail.objects.get().sent_at is None
    row = Outbox.objects.get(topic="mail")
    assert (row.state, row.attempts) == ("waiting", 1)

    mail_server.silent.clear()
    use(settings, mail_server)
    with clock.at(row.due_at):
        outbox.work_off()
        outbox.work_off()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)
    assert Mail.objects.get().sent_at is not None
    # The server had it twice, as the same mail: in effect it was sent once.
    first, second = mail_server.taken
    assert message_id(first) == message_id(second)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_never_answers_holds_nobody_up(
    settings: Any, mail_server: MailServer
) -> None:
    assert get_connection("django.core.mail.backends.smtp.EmailBackend").timeout == 20
    tell(reader_at_once())
    mail_server.silent.set()
    use(settings, mail_server)
    settings.EMAIL_TIMEOUT = 0.5
    outbox.work_off()
    row = Outbox.objects.get(topic="mail")
    assert row.state == "waiting"
    assert "timed out" in row.error
    assert Mail.objects.get().sent_at is None
