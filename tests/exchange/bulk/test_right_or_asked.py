"""Prices, quantities and lead times of files are read right, or a person is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers.models import Offer, OrderLine, PriceBreak, Receipt
from tests import factories
from tests.core.tabular.files import xlsx
from tests.exchange.bulk.files import problems, roles, send, take
from tests.exchange.bulk.world import Sourcing

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Actor:
    factories.manufacturer_part("CC1", manufacturer=factories.manufacturer("Yageo"))
    factories.manufacturer("Digi-Key", kinds=["distributor"])
    return factories.actor("procurement")


def notes(imported: Import) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in imported.warnings}


def asked(imported: Import) -> list[str]:
    """The codes of what must be said before the file is read."""
    if imported.problem is None:
        return []
    assert imported.state == "uploaded"
    return [one["code"] for one in imported.problem["errors"]]


def correct(imported: Import, actor: Actor, *columns: dict[str, Any]) -> Import:
    return services.correct_mapping(
        imported=imported, mapping={"columns": list(columns)}, actor=actor
    )


def breaks() -> list[tuple[int, Decimal]]:
    return list(PriceBreak.objects.order_by("quantity").values_list("quantity", "price"))


def offer(head: str, row: str, buyer: Actor) -> Offer:
    """The offer that a file of one row makes."""
    take(f"MPN,Supplier,Currency,{head}\nCC1,Digi-Key,USD,{row}\n", "offers", buyer)
    return Offer.objects.get()


ORDER = "PO;Line;Our part;Supplier;Qty;Currency;"


def order_line(head: str, row: str, sourcing: Sourcing) -> OrderLine:
    text = f"{ORDER}{head}\n45;10;470-00020;Digi-Key;1.500,000;EUR;{row}\n"
    take(text, "order_lines", sourcing.buyer)
    return OrderLine.objects.get()


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Nettopreis;Preiseinheit", "1.215,00;1000"),
        ("Nettopreis;Preiseinheit", "1.215,00;1.000"),
        ("Preis;pro", "121,50;100"),
        ("Preis je 1000", "1.215,00"),
        ("Preis/100", "121,50"),
        ("Price per thousand", "1215,00"),
        ("Unit price", "1.215,00 / 1000"),
        ("Nettopreis;PE", "121,50;C"),
        ("Price;Price Unit", "121,50;per hundred"),
        ("Einzelpreis;Gesamtpreis", "1,215;1.822,50"),
        ("Purchase price;Total price", "1,215;1.822,50"),
        ("Extended price;Unit cost", "1.822,50;1,215"),
        ("Nettowert;Nettopreis", "1.822,50;1,215"),
    ],
)
def test_a_price_is_that_of_one_piece(sourcing: Sourcing, head: str, row: str) -> None:
    assert order_line(head, row, sourcing).unit_price == Decimal("1.215")


def test_a_price_unit_is_said_and_needed_in_every_row(sourcing: Sourcing) -> None:
    text = (
        f"{ORDER}Preis;Preiseinheit\n45;10;470-00020;Digi-Key;1;EUR;2,50;1000\n"
        "45;20;470-00020;Digi-Key;1;EUR;2,50;\n45;30;470-00020;Digi-Key;1;EUR;2,50;Rolle\n"
    )
    imported = send(text, "order_lines", sourcing.buyer)
    assert problems(imported) == [(3, "price_unit", "missing"), (4, "price_unit", "price_unit")]
    assert notes(imported)["price_unit"] == "Prices for more than one piece: 1."


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        ("Price per reel", "2,50", "unclear_unit"),
        ("Preis;Packung", "2,50;1000", "price_unit_unread"),
        ("Preis/100;Preiseinheit", "2,50;100", "price_unit_twice"),
        ("Preis;Rechnung", "2.430,00;3.645,00", "price_unit_missing"),
        ("Preis;Stueck", "3.645,00;2,43", "total_as_price"),
        ("Preis;Einzelpreis", "3,10;2,00", "close_call"),
    ],
)
def test_a_price_in_doubt_is_asked_about(
    sourcing: Sourcing, head: str, row: str, code: str
) -> None:
    text = f"{ORDER}{head}\n45;10;470-00020;Digi-Key;1.500,000;EUR;{row}\n"
    imported = send(text, "order_lines", sourcing.buyer)
    assert asked(imported) == [code]
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=sourcing.buyer)


def test_an_answer_is_kept_for_files_of_this_shape(sourcing: Sourcing) -> None:
    text = f"{ORDER}Preis;Packung\n45;10;470-00020;Digi-Key;1.500,000;EUR;2,50;1000\n"
    imported = send(text, "order_lines", sourcing.buyer)
    read = correct(imported, sourcing.buyer, {"header": "Packung", "role": "ignore"})
    assert read.state == "previewed"
    assert send(text, "order_lines", sourcing.buyer).state == "previewed"
    as_unit = correct(read, sourcing.buyer, {"header": "Packung", "role": "price_unit"})
    assert notes(as_unit)["price_unit"] == "Prices for more than one piece: 1."


def test_the_unit_of_a_column_can_be_said(sourcing: Sourcing) -> None:
    text = f"{ORDER}Preis\n45;10;470-00020;Digi-Key;1.500,000;EUR;2,50\n"
    imported = send(text, "order_lines", sourcing.buyer)
    correct(imported, sourcing.buyer, {"header": "Preis", "unit": "1000"})
    take(text, "order_lines", sourcing.buyer)
    assert OrderLine.objects.get().unit_price == Decimal("0.0025")


@pytest.mark.parametrize(
    ("head", "row", "days"),
    [
        ("Price,Lead time (weeks)", "1,12", 84),
        ("Price,Lieferzeit (Wochen)", "1,12", 84),
        ("Price,Lead time", "1,12 weeks", 84),
        ("Price,Délai (semaines)", "1,12", 84),
        ("Price,Lead time (working days)", "1,10", 14),
        ("Price,Lead time months", "1,2", 60),
        ("Price,Lieferzeit in Tagen", "1,84", 84),
        ("Price,Factory lead time [wk]", "1,12", 84),
    ],
)
def test_a_lead_time_is_in_days(buyer: Actor, head: str, row: str, days: int) -> None:
    assert offer(head, row, buyer).lead_time_days_max == days


def test_a_span_of_lead_times(buyer: Actor) -> None:
    made = offer("Price,Lead time", "1,8-10 weeks", buyer)
    assert (made.lead_time_days_min, made.lead_time_days_max) == (56, 70)


def test_a_lead_time_without_a_unit_is_asked_about(buyer: Actor) -> None:
    text = "MPN,Supplier,Currency,Price,Lead time\nCC1,Digi-Key,USD,1,12\n"
    imported = send(text, "offers", buyer)
    assert asked(imported) == ["unclear_unit"]
    assert "days, weeks or months" in imported.problem["detail"]
    assert correct(imported, buyer, {"header": "Lead time", "unit": "w"}).state == "previewed"
    take(text, "offers", buyer)
    assert Offer.objects.get().lead_time_days_max == 84


@pytest.mark.parametrize(
    "head",
    [
        "Unit Price @ 1,Unit Price @ 100,Unit Price @ 1000",
        "Price 1,Price 100,Price 1000",
        "1+,100+,1000+",
        "Preis ab 1,Preis ab 100,Preis ab 1.000",
        "1 pcs,100 pcs,1000 pcs",
    ],
)
def test_quantities_in_the_headers_of_prices(buyer: Actor, head: str) -> None:
    offer(head, "2.53,1.87,1.42", buyer)
    assert breaks() == [(1, Decimal("2.53")), (100, Decimal("1.87")), (1000, Decimal("1.42"))]


def test_prices_by_number_need_their_quantities(buyer: Actor) -> None:
    text = "MPN,Supplier,Currency,Price 1,Price 2\nCC1,Digi-Key,USD,2,1\n"
    imported = send(text, "offers", buyer)
    assert asked(imported) == ["price_quantities"]
    said = [{"header": "Price 1", "at": 1}, {"header": "Price 2", "at": 50}]
    assert correct(imported, buyer, *said).state == "previewed"
    take(text, "offers", buyer)
    assert breaks() == [(1, Decimal(2)), (50, Decimal(1))]


def test_an_offer_for_a_thousand(buyer: Actor) -> None:
    head = "Qty 1,Price 1,Price Unit,Lead time (weeks),MOQ"
    made = offer(head, "10000,2.30,1000,12,10000", buyer)
    assert (breaks(), made.lead_time_days_max) == ([(10_000, Decimal("0.0023"))], 84)


def test_two_quantities_that_differ_are_asked_about(sourcing: Sourcing) -> None:
    text = "Date,Part no,Qty,Quantity\n2026-03-28,470-00020,5,50\n"
    assert asked(send(text, "receipts", sourcing.buyer)) == ["close_call"]
    assert asked(send(text.replace("50\n", "5\n"), "receipts", sourcing.buyer)) == []


def test_what_is_not_read_is_named(sourcing: Sourcing) -> None:
    rows = [["Goods in"], ["Date", "Part no", "Qty", "Clerk"], ["2026-03-28", "470-00020", 5, "AB"]]
    data = xlsx({"March": rows, "April": rows})
    imported = send(data, "receipts", sourcing.buyer, name="f.xlsx")
    assert imported.totals["left_out"] == {
        "columns": [{"sheet": "March", "column": 4, "header": "Clerk", "sample": "AB",
                     "why": "not used"}],
        "sheets": [{"sheet": "April", "rows": 3, "why": "another sheet is read"}],
        "rows": [{"sheet": "March", "row": 1, "kind": "above the header", "text": "Goods in"}],
    }  # fmt: skip


def test_a_cost_is_no_unit(engineer: Actor) -> None:
    text = "Part Number,Description,Unit Cost,Manufacturer,MPN\nZB-3,Regulator,2.53,TI,TPS1\n"
    imported = send(text, "parts", engineer)
    assert (roles(imported).get("Unit Cost"), imported.totals["bad"]) == (None, 0)
    priced = "Part Number,Description,Unit,Unit Cost\nZB-3,Regulator,pcs,2.53\n"
    assert roles(send(priced, "parts", engineer))["Unit"] == "unit"


def test_receipts_of_an_order_line_need_no_number(sourcing: Sourcing) -> None:
    """The part has two sources; the order line on record says which is meant."""
    from suppliers import services as suppliers

    line = suppliers.add_order_line(
        source=sourcing.second, po="4500090001", line="10", ordered_qty=Decimal(5000),
        supplier=sourcing.distributor, actor=sourcing.buyer,
    )  # fmt: skip
    text = (
        "Buchungsdatum;Material;Menge;Einkaufsbeleg;Position;Lieferant;Materialbeleg\n"
        "05.03.2026;470-00019;1.000,000;4500090001;00010;Digi-Key;5000000101\n"
        "06.03.2026;470-00019;200,000-;4500090001;10;Digi-Key;5000000102\n"
        "07.03.2026;470-00020;5,000;4500090001;10;Digi-Key;5000000103\n"
    )
    imported = take(text, "receipts", sourcing.buyer, partial=True)
    assert problems(imported) == [(4, "ipn", "other_source")]
    rows = Receipt.objects.order_by("id").values_list("source", "order_line", "received_qty")
    assert list(rows) == [
        (sourcing.second.pk, line.pk, 1000), (sourcing.second.pk, line.pk, -200),
    ]  # fmt: skip


def test_an_order_names_the_source_of_its_part(sourcing: Sourcing) -> None:
    from suppliers import services as suppliers

    suppliers.add_order_line(
        source=sourcing.second, po="77", line="10", ordered_qty=Decimal(500),
        supplier=sourcing.distributor, actor=sourcing.buyer,
    )  # fmt: skip
    text = "Date,Part no,Qty,PO\n2026-03-28,470-00019,5,77\n2026-03-28,470-00019,5,78\n"
    imported = take(text, "receipts", sourcing.buyer, partial=True)
    assert problems(imported) == [(3, "ipn", "ambiguous_source")]
    assert Receipt.objects.get().source == sourcing.second


def test_an_order_line_on_record_comes_again_by_its_part_alone(sourcing: Sourcing) -> None:
    head = "PO,Line,Our part,MPN,Supplier,Qty\n"
    take(f"{head}1,10,470-00019,MP2315GJ-Z,Digi-Key,5\n", "order_lines", sourcing.buyer)
    done = take(f"{head}1,10,470-00019,,Digi-Key,7\n", "order_lines", sourcing.buyer)
    line = OrderLine.objects.get()
    assert (done.result["updated"], line.ordered_qty, line.source) == (1, 7, sourcing.second)


def test_demand_and_capacity_in_another_period(engineer: Actor) -> None:
    part = factories.part(ipn="A-1")
    take("Part number,Weekly demand\nA-1,100\n", "demand", engineer)
    part.refresh_from_db()
    assert part.given_demand == 5200
