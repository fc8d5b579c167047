"""Order lines are made and changed by one file, demand is given; both can be taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import Part
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import ImportedRow
from suppliers import services as suppliers
from suppliers.models import OrderLine
from tests.exchange.bulk.files import problems, roles, send, take
from tests.exchange.bulk.world import SYSTEM, Sourcing

HEAD = (
    "Bestellung;Pos;Lieferant;Artikel-Nr.;Herstellernummer;Bestellmenge;Liefertermin;"
    "Einzelpreis;Währung\n"
)
FILE = HEAD + (
    "4500017;10;Digi-Key;470-00019;TPS62130RGTR;5.000;31.03.2026;1,25;EUR\n"
    "4500017;20;;470-00020;;100;01.04.2026;;\n"
    "4500016;10;MPS;;MP2315GJ-Z;70;02.04.2026;;\n"
)  # fmt: skip


@pytest.fixture
def old(sourcing: Sourcing) -> OrderLine:
    """An order line on record that the file names too."""
    return suppliers.add_order_line(
        source=sourcing.second, po="4500016", line="10", ordered_qty=Decimal(50), actor=SYSTEM,
        agreed_date=dt.date(2026, 3, 1),
    )  # fmt: skip


def test_order_lines_are_made_and_changed(sourcing: Sourcing, old: OrderLine) -> None:
    imported = send(FILE, "order_lines", sourcing.buyer)
    assert roles(imported) == {
        "Bestellung": "po", "Pos": "line", "Lieferant": "supplier", "Artikel-Nr.": "ipn",
        "Herstellernummer": "mpn", "Bestellmenge": "ordered_qty", "Liefertermin": "agreed_date",
        "Einzelpreis": "unit_price", "Währung": "currency",
    }  # fmt: skip
    assert imported.totals["would"] == {"created": 2, "updated": 1, "unchanged": 0}
    take(FILE, "order_lines", sourcing.buyer)
    rows = OrderLine.objects.order_by("po", "line").values_list(
        "po", "line", "supplier__code", "source", "ordered_qty", "agreed_date", "unit_price",
        "currency", "version",
    )  # fmt: skip
    assert list(rows) == [
        ("4500016", "10", "MPS", sourcing.second.pk, 70, dt.date(2026, 4, 2), None, "", 2),
        ("4500017", "10", "DIGI-KEY", sourcing.first.pk, 5000, dt.date(2026, 3, 31),
         Decimal("1.25"), "EUR", 1),
        ("4500017", "20", "MPS", sourcing.only.pk, 100, dt.date(2026, 4, 1), None, "", 1),
    ]  # fmt: skip
    kinds = OrderLine.history.order_by("history_id").values_list("po", "line", "history_type")
    assert list(kinds)[1:] == [
        ("4500016", "10", "~"),
        ("4500017", "10", "+"),
        ("4500017", "20", "+"),
    ]
    again = send(FILE, "order_lines", sourcing.buyer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 3}


def test_undo_removes_the_new_and_puts_back_the_changed(sourcing: Sourcing, old: OrderLine) -> None:
    done = take(FILE, "order_lines", sourcing.buyer)
    assert ImportedRow.objects.filter(imported=done).count() == 3
    services.undo(imported=done, actor=sourcing.buyer)
    left = OrderLine.objects.get()
    assert (left.pk, left.ordered_qty, left.agreed_date, left.version) == (
        old.pk, 50, dt.date(2026, 3, 1), 3,
    )  # fmt: skip
    gone = OrderLine.history.filter(po="4500017", history_type="-")
    assert set(gone.values_list("line", "history_change_reason")) == {
        ("10", "undo of import file.csv"), ("20", "undo of import file.csv"),
    }  # fmt: skip


def test_undo_is_refused_with_every_reason(sourcing: Sourcing, old: OrderLine) -> None:
    done = take(FILE, "order_lines", sourcing.buyer)
    new = OrderLine.objects.get(po="4500017", line="10")
    suppliers.record_receipt(
        source=new.source, order_line=new, received_date=clock.business_day(),
        received_qty=Decimal(5),
        actor=sourcing.buyer,
    )  # fmt: skip
    old.refresh_from_db()
    suppliers.change_order_line(
        order_line=old, values={"ordered_qty": Decimal(71)}, actor=sourcing.buyer
    )
    with pytest.raises(RuleRefused) as refusal:
        services.undo(imported=done, actor=sourcing.buyer)
    assert [r.code for r in refusal.value.reasons] == ["changed", "receipts"]
    assert OrderLine.objects.count() == 3


def test_what_is_wrong_with_order_lines(sourcing: Sourcing, old: OrderLine) -> None:
    text = "PO,Line,Supplier,Part no,MPN,Order qty,Open qty\n" + (
        "1,10,Digi-Key,470-00019,,5,\n"
        "1,10,Digi-Key,470-00019,TPS62130RGTR,5,9\n"
        "1,10,Digi-Key,470-00020,,0,\n"
        "4500016,10,MPS,470-00020,,5,\n"
        "2,10,Nobody,,,1.5,\n"
        "2,,Digi-Key,470-00020,,1,\n"
    )
    assert problems(send(text, "order_lines", sourcing.buyer)) == [
        (2, "ipn", "ambiguous_source"),
        (3, "open_qty", "above_ordered"),
        (3, "po", "duplicate"),
        (4, "ordered_qty", "not_positive"),
        (4, "po", "duplicate"),
        (5, "mpn", "other_source"),
        (6, "ipn", "no_part"),
        (6, "supplier", "unknown_supplier"),
        (7, "line", "missing"),
    ]


def test_an_open_quantity_is_as_of_today(sourcing: Sourcing) -> None:
    text = "PO,Line,Part no,Order qty,Open\n1,10,470-00020,50,20\n"
    take(text, "order_lines", sourcing.buyer)
    row = OrderLine.objects.get()
    assert (row.open_given, row.open_as_of) == (20, clock.business_day())
    assert send(text, "order_lines", sourcing.buyer).totals["would"]["unchanged"] == 1


def test_demand_is_given_and_taken_back(sourcing: Sourcing, engineer: Actor) -> None:
    text = "Part number,Annual demand,Monthly demand\n470-00019,120000,\n470-00020,,10\nX-1,1,\n"
    done = take(text, "demand", engineer, partial=True)
    assert problems(done) == [(4, "ipn", "unknown_part")]
    rows = Part.objects.filter(ipn__startswith="470").order_by("ipn")
    assert list(rows.values_list("given_demand", "demand_as_of", "demand_source")) == [
        (120_000, clock.business_day(), "import file.csv"),
        (120, clock.business_day(), "import file.csv"),
    ]  # fmt: skip
    assert rows[0].figures.demand_basis == "given"
    services.undo(imported=done, actor=engineer)
    assert set(rows.values_list("given_demand", "demand_as_of", "demand_source")) == {
        (None, None, "")
    }
