"""A million receipts by file, beside their floor: a plain COPY of the same rows into such a table.

Reading and writing run in a process of their own, as in a worker, which tells its greatest size.
"""

from __future__ import annotations

import csv
import io
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import connection

from secondsource.core.actors import Actor
from secondsource.core.models import Job
from secondsource.exchange import services as exchange
from secondsource.exchange.models import Import
from tests.bench import measure
from tests.bench.measure import Table

RECEIPTS = 1_000_000
ROWS_A_SECOND = 20_000
MOST_MS = {200_000: 9_000}
MOST_MB = 300
#: Constant memory, as far as pages and allocators are.
MOST_GROWTH = 1.1
_RUN = """
import sys, time, django
django.setup()
from secondsource.core import jobs
from tests.bench.server import peak_mb
began = time.perf_counter()
jobs.run(sys.argv[1])
print(time.perf_counter() - began, peak_mb())
"""
_HEAD = ("Received on", "Our part number", "MPN", "Manufacturer", "PO", "Quantity", "Rejected",
         "Lot",
         "Goods receipt", "Unit price", "Currency")  # fmt: skip


def measure_receipts(table: Table, actor: Actor, say: Callable[[str], None]) -> None:
    """A fifth of the receipts and all of them: the second must take no more memory."""
    few = _measure(table, actor, say, RECEIPTS // 5)
    many = _measure(table, actor, say, RECEIPTS)
    small = f"worker at {RECEIPTS // 5:,} receipts, MB"
    table.add(measure.of_runs(small, [[few]]), most=MOST_MB)
    large = measure.of_runs(f"worker at {RECEIPTS:,} receipts, MB", [[many]])
    table.add(large, floor=small, ratio=MOST_GROWTH, most=MOST_MB)


def _measure(table: Table, actor: Actor, say: Callable[[str], None], rows: int) -> float:
    """Import generated receipts once, beside the floor, and leave the data as they were; MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receipts.csv"
        with path.open("w") as file:
            file.writelines(receipt_lines(rows))
        say(f"{rows:,} receipts are {path.stat().st_size / 1e6:.0f} MB")
        imported = _upload(path, actor)
    try:
        read_s, read_mb = run_apart(imported)
        exchange.confirm(imported=imported, actor=actor)
        write_s, write_mb = run_apart(imported)
        if imported.result.get("created") != rows:
            raise RuntimeError(f"the import ended as {imported.state}: {imported.result}")
        floor_s = _floor(imported)
    finally:
        _remove(imported)
    name, floor = f"{rows:,} receipts", f"floor: plain COPY of {rows:,} receipts"
    table.add(measure.of_runs(floor, [[floor_s * 1000]]))
    table.add(measure.of_runs(f"{name}, preview", [[read_s * 1000]]), floor=floor)
    most = min(rows / ROWS_A_SECOND * 1000, MOST_MS.get(rows, math.inf))
    table.add(measure.of_runs(f"{name}, import", [[write_s * 1000]]), floor=floor, most=most)
    say(f"{name}: {rows / write_s:,.0f} rows a second; plain COPY {rows / floor_s:,.0f}")
    return max(read_mb, write_mb)


def receipt_lines(rows: int) -> Iterator[str]:
    """CSV of receipts of generated sources, each with a goods receipt number of its own."""
    stamp = int(time.time())
    sources = _sources()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_HEAD)
    for n in range(rows):
        ipn, mpn, manufacturer = sources[n * 7919 % len(sources)]
        day = f"2026-{1 + n % 9:02d}-{1 + n % 28:02d}"
        price = f"{0.01 * (n % 500 + 1):.2f}"
        writer.writerow((day, ipn, mpn, manufacturer, f"45{n // 20:08d}", 100 + n % 900, n % 3,
                         f"L{n % 5000}", f"{stamp}/{n}", price, "EUR"))  # fmt: skip
        if n % 1000 == 999:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _sources() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.ipn, m.mpn, c.name FROM suppliers_source s JOIN parts_part p"
            " ON p.id = s.part_id JOIN suppliers_manufacturerpart m"
            " ON m.id = s.manufacturer_part_id JOIN suppliers_supplier c"
            " ON c.id = m.manufacturer_id WHERE p.ipn LIKE 'GEN-%' ORDER BY s.id LIMIT 50000"
        )
        return list(cursor.fetchall())


def _upload(path: Path, actor: Actor) -> Import:
    with path.open("rb") as stream:
        file = UploadedFile(stream, path.name, "text/csv", path.stat().st_size)
        return exchange.upload(file=file, kind="receipts", actor=actor)


def run_apart(imported: Import) -> tuple[float, float]:
    """Run the import's job in a process of its own: seconds, and its greatest size in MB."""
    imported.refresh_from_db()
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(imported.job_id)], stdout=subprocess.PIPE, text=True,
        check=True,
    )  # fmt: skip
    imported.refresh_from_db()
    job = imported.job
    if job is None or job.state != Job.State.DONE:
        raise RuntimeError(f"the job ended otherwise: {job and job.problem}")
    seconds, size = done.stdout.split()[-2:]
    return float(seconds), float(size)


def _floor(imported: Import) -> float:
    """Seconds of a COPY of the written rows into an empty table with the same constraints."""
    columns = (
        "source_id, supplier_id, po, received_date, received_qty, rejected_qty, lot, reference,"
        " date_code, unit_price, currency, purpose, nth, batch_id, actor_id, created_at"
    )
    with connection.cursor() as cursor, tempfile.TemporaryFile() as held:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("DROP TABLE IF EXISTS bench_receipt")
        cursor.execute("CREATE TABLE bench_receipt (LIKE suppliers_receipt INCLUDING ALL)")
        chosen = (
            f"SELECT {columns} FROM suppliers_receipt WHERE batch_id ="
            f" (SELECT id FROM suppliers_receiptbatch WHERE ref = '{imported.public_id}')"
        )
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT", held)
        held.seek(0)
        began = time.perf_counter()
        cursor.copy_expert(f"COPY bench_receipt ({columns}) FROM STDIN", held)
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_receipt")
        cursor.execute("RESET statement_timeout")
        return taken


def _remove(imported: Import) -> None:
    """Facts are never removed; generated ones of a measurement are, by the owner of the tables."""
    batch = f"(SELECT id FROM suppliers_receiptbatch WHERE ref = '{imported.public_id}')"
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ALTER TABLE suppliers_receipt DISABLE TRIGGER append_only")
        cursor.execute(f"DELETE FROM suppliers_receipt WHERE batch_id = {batch}")
        cursor.execute("ALTER TABLE suppliers_receipt ENABLE TRIGGER append_only")
        cursor.execute(f"DELETE FROM suppliers_receiptbatch WHERE id = {batch}")
        cursor.execute("VACUUM ANALYZE suppliers_receipt")
        cursor.execute("RESET statement_timeout")
    imported.file.delete(save=False)
    imported.delete()
