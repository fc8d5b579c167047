"""The staging table: rows as they were when a refusal was said, errors that come through."""

from __future__ import annotations

import io

import pytest

from parts.models import Part
from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.exchange.bulk import staging
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.bulk.mapping import BulkMapping
from secondsource.exchange.bulk.staging import Report, Stage
from tests import factories
from tests.exchange.bulk.files import send

FILE = b"Part number,Stock\nA-1,5\n,6\nA-2,many\n,x\n\nA-3,7\n"


def load(actor: Actor, report: Report = lambda rows: None) -> Stage:
    for n in (1, 2, 3):
        factories.part(ipn=f"A-{n}")
    mapping = BulkMapping.from_json(send(FILE, "stock", actor).mapping)
    return staging.load(KINDS["stock"], mapping, io.BytesIO(FILE), "file.csv", actor, report)


def found(stage: Stage) -> list[tuple[object, ...]]:
    return stage.fetch("SELECT row, name, code FROM import_problem ORDER BY 1, 2, 3")


def test_rows_and_cells_that_cannot_be_read(
    engineer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_PIECE", 2)
    stage = load(engineer)
    assert (stage.rows, stage.blank, stage.mark_bad()) == (5, 1, 3)
    assert found(stage) == [
        (3, "ipn", "missing"), (4, "stock_qty", "no_number"), (5, "ipn", "missing"),
        (5, "stock_qty", "no_number"),
    ]  # fmt: skip
    staged = stage.fetch("SELECT row, ipn, stock_qty FROM {s} WHERE NOT bad ORDER BY row")
    assert staged == [(2, "A-1", 5), (7, "A-3", 7)]


def test_a_refusal_is_of_the_rows_as_they_were(engineer: Actor) -> None:
    stage = load(engineer)
    stage.refuse("stock_qty", "five", "Five.", "s.stock_qty = 5")
    stage.sql("UPDATE {s} SET stock_qty = 6")
    stage.refuse("stock_qty", "six", "Six.", "s.stock_qty = 6 AND s.ipn = 'A-3'")
    stage.mark_bad()
    codes = [code for _, _, code in found(stage)]
    assert (codes.count("five"), codes.count("six")) == (1, 1)


def test_a_refusal_that_asks_for_others_sees_them(engineer: Actor) -> None:
    stage = load(engineer)
    stage.refuse("ipn", "first", "First.", "s.ipn = 'A-1'")
    none = "NOT EXISTS (SELECT FROM import_problem p WHERE p.row = s.row)"
    stage.refuse("ipn", "second", "Second.", none)
    stage.mark_bad()
    assert [one for one in found(stage) if one[2] in ("first", "second")] == [
        (2, "ipn", "first"), (7, "ipn", "second"),
    ]  # fmt: skip


def test_who_stops_the_reading_is_heard(engineer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_PIECE", 1)
    monkeypatch.setattr(staging, "_TOLD", 1)

    def stop(row: int) -> None:
        raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        load(engineer, stop)
    assert Part.objects.count() == 3  # the transaction goes on
