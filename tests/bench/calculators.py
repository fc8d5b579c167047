"""Calculators: the first call of a process, warm calls, pages, and what they add to a worker.

A numeric library is loaded by the first call that needs it, never by the start of the server, so
the first call of each library's heaviest user is measured in a server of its own.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from secondsource.workspace.calculators import CALCULATORS
from secondsource.workspace.calculators.declaration import plain
from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.server import Answer, Client, resident_mb, server

FIRST_CALLS = ("clopper-pearson", "npv", "sourcing-split")
"""Each the first user of another library; the last one's process goes on to the warm calls."""
PROGRAMMES = ("sourcing-split", "performance-impact")
"""Solved by linear or mixed-integer programming."""
FIRST_MS, WARM_MS, PROGRAMME_MS, PAGE_MS = 3_000, 20, 500, 100
CALLS = 10

Clients = Callable[[int], tuple[Client, Client]]


def measured(table: Table, clients: Clients) -> None:
    """Add the rows; ``clients`` gives a browser's and a token's client for a port."""
    for name in FIRST_CALLS:
        with _fresh(clients) as (page, api, worker):
            before = resident_mb(worker)
            first = [[ask(api, name).server_ms]]
            table.add(measure.of_runs(f"calculator {name}, first call", first), most=FIRST_MS)
            if name == FIRST_CALLS[-1]:
                _warm(table, api)
                _pages(table, page)
                after = resident_mb(worker)
    table.add(measure.of_runs("web worker before any calculator, MB", [[before]]))
    table.add(measure.of_runs("web worker after all calculators, MB", [[after]]), most=400)


@contextmanager
def _fresh(clients: Clients) -> Iterator[tuple[Client, Client, int]]:
    """A server that has answered pages but no calculator."""
    with server() as (port, worker):
        page, api = clients(port)
        for _ in range(3):
            page.ask("/calculators/")
            api.ask("/api/v1/calculators/")
        page.connection.close()  # it idles now; the server would drop it
        yield page, api, worker


def ask(api: Client, name: str) -> Answer:
    """A calculator's worked example; a status other than 200 is an error, not a figure."""
    body = json.dumps(plain(CALCULATORS[name].example)).encode()
    path = f"/api/v1/calculators/{name}/"
    answer = api.ask(path, method="POST", body=body, headers={"Content-Type": "application/json"})
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer


def _warm(table: Table, api: Client) -> None:
    times = {name: _times(partial(ask, api, name)) for name in CALCULATORS}
    plain_ones = {name: taken for name, taken in times.items() if name not in PROGRAMMES}
    slowest = max(plain_ones, key=lambda name: statistics.median(plain_ones[name]))
    every = list(plain_ones.values())
    table.add(measure.of_runs(f"{len(every)} calculators, warm", every), most=WARM_MS)
    slow = [plain_ones[slowest]]
    table.add(measure.of_runs(f"the slowest of them, {slowest}", slow), most=WARM_MS)
    for name in PROGRAMMES:
        table.add(measure.of_runs(f"calculator {name}, warm", [times[name]]), most=PROGRAMME_MS)


def _pages(table: Table, page: Client) -> None:
    times = {name: _times(partial(_page, page, name)) for name in CALCULATORS}
    slowest = max(times, key=lambda name: statistics.median(times[name]))
    table.add(measure.of_runs(f"{len(times)} calculator pages", list(times.values())), p95=PAGE_MS)
    table.add(measure.of_runs(f"the slowest of them, {slowest}", [times[slowest]]), p95=PAGE_MS)


def _page(page: Client, name: str) -> Answer:
    answer = page.ask(f"/calculators/{name}/")
    if answer.status != 200:
        raise RuntimeError(f"/calculators/{name}/ answered {answer.status}")
    return answer


def _times(call: Callable[[], Answer]) -> list[float]:
    """Server times in ms of some calls, after one that does not count."""
    call()
    return [call().server_ms for _ in range(CALLS)]
