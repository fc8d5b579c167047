"""Exports under headers that no list holds: their cells and the columns beside them decide."""

from __future__ import annotations

from decimal import Decimal

import pytest

from secondsource.core.actors import Actor
from suppliers.models import Offer, OrderLine, Receipt, Supplier
from tests import factories
from tests.exchange.bulk.files import roles, send, take
from tests.exchange.bulk.world import Sourcing

pytestmark = pytest.mark.django_db
ORDER = "Einkaufsbeleg;Position;Material;Lieferant;Bestellmenge"
ROW = "45;10;470-00019;Digi-Key;1.000;TPS62130RGTR"


def asked(text: str, kind: str, actor: Actor) -> list[str]:
    imported = send(text, kind, actor)
    return [one["code"] for one in (imported.problem or {"errors": []})["errors"]]


@pytest.mark.parametrize("header", ["Herst.-Teilenr.", "Réf. fabricant", "Hersteller-TNr"])
def test_numbers_of_manufacturers_are_found_as_in_boms(sourcing: Sourcing, header: str) -> None:
    imported = send(f"{ORDER};{header};Preis\n{ROW};0,5\n", "order_lines", sourcing.buyer)
    assert roles(imported)[header] == "mpn"


def test_numbers_are_written_as_in_columns_that_nobody_reads(sourcing: Sourcing) -> None:
    take(
        "Datum;Material;Menge;Betrag\n02.11.2025;470-00020;20.000;38,00\n", "receipts",
        sourcing.buyer,
    )  # fmt: skip
    assert Receipt.objects.get().received_qty == 20_000


def test_columns_that_write_numbers_in_two_ways_tell_nothing(sourcing: Sourcing) -> None:
    text = "Datum;Material;Menge;Betrag;Kurs\n02.11.2025;470-00020;20.000;38,00;1.25\n"
    assert asked(text, "receipts", sourcing.buyer) == ["unclear_form"]


def test_two_quantities_that_are_nearly_the_same_are_asked_about(sourcing: Sourcing) -> None:
    text = (
        "Datum;Material;Liefermenge;WE-Menge\n02.11.2025;470-00020;200;200\n"
        "03.11.2025;470-00020;500;498\n"
    )
    assert asked(text, "receipts", sourcing.buyer) == ["close_call"]


def test_kinds_of_companies_are_known_by_the_words_in_the_cells() -> None:
    take(
        "Name 1;Lieferantenart\nBürklin;Distributor\nKyocera;Hersteller\n", "suppliers",
        factories.actor("procurement"),
    )  # fmt: skip
    kinds = Supplier.objects.order_by("name").values_list("kinds", flat=True)
    assert list(kinds) == [["distributor"], ["manufacturer"]]


def test_stock_is_asked_for_when_only_the_safety_stock_is_read(engineer: Actor) -> None:
    factories.part(ipn="A-1")
    factories.part(ipn="A-2")
    text = "Material;Frei verw. Best.;Sicherheitsbestand\nA-1;48.500;500\nA-2;7;500\n"
    assert asked(text, "stock", engineer) == ["quantity_unread"]


@pytest.mark.parametrize("header", ["Preis (EUR/100)", "EUR Preis/100", "Preis €/100"])
def test_the_header_of_a_price_names_its_currency(sourcing: Sourcing, header: str) -> None:
    take(f"{ORDER};Hersteller-TNr;{header}\n{ROW};41,50\n", "order_lines", sourcing.buyer)
    line = OrderLine.objects.get()
    assert (line.unit_price, line.currency) == (Decimal("0.415"), "EUR")


def test_an_offer_needs_no_column_of_a_currency_that_its_header_names(sourcing: Sourcing) -> None:
    text = "MPN,Supplier,Qty,Price/k EUR\nRC0402,Digi-Key,1000,0.42\n"
    take(text, "offers", sourcing.buyer)
    assert Offer.objects.get().currency == "EUR"


def test_prices_in_two_currencies_are_asked_about(sourcing: Sourcing) -> None:
    text = "MPN,Supplier,Price 1 EUR,Price 2 USD\nRC0402,Digi-Key,0.42,0.40\n"
    assert "columns_missing" in asked(text, "offers", sourcing.buyer)
