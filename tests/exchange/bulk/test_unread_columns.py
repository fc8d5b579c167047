"""Columns that nobody reads and whose absence would mean something: asked about, never left out."""

from __future__ import annotations

import pytest

from secondsource.core.actors import Actor
from suppliers.models import Offer, Source
from tests import factories
from tests.exchange.bulk.files import roles, send, take
from tests.exchange.bulk.test_right_or_asked import asked, buyer, correct

pytestmark = pytest.mark.django_db
__all__ = ["buyer"]

OFFER = "MPN;Supplier;Price;Currency;"


@pytest.mark.parametrize(
    ("head", "cell", "label"),
    [
        ("Qté mini", "5000", "Least order"),
        ("Std pack", "5000", "Multiple"),
        ("Valable au", "30/06/2027", "Valid to"),
        ("Prazo", "12 weeks", "Lead time, days"),
    ],
)
def test_an_offer_is_not_read_without_what_a_column_may_say(buyer, head, cell, label):
    imported = send(f"{OFFER}{head}\nCC1;Digi-Key;0.5;EUR;{cell}\n", "offers", buyer)
    assert asked(imported) == ["columns_unread"]
    assert head in imported.problem["detail"]
    assert label in imported.problem["detail"]


def test_the_answer_that_it_is_not_used_lets_the_file_in(buyer):
    imported = send(f"{OFFER}Qté mini\nCC1;Digi-Key;0.5;EUR;5000\n", "offers", buyer)
    imported = correct(imported, buyer, {"header": "Qté mini", "role": "ignore"})
    assert imported.state == "previewed"


def test_the_answer_what_it_holds_is_what_is_stored(buyer):
    imported = send(f"{OFFER}Qté mini\nCC1;Digi-Key;0.5;EUR;5000\n", "offers", buyer)
    correct(imported, buyer, {"header": "Qté mini", "role": "moq"})
    take(f"{OFFER}Qté mini\nCC1;Digi-Key;0.5;EUR;5000\n", "offers", buyer)
    assert Offer.objects.get().moq == 5000


def test_totals_are_no_least_order(buyer):
    text = f"{OFFER}MOQ;Multiple;Line total\nCC1;Digi-Key;0.5;EUR;10;10;5\n"
    assert asked(send(text, "offers", buyer)) == []


@pytest.mark.parametrize("head", ["Stato omologazione", "Jóváhagyás"])
def test_a_status_in_words_that_nobody_knows_is_asked_about(head):
    engineer: Actor = factories.actor("engineer")
    factories.part(ipn="100-1")
    imported = send(
        f"IPN;Manufacturer;MPN;{head}\n100-1;Yageo;CC1;Omologato\n100-1;Walsin;CC2;Da evitare\n",
        "sources",
        engineer,
    )
    assert asked(imported) == ["columns_unread"]
    assert not Source.objects.exists()


def test_kinds_in_the_cells_outweigh_a_word_in_the_header():
    buyer = factories.actor("procurement")
    imported = send(
        "Vendor account,Organization name,Vendor group,Country,Vendor hold\n"
        "V1,Heilind,DISTRIBUTOR,DE,No\nV2,KOA,MANUFACTURER,JP,No\n",
        "suppliers",
        buyer,
    )
    read = roles(imported)
    assert read["Organization name"] == "name"
    assert read["Vendor group"] == "kinds"
    assert "Vendor hold" not in read


@pytest.mark.parametrize("head", ["Bestand (Tsd. Stk)", "Stock (x1000)", "Stock kpcs"])
def test_quantities_in_thousands_are_asked_about(head):
    engineer = factories.actor("engineer")
    factories.part(ipn="A-1")
    imported = send(f"Part number;{head}\nA-1;8\n", "stock", engineer)
    assert asked(imported) == ["quantity_unit"]
    imported = correct(imported, engineer, {"header": head, "role": "stock_qty", "sure": True})
    assert imported.state == "previewed"


@pytest.mark.parametrize("head", ["Stock (pcs)", "Bestand [Stk]", "Stock (plant 1000)"])
def test_quantities_in_pieces_are_not(head):
    factories.part(ipn="A-1")
    imported = send(f"Part number;{head}\nA-1;8\n", "stock", factories.actor("engineer"))
    assert imported.state == "previewed"
