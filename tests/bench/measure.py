"""Measuring: five runs of each, its floor in the same run, ratios in a table."""

from __future__ import annotations

import gzip
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.server import Answer, Client

RUNS, REQUESTS = 5, 10
#: Ms that the best open parts system took at 100,000 parts on such a machine; ours take a tenth.
OTHERS = {
    "API search": 2_800, "API list, deep page": 5_100, "API create part": 650,
    "API BOM of 200 lines": 159,
}  # fmt: skip


@dataclass
class Figure:
    """What came out for one thing: times in ms (server time for requests)."""

    name: str
    median: float
    low: float
    high: float
    p95: float
    queries: int | None = None
    size: int | None = None
    floor: str = ""
    ratio: float | None = None
    bound: str = ""
    kept: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """For ``bench.json``."""
        return asdict(self)


@dataclass
class Table:
    """All figures of a run, by name."""

    figures: dict[str, Figure] = field(default_factory=dict)

    def add(self, figure: Figure, *, floor: str = "", p95: float = 0, ratio: float = 0,
            most: float = 0, queries: int = 0) -> Figure:  # fmt: skip
        """Keep a figure; compare it with its floor and its bounds."""
        bounds, kept = [], []
        if floor:
            figure.floor = floor
            figure.ratio = figure.median / self.figures[floor].median
        checks = (
            (p95, figure.p95, f"p95 ≤ {p95:g} ms"), (ratio, figure.ratio, f"≤ {ratio:g}× floor"),
            (most, figure.median, f"≤ {most:g}"), (queries, figure.queries, f"≤ {queries} queries"),
        )  # fmt: skip
        for bound, value, words in checks:
            if bound and value is not None:
                bounds.append(words)
                kept.append(value <= bound)
        figure.bound, figure.kept = ", ".join(bounds), all(kept) if kept else None
        self.figures[figure.name] = figure
        return figure

    def lines(self) -> list[str]:
        """The table as text."""
        head = ("what", "median", "range", "p95", "queries", "bytes", "× floor", "bound", "")
        rows = [head, *(_row(figure) for figure in self.figures.values())]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {None: "", True: "kept", False: "MISSED"}[figure.kept]
    return (
        figure.name, f"{figure.median:.1f}", f"{figure.low:.1f}–{figure.high:.1f}",
        f"{figure.p95:.1f}", "" if figure.queries is None else str(figure.queries),
        "" if figure.size is None else f"{figure.size:,}",
        "" if figure.ratio is None else f"{figure.ratio:.1f}", figure.bound, verdict,
    )  # fmt: skip


def of_runs(name: str, times: Sequence[Sequence[float]], **more: Any) -> Figure:
    """Median and range of the runs' medians, p95 of all."""
    medians = sorted(statistics.median(run) for run in times)
    every = sorted(value for run in times for value in run)
    p95 = every[min(len(every) - 1, int(len(every) * 0.95))]
    return Figure(name, statistics.median(medians), medians[0], medians[-1], p95, **more)


def requests(name: str, client: Client, paths: Sequence[str]) -> Figure:
    """Ask for the paths in turn; a status other than 200 is an error, not a figure."""
    return in_turn(client, {name: paths})[0]


def in_turn(client: Client, asked: Mapping[str, Sequence[str]]) -> list[Figure]:
    """Ask for several things, in each run for all of them: name → paths.

    A machine that is slower for a while is so for a page and for its floor alike.
    """
    for paths in asked.values():
        for path in paths[:3]:
            ok(client.ask(path), path)
    times: dict[str, list[list[float]]] = {name: [] for name in asked}
    last: dict[str, Answer] = {}
    for run in range(RUNS):
        for name, paths in asked.items():
            wanted = [paths[(run * REQUESTS + i) % len(paths)] for i in range(REQUESTS)]
            answers = [ok(client.ask(path), path) for path in wanted]
            times[name].append([answer.server_ms for answer in answers])
            last[name] = answers[-1]
    return [
        of_runs(name, taken, queries=last[name].queries, size=last[name].size)
        for name, taken in times.items()
    ]


def tenth(name: str) -> float:
    """The most ms of what is to be ten times faster than others; 0 for what is not compared."""
    return OTHERS.get(name, 0) / 10


def ok(answer: Answer, path: str) -> Answer:
    """The answer, unless it is an error."""
    if answer.status not in (200, 201):
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer


def calls(name: str, call: Callable[[], Any], *, runs: int = RUNS) -> Figure:
    """Time a function, in ms, with one call before that does not count."""
    call()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        times.append([(time.perf_counter() - began) * 1000])
    return of_runs(name, times)


def first_view(client: Client, path: str) -> int:
    """Bytes over the wire of a page and all files that it names, compressed as a browser asks."""
    answer = client.ask(path)
    body = answer.body
    html = gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()
    total, seen = answer.size, set()
    queue = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)
    while queue:
        url = queue.pop()
        if url in seen:
            continue
        seen.add(url)
        file = client.ask(url)
        total += file.size
        if url.endswith(".css"):
            text = gzip.decompress(file.body) if file.body[:2] == b"\x1f\x8b" else file.body
            queue += _files_of(text.decode(), url.rsplit("/", 1)[0])
    return total


def _files_of(css: str, folder: str) -> list[str]:
    """Files that a style sheet makes a browser fetch for a page in Latin letters."""
    foreign = re.compile(r"@font-face\s*{[^}]*unicode-range:\s*(?!U\+0000)[^}]*}")
    names = re.findall(r'url\("?([^")]+)"?\)', foreign.sub("", css))
    return [_join(folder, name) for name in names if not name.startswith("data:")]


def _join(folder: str, name: str) -> str:
    if name.startswith("/"):
        return name
    while name.startswith("../"):
        folder, name = folder.rsplit("/", 1)[0], name[3:]
    return f"{folder}/{name}"
