"""The compose file: who runs under which role, what it passes on, and how health is asked."""

from __future__ import annotations

import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from secondsource.embedded.launch import QUEUES

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
PROGRAMS = ("web", "worker", "beat", "migrate")


def test_only_migrations_run_as_the_owner_of_the_tables() -> None:
    users = {
        name: SERVICES[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name in PROGRAMS
    }
    assert users == {"migrate": "secondsource"} | dict.fromkeys(PROGRAMS[:3], "secondsource_app")
    assert SERVICES["migrate"]["environment"]["APP_DB_ROLE"] == "secondsource_app"
    assert all("migrate" in SERVICES[name]["depends_on"] for name in PROGRAMS[:3])


def test_all_that_keeps_running_is_asked_for_its_health() -> None:
    assert {name for name, one in SERVICES.items() if "healthcheck" not in one} == {"migrate"}
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_the_worker_serves_every_queue() -> None:
    assert f"--queues={QUEUES}" in SERVICES["worker"]["command"]


def test_every_variable_is_named_at_the_top() -> None:
    head = TEXT.split("\nname:")[0]
    assert set(re.findall(r"\$\{(\w+)", TEXT)) == set(re.findall(r"\b[A-Z][A-Z_]{3,}\b", head)) - {
        "YAML"
    }


def test_no_secret_has_a_default() -> None:
    secrets = set(re.findall(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)(:.)", TEXT))
    assert {mark for _, mark in secrets} == {":?"}
    assert len(secrets) == 4


@pytest.mark.parametrize(
    ("allowed", "asked"),
    [("parts.example.com,localhost", "parts.example.com"), (".example.com", "example.com"),
     ("*", "localhost"), ("localhost,127.0.0.1", "localhost")],
)  # fmt: skip
def test_health_is_asked_under_a_name_that_is_allowed(allowed: str, asked: str) -> None:
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.handle_request, daemon=True).start()
        code = SERVICES["web"]["healthcheck"]["test"][3]
        code = code.replace(":8000", f":{server.server_port}")
        environment = {"ALLOWED_HOSTS": allowed}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=180)
    assert heard == [f"{asked}/health/live/"]
