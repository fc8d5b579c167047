"""The benchmark's own arithmetic: medians, floors, bounds; an error is never a figure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.server import Client

asked: list[str] = []


class Site(BaseHTTPRequestHandler):
    """Answers every path but /broken/, and says 7 queries and 12.5 ms."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked.append(self.path)
        self.send_response(500 if self.path == "/broken/" else 200)
        for name, value in (("X-Server-Ms", "12.5"), ("X-Queries", "7"), ("Content-Length", "2")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def client() -> Iterator[Client]:
    asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        opened = Client(site.server_port, {})
        yield opened
        opened.connection.close()
        site.shutdown()


def test_figures_come_from_the_server_s_own_clock(client: Client) -> None:
    figure = measure.requests("page", client, ["/a/", "/b/"])
    assert (figure.median, figure.p95, figure.queries, figure.size) == (12.5, 12.5, 7, 2)


def test_a_page_and_its_floor_are_asked_in_the_same_run(client: Client) -> None:
    figures = measure.in_turn(client, {"floor": ["/floor/"], "page": ["/page/"]})
    assert [one.name for one in figures] == ["floor", "page"]
    runs = asked[2:]
    each = measure.REQUESTS
    assert len(runs) == 2 * each * measure.RUNS
    assert runs[: 2 * each] == ["/floor/"] * each + ["/page/"] * each == runs[-2 * each :]


def test_an_error_is_no_figure(client: Client) -> None:
    with pytest.raises(RuntimeError, match="/broken/ answered 500"):
        measure.requests("page", client, ["/broken/"])


@pytest.mark.parametrize(
    ("bounds", "kept", "word"),
    [
        ({"ratio": 4}, True, "kept"),
        ({"ratio": 3.9}, False, "MISSED"),
        ({"p95": 41}, False, "MISSED"),
        ({"p95": 42, "most": 40, "ratio": 4}, True, "kept"),
        ({"p95": 42, "most": 39}, False, "MISSED"),
        ({}, None, ""),
    ],
)
def test_bounds_are_judged_together(bounds: dict[str, float], kept: bool | None, word: str) -> None:
    table = Table()
    table.add(measure.of_runs("floor", [[10.0]]))
    figure = table.add(measure.of_runs("page", [[38, 40, 42.0]]), floor="floor", **bounds)
    assert (figure.ratio, figure.kept) == (4, kept)
    assert table.lines()[-1].rstrip().endswith(word)


def test_medians_of_runs_and_p95_of_all() -> None:
    figure = measure.of_runs("x", [[1, 2, 30], [4, 5, 6], [7, 8, 9]])
    assert (figure.median, figure.low, figure.high, figure.p95) == (5, 2, 8, 30)


def test_a_tenth_of_what_others_take() -> None:
    assert measure.tenth("API search") == 280
    assert measure.tenth("parts list") == 0
