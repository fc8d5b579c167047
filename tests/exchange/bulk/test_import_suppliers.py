"""Suppliers with spellings, kinds and sites."""

from __future__ import annotations

import pytest

from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.exchange import services
from suppliers import services as sourcing
from suppliers.models import Site, Supplier, SupplierAlias
from tests import factories
from tests.exchange.bulk.files import problems, send, take

pytestmark = pytest.mark.django_db

FILE = (
    "Name,Code,Aliases,Kind,Country,Site,Activity,Site country,Latitude,Longitude\n"
    "Texas Instruments,TEXAS,TI; T.I.,manufacturer,US,RFAB,wafer fab,US,33.003,-96.692\n"
    "Texas Instruments,TEXAS,,,,TI Clark,assembly,PH,,\n"
    "Digi-Key,,DigiKey,Distributor,US,,,,,\n"
)


@pytest.fixture
def buyer(db: None) -> Actor:
    return factories.actor("procurement")


def names(code: str) -> set[str]:
    rows = SupplierAlias.objects.filter(supplier__code=code)
    return set(rows.values_list("text", flat=True))


def test_companies_names_and_sites_are_made(buyer: Actor) -> None:
    imported = send(FILE, "suppliers", buyer)
    assert imported.totals["would"] == {"created": 2, "updated": 0, "unchanged": 0}
    assert imported.totals["sums"] == {"New sites": "2"}
    take(FILE, "suppliers", buyer)
    texas = Supplier.objects.get(code="TEXAS")
    assert (texas.name, texas.kinds, texas.country) == ("Texas Instruments", ["manufacturer"], "US")
    assert names("TEXAS") == {"Texas Instruments", "TI"}
    sites = texas.sites.order_by("id").values_list("name", "activity", "country", "latitude")
    assert list(sites) == [("RFAB", "fab", "US", 33.003), ("TI Clark", "assembly", "PH", None)]
    assert Supplier.objects.get(code="DIGI-KEY").kinds == ["distributor"]
    again = send(FILE, "suppliers", buyer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_letters_of_an_old_encoding_are_kept(buyer: Actor) -> None:
    text = "Name,Country\nZakład Łączności Gdańsk,PL\n" + "Acme,DE\n"
    take(text.encode("cp1250"), "suppliers", buyer)
    assert Supplier.objects.get(country="PL").name == "Zakład Łączności Gdańsk"


def test_by_any_name_and_renamed_only_with_the_code(buyer: Actor) -> None:
    take(FILE, "suppliers", buyer)
    done = take("Name,Country\nT.I.,DE\n", "suppliers", buyer)
    assert done.result["updated"] == 1
    texas = Supplier.objects.get(code="TEXAS")
    assert (texas.name, texas.country, texas.version) == ("Texas Instruments", "DE", 2)
    take("Name,Code\nTexas Instruments Semiconductor,TEXAS\n", "suppliers", buyer)
    texas.refresh_from_db()
    assert texas.name == "Texas Instruments Semiconductor"
    assert "Texas Instruments" in names("TEXAS")


def test_a_site_alone_counts_as_a_change(buyer: Actor) -> None:
    take(FILE, "suppliers", buyer)
    text = "Name,Site,Activity,Days to recover\nTI,RFAB,fab,90\n"
    done = take(text, "suppliers", buyer)
    assert (done.result["updated"], Site.objects.get(name="RFAB").recovery_days) == (1, 90)
    assert Site.objects.get(name="RFAB").country == "US"
    services.undo(imported=done, actor=buyer)
    assert Site.objects.get(name="RFAB").recovery_days is None


def test_undo_puts_names_and_spellings_back(buyer: Actor) -> None:
    take(FILE, "suppliers", buyer)
    done = take("Name,Code,Aliases\nTI Semi,TEXAS,Tee Eye\nNew Co,,\n", "suppliers", buyer)
    services.undo(imported=done, actor=buyer)
    assert Supplier.objects.get(code="TEXAS").name == "Texas Instruments"
    assert names("TEXAS") == {"Texas Instruments", "TI"}
    assert Supplier.objects.count() == 2


def test_undo_is_refused_when_a_company_makes_something(buyer: Actor) -> None:
    done = take(FILE, "suppliers", buyer)
    factories.manufacturer_part("X", manufacturer=Supplier.objects.get(code="TEXAS"))
    with pytest.raises(RuleRefused) as refused:
        services.undo(imported=done, actor=buyer)
    assert [reason.code for reason in refused.value.reasons] == ["manufacturerparts"]


def test_rows_that_need_a_person(buyer: Actor) -> None:
    known = factories.manufacturer("Texas Instruments", code="TEXAS")
    sourcing.set_aliases(supplier=known, aliases=["TI"], actor=factories.JOB)
    text = (
        "Name,Code,Aliases,Country,Site,Activity,Latitude\n"
        "Texas Instruments,OTHER,,,,,\n"
        "Tundra,,TI,,,,\n"
        "Alder,,Shared,,,,\n"
        "Birch,,Shared,,,,\n"
        "Cedar,,,,Fab 1,fab,\n"
        "Dogwood,,,US,Fab 2,,\n"
        "Elm,,,US,Fab 3,fab,12\n"
        "Fir,F1,,,,,\n"
        "Gorse,F1,,,,,\n"
        "Hazel,,,Atlantis,,,\n"
        "...,,,,,,\n"
    )
    imported = send(text, "suppliers", buyer)
    assert problems(imported) == [
        (2, "code", "other_code"),
        (3, "aliases", "alias_taken"),
        (4, "aliases", "alias_twice"),
        (5, "aliases", "alias_twice"),
        (6, "country", "missing"),
        (7, "activity", "missing"),
        (8, "latitude", "off_earth"),
        (9, "code", "duplicate"),
        (10, "code", "duplicate"),
        (11, "country", "country_form"),
        (12, "name", "no_name"),
    ]
    assert Supplier.objects.count() == 1


def test_an_engineer_imports_no_suppliers(engineer: Actor) -> None:
    with pytest.raises(PermissionRefused):
        send(FILE, "suppliers", engineer)
