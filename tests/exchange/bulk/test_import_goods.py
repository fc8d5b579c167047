"""Manufacturer parts with parameters, and sources that no file approves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from secondsource.accounts.models import Plant
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Parameter, Source, Supplier
from tests import factories
from tests.exchange.bulk.files import problems, roles, send, take

pytestmark = pytest.mark.django_db

WIDE = (
    "Manufacturer,MPN,Description,Lifecycle,MSL,RoHS,FIT,FIT confidence,Voltage max [V],"
    "Voltage min [V],Package\n"
    "Yageo,CC1,100 nF,active,MSL 1,Yes,0.5,60 %,50,0,0603\n"
    "Murata,GCM1,1 uF,NRND,2a,no,,,16,,0402\n"
)
LONG = (
    "Manufacturer;MPN;Parameter;Min;Typ;Max;Unit;Condition\n"
    "Yageo;CC1;Voltage;0;;50;V;\n"
    "Yageo;CC1;ESR;;12;;mΩ;at 1 MHz\n"
    "Yageo;CC1;ESR;;9;;mΩ;at 10 MHz\n"
)


def notes(imported: Import) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in imported.warnings}


def lines() -> list[tuple[object, ...]]:
    rows = Parameter.objects.order_by("manufacturer_part__mpn", "name", "condition")
    return list(
        rows.values_list(
            "manufacturer_part__mpn", "name", "minimum", "typical", "maximum", "text", "unit"
        )
    )


def test_parts_with_parameters_in_columns(engineer: Actor) -> None:
    imported = send(WIDE, "manufacturer_parts", engineer)
    assert roles(imported)["Voltage max [V]"] == "parameters"
    assert imported.totals["sums"] == {"New manufacturers": "2", "Parameters read": "4"}
    take(WIDE, "manufacturer_parts", engineer)
    part = ManufacturerPart.objects.get(mpn="CC1")
    assert (part.lifecycle, part.msl, part.rohs) == ("mature", "1", "compliant")
    assert (part.fit, part.fit_confidence) == (Decimal("0.5"), Decimal("0.6"))
    assert (part.lifecycle_as_of, part.lifecycle_source) == (
        clock.business_day(),
        "import file.csv",
    )
    assert lines() == [
        ("CC1", "Package", None, None, None, "0603", ""),
        ("CC1", "Voltage", 0.0, None, 50.0, "", "V"),
        ("GCM1", "Package", None, None, None, "0402", ""),
        ("GCM1", "Voltage", None, None, 16.0, "", "V"),
    ]
    again = send(WIDE, "manufacturer_parts", engineer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_headers_with_a_bound_name_parameters(engineer: Actor) -> None:
    """A maximum alone says nothing: without a column of names, its header names the parameter."""
    text = "Manufacturer;MPN;Vin min [V];Vin max [V];Iout [A]\nYageo;CC1;4,5;17;3\n"
    assert (
        list(roles(send(text, "manufacturer_parts", engineer)).values())[2:] == ["parameters"] * 3
    )
    take(text, "manufacturer_parts", engineer)
    assert lines() == [
        ("CC1", "Iout", None, 3.0, None, "", "A"),
        ("CC1", "Vin", 4.5, None, 17.0, "", "V"),
    ]


def test_parameters_a_row_each(engineer: Actor) -> None:
    done = take(LONG, "manufacturer_parts", engineer)
    assert done.result["created"] == 1
    assert lines() == [
        ("CC1", "ESR", None, 12.0, None, "", "mΩ"),
        ("CC1", "ESR", None, 9.0, None, "", "mΩ"),
        ("CC1", "Voltage", 0.0, None, 50.0, "", "V"),
    ]
    again = send(LONG, "manufacturer_parts", engineer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 1}


def test_a_changed_parameter_alone_changes_the_part_and_undo_puts_it_back(
    engineer: Actor,
) -> None:
    take(LONG, "manufacturer_parts", engineer)
    before = lines()
    done = take(LONG.replace(";50;", ";63;"), "manufacturer_parts", engineer)
    assert done.result["updated"] == 1
    assert ("CC1", "Voltage", 0.0, None, 63.0, "", "V") in lines()
    assert ManufacturerPart.objects.get().version == 2
    services.undo(imported=done, actor=engineer)
    assert lines() == before


def test_undo_of_new_parts_removes_their_manufacturers(engineer: Actor) -> None:
    done = take(WIDE, "manufacturer_parts", engineer)
    services.undo(imported=done, actor=engineer)
    counts = [model.objects.count() for model in (ManufacturerPart, Parameter, Supplier)]
    assert counts == [0, 0, 0]


def test_undo_is_refused_when_a_part_became_a_source(engineer: Actor) -> None:
    done = take(WIDE, "manufacturer_parts", engineer)
    number = ManufacturerPart.objects.get(mpn="CC1")
    factories.alternate(factories.part(), manufacturer_part=number)
    with pytest.raises(RuleRefused) as refused:
        services.undo(imported=done, actor=engineer)
    assert [reason.code for reason in refused.value.reasons] == ["sources"]


def test_manufacturers_parts_that_need_a_person(engineer: Actor) -> None:
    text = (
        "Manufacturer,MPN,FIT,FIT confidence,MSL,ECCN,HTS,Parameter,Min,Max\n"
        "Yageo,A,-1,60,7,chips,chips,,,\n"
        "Yageo,B,,,3,,,Voltage,9,3\n"
        "Yageo,C,,,,,,,1,\n"
        ",D,,,,,,,,\n"
        "Yageo,E,,,,,,Voltage,1,2\n"
        "YAGEO,e,,,,,,Voltage,1,3\n"
    )
    imported = send(text, "manufacturer_parts", engineer)
    assert sorted(problems(imported)) == [
        (2, "eccn", "eccn_form"), (2, "fit", "negative"), (2, "fit_confidence", "out_of_range"),
        (2, "hts_code", "hts_form"), (2, "msl", "unknown_word"),
        (3, "max", "limits_reversed"),
        (4, "parameter", "no_parameter"),
        (5, "manufacturer", "missing"), (5, "manufacturer", "missing"),
        (6, "", "incomplete"),
        (7, "mpn", "duplicate"), (7, "parameter", "duplicate"),
    ]  # fmt: skip
    assert not ManufacturerPart.objects.exists()


# --- sources --------------------------------------------------------------------------------------

AML = (
    "IPN,Manufacturer,MPN,Share,Products,Valid to,Status\n"
    "P-1,Yageo,CC1,40 %,PUMP,2030-12-31,Approved\n"
    "P-1,Murata,GCM1,,,,candidate\n"
)


@pytest.fixture
def aml(engineer: Actor) -> None:
    factories.part(ipn="P-1")
    factories.product("PUMP")


def test_sources_come_in_as_candidates(engineer: Actor, aml: None) -> None:
    imported = send(AML, "sources", engineer)
    assert "quality and a second person decide" in notes(imported)["proposed"]
    assert imported.totals["sums"] == {"New manufacturers": "2", "New MPNs": "2"}
    take(AML, "sources", engineer)
    first, second = Source.objects.order_by("id")
    assert {first.status, second.status} == {"candidate"}
    assert {first.role, second.role} == {"alternate"}
    assert (first.share, first.share_cap) == (Decimal("0.4"), 0)
    assert [product.code for product in first.scope.all()] == ["PUMP"]
    assert first.origin == "import file.csv, row 2"
    assert not first.approvals.exists()


def test_an_approved_source_keeps_status_and_scope_and_takes_terms(
    engineer: Actor, aml: None
) -> None:
    number = factories.manufacturer_part("CC1", manufacturer=factories.manufacturer("Yageo"))
    from parts.models import Part

    source = sourcing.approve_legacy(
        source=factories.alternate(Part.objects.get(), manufacturer_part=number),
        evidence_ref="in use", actor=factories.JOB,
    )  # fmt: skip
    imported = send(AML, "sources", engineer)
    assert problems(imported) == [(2, "scope", "scope_is_approved")]
    take(AML.replace(",PUMP,", ",,"), "sources", engineer)
    source.refresh_from_db()
    assert (source.status, source.role, source.share) == ("approved", "incumbent", Decimal("0.4"))
    assert source.approval is not None


def test_undo_of_sources_puts_terms_and_scope_back(engineer: Actor, aml: None) -> None:
    take(AML, "sources", engineer)
    done = take(AML.replace("40 %,PUMP", "0.3,"), "sources", engineer)
    assert done.result["updated"] == 1
    other = take(
        AML.replace("PUMP", "FAN") if factories.product("FAN") else "", "sources", engineer
    )
    assert [p.code for p in Source.objects.order_by("id")[0].scope.all()] == ["FAN"]
    services.undo(imported=other, actor=engineer)
    first = Source.objects.order_by("id")[0]
    assert [product.code for product in first.scope.all()] == ["PUMP"]
    assert first.share == Decimal("0.3")


def test_sources_that_need_a_person(engineer: Actor, aml: None) -> None:
    text = (
        "IPN,Manufacturer,MPN,Share,Products,Valid from,Valid to\n"
        "P-9,Yageo,A,,,,\n"
        "P-1,Yageo,B,40,,,\n"
        "P-1,Yageo,C,,NOPE,,\n"
        "P-1,Yageo,D,,,2026-02-01,2026-01-01\n"
        "P-1,Yageo,E,,,,\n"
        "P-1,YAGEO,e,,,,\n"
    )
    imported = send(text, "sources", engineer)
    assert problems(imported) == [
        (2, "ipn", "unknown_part"),
        (3, "share", "out_of_range"),
        (4, "scope", "unknown_product"),
        (5, "valid_to", "limits_reversed"),
        (7, "ipn", "duplicate"),
    ]


def test_a_source_of_a_part_outside_ones_plants_is_refused() -> None:
    north, south = (Plant.objects.create(code=c, name=c) for c in ("NORTH", "SOUTH"))
    there = factories.part(ipn="P-1")
    factories.product("FAN", uses={there: 1}, plants=[south])
    person = factories.person("engineer")
    person.plants.add(north)
    imported = send("IPN,Manufacturer,MPN\nP-1,Yageo,A\n", "sources", Actor(user=person))
    assert problems(imported) == [(2, "ipn", "unknown_part")]
