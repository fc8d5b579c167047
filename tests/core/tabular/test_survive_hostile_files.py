"""Whatever a file does to its reader: rows or a refusal, and the caller goes on."""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from secondsource.core.tabular import Limits, TabularError, examine, process, read, rows_of
from tests.core.tabular.files import xlsx
from tests.core.tabular.hostile import HANDED, generated

GOOD = b"Part,Qty\nA-1,2\n"
SMALL = Limits(rows=200_000, cells=1_000_000, text=20_000_000)
MOST_MB, MOST_SECONDS = 120, 20
SAMPLE, ALL = 40, 500


def outcome(data: bytes) -> str:
    """`rows`, or the code of the refusal."""
    try:
        workbook = read(data, "file", SMALL, marks=True)
    except TabularError as refusal:
        return refusal.code
    assert all(type(cell) is str for s in workbook.sheets for row in s.rows for cell in row)
    return "rows"


def streamed(data: bytes) -> str:
    """The same by the readers of files of any length."""
    try:
        found = examine(io.BytesIO(data), "file")
        for row in rows_of(io.BytesIO(data), "file", form=found.form):
            assert all(type(cell) is str for cell in row)
    except TabularError as refusal:
        return refusal.code
    return "rows"


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def survives(data: bytes) -> None:
    for reading in (outcome, streamed):
        before, began = peak_mb(), time.monotonic()
        # What ends without an answer for no fault of the file would be `not_read`.
        assert reading(data) != "not_read"
        assert time.monotonic() - began < MOST_SECONDS
        assert peak_mb() - before < MOST_MB


CODES = {
    "repeated rows": "too_many_cells",
    "repeated empty rows": "too_many_rows",
    "repeated columns": "too_many_cells",
    "repeated long text": "too_much_text",
    "nested spans": "damaged",
    "shared string": "too_many_cells",
    "only delimiters": "rows",
    "rows of delimiters": "too_many_cells",
    "only line feeds": "too_many_rows",
    "lone quote": "damaged",
}


@pytest.mark.parametrize("name", HANDED)
def test_a_handed_input_is_refused(name: str) -> None:
    data = HANDED[name]()
    far = data.startswith(b"PK") and b"xl/workbook.xml" in data
    assert outcome(data) == CODES.get(name, "too_many_cells" if far else "damaged")
    survives(data)
    assert outcome(GOOD) == "rows"


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_a_generated_file_ends_in_rows_or_a_refusal(seed: int) -> None:
    survives(generated(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SAMPLE, ALL))
def test_more_generated_files_end_in_rows_or_a_refusal(seed: int) -> None:
    survives(generated(seed))


def test_memory_is_bound() -> None:
    data = xlsx({"S": [["x" * 50, n, n] for n in range(4_000)]})
    assert outcome(data) == "rows"
    with pytest.raises(TabularError) as refusal:
        read(data, "f", Limits(memory=34 * 1024 * 1024))
    assert refusal.value.code == "too_many_cells"


def test_time_is_bound() -> None:
    began = time.monotonic()
    with pytest.raises(TabularError) as refusal:
        read(b"a,b\n" + b"1,2\n" * 2_000_000, "f", Limits(seconds=1, rows=10**9, cells=10**9))
    assert refusal.value.code == "too_slow"
    assert time.monotonic() - began < 10


def test_a_text_is_streamed_in_constant_memory(tmp_path: Path) -> None:
    place = tmp_path / "long.csv"
    place.write_bytes(b"part,qty,note\n" + b"A-1,1,something longer\n" * 600_000)
    narrow = Limits(memory=56 * 1024 * 1024)
    with place.open("rb") as stream:
        found = examine(stream, "long.csv", narrow)
        count = sum(1 for _ in rows_of(stream, "long.csv", form=found.form, limits=narrow))
    assert count == found.sheets[0].rows == 600_001


def server_pid() -> int:
    read(GOOD, "f")
    return process._server.process.pid


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in text.split()]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition: object, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


def test_a_reader_that_nobody_waits_for_is_ended() -> None:
    server = server_pid()
    assert until(lambda: not children_of(server))
    form = examine(io.BytesIO(GOOD), "f").form
    assert until(lambda: not children_of(server))
    rows = rows_of(io.BytesIO(b"a,b\n" + b"1,2\n" * 1_000_000), "f", form=form)
    next(rows)
    assert len(children_of(server)) == 1
    rows.close()
    assert until(lambda: not children_of(server))


def test_a_server_that_died_is_replaced() -> None:
    first = server_pid()
    os.kill(first, signal.SIGKILL)
    assert until(lambda: process._server.process.poll() is not None)
    assert outcome(GOOD) == "rows"
    assert server_pid() != first


def test_a_killed_reader_is_a_refusal() -> None:
    server = server_pid()
    form = examine(io.BytesIO(GOOD), "f").form
    assert until(lambda: not children_of(server))
    rows = rows_of(io.BytesIO(b"a,b\n" + b"1,2\n" * 1_000_000), "f", form=form)
    next(rows)
    os.kill(children_of(server)[0], signal.SIGKILL)
    with pytest.raises(TabularError):
        list(rows)
    assert outcome(GOOD) == "rows"


def test_a_forked_worker_has_a_server_of_its_own() -> None:
    first = server_pid()
    woken, told = os.pipe()
    child = os.fork()
    if not child:
        os.write(told, f"{server_pid()}".encode())
        os._exit(0)
    own = int(os.read(woken, 20))
    os.waitpid(child, 0)
    assert own != first
    assert until(lambda: not alive(own))
    assert outcome(GOOD) == "rows"
    assert server_pid() == first


def test_many_threads_read_at_once() -> None:
    results: list[str] = []
    data = [GOOD, HANDED["single quotes"](), HANDED["value abc"](), xlsx({"S": [["a", "b"]]})] * 4
    threads = [threading.Thread(target=lambda d=d: results.append(outcome(d))) for d in data]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results) == ["damaged"] * 4 + ["rows"] * 8 + ["too_many_cells"] * 4


_WORKER = """
import io, sys
from secondsource.core.tabular import TextForm, process, rows_of
rows = rows_of(io.BytesIO(b"1,2\\n" * 1_000_000), "f", form=TextForm("utf-8", ","))
next(rows)
print(process._server.process.pid, flush=True)
sys.stdin.read()
"""


def test_no_reader_outlives_a_worker_that_is_killed() -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.getcwd(), "A_SECRET": "x"},
    )  # fmt: skip
    assert worker.stdout is not None
    server = int(worker.stdout.readline())
    (reader,) = children_of(server)
    for one in (server, reader):
        assert b"A_SECRET" not in Path(f"/proc/{one}/environ").read_bytes()
    worker.kill()
    worker.wait()
    assert until(lambda: not alive(server) and not alive(reader))
