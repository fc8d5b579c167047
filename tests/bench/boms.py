"""Bills of material: read by page and API, imported and taken back."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.exchange import services as exchange
from secondsource.exchange.models import Import
from tests.bench import bulk, measure
from tests.bench.measure import Table
from tests.bench.server import Client

PRODUCT = "BENCH-BOM"
READ, LARGE = 200, 10_000
#: Lines, most ms of the preview, most ms of the import (0 = no bound).
IMPORTED = ((READ, 0, 0), (2_000, 2_000, 2_000), (LARGE, 4_000, 5_000))


def measure_reading(table: Table, page: Client, api: Client, actor: Actor) -> None:
    """A bill of material as it is looked at; it is there only for that."""
    with _imported(READ, actor):
        for client in (page, api):
            client.connection.close()  # kept alive for two seconds only; it opens anew
        name = f"BOM of {READ} lines"
        found = measure.in_turn(api, {
            f"API {name}": [f"/api/v1/products/{PRODUCT}/bom/?limit={READ}"],
        })  # fmt: skip
        found += measure.in_turn(page, {f"page, {name}": [f"/products/{PRODUCT}/"]})
    for one in found:
        table.add(one, p95=100, queries=15, most=measure.tenth(one.name))


def measure_imports(table: Table, actor: Actor, say: Callable[[str], None]) -> None:
    """Preview and writing, each five times."""
    for lines, preview, write in IMPORTED:
        data = bom_file(lines)
        kept: list[Import] = []

        def upload(data: bytes = data, kept: list[Import] = kept) -> None:
            kept.append(_upload(data, actor))

        table.add(measure.calls(f"BOM of {lines:,} lines, preview", upload), most=preview)
        times = [_import_once(kept[i], actor) for i in range(measure.RUNS)]
        for step, taken in (("import", 0), ("undo", 1)):
            found = measure.of_runs(f"BOM of {lines:,} lines, {step}", [[t[taken]] for t in times])
            table.add(found, most=write)
        if lines == LARGE:
            _memory(table, kept[measure.RUNS], actor)
        say(f"BOM of {lines:,} lines measured")


def bom_file(lines: int) -> bytes:
    """A BOM as people send it: two alternates on every third line."""
    out = io.StringIO()
    out.write(
        "Item,Designator,Quantity,Manufacturer,MPN,Manufacturer 2,MPN 2,Manufacturer 3,MPN 3\n"
    )
    for n in range(1, lines + 1):
        more = f"Manufacturer B,BB{n:06d}X,Manufacturer C,CC{n:06d}Z" if n % 3 == 0 else ",,,"
        out.write(f'{n},"R{2 * n},R{2 * n + 1}",2,Manufacturer {n % 40},AA{n:06d}-T,{more}\n')
    return out.getvalue().encode()


def _upload(data: bytes, actor: Actor) -> Import:
    file = SimpleUploadedFile("bench.csv", data)
    return exchange.upload(file=file, actor=actor, product_code=PRODUCT)


@contextmanager
def _imported(lines: int, actor: Actor) -> Iterator[None]:
    imported = _upload(bom_file(lines), actor)
    _write(imported, actor)
    try:
        yield
    finally:
        exchange.undo(imported=imported, actor=actor)


def _write(imported: Import, actor: Actor) -> float:
    """Milliseconds from the job's start to its commit."""
    job = exchange.confirm(imported=imported, actor=actor)
    began = time.perf_counter()
    jobs.run(str(job.pk))
    taken = (time.perf_counter() - began) * 1000
    job.refresh_from_db()
    if job.state != "done":
        raise RuntimeError(f"the import ended as {job.state}: {job.problem}")
    return taken


def _import_once(imported: Import, actor: Actor) -> tuple[float, float]:
    """Milliseconds of writing and of undo."""
    taken = _write(imported, actor)
    began = time.perf_counter()
    exchange.undo(imported=imported, actor=actor)
    return taken, (time.perf_counter() - began) * 1000


def _memory(table: Table, imported: Import, actor: Actor) -> None:
    """The greatest size of a process that writes the BOM and nothing else."""
    exchange.confirm(imported=imported, actor=actor)
    _, peak = bulk.run_apart(imported)
    exchange.undo(imported=imported, actor=actor)
    name = f"worker at a BOM of {LARGE:,} lines, MB"
    table.add(measure.of_runs(name, [[peak]]), most=bulk.MOST_MB)
